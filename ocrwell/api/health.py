"""Is it up, and can it work? For load balancers and for the person who just started it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from ocrwell import queue
from ocrwell.jobs import presence
from ocrwell.storage import store

LIMIT_SECONDS = 2.5
"""For all looks together; whoever asks, often gives up after 3 seconds or 5."""
SILENT = f"no answer within {LIMIT_SECONDS} s"


def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Database, store and broker answer, and a worker that passed its self-test lives."""
    deadline = time.monotonic() + LIMIT_SECONDS
    going = {name: check.start() for name, check in CHECKS.items()}
    checks = {name: _outcome(look, deadline) for name, look in going.items()}
    ready = all(outcome == "ok" for outcome in checks.values())
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return JsonResponse(body, status=200 if ready else 503)


class Check:
    """A look at one part, in a thread of its own, for a part that is stuck would hold up whoever
    looks. While nobody knows what came of a look, no other one is begun.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._going: Future[None] | None = None

    def start(self) -> Future[None]:
        with self._lock:
            if self._going is None or self._going.done():
                self._going = Future()
                threading.Thread(target=self._run, args=(self._going,), daemon=True).start()
            return self._going

    def _run(self, outcome: Future[None]) -> None:
        try:
            # A connection of its own: what one that was made before says may not hold now.
            with closing(connection):
                self._look()
        except Exception as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(None)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _worker() -> None:
    if presence.alive() == 0:
        raise OSError(
            "no OCR worker is alive: a fresh one needs some seconds to load its models; "
            "if none comes up, its log says why"
        )


CHECKS: dict[str, Check] = {
    "database": Check(_database),
    "store": Check(lambda: store().check()),
    "broker": Check(queue.check),
    "worker": Check(_worker),
}


def _outcome(look: Future[None], deadline: float) -> str:
    try:
        look.result(max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        return SILENT
    except (OSError, Error) as error:
        return str(error)
    return "ok"
