"""What waits for a worker."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from ocrwell.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Backlog:
    """Batches that wait and that are worked on, and how long the oldest has waited, in seconds."""

    waiting: int
    at_work: int
    oldest_seconds: float


def backlog() -> Backlog:
    open_ = Job.objects.filter(state__in=(Job.State.PENDING, Job.State.PROCESSING))
    found = open_.aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.PENDING)),
        at_work=Count("pk", filter=Q(state=Job.State.PROCESSING)),
        oldest=Min("created_at", filter=Q(state=Job.State.PENDING)),
    )
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return Backlog(found["waiting"], found["at_work"], age)
