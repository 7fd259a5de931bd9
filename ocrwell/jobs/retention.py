"""Forgetting: what is not needed any more leaves the store, and the rows say when."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from ocrwell.jobs.models import Job, Upload
from ocrwell.storage import store

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Model)

BATCH = 500
"""Rows a sweep handles at most; the next one goes on."""


def forget_source(job: Job) -> None:
    """Delete what an ended job was made of; of a failed one nothing is kept at all."""
    job.refresh_from_db(fields=["state"])
    if job.state == Job.State.FAILED:
        forget(job)
        return
    store().delete(job.work_prefix)
    Job.objects.filter(pk=job.pk).update(source_deleted_at=timezone.now())


def forget(job: Job) -> None:
    """Delete everything that comes from the document: all objects of the job, its file's name."""
    store().delete(job.prefix)
    now = timezone.now()
    Job.objects.filter(pk=job.pk, source_deleted_at=None).update(source_deleted_at=now)
    Job.objects.filter(pk=job.pk).update(content_deleted_at=now, filename="")


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
    """One that cannot be deleted stays for the next sweep and does not keep the others."""
    for row in rows[:BATCH]:
        try:
            forget_one(row)
        except OSError:
            logger.exception("cannot delete what belongs to %s", row.pk)


def _forget_upload(upload: Upload) -> None:
    store().delete(upload.key)
    upload.delete()


def expire() -> None:
    """The second net: nothing stays in the store longer than the longest time it may be needed,
    which for a job that still waits has no end.
    """
    longest = max(settings.UPLOAD_TTL, settings.UNREAD_TTL + settings.RESULT_TTL)
    waiting = Job.objects.filter(state__in=(Job.State.PENDING, Job.State.PROCESSING))
    store().expire(timezone.now() - longest, spare=[job.prefix for job in waiting.only("id")])
    if connection.vendor == "sqlite":
        # What was overwritten in the database still stands in its write-ahead log.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
