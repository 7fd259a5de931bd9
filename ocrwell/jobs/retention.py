"""Forgetting: what is not needed any more leaves the store, and the rows say when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone

from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.jobs.models import Correction, Job, Upload
from ocrwell.storage import Unreachable, store

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)

BATCH = 500
"""Rows a sweep handles at most; the next one goes on."""
OWNED = ("uploads/", "jobs/")
"""Where the store keeps what belongs to a row."""


def forget_source(job: Job) -> None:
    """Delete what an ended job was made of; of a failed one nothing is kept at all."""
    job.refresh_from_db(fields=["state"])
    if job.state == Job.State.FAILED:
        forget(job)
        return
    store().delete(job.work_prefix)
    Job.objects.filter(pk=job.pk).update(source_deleted_at=timezone.now())


def forget(job: Job) -> None:
    """Delete everything that comes from the document: all objects of the job, its file's name, and
    what people wrote in the place of its values.
    """
    store().delete(job.prefix)
    now = timezone.now()
    with transaction.atomic():
        Job.objects.filter(pk=job.pk, source_deleted_at=None).update(source_deleted_at=now)
        Job.objects.filter(pk=job.pk).update(content_deleted_at=now, filename="")
        # After the row: whoever corrects a value holds it, and looks at it first.
        Correction.objects.filter(job=job.pk).delete()


def sweep() -> None:
    """Delete the sources that a dying worker left, results whose time is over, and uploads that
    were never submitted.
    """
    now = timezone.now()
    finished = (Job.State.COMPLETED, Job.State.FAILED)
    _each(Job.objects.filter(state__in=finished, source_deleted_at=None), forget_source)
    _each(Job.objects.filter(content_deleted_at=None, expires_at__lte=now), forget)
    _each(Upload.objects.filter(created_at__lt=now - settings.UPLOAD_TTL), _forget_upload)


def _each(rows: QuerySet[M], forget_one: Callable[[M], None]) -> None:
    """One that cannot be deleted stays for the next sweep and does not keep the others; a store
    that cannot be reached does.
    """
    for row in rows[:BATCH]:
        try:
            forget_one(row)
        except Unreachable:
            raise
        except OSError:
            logger.exception("cannot delete what belongs to %s", row.pk)


def _forget_upload(upload: Upload) -> None:
    store().delete(upload.key)
    upload.delete()


def expire(now: datetime | None = None) -> None:
    """The second net: what lost its row, or should have gone with what the row says is gone, leaves
    the store when no call can be at work on it any more; whatever it is, nothing stays longer than
    the longest time it may be needed, which for a job that still waits has no end.
    """
    now = now or timezone.now()
    longest = max(settings.UPLOAD_TTL, settings.UNREAD_TTL + settings.RESULT_TTL, _of_deepread())
    _delete(_ownerless, store().older(now - settings.UPLOAD_URL_TTL))
    _delete(_not_waited_for, store().older(now - longest))
    if connection.vendor == "sqlite":
        # What was overwritten in the database still stands in its write-ahead log.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def kept_for(job: Job) -> timedelta:
    """How long the result of a job is kept that nobody reads."""
    if job.dialect == Job.Dialect.NATIVE:
        return settings.UNREAD_TTL
    hours = job.org.retention_hours
    return settings.DEEPREAD_TTL if hours is None else timedelta(hours=hours)


def _of_deepread() -> timedelta:
    """The longest time that any organisation's are kept."""
    hours = Org.objects.aggregate(most=Max("retention_hours"))["most"] or 0
    return max(settings.DEEPREAD_TTL, timedelta(hours=hours))


def _delete(choose: Callable[[list[str]], list[str]], keys: Iterator[str]) -> None:
    """Of these keys the chosen ones, some at a time. One that cannot be deleted stays for the next
    call and does not keep the others; a store that cannot be reached does.
    """
    while some := list(islice(keys, BATCH)):
        for key in choose(some):
            try:
                store().delete(key)
            except Unreachable:
                raise
            except OSError:
                logger.exception("cannot delete %s", key)


def _ownerless(keys: list[str]) -> list[str]:
    """What belongs to no upload that may be submitted and to no job that has anything to keep."""
    owners = _rows(keys, "uploads", Upload.objects.filter(submitted_at=None)) | _rows(
        keys, "jobs", Job.objects.filter(content_deleted_at=None)
    )
    return [key for key in keys if key.startswith(OWNED) and _owner(key) not in owners]


def _not_waited_for(keys: list[str]) -> list[str]:
    waiting = Job.objects.filter(state__in=(Job.State.PENDING, Job.State.PROCESSING))
    owners = _rows(keys, "jobs", waiting)
    return [key for key in keys if _owner(key) not in owners]


def _rows(keys: list[str], kind: str, rows: QuerySet[M]) -> set[tuple[str, UUID]]:
    """Those of the rows that the keys of this kind name."""
    named = {pk for name, pk in map(_owner, keys) if name == kind}
    return {(kind, pk) for pk in rows.filter(pk__in=named).values_list("pk", flat=True)}


def _owner(key: str) -> tuple[str, UUID]:
    """What kind of row a key begins with, and which."""
    kind, _, rest = key.partition("/")
    return kind, ids.parse(rest.partition("/")[0])
