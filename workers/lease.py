"""Holding on to a job while working on it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from ocrwell.jobs import lifecycle
from ocrwell.jobs.lifecycle import Claim
from workers.process import logger, stopping


class BrokenOff(Exception):
    """Work on this job ends here: the worker has to stop, or the job has gone to another one."""


@contextmanager
def kept(claim: Claim) -> Iterator[Callable[[int, int], None]]:
    """Renew the lease from a thread; yields a callback for every page that may raise BrokenOff."""
    done, lost = threading.Event(), threading.Event()

    def proceed(pages_done: int, page_count: int) -> None:
        if pages_done == page_count:
            return  # all the work is done: the fence decides whether it counts
        if lost.is_set() or stopping.value:
            raise BrokenOff

    thread = threading.Thread(target=_renew, args=(claim, done, lost), daemon=True)
    thread.start()
    try:
        yield proceed
    finally:
        done.set()
        thread.join()


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
