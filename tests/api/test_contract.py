"""The native contract read from top to bottom, against a stack as it is served."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from tests.contract_examples import (
    INVOICE,
    RECEIPT,
    SHORT_INVOICE,
    SHORT_INVOICE_JSON_SCHEMA,
)
from tests.engine import drawn
from tests.webhooks.receivers import Call, Receiver, receiving, verified
from tests.workers.stack import Answer, Stack, running, until

pytestmark = [pytest.mark.slow, pytest.mark.ocr]

READ_SECONDS = 4
LINES = ["INVOICE", "Invoice number: INV-4821", "Total: 3132.00"]
PDF = drawn.make_pdf(pages=[LINES])
JSON = {"Content-Type": "application/json"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MB = 1024 * 1024
ORGS = ("Limited --rate-limit 3", "Once --rate-limit 1", "Strangers")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {
        "OCRWELL_RESULT_TTL_SECONDS": str(READ_SECONDS),
        "OCRWELL_WEBHOOK_ALLOW": "127.0.0.0/8",
        "OCRWELL_WEBHOOK_RETRY_DELAYS": "1,1,1",
    }
    orgs = [f"create_org {org}" for org in ORGS]
    with running(tmp_path_factory.mktemp("contract"), *orgs, **settings) as ready:
        yield ready


def read(stack: Stack, filename: str = "invoice.pdf", content: bytes = PDF, **fields: Any) -> Any:
    """What a document became."""
    return stack.ended(stack.accept(filename, content, **fields), 120)


# Quickstarts


def test_the_ocr_quickstart_as_curl_sends_it(stack: Stack) -> None:
    content = drawn.make_pdf(pages=[LINES, ["Description", "Consulting, March"]])
    place = stack.ask("POST", "/v1/uploads", '{"filename":"contract.pdf"}', keyed(stack)).body
    assert stack.put(place["upload_url"], content, "application/pdf").status == 200
    body = {"upload_id": place["upload_id"], "filename": "contract.pdf", "mode": "text"}
    accepted = stack.ask("POST", "/v1/documents", body, keyed(stack))
    assert accepted.status == 202
    done = stack.ended(accepted.body["job"]["id"], 120)
    assert set(done) == {"job", "result"}
    assert {"id", "status", "mode", "page_count"} <= set(done["job"])
    assert (done["job"]["status"], done["job"]["page_count"]) == ("completed", 2)
    assert [page["page"] for page in done["result"]["pages"]] == [1, 2]
    assert "INV-4821" in done["result"]["pages"][0]["text"]


def test_the_extraction_quickstart(stack: Stack) -> None:
    schema = {"merchant": "", "date": "", "total": 0}
    receipt = Path(__file__).parents[2] / "samples" / "receipt.jpg"
    done = read(stack, "receipt.jpg", receipt.read_bytes(), mode="structured", schema=schema)
    assert (done["job"]["mode"], done["job"]["page_count"]) == ("structured", 1)
    assert list(done["result"]) == ["data"]
    assert {name: type(value) for name, value in done["result"]["data"].items()} == {
        "merchant": str,
        "date": str,
        "total": float,
    }


def keyed(stack: Stack) -> dict[str, str]:
    """What the published curl calls send: their -d makes it a form, whatever else they say."""
    return {"X-API-Key": stack.key, "Content-Type": "application/x-www-form-urlencoded"}


# Rate limiting


def test_every_answer_has_the_rate_limit_and_429_says_when_to_return(stack: Stack) -> None:
    limited, _, _ = stack.said
    answers = [stack.ask("GET", "/v1/jobs/x", headers={"X-API-Key": limited}) for _ in range(4)]
    assert [each.error for each in answers] == ["404 not_found"] * 3 + ["429 rate_limited"]
    assert {each.headers["X-RateLimit-Limit"] for each in answers} == {"3"}
    remaining = [each.headers["X-RateLimit-Remaining"] for each in answers]
    assert remaining == ["2", "1", "0", "0"]
    (reset,) = {int(each.headers["X-RateLimit-Reset"]) for each in answers}
    assert 0 < reset - time.time() <= 61
    assert abs(reset - time.time() - int(answers[-1].headers["Retry-After"])) < 3


# Errors: a row of the table each


def bad_request(stack: Stack) -> Answer:
    return stack.ask("POST", "/v1/uploads", "nonsense")


def validation_error(stack: Stack) -> Answer:
    return stack.ask("POST", "/v1/documents", {"upload_id": "x", "filename": "a.pdf"})


def unsupported_format(stack: Stack) -> Answer:
    return stack.ask("POST", "/v1/uploads", {"filename": "a.docx"})


def unauthorized(stack: Stack) -> Answer:
    return stack.ask("GET", "/v1/webhooks", headers={"X-API-Key": "sk_live_nonsense"})


def not_found(stack: Stack) -> Answer:
    return stack.ask("GET", "/v1/jobs/019539a6-6c3d-7e5f")


def result_expired(stack: Stack) -> Answer:
    job_id = read(stack)["job"]["id"]
    time.sleep(READ_SECONDS)
    return stack.ask("GET", f"/v1/jobs/{job_id}")


def duplicate_request(stack: Stack) -> Answer:
    headers = keyed(stack) | {"Idempotency-Key": "upload_inv_2026_03_01_001"}
    for _ in range(2):
        answer = stack.ask("POST", "/v1/documents", uploaded(stack), headers)
    return answer


def file_too_large(stack: Stack) -> Answer:
    place = stack.ask("POST", "/v1/uploads", {"filename": "a.pdf"}).body
    return sent(stack, place, "a.pdf", b"%PDF-" + b"x" * 20 * MB)


def invalid_schema(stack: Stack) -> Answer:
    body = uploaded(stack) | {"mode": "structured", "schema": {"items": ["", ""]}}
    return stack.ask("POST", "/v1/documents", body)


def rate_limited(stack: Stack) -> Answer:
    _, once, _ = stack.said
    for _ in range(2):
        answer = stack.ask("GET", "/v1/webhooks", headers={"X-API-Key": once})
    return answer


def internal_error(stack: Stack) -> Answer:
    job_id = stack.accept("invoice.pdf", PDF)
    result = f"jobs/{job_id}/1-1/result.json"
    until(lambda: result in stack.inside.names(), 60)
    stack.inside.write(result, b"no JSON")
    until(lambda: stack.ask("GET", f"/v1/jobs/{job_id}").status != 200, 60)
    return stack.ask("GET", f"/v1/jobs/{job_id}")


def service_unavailable(stack: Stack) -> Answer:
    stack.inside.rows("ALTER TABLE jobs_upload RENAME TO away")
    try:
        return stack.ask("POST", "/v1/uploads", {"filename": "a.pdf"})
    finally:
        stack.inside.rows("ALTER TABLE away RENAME TO jobs_upload")


def uploaded(stack: Stack, filename: str = "invoice.pdf", content: bytes = PDF) -> dict[str, Any]:
    """The body of a submission whose file is there."""
    place = stack.ask("POST", "/v1/uploads", {"filename": filename}).body
    assert stack.put(place["upload_url"], content).status == 200
    return {"upload_id": place["upload_id"], "filename": filename, "mode": "text"}


def sent(
    stack: Stack, place: dict[str, Any], filename: str, content: bytes, media_type: str = ""
) -> Answer:
    """What is said to a file: at once by a door of ours, at its submission where a bucket is."""
    put = stack.put(place["upload_url"], content, media_type)
    body = {"upload_id": place["upload_id"], "filename": filename, "mode": "text"}
    return put if put.status >= 400 else stack.ask("POST", "/v1/documents", body)


ERRORS = {
    bad_request: 400,
    validation_error: 400,
    unsupported_format: 400,
    unauthorized: 401,
    not_found: 404,
    result_expired: 410,
    duplicate_request: 409,
    file_too_large: 413,
    invalid_schema: 422,
    rate_limited: 429,
    internal_error: 500,
    service_unavailable: 503,
}


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: str(case.__name__))
def test_every_error_of_the_table_can_be_met(stack: Stack, case: Any) -> None:
    answer = case(stack)
    assert answer.error == f"{ERRORS[case]} {case.__name__}"
    assert set(answer.body) == {"error", "request_id"}
    assert set(answer.body["error"]) <= {"code", "message", "details"}
    assert answer.body["error"]["message"]
    assert answer.body["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["Content-Type"] == "application/json"


def test_the_example_of_an_error(stack: Stack) -> None:
    assert validation_error(stack).body["error"] == {
        "code": "validation_error",
        "message": "The 'mode' field is required.",
        "details": [{"field": "mode", "reason": "required"}],
    }


# Idempotency


def test_a_repeated_submission_is_answered_alike_and_done_once(stack: Stack) -> None:
    body = uploaded(stack)
    headers = keyed(stack) | {"Idempotency-Key": "k" * 64}
    first, again = (stack.ask("POST", "/v1/documents", body, headers) for _ in range(2))
    assert first.status == again.status == 202
    assert first.body == again.body
    too_long = keyed(stack) | {"Idempotency-Key": "k" * 65}
    assert stack.ask("POST", "/v1/documents", body, too_long).error == "400 validation_error"


# Uploads


@pytest.mark.parametrize(
    ("filename", "media_type"),
    [
        ("a.pdf", "application/pdf"),
        ("a.jpg", "image/jpeg"),
        ("a.jpeg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.tiff", "image/tiff"),
        ("a.tif", "image/tiff"),
        ("a.webp", "image/webp"),
        ("a.bmp", "image/bmp"),
    ],
)
def test_a_format_has_its_content_type_and_is_read(
    stack: Stack, filename: str, media_type: str
) -> None:
    place = stack.ask("POST", "/v1/uploads", {"filename": filename}).body
    assert set(place) == {"upload_id", "upload_url", "expires_in", "request_id"}
    assert place["expires_in"] == 900
    assert sent(stack, place, filename, PDF, "text/plain").status == 400
    accepted = sent(stack, place, filename, document(filename), media_type)
    done = stack.ended(accepted.body["job"]["id"], 120)
    assert "INV-4821" in done["result"]["pages"][0]["text"]


def document(filename: str) -> bytes:
    if filename.endswith(".pdf"):
        return PDF
    top = drawn.draw(LINES, dpi=72).crop((0, 0, 400, 160))
    return drawn.encoded(top, Image.registered_extensions()[Path(filename).suffix])


# Submission and jobs


@pytest.mark.parametrize("field", ["upload_id", "filename", "mode"])
def test_a_submission_needs_its_fields(stack: Stack, field: str) -> None:
    body = {"upload_id": "x", "filename": "a.pdf", "mode": "text"}
    del body[field]
    answer = stack.ask("POST", "/v1/documents", body)
    assert answer.error == "400 validation_error"
    assert answer.body["error"]["details"] == [{"field": field, "reason": "required"}]


def test_a_submission_is_accepted_as_pending(stack: Stack) -> None:
    answer = stack.ask("POST", "/v1/documents", uploaded(stack))
    assert answer.status == 202
    assert set(answer.body) == {"job", "request_id"}
    assert set(answer.body["job"]) == {"id", "status", "mode", "created_at"}
    assert answer.body["job"]["status"] == "pending"
    assert TIME.fullmatch(answer.body["job"]["created_at"])


def test_a_job_goes_from_pending_to_processing_to_completed(stack: Stack) -> None:
    scan = drawn.make_scanned_pdf(pages=[LINES])
    job_id = stack.accept("scan.pdf", scan)
    seen: list[str] = []
    while not seen or seen[-1] in ("pending", "processing"):
        answer = stack.job(job_id)
        seen.append(answer["job"]["status"])
        if seen[-1] in ("pending", "processing"):
            assert set(answer) == {"job"}
            assert set(answer["job"]) == {"id", "status", "mode", "created_at"}
            time.sleep(0.05)
    assert [*dict.fromkeys(seen)][-2:] == ["processing", "completed"]
    assert TIME.fullmatch(answer["job"]["completed_at"])
    assert answer["job"]["page_count"] == 1


def test_a_document_that_cannot_be_read_is_a_failed_job(stack: Stack) -> None:
    job = read(stack, "broken.pdf", drawn.make_broken_pdf())["job"]
    assert {"id", "status", "failed_at", "failure_reason"} <= set(job)
    assert (job["status"], job["failure_reason"][:27]) == ("failed", "Document could not be read:")
    assert TIME.fullmatch(job["failed_at"])


def test_a_document_of_more_than_1000_pages_fails(stack: Stack) -> None:
    with pymupdf.open() as long:
        for _ in range(1001):
            long.new_page()
        content = long.tobytes()
    reason = read(stack, "long.pdf", content)["job"]["failure_reason"]
    assert reason == "Document could not be read: it has more than 1000 pages."


def test_another_organisation_finds_nothing(stack: Stack) -> None:
    job_id = read(stack)["job"]["id"]
    _, _, stranger = stack.said
    answer = stack.ask("GET", f"/v1/jobs/{job_id}", headers={"X-API-Key": stranger})
    assert answer.error == "404 not_found"


# Schemas

FIELD_TYPES = {"patient_name": "", "visit_fee": 0, "visit_count": 0, "insured": False}
NESTED = {"customer_name": "", "address": {"line1": "", "city": "", "postcode": ""}}
ITEMS = {"line_items": [{"description": "", "quantity": 0, "amount": 0}]}
SHAPES = [
    (FIELD_TYPES, FIELD_TYPES),
    (NESTED, NESTED),
    (ITEMS, ITEMS),
    (RECEIPT, RECEIPT),
    (INVOICE, INVOICE),
    (SHORT_INVOICE, SHORT_INVOICE),
    (SHORT_INVOICE_JSON_SCHEMA, SHORT_INVOICE),
]


@pytest.mark.parametrize(("schema", "shape"), SHAPES)
def test_the_data_has_the_shape_of_the_schema(stack: Stack, schema: Any, shape: Any) -> None:
    data = read(stack, mode="structured", schema=schema)["result"]["data"]
    assert same_shape(data, shape)


def same_shape(value: Any, shape: Any) -> bool:
    if isinstance(shape, dict):
        same = isinstance(value, dict) and list(value) == list(shape)
        return same and all(same_shape(value[name], shape[name]) for name in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(same_shape(each, shape[0]) for each in value)
    if isinstance(shape, bool | str):
        return type(value) is type(shape)
    return isinstance(value, int | float) and not isinstance(value, bool)


# Webhooks


@pytest.fixture
def receiver(stack: Stack) -> Iterator[Receiver]:
    with receiving() as server:
        yield server
        stack.ask("DELETE", "/v1/webhooks")


def told(receiver: Receiver, count: int) -> list[Call]:
    """The first calls that arrive."""
    until(lambda: len(receiver.calls) >= count, 60)
    return receiver.calls[:count]


def configure(stack: Stack, receiver: Receiver) -> str:
    """The secret of a webhook that leads to this receiver."""
    answer = stack.ask("PUT", "/v1/webhooks", {"url": receiver.url})
    assert answer.status == 200
    assert set(answer.body["webhook"]) == {"url", "secret", "created_at"}
    assert TIME.fullmatch(answer.body["webhook"]["created_at"])
    assert answer.body["webhook"]["secret"].startswith("whsec_")
    return str(answer.body["webhook"]["secret"])


def test_a_webhook_is_set_shown_without_its_secret_and_deleted(
    stack: Stack, receiver: Receiver
) -> None:
    assert stack.call("GET", "/v1/webhooks") == (200, {"webhook": None})
    configure(stack, receiver)
    status, shown = stack.call("GET", "/v1/webhooks")
    assert (status, set(shown["webhook"])) == (200, {"url", "created_at"})
    assert stack.call("DELETE", "/v1/webhooks") == (204, None)
    assert stack.call("GET", "/v1/webhooks") == (200, {"webhook": None})


def test_a_completed_job_is_announced_and_can_be_read_by_then(
    stack: Stack, receiver: Receiver
) -> None:
    secret = configure(stack, receiver)
    job_id = stack.accept("invoice.pdf", PDF)
    (call,) = told(receiver, 1)
    assert verified(call, secret)
    assert call.headers["X-Ocrwell-Event"] == "job.completed"
    content = json.loads(call.body)
    assert set(content) == {"event", "job"}
    assert set(content["job"]) == {"id", "status", "mode", "page_count", "completed_at"}
    assert (content["event"], content["job"]["id"]) == ("job.completed", job_id)
    assert datetime.fromisoformat(content["job"]["completed_at"])
    assert stack.job(job_id)["result"]["pages"]


def test_a_failed_job_is_announced_again_until_somebody_listens(
    stack: Stack, receiver: Receiver
) -> None:
    secret = configure(stack, receiver)
    receiver.statuses[:] = [500, 302]
    job_id = stack.accept("broken.pdf", drawn.make_broken_pdf())
    tries = told(receiver, 3)
    assert all(verified(call, secret) for call in tries)
    assert len({(call.body, call.headers["webhook-id"]) for call in tries}) == 1
    content = json.loads(tries[0].body)
    assert set(content["job"]) == {"id", "status", "failure_reason"}
    assert (content["event"], content["job"]["id"]) == ("job.failed", job_id)


def test_a_new_secret_signs_from_then_on(stack: Stack, receiver: Receiver) -> None:
    old = configure(stack, receiver)
    new = configure(stack, receiver)
    stack.accept("invoice.pdf", PDF)
    (call,) = told(receiver, 1)
    assert verified(call, new)
    assert not verified(call, old)


def test_after_deletion_nothing_is_sent(stack: Stack, receiver: Receiver) -> None:
    configure(stack, receiver)
    stack.ask("DELETE", "/v1/webhooks")
    read(stack)
    assert receiver.calls == []


# Retention


def test_after_its_time_nothing_of_a_document_is_left(stack: Stack) -> None:
    word = "Xylographer"
    pages = drawn.make_pdf(pages=[[f"{word} Limited", "Total: 3132.00"]])
    job_id = stack.accept(f"{word}.pdf", pages)
    done = stack.ended(job_id, 120)
    assert word in done["result"]["pages"][0]["text"]
    until(lambda: f"jobs/{job_id}/work/source" not in stack.inside.names(), 60)
    until(lambda: not stack.inside.names(f"jobs/{job_id}"), READ_SECONDS + 30)
    until(lambda: not stack.inside.mentions(word), 60)
    for trace in (word.encode(), pages[:500]):  # the text of a PDF is compressed
        assert stack.inside.holding(trace) == set()
    assert stack.ask("GET", f"/v1/jobs/{job_id}").error == "410 result_expired"
