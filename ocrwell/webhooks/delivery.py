"""Every change of a delivery's state. A try is claimed by one conditional UPDATE, which puts the
row out of reach for longer than a try can take; what came of it counts only while that holds.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Min, QuerySet
from django.utils import timezone

from ocrwell import queue, request_id
from ocrwell.accounts.models import Org
from ocrwell.errors import NotFound
from ocrwell.jobs.models import Job
from ocrwell.jobs.schedule import Backlog
from ocrwell.metrics import counters
from ocrwell.metrics.counters import WEBHOOK_ATTEMPTS
from ocrwell.webhooks import http, letters
from ocrwell.webhooks.http import Outcome
from ocrwell.webhooks.models import Attempt, Delivery, Endpoint

logger = logging.getLogger(__name__)

State = Delivery.State
REMOVED = "The webhook was removed."
THREADS_OF_ONE = 2
"""As many may wait for the server of one organisation."""
BATCH = 500
"""Rows a sweep forgets at most; the next one goes on."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to try a delivery, until somebody else may."""

    delivery_id: UUID
    number: int
    until: datetime

    def rows(self) -> QuerySet[Delivery]:
        """The delivery's row while the turn holds, else nothing."""
        return Delivery.objects.filter(pk=self.delivery_id, state=State.PENDING, due_at=self.until)


def schedule(job: Job) -> Delivery | None:
    """A delivery that tells how this job ended, if anybody wants to hear of it."""
    if not letters.wanted(job):
        return None
    event = f"job.{job.state}"
    return Delivery.objects.create(org_id=job.org_id, job=job, event=event, due_at=timezone.now())


def due() -> int:
    """How many deliveries could be tried now."""
    return _due(timezone.now()).count()


def backlog() -> Backlog:
    """Deliveries instead of batches."""
    now = timezone.now()
    ready = _due(now).order_by().aggregate(count=Count("pk"), oldest=Min("due_at"))
    at_work = Delivery.objects.filter(state=State.PENDING, at_work=True, due_at__gt=now).count()
    age = (now - ready["oldest"]).total_seconds() if ready["oldest"] else 0.0
    return Backlog(ready["count"], at_work, age)


def claim() -> Turn | None:
    """A turn at a delivery that is due or whose worker went silent, or None."""
    while True:
        now = timezone.now()
        seen = _next(now)
        if seen is None:
            return None
        turn = Turn(seen.pk, seen.tries + 1, now + _lease())
        taken = Delivery.objects.filter(
            pk=seen.pk, state=State.PENDING, tries=seen.tries, due_at=seen.due_at
        ).update(tries=turn.number, due_at=turn.until, at_work=True)
        if taken:
            Endpoint.objects.filter(org_id=seen.org_id).update(tried_at=now)
            return turn


def attempt(turn: Turn) -> None:
    """Send the message once, to where the webhook leads now, and write down what came of it."""
    delivery = turn.rows().select_related("job__org").first()
    if delivery is None:
        return
    letter = letters.write(delivery)
    if letter is None:
        _abandon(turn.rows())
        return
    job = delivery.job
    with request_id.working_on(request_id=job.request_id, job_id=str(job.pk)):
        outcome = http.post(letter.url, headers=letter.headers, body=letter.body)
        _record(turn, letter.url, outcome)
        said = outcome.error or outcome.status
        logger.info("delivery %s, try %d: %s", turn.delivery_id, turn.number, said)


def replay(delivery: Delivery) -> bool:
    """Start over with a delivery that has ended; False when it is on its way. Receivers can tell
    by its id that they have had it before. Raises NotFound when there is no webhook.
    """
    if not letters.wanted(delivery.job):
        raise NotFound("There is no webhook to send this to. Set one first.")
    over = Delivery.objects.filter(pk=delivery.pk, state__in=(State.DELIVERED, State.ABANDONED))
    started = over.update(state=State.PENDING, tries=0, due_at=timezone.now(), ended_at=None)
    if started:
        transaction.on_commit(queue.deliver, robust=True)
    return bool(started)


def abandon(*, org: Org) -> None:
    """Give up what is on its way to a webhook that is not there any more."""
    pending = Delivery.objects.filter(org=org, state=State.PENDING)
    _abandon(pending.filter(job__dialect=Job.Dialect.NATIVE))


def sweep() -> None:
    """Forget what was delivered, or not, long ago."""
    too_old = timezone.now() - settings.WEBHOOK_LOG_TTL
    old = Delivery.objects.filter(created_at__lt=too_old).values_list("pk", flat=True)[:BATCH]
    Delivery.objects.filter(pk__in=list(old)).delete()


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=State.PENDING, due_at__lte=now).order_by("due_at")


def _next(now: datetime) -> Delivery | None:
    """Of the organisation whose server was called longest ago the one due longest; first of those
    whose server nobody waits for. One that does not answer holds up its own messages only.
    """
    at_work = Delivery.objects.filter(
        state=State.PENDING, at_work=True, due_at__gt=now, due_at__lte=now + _lease()
    )
    busy = Counter(at_work.values_list("org_id", flat=True))
    full = [org_id for org_id, threads in busy.items() if threads >= THREADS_OF_ONE]
    in_turn = _due(now).order_by(F("org__endpoint__tried_at").asc(nulls_first=True), "due_at")
    return (
        in_turn.exclude(org_id__in=list(busy)).first() or in_turn.exclude(org_id__in=full).first()
    )


def _lease() -> timedelta:
    """Longer than a try can take."""
    return 3 * settings.WEBHOOK_TIMEOUT


def _record(turn: Turn, url: str, outcome: Outcome) -> None:
    now = timezone.now()
    verdict = _verdict(turn, outcome, now)
    counters.add({WEBHOOK_ATTEMPTS.of(verdict.get("state", "failed")): 1})
    with transaction.atomic():
        turn.rows().update(at_work=False, **verdict)
        # What was sent is logged, whoever has the turn now, unless all is forgotten.
        if Delivery.objects.filter(pk=turn.delivery_id).exists():
            Attempt.objects.create(
                delivery_id=turn.delivery_id,
                at=now,
                url=url,
                status=outcome.status,
                error=outcome.error,
                milliseconds=outcome.milliseconds,
            )


def _verdict(turn: Turn, outcome: Outcome, now: datetime) -> dict[str, Any]:
    delays = settings.WEBHOOK_RETRY_DELAYS
    if outcome.good:
        return {"state": State.DELIVERED, "ended_at": now}
    if turn.number > len(delays):
        return {"state": State.ABANDONED, "ended_at": now}
    return {"due_at": now + delays[turn.number - 1]}


def _abandon(pending: QuerySet[Delivery]) -> None:
    now = timezone.now()
    with transaction.atomic():
        doomed = list(pending.select_for_update().values_list("pk", flat=True))
        pending.update(state=State.ABANDONED, at_work=False, ended_at=now)
        Attempt.objects.bulk_create(
            [Attempt(delivery_id=each, at=now, error=REMOVED, milliseconds=0) for each in doomed],
            batch_size=BATCH,
        )
