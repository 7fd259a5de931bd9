"""The only outgoing HTTP of the service: one POST to an address that was checked just before.

The system's CA certificates decide whom HTTPS trusts; ``SSL_CERT_FILE`` names an operator's own.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings

from ocrwell.errors import InvalidField
from ocrwell.webhooks import addresses, targets
from ocrwell.webhooks.addresses import Address
from ocrwell.webhooks.targets import Target


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status of the answer, or why there was none, in words for people."""

    status: int | None
    error: str
    milliseconds: int

    @property
    def good(self) -> bool:
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)


class Clock:
    """The time one POST may take from the look-up of the name to the status of the answer."""

    def __init__(self) -> None:
        self.limit = settings.WEBHOOK_TIMEOUT.total_seconds()
        self._start = time.monotonic()

    @property
    def passed(self) -> float:
        return time.monotonic() - self._start

    @property
    def over(self) -> bool:
        return self.passed >= self.limit

    @property
    def left(self) -> float:
        """Never zero, which would mean no waiting at all."""
        return max(self.limit - self.passed, 0.001)


def post(url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Whatever goes wrong is part of the outcome. No redirect is followed, nothing is repeated."""
    clock = Clock()
    status, error = None, ""
    try:
        status = _exchange(targets.parse(url), headers, body, clock)
    except (InvalidField, OSError, http.client.HTTPException) as problem:
        error = _explain(problem, clock)
    if status is not None and 300 <= status < 400:
        error = "Redirects are not followed."
    return Outcome(status, error, int(clock.passed * 1000))


def _exchange(target: Target, headers: Mapping[str, str], body: bytes, clock: Clock) -> int:
    found = addresses.resolve(target.host, target.port, timeout=clock.left)
    targets.check(target, found)
    with closing(_connect(found, target.port, clock)) as raw, _cut_off(raw, clock):
        # The name serves the certificate and the Host header; nobody looks it up again.
        raw.settimeout(clock.left)
        with closing(_secure(raw, target) if target.scheme == "https" else raw) as line:
            connection = http.client.HTTPConnection(target.host, target.port)
            connection.auto_open = 0
            connection.sock = line
            own = {"Host": target.authority, "Connection": "close"}
            connection.request("POST", target.path, body, {**headers, **own})
            with closing(connection.getresponse()) as response:
                if clock.over:  # cut off in the middle of the headers
                    raise TimeoutError
                return response.status


def _connect(found: Sequence[Address], port: int, clock: Clock) -> socket.socket:
    """To the first address that answers; each gets its share of the time."""
    problem: OSError = addresses.Unresolved()
    for index, address in enumerate(found):
        try:
            return _open(address, port, clock.left / (len(found) - index))
        except OSError as error:
            problem = error
    raise problem


def _open(address: Address, port: int, timeout: float) -> socket.socket:
    line = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6)
    try:
        line.settimeout(timeout)
        line.connect((str(address), port))
    except OSError:
        line.close()
        raise
    return line


def _secure(raw: socket.socket, target: Target) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=target.host)


@contextmanager
def _cut_off(line: socket.socket, clock: Clock) -> Iterator[None]:
    """End the conversation when its time is up, whatever it waits for: the timeout of a socket
    starts anew with every byte that drips in.
    """
    # A handle of its own: TLS takes the socket over, and a closed number may be used again.
    handle = line.dup()
    timer = threading.Timer(clock.left, _shut, [handle])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


EXPLAINED: dict[type[Exception], str] = {
    ssl.SSLCertVerificationError: "The certificate is not accepted: {0.verify_message}",
    ssl.SSLError: "TLS failed: {0.reason}",
    ConnectionRefusedError: "The server refused the connection",
    ConnectionError: "The server closed the connection without an answer",
    http.client.HTTPException: "The server did not answer in HTTP",
    OSError: "The server cannot be reached: {0.strerror}",
}
"""The first kind that fits."""


def _explain(problem: Exception, clock: Clock) -> str:
    if isinstance(problem, InvalidField):
        return problem.message
    if isinstance(problem, addresses.Unresolved):
        return "The host does not resolve."
    if clock.over or isinstance(problem, TimeoutError):
        return f"The server did not answer within {clock.limit:g} s."
    fitting = (text for kind, text in EXPLAINED.items() if isinstance(problem, kind))
    return next(fitting).format(problem).rstrip(".") + "."
