"""The POST itself: it goes to the address that was checked, and never takes longer than allowed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from ocrwell.webhooks import http
from ocrwell.webhooks.http import Outcome
from tests.webhooks.conftest import Names
from tests.webhooks.receivers import Receiver, reached, receiving, sending, serving
from tests.webhooks.test_endpoints import FORBIDDEN_HOSTS

BODY = b'{"event": "job.completed"}'
STATUS_LINE = b"HTTP/1.1 200 OK\r\n"


def post(url: str) -> Outcome:
    return http.post(url, headers={"X-Ocrwell-Event": "job.completed"}, body=BODY)


@pytest.fixture
def bait() -> Iterator[socket.socket]:
    """A server of this machine that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def brief(settings: Settings) -> None:
    settings.WEBHOOK_TIMEOUT = timedelta(seconds=0.4)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", FORBIDDEN_HOSTS)
def test_nothing_connects_to_where_it_may_not(bait: socket.socket, host: str, scheme: str) -> None:
    outcome = post(f"{scheme}://{host}:{bait.getsockname()[1]}/")
    assert outcome.status is None
    assert "leads to a private or reserved network" in outcome.error
    assert not reached(bait)


def test_the_name_of_this_machine_leads_nowhere(bait: socket.socket) -> None:
    assert post(f"https://{socket.gethostname()}:{bait.getsockname()[1]}/").status is None
    assert not reached(bait)


@pytest.mark.parametrize("other", ["1.1.1.1", "10.0.0.1"])
@pytest.mark.parametrize("first", [0, 1])
def test_one_bad_address_among_good_ones_is_enough(
    bait: socket.socket, names: Names, loopback_allowed: None, other: str, first: int
) -> None:
    """To the allowed one plain HTTP would be fine; to the public one it is not."""
    names.answers["mixed.test"] = [["127.0.0.1", other][:: -1 if first else 1]]
    assert post(f"http://mixed.test:{bait.getsockname()[1]}/").status is None
    assert not reached(bait)


def test_the_address_that_was_checked_is_the_one_that_is_called(
    receiver: Receiver, names: Names
) -> None:
    names.answers["moving.test"] = [["127.0.0.1"], ["169.254.169.254"]]
    assert post(f"http://moving.test:{receiver.port}/a").status == 200
    assert names.asked == ["moving.test"]
    assert receiver.calls[0].headers["Host"] == f"moving.test:{receiver.port}"


def test_a_name_that_has_moved_inside_since_is_not_followed(
    bait: socket.socket, names: Names
) -> None:
    names.answers["moving.test"] = [["127.0.0.1"]]
    assert "not allowed" in post(f"https://moving.test:{bait.getsockname()[1]}/").error
    assert not reached(bait)


def test_the_next_address_is_tried_when_one_refuses(receiver: Receiver, names: Names) -> None:
    names.answers["two.test"] = [["127.0.0.9", "127.0.0.1"]]
    assert post(f"http://two.test:{receiver.port}/").status == 200


def test_what_was_given_arrives(receiver: Receiver) -> None:
    outcome = post(f"http://127.0.0.1:{receiver.port}/a%20b/ü?c=d&e=é%2F")
    assert (outcome.status, outcome.error, outcome.good) == (200, "", True)
    assert 0 <= outcome.milliseconds < 2000
    (call,) = receiver.calls
    assert call.path == "/a%20b/%C3%BC?c=d&e=%C3%A9%2F"
    assert call.body == BODY
    assert call.headers["X-Ocrwell-Event"] == "job.completed"
    assert call.headers["Host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_good(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    assert post(receiver.url).good


@pytest.mark.parametrize("status", [300, 304, 400, 404, 410, 429, 500, 503, 599])
def test_anything_else_is_not(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    outcome = post(receiver.url)
    assert (outcome.status, outcome.good) == (status, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, bait: socket.socket, status: int) -> None:
    receiver.statuses, receiver.location = [status], f"http://127.0.0.1:{bait.getsockname()[1]}/"
    outcome = post(receiver.url)
    assert (outcome.status, outcome.good) == (status, False)
    assert outcome.error == "Redirects are not followed."
    assert not reached(bait)
    assert len(receiver.calls) == 1


def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, bait: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{bait.getsockname()[1]}")
    assert post(receiver.url).status == 200
    assert not reached(bait)


def timed(url: str) -> Outcome:
    start = time.monotonic()
    outcome = post(url)
    assert time.monotonic() - start < 3
    return outcome


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"H"],
        [STATUS_LINE, b"X-Slow: 1\r\n"],
        [STATUS_LINE, b"X", b"x"],
        [b"HTTP/1.1 100 \r\n\r\n"],
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_drips_is_cut_off(
    loopback_allowed: None, brief: None, pieces: list[bytes], scheme: str
) -> None:
    with sending(*pieces, every=0.02) as port:
        outcome = timed(f"{scheme}://127.0.0.1:{port}/")
    assert outcome.status is None
    assert scheme == "https" or outcome.error == "The server did not answer within 0.4 s."


def test_a_name_that_takes_too_long_is_cut_off(brief: None, hanging: None) -> None:
    assert timed("https://slow.test/").error == "The host does not resolve."


def test_the_body_of_an_answer_is_not_waited_for(loopback_allowed: None) -> None:
    endless = [STATUS_LINE + b"Content-Length: 1000000\r\n\r\n", b"x"]
    with sending(*endless, every=0.02) as port:
        outcome = timed(f"http://127.0.0.1:{port}/")
    assert outcome.good


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"\r\n", "The server did not answer in HTTP."),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "The server did not answer in HTTP."),
        (STATUS_LINE + b"X: y\r\n" * 200, "The server did not answer in HTTP."),
        (STATUS_LINE + b"X: " + b"y" * 70_000, "The server did not answer in HTTP."),
    ],
)
def test_nonsense_is_no_answer(loopback_allowed: None, answer: bytes, error: str) -> None:
    with sending(answer, every=0.02) as port:
        assert timed(f"http://127.0.0.1:{port}/").error == error


def test_a_server_that_is_not_there_has_refused(loopback_allowed: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").error == "The server refused the connection."


def test_a_server_that_hangs_up_has_not_answered(
    bait: socket.socket, loopback_allowed: None
) -> None:
    with serving(lambda: bait.accept()[0].close(), bait.fileno):
        outcome = post(f"http://127.0.0.1:{bait.getsockname()[1]}/")
    assert outcome.error == "The server closed the connection without an answer."


def test_a_host_without_an_address_is_named_as_such() -> None:
    assert post("https://nothing.invalid/").error == "The host does not resolve."


def test_a_url_that_is_not_accepted_any_more_is_not_called() -> None:
    assert "absolute URL" in post("gopher://example.com/").error


def test_a_plain_url_is_for_allowed_networks_only(settings: Settings, names: Names) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("10.0.0.0/8")]
    names.answers["was-inside.test"] = [["1.1.1.1"]]
    assert "must begin with https" in post("http://was-inside.test/").error


def test_ipv6_literals_are_called_by_their_own_name(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("127.0.0.0/8")]
    with receiving() as receiver:
        assert post(f"http://[::ffff:127.0.0.1]:{receiver.port}/").status == 200
    assert receiver.calls[0].headers["Host"] == f"[::ffff:7f00:1]:{receiver.port}"
