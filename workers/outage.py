"""Work that is done outlives a database or a store that is away for a while."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from workers.process import stopping

logger = logging.getLogger(__name__)

T = TypeVar("T")

AWAY = (OperationalError, InterfaceError, OSError)
TRY_EVERY = 1.0


class Outage(Exception):
    """A server that the work needs stays away."""


@contextmanager
def tolerated() -> Iterator[None]:
    """For what is done again anyway: a server that is away is told in one line."""
    try:
        yield
    except AWAY as error:
        if isinstance(error, DatabaseError):
            connection.close()
        logger.warning("a server is away: %s", error)


def endure(call: Callable[[], T]) -> T:
    """What the call returns, which is made again while the server that it needs is away.

    Raises Outage when that takes too long, or when this worker has to stop.
    """
    deadline = time.monotonic() + settings.OUTAGE_PATIENCE.total_seconds()
    while True:
        try:
            return call()
        except AWAY as error:
            if isinstance(error, DatabaseError):
                connection.close()  # one that is broken is never used again
            if stopping.value or time.monotonic() > deadline:
                raise Outage from error
            logger.warning("waiting for a server that is away: %s", error)
        time.sleep(TRY_EVERY)
