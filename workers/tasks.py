"""The tasks: each fetches what it needs, calls the core and stores what came out."""

from __future__ import annotations

import threading

from django.conf import settings

from ocrwell import queue
from ocrwell.accounts import device, limits, notices
from ocrwell.jobs import idempotency, lifecycle, presence, retention, schedule
from ocrwell.webhooks import delivery, endings
from workers import journey, process
from workers.lease import kept
from workers.outage import tolerated

LIMIT_SECONDS = int(settings.BATCH_TIME_LIMIT.total_seconds())
# The servers of others may hold up this many threads of the io worker, never its sweeps.
_free = threading.BoundedSemaphore(settings.DELIVERY_THREADS)
_mailing = threading.Lock()


@queue.app.task(
    name="workers.tasks.process", soft_time_limit=LIMIT_SECONDS, time_limit=LIMIT_SECONDS + 60
)
def process_one() -> None:
    """Read one batch of pages, if one waits."""
    reader = process.reader()
    # While it stops, a worker still gets the messages it had fetched: it would take back the pages
    # that it has just given back, again and again.
    if reader is None or process.stopping.value:
        return
    claim = None
    with tolerated():
        claim = lifecycle.claim()
        # Every claim tells one more worker, so that all have work as long as there is some.
        if claim and schedule.waiting():
            queue.wake()
    if claim is None:
        return
    with kept(claim) as proceed:
        journey.run(claim, reader, proceed)


@queue.app.task(name="workers.tasks.deliver")
def deliver() -> None:
    """Make one try at telling an organisation's server, if one is due and a thread is free."""
    if process.stopping.value or not _free.acquire(blocking=False):
        return
    try:
        turn = delivery.claim()
        if turn is None:
            return
        delivery.attempt(turn)
    finally:
        _free.release()
    # Hints are turned away while all threads are taken; whoever is done looks for more.
    if delivery.due():
        queue.deliver()


@queue.app.task(name="workers.tasks.sweep")
def sweep() -> None:
    """Put right what dying processes and lost messages left."""
    with tolerated():
        endings.fail_hopeless()
        if schedule.waiting():
            queue.wake()
        for _ in range(min(delivery.due(), settings.DELIVERY_THREADS)):
            queue.deliver()
        presence.sweep()
        delivery.sweep()
        retention.sweep()


@queue.app.task(name="workers.tasks.expire")
def expire() -> None:
    with tolerated():
        idempotency.sweep()
        limits.sweep()
        device.sweep()
        retention.expire()


@queue.app.task(name="workers.tasks.warn")
def warn() -> None:
    """Tell admins of quotas that are nearly used up. A mail server may hold up one thread only."""
    if not _mailing.acquire(blocking=False):
        return
    try:
        with tolerated():
            notices.send()
    finally:
        _mailing.release()
