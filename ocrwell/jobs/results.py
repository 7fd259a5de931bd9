"""What came out of a job: kept in the store, written by the worker, read for the client."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from ocrwell.errors import ResultExpired
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.storage import Missing, store


@dataclass(frozen=True, slots=True)
class PageText:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """The pages of a job in text mode, the data of one in structured mode."""

    pages: tuple[PageText, ...] = ()
    data: object = None


def save(claim: Claim, pages: Sequence[PageText] = (), data: object = None) -> None:
    body = json.dumps({"pages": [asdict(p) for p in pages], "data": data}, ensure_ascii=False)
    store().put(_key(claim.job_id, claim.attempt), body.encode())


def discard(claim: Claim) -> None:
    """Remove what an attempt wrote that does not count."""
    store().delete(_key(claim.job_id, claim.attempt))


def fetch(job: Job) -> Result:
    """The result of a completed job; the first reading starts the clock of its retention.

    Raises ResultExpired when its time is over, deleted or not.
    """
    now = timezone.now()
    if job.content_deleted_at or (job.expires_at and job.expires_at <= now):
        raise ResultExpired
    try:
        body = json.loads(store().read(_key(job.pk, job.attempt)))
    except Missing as error:
        raise ResultExpired from error
    result = Result(tuple(PageText(**page) for page in body["pages"]), body.get("data"))
    if job.first_read_at is None:
        Job.objects.filter(pk=job.pk, first_read_at=None).update(
            first_read_at=now, expires_at=now + settings.RESULT_TTL
        )
    return result


def _key(job_id: UUID, attempt: int) -> str:
    """By attempt, so that a worker taken for dead cannot write over its successor's result."""
    return f"jobs/{job_id}/{attempt}/result.json"
