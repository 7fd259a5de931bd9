"""The end of a job and the message about it, in one transaction: neither is there alone, and
whoever hears of a completed job can read it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ocrwell import queue
from ocrwell.jobs import lifecycle
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.metrics import counters
from ocrwell.metrics.counters import JOB_SECONDS, JOBS_ENDED
from ocrwell.webhooks import delivery


def complete(claim: Claim, *, page_count: int, result_key: str) -> bool:
    with transaction.atomic():
        ended = lifecycle.complete(claim, page_count=page_count, result_key=result_key)
        if ended:
            _ended(claim.job_id)
    return ended


def fail(claim: Claim, *, reason: str) -> bool:
    with transaction.atomic():
        ended = lifecycle.fail(claim, reason=reason)
        if ended:
            _ended(claim.job_id)
    return ended


def fail_hopeless() -> None:
    with transaction.atomic():
        for job_id in lifecycle.fail_hopeless():
            _ended(job_id)


def _ended(job_id: UUID) -> None:
    job = Job.objects.get(pk=job_id)
    if delivery.schedule(job):
        transaction.on_commit(queue.deliver, robust=True)
    seconds = (timezone.now() - job.created_at).total_seconds()
    counters.add({JOBS_ENDED.of(job.state, job.mode): 1} | JOB_SECONDS.of(seconds))
