"""Compares nested data with what it should be, leaf by leaf; the items of arrays may be in any
order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Same = Callable[[Any, Any], bool]
"""Whether a leaf that was got is the one that was wanted."""


def count(value: object) -> int:
    """The leaves that say something: not null, "", 0 or false, which also stand for nothing."""
    if isinstance(value, dict):
        return sum(map(count, value.values()))
    if isinstance(value, list):
        return sum(map(count, value))
    return int(bool(value))


def reached(want: object, got: object, same: Same) -> int:
    """How many of the wanted leaves that say something are there."""
    if isinstance(want, dict):
        parts = got if isinstance(got, dict) else {}
        return sum(reached(part, parts.get(name), same) for name, part in want.items())
    if isinstance(want, list):
        items = got if isinstance(got, list) else []
        pairs = zip(want, aligned(want, items, same), strict=True)
        return sum(reached(item, items[at], same) for item, at in pairs if at is not None)
    return int(bool(want) and same(got, want))


def aligned(want: list[Any], got: list[Any], same: Same) -> list[int | None]:
    """For each wanted item the place of the one that was got for it.

    One after the other takes, of what is left, the item with most of its leaves; none if there is
    none with any.
    """
    left = dict(enumerate(got))
    found: list[int | None] = []
    for item in want:
        scores = {at: reached(item, other, same) for at, other in left.items()}
        best = max(scores, key=scores.__getitem__, default=None)
        if best is not None and scores[best]:
            del left[best]
        else:
            best = None
        found.append(best)
    return found
