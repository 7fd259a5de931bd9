"""Every change of a job's state and of its batches', each a conditional UPDATE that acts only if
its row changed.

A claim is a lease on a batch of pages: its holder renews it while it works, and once it has lapsed
another worker takes the batch. The attempt number is the fence: whoever holds an older one can
change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, UUIDField
from django.utils import timezone

from ocrwell import ids, queue
from ocrwell.accounts.models import Org
from ocrwell.errors import NotFound
from ocrwell.jobs import retention, schedule
from ocrwell.jobs.models import Job, PageBatch
from ocrwell.metrics import counters
from ocrwell.metrics.counters import LEASES_LAPSED
from ocrwell.prepared import Given, Prepared

State = Job.State
Work = PageBatch.State
_job = Prepared(Job.objects.filter(id=Given("id", UUIDField()), org=Given("org", UUIDField())))
WORKERS_LOST = "Document could not be processed: it was tried {} times and broke off each time."
NOW = timedelta()


class Lost(Exception):
    """Somebody else has this work now, or it has ended."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on pages of a job, as long as no later attempt exists.

    ``last`` is None until somebody has counted the pages.
    """

    batch_id: int
    job_id: UUID
    org_id: UUID
    attempt: int
    first: int = 1
    last: int | None = None

    @classmethod
    def of(cls, batch: PageBatch) -> Claim:
        return cls(batch.pk, batch.job_id, batch.org_id, batch.attempt, batch.first, batch.last)

    @property
    def name(self) -> str:
        """Of what this attempt writes into the store, and no other: one that is taken for dead
        cannot write over its successor's.
        """
        return f"{self.first}-{self.attempt}"

    def rows(self) -> QuerySet[PageBatch]:
        """The batch's row while the claim holds, else nothing."""
        return PageBatch.objects.filter(pk=self.batch_id, state=Work.AT_WORK, attempt=self.attempt)


def find(*, org: Org, job_id: str, dialect: str) -> Job:
    """Raises NotFound, also for a job whose retention and words are those of another API."""
    job = _job.first(id=ids.parse(job_id), org=org.pk)
    if job is None:
        raise NotFound("There is no such job.")
    if job.dialect != dialect:
        raise NotFound("This job belongs to another API of this service. Ask there.")
    return job


def add(job: Job) -> None:
    """Write down a new job and that there is work to do, in the caller's transaction."""
    job.save(force_insert=True)
    PageBatch.objects.create(
        job=job, org_id=job.org_id, free_at=timezone.now(), due_at=schedule.due(job, 1)
    )
    transaction.on_commit(queue.wake, robust=True)


def claim() -> Claim | None:
    """Pages of the job whose turn it is, or None when nothing waits."""
    if not schedule.waiting():
        return None
    with transaction.atomic():
        now = timezone.now()
        for batches in schedule.candidates(now):
            # What others are about to claim is passed over.
            batch = batches.select_for_update(skip_locked=True).first()
            if batch is not None and _take(batch, now):
                return replace(Claim.of(batch), attempt=batch.attempt + 1)
    return None


def renew(claim: Claim) -> bool:
    """Extend the lease; False when the work has gone to somebody else."""
    return bool(claim.rows().update(free_at=timezone.now() + settings.LEASE))


def cut(claim: Claim, *, page_count: int) -> Claim:
    """Make batches of a document whose pages are counted; the claim keeps the first one.

    Raises Lost.
    """
    size = settings.BATCH_PAGES
    mine = replace(claim, last=min(size, page_count))
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=claim.job_id).first()
        if job is None or not claim.rows().update(last=mine.last):
            raise Lost
        Job.objects.filter(pk=job.pk).update(page_count=page_count)
        starts = range(1 + size, page_count + 1, size)
        _insert(job, [(first, min(first + size - 1, page_count)) for first in starts])
    return mine


