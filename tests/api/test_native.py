"""The native contract, statement by statement."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from ocrwell import ids
from ocrwell.accounts import keys
from ocrwell.jobs import lifecycle, results
from ocrwell.jobs.results import PageText, Result
from ocrwell.storage import Store
from tests.factories import PDF, make_claim, make_completed, make_job, make_upload
from tests.stage import Person

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
JSON = "application/json"
# Whatever the published examples make curl send, and what people get wrong.
CONTENT_TYPES = [
    JSON,
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/plain; charset=utf-16",
    "application/json; charset=zlib",
    "nonsense",
    "",
]


def submission(person: Person, **over: Any) -> dict[str, Any]:
    upload = make_upload(person.org)
    return {"upload_id": str(upload.id), "filename": "invoice.pdf", "mode": "text"} | over


@pytest.mark.usefixtures("local_store")
def test_the_quickstart_from_the_upload_to_the_text(alice: Person) -> None:
    place = alice.api.post("/v1/uploads", {"filename": "contract.pdf"}, JSON).json()
    put = Client().put(urlsplit(place["upload_url"]).path, PDF, "application/pdf")
    assert (put.status_code, put.content) == (200, b"")
    body = {"upload_id": place["upload_id"], "filename": "contract.pdf", "mode": "text"}
    accepted = alice.api.post("/v1/documents", body, JSON)
    assert accepted.status_code == 202
    url = f"/v1/jobs/{accepted.json()['job']['id']}"
    assert alice.api.get(url).json()["job"]["status"] == "pending"
    claim = make_claim()
    assert alice.api.get(url).json()["job"]["status"] == "processing"
    text = (PageText(1, "AGREEMENT..."), PageText(2, "Signed on..."))
    key = results.save(claim, Result(text))
    lifecycle.complete(claim, page_count=2, result_key=key)
    done = alice.api.get(url).json()
    assert (done["job"]["status"], done["job"]["page_count"]) == ("completed", 2)
    pages = [{"page": 1, "text": "AGREEMENT..."}, {"page": 2, "text": "Signed on..."}]
    assert done["result"] == {"pages": pages}


@pytest.mark.usefixtures("local_store")
def test_an_upload_answers_with_its_place(alice: Person) -> None:
    answer = alice.api.post("/v1/uploads", {"filename": "invoice.pdf"}, JSON)
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"upload_id", "upload_url", "expires_in", "request_id"}
    assert body["upload_url"].startswith("http://testserver/uploads/")
    assert body["expires_in"] == 900
    assert body["request_id"] == answer["X-Request-Id"]


def test_a_submission_answers_with_a_pending_job(alice: Person) -> None:
    answer = alice.api.post("/v1/documents", submission(alice), JSON)
    body = answer.json()
    assert answer.status_code == 202
    assert set(body) == {"job", "request_id"}
    assert set(body["job"]) == {"id", "status", "mode", "created_at"}
    assert (body["job"]["status"], body["job"]["mode"]) == ("pending", "text")
    assert TIMESTAMP.fullmatch(body["job"]["created_at"])
    assert body["request_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_a_body_is_json_whatever_its_header_says(alice: Person, content_type: str) -> None:
    answer = alice.api.generic("POST", "/v1/uploads", '{"filename": "ü.pdf"}', content_type)
    assert answer.status_code == 200
    text = json.dumps(submission(alice))
    assert alice.api.generic("POST", "/v1/documents", text, content_type).status_code == 202


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*;q=0", ""])
def test_an_answer_is_json_whatever_was_asked_for(alice: Person, accept: str) -> None:
    job = make_job(alice.org)
    for url in (
        f"/v1/jobs/{job.id}",
        "/v1/jobs/nonsense",
        "/nonsense",
        f"/v1/jobs/{job.id}?format=html",
    ):
        answer = alice.api.get(url, headers={"accept": accept})
        assert answer["Content-Type"].startswith("application/json")
        assert set(answer.json()) <= {"job", "error", "request_id"}


def test_a_completed_job_has_its_result(alice: Person) -> None:
    job = make_completed(alice.org, "INVOICE...", "Grüße 漢字 \U0001f600", "")
    answer = alice.api.get(f"/v1/jobs/{job.id}")
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"job", "result"}
    assert body["job"]["page_count"] == 3
    assert TIMESTAMP.fullmatch(body["job"]["completed_at"])
    assert [page["text"] for page in body["result"]["pages"]] == [
        "INVOICE...",
        "Grüße 漢字 \U0001f600",
        "",
    ]
    assert alice.api.get(f"/v1/jobs/{job.id}").json() == body


def test_a_failed_job_is_200_and_says_why(alice: Person) -> None:
    job = make_job(alice.org)
    lifecycle.fail(make_claim(), reason="Document could not be read.")
    answer = alice.api.get(f"/v1/jobs/{job.id}")
    assert answer.status_code == 200
    assert answer.json()["job"]["status"] == "failed"
    assert answer.json()["job"]["failure_reason"] == "Document could not be read."
    assert TIMESTAMP.fullmatch(answer.json()["job"]["failed_at"])
    assert "result" not in answer.json()


def test_a_result_that_is_gone_is_410(alice: Person, store: Store) -> None:
    job = make_completed(alice.org, "text")
    store.delete(job.prefix)
    answer = alice.api.get(f"/v1/jobs/{job.id}")
    assert (answer.status_code, answer.json()["error"]) == (
        410,
        {"code": "result_expired", "message": "The result for this job has expired."},
    )


def test_a_colleague_sees_the_jobs_of_the_organisation(alice: Person, bob: Person) -> None:
    job = make_completed(alice.org, "text")
    assert bob.api.get(f"/v1/jobs/{job.id}").json()["result"]["pages"][0]["text"] == "text"
    assert bob.api.post("/v1/documents", submission(alice), JSON).status_code == 202


def test_what_belongs_to_others_does_not_exist(alice: Person, charlie: Person) -> None:
    job = make_completed(alice.org, "text")
    foreign = charlie.api.get(f"/v1/jobs/{job.id}")
    unknown = charlie.api.get(f"/v1/jobs/{ids.new()}")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["error"] == unknown.json()["error"]
    foreign = charlie.api.post("/v1/documents", submission(alice), JSON)
    unknown = charlie.api.post("/v1/documents", submission(alice, upload_id=str(ids.new())), JSON)
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["error"] == unknown.json()["error"]


@pytest.mark.parametrize("job_id", ["x", "0", "%00", "%FF", "..", "a" * 3000, "%F0%9F%98%80"])
def test_a_nonsense_job_id_is_404(alice: Person, job_id: str) -> None:
    answer = alice.api.get(f"/v1/jobs/{job_id}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "upload_id", ["", "x", "01a20000-0000-7000-8000-000000000000", "019539a6-6c3d-7e5f", "x" * 5000]
)
def test_a_nonsense_upload_id_is_404_or_blank(alice: Person, upload_id: str) -> None:
    answer = alice.api.post("/v1/documents", submission(alice, upload_id=upload_id), JSON)
    expected = (404, "not_found") if upload_id else (400, "validation_error")
    assert (answer.status_code, answer.json()["error"]["code"]) == expected


def test_a_file_that_has_not_arrived_is_400(alice: Person) -> None:
    upload = make_upload(alice.org, None)
    answer = alice.api.post("/v1/documents", submission(alice, upload_id=str(upload.id)), JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "validation_error")
    details = [{"field": "upload_id", "reason": "not_uploaded"}]
    assert answer.json()["error"]["details"] == details


def test_a_file_name_must_be_that_of_the_upload(alice: Person) -> None:
    answer = alice.api.post("/v1/documents", submission(alice, filename="other.pdf"), JSON)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == [{"field": "filename", "reason": "mismatch"}]


@pytest.mark.parametrize("filename", ["a.docx", "a", ".pdf"])
def test_another_format_is_unsupported(alice: Person, filename: str) -> None:
    answer = alice.api.post("/v1/uploads", {"filename": filename}, JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unsupported_format")


def test_a_file_that_is_not_what_it_is_called_is_unsupported(alice: Person) -> None:
    upload = make_upload(alice.org, b"\x89PNG\r\n\x1a\n")
    answer = alice.api.post("/v1/documents", submission(alice, upload_id=str(upload.id)), JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unsupported_format")


KEYLESS = [("POST", "/v1/uploads"), ("POST", "/v1/documents"), ("GET", "/v1/jobs/x")]


@pytest.mark.parametrize("key", ["", "nonsense", "sk_live_" + "0" * 48, "é", "a" * 5000])
@pytest.mark.parametrize(("method", "url"), KEYLESS)
def test_without_a_good_key_everything_is_401(
    nobody: Client, method: str, url: str, key: str
) -> None:
    answer = nobody.generic(method, url, "{}", headers={"X-API-Key": key} if key else None)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


def test_a_key_counts_in_its_header_only(alice: Person, nobody: Client) -> None:
    job = make_job(alice.org)
    url = f"/v1/jobs/{job.id}"
    assert nobody.get(f"{url}?api_key={alice.key}&X-API-Key={alice.key}").status_code == 401
    assert nobody.get(url, headers={"Authorization": f"Bearer {alice.key}"}).status_code == 401
    assert nobody.get(url, headers={"x-api-key": alice.key}).status_code == 200


def test_a_revoked_key_stops_working_at_once(alice: Person, bob: Person) -> None:
    job = make_job(alice.org)
    key = keys.find(alice.key)
    assert key is not None
    key.revoked_at = timezone.now()
    key.save()
    assert alice.api.get(f"/v1/jobs/{job.id}").status_code == 401
    alice.org.keys.update(expires_at=timezone.now())
    assert bob.api.get(f"/v1/jobs/{job.id}").status_code == 401
