"""Forgetting: what is not needed any more leaves the store."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from ocrwell.jobs.models import Job, Upload
from ocrwell.storage import store

BATCH = 500
"""Rows a sweep handles at most; the next one goes on."""


def forget_source(job: Job) -> None:
    """Delete the document of a finished job; of a failed one nothing is kept at all."""
    job.refresh_from_db(fields=["state"])
    store().delete(job.prefix if job.state == Job.State.FAILED else job.source_key)
    Job.objects.filter(pk=job.pk).update(source_deleted_at=timezone.now())


def sweep() -> None:
    """Delete the sources that a dying worker left, and uploads that were never submitted."""
    finished = (Job.State.COMPLETED, Job.State.FAILED)
    for job in Job.objects.filter(state__in=finished, source_deleted_at=None)[:BATCH]:
        forget_source(job)
    too_old = timezone.now() - settings.UPLOAD_TTL
    for upload in Upload.objects.filter(created_at__lt=too_old)[:BATCH]:
        store().delete(upload.key)
        upload.delete()


def expire() -> None:
    """The second net: nothing stays in the store longer than the longest time it may be needed."""
    store().expire(timezone.now() - settings.UPLOAD_TTL)
