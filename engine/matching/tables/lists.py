"""Reads arrays of single values: lists below a label, values with commas between right of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from engine.matching.tables import cells, labelled
from engine.matching.tables.arithmetic import Row
from engine.matching.tables.columns import Column
from engine.matching.tables.headings import Finder
from engine.matching.tables.listed import Listed
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import Strip, gap
from engine.types import FieldValue, Word

MOST_ITEMS = 1000
MOST_LINES = 60
"""Of a list below a label."""

NEAR = 1.2
"""Of a line's height, between two lines of a list."""

NOT_LISTED = frozenset(("party",))
"""Concepts whose values are found elsewhere."""

RIGHT, BELOW = 0.75, 0.6
"""Confidence of what stands right of a label, and below one."""

_BULLET = re.compile(r"[^\w\s(\"'\u00ab\u201c$\u20ac\u00a3]|\(?[\divxa-z]{1,3}[.)]")
_SEPARATORS = (";", ",", "|", "/", "\u2022", "\u00b7")


def find(
    column: Column, strips: Sequence[Strip], finder: Finder, readings: Readings
) -> Listed | None:
    """The values beside all labels of the column, or the list below the first; None if none."""
    if column.meaning.concept in NOT_LISTED:
        return None
    spots = list(islice(labelled.find(strips, finder), MOST_ITEMS))
    beside = [(spot.at, part) for spot in spots for part in _parts(column, spot.value, readings)]
    if beside:
        return _listed(column, beside, strips, readings, RIGHT)
    for spot in spots:
        below = list(_below(strips, spot, column, readings))
        if below:
            return _listed(column, below, strips, readings, BELOW)
    return None


def _listed(
    column: Column,
    parts: Sequence[tuple[int, Sequence[Word]]],
    strips: Sequence[Strip],
    readings: Readings,
    confidence: float,
) -> Listed | None:
    items: list[Row] = []
    for at, words in parts[:MOST_ITEMS]:
        value = cells.read(column, words, readings, strips[at].page, confidence)
        if value.value is not None and not _is_known(value, items):
            items.append({column.path: value})
    rows = frozenset(strips[at].row for at, _ in parts)
    return Listed(tuple(items), confidence, "", rows) if items else None


def _is_known(value: FieldValue, items: Sequence[Row]) -> bool:
    return any(value.words == other.words for item in items[-1:] for other in item.values())


def _parts(column: Column, words: Sequence[Word], readings: Readings) -> Iterator[tuple[Word, ...]]:
    """The words of each value; text is parted at what stands between, other types as they are
    found."""
    if not words:
        return
    if column.is_text or column.meaning.type == "code":
        yield from _separated(words)
        return
    for word_group in _separated(words):
        if cells.typed(column, " ".join(word.text for word in word_group), readings):
            yield word_group


def _separated(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    separator = next((mark for mark in _SEPARATORS if _separates(words, mark)), None)
    if separator is None:
        yield tuple(words)
        return
    part: list[Word] = []
    for word in words:
        bare = word.text.rstrip(separator)
        if bare:
            part.append(replace(word, text=bare))
        if bare != word.text and part:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def _separates(words: Sequence[Word], mark: str) -> bool:
    return any(word.text.endswith(mark) for word in words[:-1]) or words[-1].text == mark


def _below(
    strips: Sequence[Strip], spot: labelled.Spot, column: Column, readings: Readings
) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """The items below a label: those with a bullet and what goes on with them, or every line."""
    lines = list(_lines(strips, spot))
    marked = [at for at, words in lines if _BULLET.fullmatch(words[0].text) and len(words) > 1]
    if not marked:
        for at, words in lines:
            yield from ((at, part) for part in _parts(column, words, readings))
        return
    starts = set(marked)
    item: list[Word] = []
    first = lines[0][0]
    for at, words in lines:
        if at in starts:
            if item and first in starts:
                yield first, tuple(item)
            item, first = list(words[1:]), at
        else:
            item += words
    if first in starts:
        yield first, tuple(item)


def _lines(strips: Sequence[Strip], spot: labelled.Spot) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """The words below a label as far as no gap and no line further left ends them."""
    above = strips[spot.at]
    left = spot.label[0].box.x0
    widest = 0.0
    for at in range(spot.at + 1, min(len(strips), spot.at + 1 + MOST_LINES)):
        strip = strips[at]
        if strip.page != above.page:
            return
        distance = gap(above, strip)
        words = tuple(word for word in strip.words if word.box.x1 > left - strip.height)
        limit = max(NEAR * strip.height, 1.3 * widest) if at > spot.at + 1 else 2.5 * strip.height
        if distance > limit or not words:
            return
        widest = max(widest, distance) if at > spot.at + 1 else 0.0
        yield at, words
        above = strip
