"""How fast the machine is at the moment: what shares its cores can make it three times as slow."""

from __future__ import annotations

import time

USUAL = 0.07
"""Seconds of processor time that the loop below takes on a machine like those of the figures."""


def allowed(seconds: float) -> float:
    """The limit for something that may take so many seconds of processor time on such a machine."""
    start, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return seconds * max(1.0, 1.5 * (time.process_time() - start) / USUAL)
