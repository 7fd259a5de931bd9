"""The end of a job, the pages that it costs and the message about it, in one transaction: none is
there alone, and whoever hears of a completed job can read it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ocrwell import queue
from ocrwell.accounts import quota
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
        ended = Job.objects.filter(pk__in=lifecycle.fail_hopeless())
        # Whoever ends several settles with their organisations in the same order as others do.
        for job_id in ended.order_by("org", "created_at").values_list("pk", flat=True):
            _ended(job_id)


def _ended(job_id: UUID) -> None:
    job = Job.objects.get(pk=job_id)
    if job.dialect == Job.Dialect.DEEPREAD:
        _settle(job)
    if delivery.schedule(job):
        transaction.on_commit(queue.deliver, robust=True)
    seconds = (timezone.now() - job.created_at).total_seconds()
    counters.add({JOBS_ENDED.of(job.state, job.mode): 1} | JOB_SECONDS.of(seconds))


def _settle(job: Job) -> None:
    """The pages that the job had reserved are booked, or given back when it has failed."""
    used = job.page_count if job.state == Job.State.COMPLETED else 0
    quota.settle(org_id=job.org_id, at=job.created_at, reserved=job.reserved_pages, used=used or 0)
