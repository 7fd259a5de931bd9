"""The PUT of a file through a real server: what is kept, what is refused, what is left."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.api.conftest import Web
from tests.factories import PDF, PNG

MB = 2**20
LIMIT = 20 * MB


def chunks(size: int) -> Iterator[bytes]:
    yield PDF
    yield from (b" " * MB for _ in range(size // MB))


def head(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"PUT {path} HTTP/1.1", "Host: test", *lines, "", ""]).encode()


def answered(raw: bytes) -> tuple[int, str]:
    """Status and error code of a raw answer."""
    status = int(raw.split()[1])
    body = raw[raw.index(b"{") : raw.rindex(b"}") + 1]
    return status, json.loads(body)["error"]["code"]


def test_a_file_goes_into_its_place(web: Web) -> None:
    upload_id, path = web.place()
    answer = web.call("PUT", path, PDF, Content_Type="application/pdf")
    assert answer.status == 200
    assert web.left() == {f"uploads/{upload_id}"}
    assert (web.store / "uploads" / upload_id).read_bytes() == PDF


@pytest.mark.parametrize(
    "declared",
    ["application/pdf", "Application/PDF; x=y", "application/x-www-form-urlencoded", ""],
)
def test_the_right_type_or_none_is_accepted(web: Web, declared: str) -> None:
    _, path = web.place()
    assert web.call("PUT", path, PDF, Content_Type=declared).status == 200


def test_a_missing_content_type_is_accepted(web: Web) -> None:
    _, path = web.place()
    assert web.call("PUT", path, PDF).status == 200


def test_a_file_may_come_in_chunks(web: Web) -> None:
    upload_id, path = web.place()
    assert web.call("PUT", path, chunks(3 * MB), chunked=True).status == 200
    assert (web.store / "uploads" / upload_id).stat().st_size == len(PDF) + 3 * MB


def test_a_file_may_be_sent_again(web: Web) -> None:
    upload_id, path = web.place()
    assert web.call("PUT", path, b"%PDF- first").status == 200
    assert web.call("PUT", path, PDF).status == 200
    assert (web.store / "uploads" / upload_id).read_bytes() == PDF


@pytest.mark.parametrize("declared", ["image/png", "text/plain", "application/json", "nonsense"])
def test_a_wrong_content_type_is_refused(web: Web, declared: str) -> None:
    _, path = web.place()
    answer = web.call("PUT", path, PNG * 100, Content_Type=declared)
    assert (answer.status, answer.body["error"]["code"]) == (400, "validation_error")
    assert answer.body["error"]["details"] == [{"field": "Content-Type", "reason": "mismatch"}]
    assert web.left() == set()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_of_exactly_the_limit_is_kept(web: Web, chunked: bool) -> None:
    upload_id, path = web.place()
    content = b"%PDF-" + b" " * (LIMIT - 5)
    assert web.call("PUT", path, iter([content]) if chunked else content).status == 200
    assert (web.store / "uploads" / upload_id).stat().st_size == LIMIT


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_over_the_limit_is_413_and_leaves_nothing(web: Web, chunked: bool) -> None:
    _, path = web.place()
    content = b"%PDF-" + b" " * (LIMIT - 4)
    answer = web.call("PUT", path, iter([content]) if chunked else content)
    assert (answer.status, answer.body["error"]["code"]) == (413, "file_too_large")
    assert web.left() == set()


def test_an_empty_file_is_refused(web: Web) -> None:
    _, path = web.place()
    for body in (b"", iter(())):
        answer = web.call("PUT", path, body, Content_Type="application/pdf")
        assert (answer.status, answer.body["error"]["code"]) == (400, "validation_error")
    assert web.left() == set()


def test_a_file_cut_off_in_the_middle_is_refused_and_leaves_nothing(web: Web) -> None:
    _, path = web.place()
    raw = web.raw(head(path, f"Content-Length: {10 * len(PDF)}"), PDF)
    assert answered(raw) == (400, "bad_request")
    assert web.left() == set()


@pytest.mark.parametrize(
    "ending", [b"", b"40", b"zzz\r\n", b"ff\r\nshort", b"3\r\nabcdef\r\n0\r\n\r\n"]
)
def test_chunks_cut_off_in_the_middle_are_refused_and_leave_nothing(
    web: Web, ending: bytes
) -> None:
    _, path = web.place()
    raw = web.raw(head(path, "Transfer-Encoding: chunked"), b"5\r\n%PDF-\r\n", ending)
    assert answered(raw) == (400, "bad_request")
    assert web.left() == set()


def test_a_file_cut_off_leaves_the_one_that_was_there(web: Web) -> None:
    upload_id, path = web.place()
    web.call("PUT", path, PDF)
    web.raw(head(path, "Content-Length: 99999"), b"%PDF- other")
    assert (web.store / "uploads" / upload_id).read_bytes() == PDF


@pytest.mark.parametrize("change", ["x", ":", "/x", "%00", "%C3%A9"])
def test_a_path_with_something_changed_is_404(web: Web, change: str) -> None:
    _, path = web.place()
    answer = web.call("PUT", path + change, PDF * 1000)
    assert (answer.status, answer.body["error"]["code"]) == (404, "not_found")
    assert web.left() == set()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_an_upload_url_takes_nothing_but_a_put(web: Web, method: str) -> None:
    upload_id, path = web.place()
    web.call("PUT", path, PDF)
    assert web.call(method, path).status == 405
    assert web.left() == {f"uploads/{upload_id}"}


def test_a_refused_connection_can_go_on(web: Web) -> None:
    """The unread rest of a refused body must not be taken for the next request."""
    _, path = web.place()
    put = head(path, "Content-Type: image/png", f"Content-Length: {len(PDF)}") + PDF
    raw = web.raw(put, b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    assert b"validation_error" in raw
    assert b'{"status": "ok"}' in raw
