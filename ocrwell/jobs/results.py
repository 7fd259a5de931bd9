"""What came out of a job: kept in the store, written by the worker, read for the client."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

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
    pages: tuple[PageText, ...]


def save(claim: Claim, pages: Sequence[PageText]) -> None:
    body = json.dumps({"pages": [asdict(p) for p in pages]}, ensure_ascii=False)
    store().put(_key(claim.job_id, claim.attempt), body.encode())


def discard(claim: Claim) -> None:
    """Remove what an attempt wrote that does not count."""
    store().delete(_key(claim.job_id, claim.attempt))


def fetch(job: Job) -> Result:
    """The result of a completed job; raises ResultExpired when it is gone."""
    try:
        body = json.loads(store().read(_key(job.pk, job.attempt)))
    except Missing as error:
        raise ResultExpired from error
    return Result(tuple(PageText(**page) for page in body["pages"]))


def _key(job_id: UUID, attempt: int) -> str:
    """By attempt, so that a worker taken for dead cannot write over its successor's result."""
    return f"jobs/{job_id}/{attempt}/result.json"
