"""How much work something is, on machines whose speed changes with what else they do."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import TraceFunction

USUAL = 0.07
"""Seconds of processor time that the loop below takes on a machine like those of the figures."""
TRIES = 3


def within(seconds: float, work: Callable[[], object]) -> bool:
    """Whether the work takes less than so many seconds of processor time on such a machine.

    Whatever shares the cores only adds time: one try that is quick enough is enough.
    """
    return any(_seconds(work) < seconds * _slowness() for _ in range(TRIES))


def lines(work: Callable[[], object]) -> int:
    """The lines of Python that the work runs through, loops counted each time around."""
    ran = 0

    def count(frame: FrameType, event: str, arg: object) -> TraceFunction:
        nonlocal ran
        ran += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return ran


def _slowness() -> float:
    """How many times as long as usual the machine takes at the moment, with room, at least 1."""

    def loop() -> None:
        total = 0
        for number in range(1_000_000):
            total += number

    return max(1.0, 1.5 * _seconds(loop) / USUAL)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
