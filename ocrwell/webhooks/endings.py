"""The end of a job and the message about it, in one transaction: neither is there alone, and
whoever hears of a completed job can read it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from ocrwell import queue
from ocrwell.jobs import lifecycle
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.webhooks import delivery


def complete(claim: Claim, *, page_count: int, result_key: str) -> bool:
    with transaction.atomic():
        ended = lifecycle.complete(claim, page_count=page_count, result_key=result_key)
        if ended:
            _tell(claim.job_id)
    return ended


def fail(claim: Claim, *, reason: str) -> bool:
    with transaction.atomic():
        ended = lifecycle.fail(claim, reason=reason)
        if ended:
            _tell(claim.job_id)
    return ended


def fail_hopeless() -> None:
    with transaction.atomic():
        for job_id in lifecycle.fail_hopeless():
            _tell(job_id)


def _tell(job_id: UUID) -> None:
    if delivery.schedule(Job.objects.get(pk=job_id)):
        transaction.on_commit(queue.deliver, robust=True)
