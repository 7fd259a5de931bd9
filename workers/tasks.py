"""The tasks: each fetches what it needs, calls the core and stores what came out."""

from __future__ import annotations

from django.conf import settings

from ocrwell import queue
from ocrwell.jobs import lifecycle, presence, retention
from workers import journey, process
from workers.lease import kept

LIMIT_SECONDS = int(settings.JOB_TIME_LIMIT.total_seconds())


@queue.app.task(
    name="workers.tasks.process", soft_time_limit=LIMIT_SECONDS, time_limit=LIMIT_SECONDS + 60
)
def process_one() -> None:
    """Work on one job, if one waits."""
    reader = process.reader()
    # While it stops, a worker still gets the messages it had fetched: it would take back the job
    # that it has just given back, again and again.
    if reader is None or process.stopping.value:
        return
    claim = lifecycle.claim()
    if claim is None:
        return
    with kept(claim) as proceed:
        journey.run(claim, reader, proceed)
    # A hint may have been lost; whoever finds more to do says so.
    if lifecycle.waiting():
        queue.wake()


@queue.app.task(name="workers.tasks.sweep")
def sweep() -> None:
    """Put right what dying processes and lost messages left."""
    lifecycle.fail_hopeless()
    retention.sweep()
    presence.sweep()
    if lifecycle.waiting():
        queue.wake()


@queue.app.task(name="workers.tasks.expire")
def expire() -> None:
    retention.expire()
