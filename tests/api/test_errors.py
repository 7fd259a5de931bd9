"""Whatever is sent, the answer is the contract's JSON with a request id, and never HTML."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from ocrwell.api import base
from ocrwell.dialects import native
from ocrwell.jobs import lifecycle
from ocrwell.jobs.models import Upload
from ocrwell.storage import LocalStore, Store
from tests.api.conftest import Web
from tests.factories import PDF, make_claim, make_job
from tests.stage import Person

URLS = ["/v1/uploads", "/v1/documents"]
MOST = 256 * 1024
"""Bytes of a JSON body."""


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code of an error answer, once its shape is checked."""
    body = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert set(body) == {"error", "request_id"}
    assert set(body["error"]) <= {"code", "message", "details"}
    assert body["error"]["message"]
    assert body["request_id"] == answer["X-Request-Id"] == str(UUID(body["request_id"]))
    return answer.status_code, body["error"]["code"]


def nested(depth: int) -> str:
    return '{"filename":' * depth + '""' + "}" * depth


UNREADABLE = {
    "nonsense": b"nonsense",
    "half a body": b'{"filename": "a.p',
    "a form": b"filename=a.pdf",
    "two objects": b"{}{}",
    "invalid UTF-8": b'{"filename": "\xff\xfe.pdf"}',
    "UTF-16": '{"filename": "a.pdf"}'.encode("utf-16"),
    "not a number": b'{"filename": NaN}',
    "a huge number": b'{"filename": ' + b"9" * 10_000 + b"}",
    "a NUL": b"\x00",
    "a comment": b'{"filename": "a.pdf"} // for Bob',
    "lists too deep": b"[" * 100_000,
    "objects too deep": nested(10_000).encode(),
    "a list": b'[{"filename": "a.pdf"}]',
    "a string": b'"a.pdf"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
}


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("what", UNREADABLE)
def test_a_body_that_is_no_json_object_is_a_bad_request(alice: Person, url: str, what: str) -> None:
    answer = alice.api.generic("POST", url, UNREADABLE[what], "application/json")
    assert refusal(answer) == (400, "bad_request")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "blank"),
        (None, "null"),
        (7, "invalid"),
        (1.5, "invalid"),
        (True, "invalid"),
        ([], "invalid"),
        ({"a": 1}, "invalid"),
        ("a\x00.pdf", "null_characters_not_allowed"),
        ("\ud800.pdf", "surrogate_characters_not_allowed"),
        ("x" * 252 + ".pdf", "max_length"),
    ],
)
def test_a_wrong_file_name_is_named(alice: Person, value: object, reason: str) -> None:
    answer = alice.api.post("/v1/uploads", json.dumps({"filename": value}), "application/json")
    assert refusal(answer) == (400, "validation_error")
    assert answer.json()["error"]["details"] == [{"field": "filename", "reason": reason}]
    assert not Upload.objects.exists()


def test_every_missing_field_is_named(alice: Person) -> None:
    answer = alice.api.post("/v1/documents", {}, "application/json")
    assert refusal(answer) == (400, "validation_error")
    error = answer.json()["error"]
    assert error["message"] == "The 'upload_id' field is required."
    fields = ("upload_id", "filename", "mode")
    assert error["details"] == [{"field": field, "reason": "required"} for field in fields]


def test_the_example_of_the_contract(alice: Person) -> None:
    body = {"upload_id": "x", "filename": "a.pdf"}
    error = alice.api.post("/v1/documents", body, "application/json").json()["error"]
    assert error == {
        "code": "validation_error",
        "message": "The 'mode' field is required.",
        "details": [{"field": "mode", "reason": "required"}],
    }


@pytest.mark.parametrize("mode", ["", "TEXT", "other", None, 1, [], ["text"], {"text": 1}, "a\x00"])
def test_a_wrong_mode_is_named(alice: Person, mode: object) -> None:
    body = {"upload_id": "x", "filename": "a.pdf", "mode": mode}
    answer = alice.api.post("/v1/documents", body, "application/json")
    assert refusal(answer) == (400, "validation_error")
    assert [detail["field"] for detail in answer.json()["error"]["details"]] == ["mode"]


