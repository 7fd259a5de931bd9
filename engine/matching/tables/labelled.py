"""Finds where the label of a wanted column is printed on its own, and what stands right of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.matching.tables.headings import Finder
from engine.matching.tables.strips import Strip, written
from engine.types import Word

SURE = 0.75
"""Likeness of a label and its column."""

MOST_WORDS = 6
"""Of a label."""


_DIGITS = re.compile(r"\d+")
"""What numbers the labels of items; without it they are all one."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A label on the line ``at`` for a column, and the words right of it, if any."""

    at: int
    column: int
    label: tuple[Word, ...]
    value: tuple[Word, ...]


def find(strips: Sequence[Strip], finder: Finder) -> Iterator[Spot]:
    """The labels in reading order."""
    for at, strip in enumerate(strips):
        chunks = strip.chunks
        used = -1
        for place, chunk in enumerate(chunks):
            if place == used:
                continue
            label, value = _parted(chunk)
            column = _meant(finder, label)
            if column is None:
                continue
            if not value and place + 1 < len(chunks):
                value, used = chunks[place + 1], place + 1
            yield Spot(at, column, label, value)


def _parted(chunk: tuple[Word, ...]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """A label that ends with a colon and what follows it, or all words as a label."""
    for place, word in enumerate(chunk[:MOST_WORDS], 1):
        if word.text.endswith(":"):
            return chunk[:place], chunk[place:]
    return chunk, ()


def _meant(finder: Finder, label: Sequence[Word]) -> int | None:
    if len(label) > MOST_WORDS:
        return None
    rated = [
        (rate, -number)
        for number, rate in finder.likeness(_DIGITS.sub("", written(label)).rstrip(":"))
        if finder.is_wanted(number) and rate >= SURE
    ]
    return -max(rated)[1] if rated else None
