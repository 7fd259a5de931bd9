"""Every change of a job's state, each one conditional UPDATE that acts only if its row changed.

A claim is a lease: its holder renews it while it works, and once it has lapsed another worker
takes the job. The attempt number is the fence: whoever holds an older one can change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet, UUIDField
from django.utils import timezone

from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.errors import NotFound
from ocrwell.jobs.models import Job
from ocrwell.prepared import Given, Prepared

State = Job.State
_job = Prepared(Job.objects.filter(id=Given("id", UUIDField()), org=Given("org", UUIDField())))
WORKERS_LOST = "Document could not be processed: it was tried {} times and broke off each time."


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job, as long as no later attempt exists."""

    job_id: UUID
    attempt: int

    def rows(self) -> QuerySet[Job]:
        """The job's row while the claim holds, else nothing."""
        return Job.objects.filter(pk=self.job_id, state=State.PROCESSING, attempt=self.attempt)


def find(*, org: Org, job_id: str) -> Job:
    job = _job.first(id=ids.parse(job_id), org=org.pk)
    if job is None:
        raise NotFound("There is no such job.")
    return job


def claim() -> Claim | None:
    """The oldest job that waits or whose worker went silent, or None."""
    while True:
        now = timezone.now()
        seen = Job.objects.filter(_claimable()).order_by("created_at").first()
        if seen is None:
            return None
        taken = Job.objects.filter(
            pk=seen.pk, state=seen.state, attempt=seen.attempt, lease_until=seen.lease_until
        ).update(
            state=State.PROCESSING,
            attempt=seen.attempt + 1,
            losses=F("losses") + (1 if seen.state == State.PROCESSING else 0),
            lease_until=now + settings.LEASE,
            started_at=seen.started_at or now,
        )
        if taken:
            return Claim(seen.pk, seen.attempt + 1)


def waiting() -> bool:
    """Whether there is a job that could be claimed now."""
    return Job.objects.filter(_claimable()).exists()


def renew(claim: Claim) -> bool:
    """Extend the lease; False when the job has gone to somebody else."""
    return bool(claim.rows().update(lease_until=timezone.now() + settings.LEASE))


def complete(claim: Claim, *, page_count: int) -> bool:
    now = timezone.now()
    return bool(
        claim.rows().update(
            state=State.COMPLETED,
            page_count=page_count,
            finished_at=now,
            expires_at=now + settings.UNREAD_TTL,
            lease_until=None,
        )
    )


def fail(claim: Claim, *, reason: str) -> bool:
    return bool(_fail(claim.rows(), reason))


def release(claim: Claim) -> bool:
    """Give a job back unfinished, without blame: the worker is asked to stop."""
    return bool(claim.rows().update(state=State.PENDING, lease_until=None))


def fail_hopeless() -> list[UUID]:
    """Fail the jobs that took down every worker they were given to; returns which."""
    lapsed = Job.objects.filter(_lapsed(), losses__gte=settings.MAX_ATTEMPTS - 1)
    reason = WORKERS_LOST.format(settings.MAX_ATTEMPTS)
    hopeless = list(lapsed.values_list("pk", flat=True))
    return [each for each in hopeless if _fail(lapsed.filter(pk=each), reason)]


def _fail(rows: QuerySet[Job], reason: str) -> int:
    return rows.update(
        state=State.FAILED, failure_reason=reason, finished_at=timezone.now(), lease_until=None
    )


def _lapsed() -> Q:
    return Q(state=State.PROCESSING, lease_until__lt=timezone.now())


def _claimable() -> Q:
    return Q(state=State.PENDING) | (_lapsed() & Q(losses__lt=settings.MAX_ATTEMPTS - 1))