@pytest.mark.parametrize("field", ["upload_id", "filename"])
@pytest.mark.parametrize("value", [None, 1, [], {}, "a\x00b", "\udfff"])
def test_a_field_of_the_wrong_kind_is_named(alice: Person, field: str, value: object) -> None:
    body = {"upload_id": "x", "filename": "a.pdf", "mode": "text", field: value}
    answer = alice.api.post("/v1/documents", json.dumps(body), "application/json")
    assert refusal(answer) == (400, "validation_error")
    assert [detail["field"] for detail in answer.json()["error"]["details"]] == [field]


def test_unknown_fields_are_ignored(alice: Person) -> None:
    body = {"filename": "a.pdf", "colour": "blue", "org": "another"}
    assert alice.api.post("/v1/uploads", body, "application/json").status_code == 200


@pytest.mark.parametrize("url", URLS)
def test_a_body_over_its_limit_is_413_whatever_it_is(alice: Person, url: str) -> None:
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        answer = alice.api.generic("POST", url, b"x" * (MOST + 1), content_type)
        assert refusal(answer) == (413, "file_too_large")


def test_a_body_of_exactly_the_limit_is_read(alice: Person) -> None:
    body = b'{"filename": "a.pdf"}'.ljust(MOST)
    answer = alice.api.generic("POST", "/v1/uploads", body, "application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/v1",
        "/v1/",
        "/v1/uploads/",
        "/v1/documents/",
        "/v1/jobs",
        "/v1/jobs/",
        "/v1/jobs/a/b",
        "/v2/uploads",
        "/uploads/",
        "/favicon.ico",
        "//v1/uploads",
        "/%00",
        "/%ff",
        "/%F0%9F%98%80?a=%00",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_an_unknown_route_is_404(alice: Person, method: str, url: str) -> None:
    assert refusal(alice.api.generic(method, url)) == (404, "not_found")


@pytest.mark.parametrize(
    ("url", "allowed"), [("/v1/uploads", "POST"), ("/v1/documents", "POST"), ("/v1/jobs/x", "GET")]
)
@pytest.mark.parametrize(
    "method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "X"]
)
def test_a_wrong_method_is_405(alice: Person, method: str, url: str, allowed: str) -> None:
    if method != allowed:
        answer = alice.api.generic(method, url, "{}")
        assert refusal(answer) == (HTTPStatus.METHOD_NOT_ALLOWED, "bad_request")
        assert allowed in answer["Allow"]


@pytest.mark.parametrize("host", ["a b", "x/y", "[::1", "exa_mple?", "a\x00"])
def test_a_host_that_is_none_is_a_bad_request(alice: Person, host: str) -> None:
    answer = alice.api.post(
        "/v1/uploads", {"filename": "a.pdf"}, "application/json", headers={"host": host}
    )
    assert refusal(answer) == (400, "bad_request")


def test_what_nobody_foresaw_is_a_500_without_its_cause(
    alice: Person, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    job = make_job(alice.org)
    key = f"{job.prefix}/1-1/result.json"
    lifecycle.complete(make_claim(), page_count=1, result_key=key)
    store.put(key, b"a secret that is no JSON")
    answer = alice.api.get(f"/v1/jobs/{job.id}")
    assert refusal(answer) == (500, "internal_error")
    assert "secret" not in answer.content.decode()
    assert [each.exc_info is not None for each in caplog.records if each.levelname == "ERROR"] == [
        True
    ]


def test_a_database_that_does_not_work_is_a_503_without_its_cause(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_upload RENAME TO elsewhere")
    answer = alice.api.post("/v1/uploads", {"filename": "a.pdf"}, "application/json")
    assert refusal(answer) == (503, "service_unavailable")
    assert "jobs_upload" not in answer.content.decode()
    assert [each.exc_info is not None for each in caplog.records if each.levelname == "ERROR"] == [
        True
    ]


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError, ProgrammingError])
def test_a_database_that_cannot_be_asked_is_a_503(problem: type[Exception]) -> None:
    status, body = base.answer(problem("the connection is closed"), native)
    assert (status, body["error"]["code"]) == (503, "service_unavailable")


def test_a_store_that_does_not_work_is_a_503(alice: Person, local_store: LocalStore) -> None:
    answer = alice.api.post("/v1/uploads", {"filename": "a.pdf"}, "application/json")
    local_store.root.write_bytes(b"a file where the folder should be")
    put = alice.api.put(urlsplit(answer.json()["upload_url"]).path, PDF, "application/pdf")
    assert refusal(put) == (503, "service_unavailable")


def test_every_request_has_an_id_of_its_own(alice: Person) -> None:
    given = {"X-Request-Id": "mine"}
    seen = [alice.api.get("/healthz", headers=given)["X-Request-Id"] for _ in range(3)]
    assert len(set(seen)) == 3
    assert "mine" not in seen


def test_a_body_cut_off_in_the_middle_is_a_bad_request(web: Web) -> None:
    request = (
        f"POST /v1/uploads HTTP/1.1\r\nHost: test\r\nX-API-Key: {web.key}\r\n"
        'Content-Length: 100\r\n\r\n{"filename":'
    )
    assert b"bad_request" in web.raw(request.encode())


def test_a_body_in_chunks_is_read_like_any_other(web: Web) -> None:
    def post(content: bytes) -> int:
        pieces = iter([content[:7], content[7:]])
        return web.call("POST", "/v1/uploads", pieces, chunked=True, X_API_Key=web.key).status

    assert post(b'{"filename": "a.pdf"}') == 200
    assert post(b"nonsense") == 400
    assert post(b" " * MOST + b'{"filename": "a.pdf"}') == 413


def test_a_large_body_is_refused_before_its_end(web: Web) -> None:
    answer = web.call("POST", "/v1/uploads", b"x" * 5 * 2**20, X_API_Key=web.key)
    assert (answer.status, answer.body["error"]["code"]) == (413, "file_too_large")


def test_a_refusal_reaches_a_client_that_sends_its_whole_body_first(web: Web) -> None:
    content = b"x" * 10 * 2**20
    keyless = web.call("POST", "/v1/uploads", content)
    assert (keyless.status, keyless.body["error"]["code"]) == (401, "unauthorized")
    late = web.call("PUT", "/uploads/expired", content)
    assert (late.status, late.body["error"]["code"]) == (404, "not_found")


BELOW_DJANGO = {
    "a header too large": (b"GET /v1/jobs/x HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 9000, 431),
    "too many headers": (b"GET / HTTP/1.1\r\nHost: a" + b"\r\nX-A: b" * 101, 431),
    "an address too long": (b"GET /v1/jobs/" + b"a" * 5000 + b" HTTP/1.1\r\nHost: a", 414),
    "a length that is none": (b"POST /v1/uploads HTTP/1.1\r\nHost: a\r\nContent-Length: abc", 400),
    "two lengths": (
        b"POST /v1/uploads HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked",
        400,
    ),
    "another expectation": (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: foo", 417),
    "no HTTP": (b"get / http", 400),
}


@pytest.mark.parametrize("what", BELOW_DJANGO)
def test_what_the_server_itself_refuses_is_json_too(web: Web, what: str) -> None:
    request, status = BELOW_DJANGO[what]
    head, _, text = web.raw(request + b"\r\n\r\n").partition(b"\r\n\r\n")
    body = json.loads(text)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    assert f"X-Request-Id: {body['request_id']}".encode() in head
    assert body["error"]["code"] == "bad_request"


@pytest.mark.parametrize("path", ["/v1/process", "/uploads/a/b", "/nothing"])
def test_a_refusal_reaches_a_client_that_sends_much_to_nowhere(web: Web, path: str) -> None:
    answer = web.call("POST", path, b"x" * 19 * 2**20, X_API_Key=web.key)
    assert (answer.status, answer.body["error"]["code"]) == (404, "not_found")
