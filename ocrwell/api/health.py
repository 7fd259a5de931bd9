"""Is it up, and can it work? For load balancers and for the person who just started it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from ocrwell import queue
from ocrwell.jobs import presence
from ocrwell.storage import store


def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Database, store and broker answer, and a worker that passed its self-test lives."""
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = all(outcome == "ok" for outcome in checks.values())
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return JsonResponse(body, status=200 if ready else 503)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _worker() -> None:
    if presence.alive() == 0:
        raise OSError(
            "no OCR worker is alive: a fresh one needs some seconds to load its models; "
            "if none comes up, its log says why"
        )


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "store": lambda: store().check(),
    "broker": queue.check,
    "worker": _worker,
}


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except (OSError, Error) as error:
        return str(error)
    return "ok"
