"""Servers that webhooks are sent to: a good one, and ones that keep their caller waiting."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kombu.transport.virtual import Channel

from ocrwell import queue


@dataclass(frozen=True)
class Call:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with the given statuses in turn, then with 200."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    location: str = ""
    meanwhile: Callable[[], object] = lambda: None
    """Happens between a call and its answer."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, call: Call) -> int:
        self.calls.append(call)
        self.meanwhile()
        return self.statuses.pop(0) if self.statuses else 200


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            call = Call(self.path, dict(self.headers), self.rfile.read(length))
            self.send_response(receiver.take(call))
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    with serving(lambda: server.serve_forever(0.01), server.shutdown):
        yield receiver
    server.server_close()


class Quiet(ThreadingHTTPServer):
    request_queue_size = 50

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up, as over a certificate, is what some tests are about."""


@contextmanager
def sending(*pieces: bytes, every: float, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server that answers with these pieces, again and again, one at a time."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            line, _ = listener.accept()
            line = tls.wrap_socket(line, server_side=True) if tls else line
            with line:
                for piece in pieces:
                    line.sendall(piece)
                while pieces and not over.wait(every):
                    line.sendall(pieces[-1])
                over.wait(10)

    def stop() -> None:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)

    with listener, serving(serve, stop):
        yield listener.getsockname()[1]


@contextmanager
def serving(serve: Callable[[], object], stop: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


def reached(listener: socket.socket) -> bool:
    """Whether somebody has connected."""
    listener.setblocking(False)
    try:
        listener.accept()
    except BlockingIOError:
        return False
    return True


def hints() -> int:
    """How many messages about due deliveries were sent since the last look."""
    with queue.app.connection_for_read() as connection:
        channel = connection.default_channel
        assert isinstance(channel, Channel)
        return channel.queue_purge("io") or 0


def verified(call: Call, secret: str) -> bool:
    """What the published steps make of a callback, and nothing else."""
    timestamp = call.headers["X-Ocrwell-Timestamp"]
    signed = timestamp.encode() + b"." + call.body
    computed = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    genuine = hmac.compare_digest("sha256=" + computed, call.headers["X-Ocrwell-Signature"])
    return genuine and time.time() - int(timestamp) <= 5 * 60


def verified_by_standard(call: Call, secret: str) -> bool:
    """As the specification of Standard Webhooks 1.0 tells a receiver to do it."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = b".".join(
        [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), call.body]
    )
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [each.split(",", 1) for each in headers["webhook-signature"].split(" ")]
    fits = any(hmac.compare_digest(mac, expected) for version, mac in given if version == "v1")
    return fits and abs(time.time() - int(headers["webhook-timestamp"])) <= 5 * 60
