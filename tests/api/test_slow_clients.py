"""Clients that are slow or silent hold no thread of the real server for long."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

import pytest

from tests.api.conftest import READ_SECONDS, Web

HEAD = b"POST /v1/uploads HTTP/1.1\r\nHost: a\r\n"
STUCK = {
    "half a head": HEAD + b"X-Some",
    "half a body": HEAD + b"Content-Length: 1000\r\n\r\n{",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n{",
    "half a body for nothing": b"POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
}
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


def dial(web: Web, content: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", web.port), timeout=15)
    line.sendall(content)
    return line


def everything(line: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def test_more_stuck_clients_than_threads_do_not_stop_the_service(web: Web) -> None:
    before = web.log.read_text()
    with ExitStack() as lines:
        for _ in range(5):
            for content in STUCK.values():
                lines.enter_context(dial(web, content))
        time.sleep(0.2)
        start = time.monotonic()
        assert web.call("GET", "/healthz").status == 200
        assert time.monotonic() - start < 15
        assert b"HTTP/1.1 4" not in everything(lines.enter_context(dial(web, HEAD)))
    assert "Traceback" not in web.log.read_text().removeprefix(before)


def test_a_body_that_takes_too_long_is_a_bad_request_and_the_last_one(web: Web) -> None:
    """However often a byte comes: the time counts from the start."""
    key = f"X-API-Key: {web.key}\r\n".encode()
    with dial(web, HEAD + key + b"Content-Length: 1000\r\n\r\n{") as line:
        start = time.monotonic()
        line.settimeout(0.5)
        answer = b""
        while not answer and time.monotonic() - start < 15:
            line.sendall(b" ")
            try:
                answer = line.recv(65536)
            except TimeoutError:
                continue
        assert 2 * READ_SECONDS <= time.monotonic() - start + 0.5 < 4 * READ_SECONDS
        line.settimeout(15)
        answer += everything(line)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in answer
    assert b"took too long" in answer


@pytest.mark.parametrize("what", ["half a body", "half a chunk"])
def test_what_follows_half_a_body_is_never_taken_for_a_request(web: Web, what: str) -> None:
    with dial(web, STUCK[what]) as line:
        answer = line.recv(65536)
        line.sendall(HEALTH)
        answer += everything(line)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"Connection: close" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_connection_is_kept_after_a_refusal_whose_body_came_in(web: Web) -> None:
    with dial(web, HEAD + b"Content-Length: 2\r\n\r\n{}" + HEALTH) as line:
        answer = b""
        while b'"status"' not in answer:
            answer += line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 200 " in answer