def finish(claim: Claim, *, upto: int) -> bool:
    """The pages of an opened batch are read and kept, up to this one; others can have the rest.

    True when nothing of the job is left to read: then the claim still holds, and its holder has to
    complete the job. Otherwise it has ended. Raises Lost.
    """
    with transaction.atomic():
        # One at a time: of two batches that are done together one is the last.
        job = Job.objects.select_for_update().filter(pk=claim.job_id).first()
        if job is None or claim.last is None or not claim.rows().exists():
            raise Lost
        rest = [(upto + 1, claim.last)] if upto < claim.last else []
        others = PageBatch.objects.filter(job=job).exclude(pk=claim.batch_id)
        if not rest and not others.exclude(state=Work.DONE).exists():
            return True
        claim.rows().update(state=Work.DONE, last=upto)
        _insert(job, rest)
    return False


def done(job_id: UUID) -> list[Claim]:
    """The claims whose work on the job is done, from its first page to its last."""
    batches = PageBatch.objects.filter(job=job_id, state=Work.DONE).order_by("first")
    return [Claim.of(batch) for batch in batches]


def complete(claim: Claim, *, page_count: int, result_key: str) -> bool:
    job = Job.objects.select_related("org").filter(pk=claim.job_id).first()
    if job is None:
        return False
    now = timezone.now()
    return _end(
        claim.job_id,
        claim.rows(),
        state=State.COMPLETED,
        page_count=page_count,
        result_key=result_key,
        finished_at=now,
        expires_at=now + retention.kept_for(job),
    )


def fail(claim: Claim, *, reason: str) -> bool:
    return _fail(claim.job_id, claim.rows(), reason)


def release(claim: Claim, *, pause: timedelta = NOW) -> bool:
    """Give the pages back unread, without blame; nobody takes them before the pause is over."""
    free_at = timezone.now() + pause
    return bool(claim.rows().update(state=Work.WAITING, free_at=free_at))


def fail_hopeless() -> list[UUID]:
    """Fail the jobs that took down every worker they were given to; returns which."""
    lapsed = PageBatch.objects.filter(
        state=Work.AT_WORK, free_at__lte=timezone.now(), losses__gte=settings.MAX_ATTEMPTS - 1
    )
    reason = WORKERS_LOST.format(settings.MAX_ATTEMPTS)
    hopeless = list(lapsed.values_list("job", "pk"))
    return [job_id for job_id, pk in hopeless if _fail(job_id, lapsed.filter(pk=pk), reason)]


def _take(batch: PageBatch, now: datetime) -> bool:
    """Where rows cannot be locked, what was seen decides whether the claim counts."""
    seen = PageBatch.objects.filter(
        pk=batch.pk, state=batch.state, attempt=batch.attempt, free_at=batch.free_at
    )
    taken = seen.update(
        state=Work.AT_WORK,
        attempt=batch.attempt + 1,
        losses=F("losses") + (1 if batch.state == Work.AT_WORK else 0),
        free_at=now + settings.LEASE,
    )
    if taken:
        counters.add({LEASES_LAPSED.of(): float(batch.state == Work.AT_WORK)})
        Org.objects.filter(pk=batch.org_id).update(served_at=now)
        pending = Job.objects.filter(pk=batch.job_id, state=State.PENDING)
        pending.update(state=State.PROCESSING, started_at=now)
    return bool(taken)


def _insert(job: Job, ranges: list[tuple[int, int]]) -> None:
    now = timezone.now()
    PageBatch.objects.bulk_create(
        PageBatch(
            job=job,
            org_id=job.org_id,
            first=first,
            last=last,
            free_at=now,
            due_at=schedule.due(job, first),
        )
        for first, last in ranges
    )
    if ranges:
        transaction.on_commit(queue.wake, robust=True)


def _fail(job_id: UUID, rows: QuerySet[PageBatch], reason: str) -> bool:
    return _end(job_id, rows, state=State.FAILED, failure_reason=reason, finished_at=timezone.now())


def _end(job_id: UUID, rows: QuerySet[PageBatch], **outcome: Any) -> bool:
    """The end of a job, if these rows are still there; nothing is left to do of it then."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or not rows.delete()[0]:
            return False
        Job.objects.filter(pk=job_id).update(**outcome)
        PageBatch.objects.filter(job=job_id).delete()
    return True
