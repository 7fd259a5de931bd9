"""Who is next: organisations take turns, and of one organisation what is due first comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from ocrwell.accounts.models import Org
from ocrwell.errors import Unavailable
from ocrwell.jobs.models import Job, PageBatch

State = PageBatch.State
LONG_AGO = datetime.min.replace(tzinfo=UTC)
PAGE_TURN = timedelta(seconds=1)
"""So much later than the page before it a page is due: a small job passes a large one that came
just before it, and a large one is not passed for ever."""
NOTICE = timedelta(milliseconds=300)
"""A worker with nothing to do takes what waits well within this time."""
WAIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Backlog:
    """Batches that wait and that are worked on, and how long the oldest has waited, in seconds."""

    waiting: int
    at_work: int
    oldest_seconds: float


def due(job: Job, first: int) -> datetime:
    """When a batch that begins with this page of the job is due."""
    return job.created_at + (first - 1) * PAGE_TURN


def candidates(now: datetime) -> Iterator[QuerySet[PageBatch]]:
    """What may be claimed, one organisation's after the other's, each in the order it is due.

    First of the organisations with the fewest batches at work; of these the one served longest ago.
    """
    at_work = _at_work(now)
    waiting = Org.objects.filter(Exists(claimable(now).filter(org=OuterRef("pk"))))
    turns = [
        (at_work[org_id], served_at or LONG_AGO, org_id)
        for org_id, served_at in waiting.values_list("pk", "served_at")
    ]
    for _, _, org_id in sorted(turns):
        yield claimable(now).filter(org=org_id).order_by("due_at", "pk")


def claimable(now: datetime) -> QuerySet[PageBatch]:
    """What waits, and what lost its worker but not too often."""
    lost = Q(state=State.AT_WORK, losses__lt=settings.MAX_ATTEMPTS - 1)
    return PageBatch.objects.filter(Q(state=State.WAITING) | lost, free_at__lte=now)


def waiting() -> bool:
    """Whether there is something that could be claimed now."""
    return claimable(timezone.now()).exists()


def makes_way(org_id: UUID) -> bool:
    """Whether work of this organisation should pause for another's new job: one that has nothing at
    work, and that no idle worker has taken at once.
    """
    now = timezone.now()
    unopened = PageBatch.objects.filter(
        state=State.WAITING, last=None, free_at__lte=now - NOTICE
    ).exclude(org=org_id)
    served = _at_work(now)
    return any(other not in served for other in unopened.values_list("org", flat=True).distinct())


def admit(org: Org) -> None:
    """Raises Unavailable when too many jobs wait, unless this organisation has less than its share
    of them: one that sends too much must not keep the others out.
    """
    jobs = PageBatch.objects.filter(state=State.WAITING, last=None)
    if jobs.count() < settings.MAX_BACKLOG:
        return
    counts = Counter(dict(jobs.values_list("org").annotate(Count("pk"))))
    if counts[org.pk] >= settings.MAX_BACKLOG // len(counts):
        raise Unavailable(
            "Too many documents wait already. Send this one again later.", wait=WAIT_SECONDS
        )


def pages_read(job: Job) -> int:
    """How many pages of a job at work are done and kept, whole batches of them."""
    done = PageBatch.objects.filter(job=job, state=State.DONE)
    return done.aggregate(read=Sum(F("last") - F("first") + 1))["read"] or 0


def backlog() -> Backlog:
    now = timezone.now()
    ready = claimable(now).aggregate(count=Count("pk"), oldest=Min("free_at"))
    age = (now - ready["oldest"]).total_seconds() if ready["oldest"] else 0.0
    return Backlog(ready["count"], sum(_at_work(now).values()), age)


def _at_work(now: datetime) -> Counter[UUID]:
    """How many batches of each organisation are worked on."""
    held = PageBatch.objects.filter(state=State.AT_WORK, free_at__gt=now)
    return Counter(held.values_list("org", flat=True))
