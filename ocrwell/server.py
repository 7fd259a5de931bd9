"""gunicorn's threaded worker, in which no client holds a thread for longer than it may, and its
log, which goes where ours goes.
"""

from __future__ import annotations

import contextlib
import gc
import json
from copy import copy
from typing import Any

from gunicorn import glogging  # type: ignore[import-untyped]
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

import ocrwell.wsgi  # noqa: F401  Django is ready when the dialect is imported
from ocrwell import ids
from ocrwell.dialects import native
from ocrwell.errors import BadRequest, ServiceError
from ocrwell.line import Line
from ocrwell.request_id import HEADER

ADVICE = {
    414: "The address is too long: 4094 characters at most.",
    417: "The Expect header must be 100-continue.",
    431: "The headers are too large: 100 of them at most, and 8 KB each.",
}
NO_HTTP = "This is no valid HTTP request."


class Worker(ThreadWorker):  # type: ignore[misc]
    def load_wsgi(self) -> None:
        super().load_wsgi()
        # What is there by now stays: looking through it again and again would hold up all clients.
        gc.collect()
        gc.freeze()

    def enqueue_req(self, conn: Any) -> None:
        if not isinstance(conn.sock, Line):
            conn.sock = Line.of(conn.sock)
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """In a thread: whether the connection is kept, or that it had nothing to read yet."""
        line = conn.sock
        line.begin()
        kept = super().handle(conn)
        if not kept:
            line.linger()
        return kept

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What gunicorn refuses is answered in our words, with its status. It would log headers and
        addresses, in which keys and signatures are.
        """
        said = Said()
        super().handle_error(None, said, addr, _discreet(exc))
        with contextlib.suppress(OSError):
            client.sendall(_refusal(said.content))

    def handle_request(self, req: Any, conn: Any) -> Any:
        conn.sock.request = req
        return super().handle_request(req, conn)


class Logger(glogging.Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True


class Said:
    """Stands where gunicorn expects the client, and keeps what it would send."""

    content = b""

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, data: bytes) -> None:
        self.content += data


def _discreet(exc: BaseException) -> BaseException:
    """The same error; of a request that is none, without the words that it quotes."""
    if not isinstance(exc, ParseException):
        return exc
    copied: BaseException = copy(exc)
    quoted = [name for name, value in vars(exc).items() if isinstance(value, str | bytes)]
    vars(copied).update(dict.fromkeys(quoted, "..."))
    return copied


def _refusal(said: bytes) -> bytes:
    """The answer with the status of the one that gunicorn would give."""
    first = said.partition(b"\r\n")[0] or b"HTTP/1.1 400 Bad Request"
    status, request_id = int(first.split()[1]), str(ids.new())
    ours = status == 500
    problem = ServiceError() if ours else BadRequest(ADVICE.get(status, NO_HTTP))
    body = json.dumps(native.error(problem, request_id=request_id)[1]).encode()
    lines = [
        first.decode("latin-1"),
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"{HEADER}: {request_id}",
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
