"""The processes of the stack: how each is started, by ``serve`` and by containers alike."""

from __future__ import annotations

import os

from django.conf import settings

NAMES = ("web", "ocr", "io", "scheduler")

CELERY = ("-m", "celery", "--quiet", "-A", "workers")
WORKER = (*CELERY, "worker", "--loglevel", "INFO")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def arguments(name: str) -> tuple[str, ...]:
    """What Python is given to run this process."""
    return {"web": _web, "ocr": _ocr, "io": _io, "scheduler": _scheduler}[name]()


def environment() -> dict[str, str]:
    """Found from any working folder, which stays the same for relative paths in settings."""
    return os.environ | {"PYTHONPATH": str(settings.BASE_DIR)}


def _web() -> tuple[str, ...]:
    web = ("-m", "gunicorn", "ocrwell.wsgi", "--bind", f"{settings.HOST}:{settings.PORT}")
    worker = ("--worker-class", "ocrwell.server.Worker", "--logger-class", "ocrwell.server.Logger")
    threads = ("--threads", str(settings.WEB_THREADS), "--log-level", "warning")
    # Clients that poll keep their connection; one that is closed while they ask looks like a fault.
    kept = ("--keep-alive", "75")
    nothing_else = ("--no-control-socket",)
    # What a proxy says about its client is ours to judge: see ocrwell.peer.
    return (*web, *worker, *threads, *kept, *nothing_else, "--forwarded-allow-ips", "")


def _ocr() -> tuple[str, ...]:
    queue = ("-Q", "ocr", "-n", "ocr@%h", "--concurrency", str(settings.OCR_PROCESSES))
    return (*WORKER, *ALONE, *queue)


def _io() -> tuple[str, ...]:
    queue = ("-Q", "io", "-n", "io@%h", "--concurrency", str(settings.IO_THREADS))
    return (*WORKER, *ALONE, *queue, "--pool", "threads")


def _scheduler() -> tuple[str, ...]:
    """Apart from the worker, which would not notice its death. What it remembers may be lost."""
    return (*CELERY, "beat", "--loglevel", "INFO", "--scheduler", "celery.beat.Scheduler")
