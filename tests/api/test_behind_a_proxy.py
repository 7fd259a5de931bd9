"""What a proxy says, through the real server: gunicorn has opinions of its own about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Web

UPLOAD = '{"filename": "a.pdf"}'
Served = Callable[..., tuple[int, Any]]


def raw(web: Web, *lines: str) -> tuple[int, Any]:
    """What the server answers to these header lines."""
    head = ["POST /v1/uploads HTTP/1.1", "Host: box.example", f"X-API-Key: {web.key}"]
    head += [f"Content-Length: {len(UPLOAD)}", "Connection: close", *lines, "", UPLOAD]
    answer = web.raw("\r\n".join(head).encode())
    return int(answer.split()[1]), json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1])


@pytest.fixture
def served(web: Web) -> Served:
    return lambda *lines: raw(web, *lines)


def test_behind_the_real_server_the_proxys_word_counts(
    served: Served,
) -> None:
    status, body = served()
    assert (status, body["upload_url"][:19]) == (200, "http://box.example/")
    status, body = served("X-Forwarded-Proto: https")
    assert (status, body["upload_url"][:20]) == (200, "https://box.example/")
    status, body = served("X-Forwarded-Proto: http")
    assert (status, body["error"]["code"]) == (400, "bad_request")
    status, body = served("X-Forwarded-Proto: https", "X-Forwarded-Proto: http")
    assert (status, body["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "line", ["Forwarded: proto=https", "Via: 1.1 a", "X-Forwarded-For: 1.1.1.1"]
)
def test_a_proxy_that_does_not_say_how_the_client_came_is_refused(
    served: Served, line: str
) -> None:
    assert served(line)[0] == 400
    assert served(line, "X-Forwarded-Proto: https")[0] == 200


@pytest.mark.parametrize("line", ["X-Forwarded-Ssl: on", "X-Forwarded-Protocol: ssl"])
def test_the_real_server_draws_no_conclusions_of_its_own(served: Served, line: str) -> None:
    status, body = served(line)
    assert (status, body["upload_url"][:19]) == (200, "http://box.example/")
    assert served(line, "X-Forwarded-Proto: http")[0] == 400


def test_the_real_server_takes_no_path_from_a_header(
    served: Served,
) -> None:
    status, body = served("PATH_INFO: /nothing", "SCRIPT_NAME: /prefix")
    assert (status, body["upload_url"][:19]) == (200, "http://box.example/")
