"""Holding on to a job while working on it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from engine.pipeline import OnPage
from ocrwell.jobs import lifecycle, schedule
from ocrwell.jobs.lifecycle import Claim
from workers.process import logger, stopping

LOOK_EVERY = 0.5
"""Seconds between two looks at who else waits."""


class BrokenOff(Exception):
    """Work on these pages ends here: they have gone to another worker."""


@contextmanager
def kept(claim: Claim) -> Iterator[OnPage]:
    """Renew the lease from a thread; yields what to call after every page: it says False where the
    worker should do something else first, and raises BrokenOff where the work counts no more.
    """
    done, lost = threading.Event(), threading.Event()
    looked = time.monotonic()

    def proceed(pages_done: int, page_count: int) -> bool:
        nonlocal looked
        if pages_done == page_count:
            return True  # all the work is done: the fence decides whether it counts
        if lost.is_set():
            raise BrokenOff
        if time.monotonic() - looked < LOOK_EVERY:
            return not stopping.value
        looked = time.monotonic()
        return not (stopping.value or _makes_way(claim))

    thread = threading.Thread(target=_renew, args=(claim, done, lost), daemon=True)
    thread.start()
    try:
        yield proceed
    finally:
        done.set()
        thread.join()


def _makes_way(claim: Claim) -> bool:
    try:
        return schedule.makes_way(claim.org_id)
    except DatabaseError:
        connection.close()
        return False


def _renew(claim: Claim, done: threading.Event, lost: threading.Event) -> None:
    while not done.wait(settings.HEARTBEAT.total_seconds()):
        try:
            if not lifecycle.renew(claim):
                lost.set()
                break
        except DatabaseError:
            # The lease outlasts some missed beats; if the database stays away it must lapse.
            logger.warning("could not renew the lease of job %s", claim.job_id)
            connection.close()
    connection.close()
