"""Lays lines out in the columns below a heading, taking apart what was read as one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from engine.matching.tables.heads import Head
from engine.matching.tables.strips import GAP, Strip, is_number, is_sign
from engine.types import Word

Cells = tuple[tuple[Word, ...], ...]

Span = tuple[float, float, float]
"""From one x to another, and a weight: how many words stand there."""

MOST_LINES = 80
"""Lines that are looked at for the gaps between the columns."""

TIGHT = 0.6
"""Of a word's height: words closer than this may be one text."""


NUMBERS_WEIGHT = 3.0
"""Of a word on a line with numbers: a line of text alone may run over the edges."""

GROUPED = 0.4
"""Of a word's height: the space between the digits of one number."""

_FIRST, _NEXT = re.compile(r"[-+(]?\d{1,3}"), re.compile(r"\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Grid:
    """The heads of the columns and the places between them, in pixels."""

    heads: tuple[Head, ...]
    edges: tuple[float, ...]
    numeric: frozenset[int]
    """Heads above numbers."""

    laid: Mapping[Strip, Cells] = field(default_factory=dict)
    """Lines that were laid out already."""

    def cells(self, strip: Strip) -> Cells:
        """The words of a line by column; a text that runs on over an edge stays whole."""
        if strip in self.laid:
            return self.laid[strip]
        found: list[list[Word]] = [[] for _ in self.heads]
        near = (TIGHT if strip.numbers else GAP) * strip.height
        before: Word | None = None
        last = 0
        for word in strip.words:
            box = word.box
            place = bisect_right(self.edges, (box.x0 + box.x1) / 2)
            is_near = before and place > last and box.x0 - before.box.x1 < near
            if before and is_near and self._runs_on(last, before, word, place):
                place = last
            found[place].append(word)
            before, last = word, place
        return tuple(map(tuple, found))

    def _runs_on(self, column: int, before: Word, word: Word, place: int) -> bool:
        """Whether a word near the one before goes on with it in that one's column."""
        if is_number(word.text) or is_sign(word.text):
            grouped = _FIRST.fullmatch(before.text) and _NEXT.match(word.text)
            return bool(grouped) and word.box.x0 - before.box.x1 <= GROUPED * word.box.height
        return place in self.numeric or word.box.x0 < self.edges[column]

    def right(self, place: int) -> float:
        """How far a text in this column may reach."""
        return self.heads[place + 1].x0 if place + 1 < len(self.heads) else float("inf")


def draw(heads: Sequence[Head], lines: Sequence[Strip], known: Iterable[int]) -> Grid:
    """The grid of a table with these heads above these lines; ``known`` heads are numeric."""
    body = [strip for strip in lines[:MOST_LINES] if not strip.prose]
    spans = [
        (word.box.x0, word.box.x1, NUMBERS_WEIGHT if strip.numbers else 1.0)
        for strip in body
        for word in strip.words
    ]
    edges = tuple(_edge(left, right, spans) for left, right in pairwise(heads))
    first = Grid(tuple(heads), edges, frozenset(known))
    laid = {strip: first.cells(strip) for strip in body}
    columns = zip(*laid.values(), strict=True)
    numeric = first.numeric | {at for at, cells in enumerate(columns) if _is_numeric(cells)}
    return replace(first, numeric=numeric, laid=laid if numeric == first.numeric else {})


def _edge(left: Head, right: Head, spans: Sequence[Span]) -> float:
    """Where the fewest words are crossed between the middles of two heads; of several such
    places the widest, best one that the heads leave free too."""
    low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
    if high <= low:
        return (low + high) / 2
    gaps = list(_gaps(low, high, spans))
    least = min([weight for _, _, weight in gaps])
    free = [gap for gap in gaps if gap[2] == least]
    x0, x1, _ = max(free, key=lambda gap: _worth(gap, left, right))
    free0, free1 = max(x0, left.x1), min(x1, right.x0)
    return (free0 + free1) / 2 if free0 < free1 else (x0 + x1) / 2


def _worth(gap: Span, left: Head, right: Head) -> float:
    x0, x1, _ = gap
    free = max(0.0, min(x1, right.x0) - max(x0, left.x1))
    return x1 - x0 + 3 * free


def _gaps(low: float, high: float, spans: Sequence[Span]) -> Iterator[Span]:
    """Stretches of [low, high] with the weight of the words that each crosses."""
    steps = [(low, 0.0), (high, 0.0)]
    for x0, x1, weight in spans:
        if x1 > low and x0 < high:
            steps += (max(x0, low), weight), (min(x1, high), -weight)
    crossed = 0.0
    for (x0, weight), (x1, _) in pairwise(sorted(steps)):
        crossed += weight
        if x1 > x0:
            yield x0, x1, crossed


def _is_numeric(cells: Sequence[Sequence[Word]]) -> bool:
    filled = [cell for cell in cells if cell]
    numbers = sum([any(is_number(word.text) for word in cell[:2]) for cell in filled])
    return len(filled) > 0 and numbers * 3 >= len(filled) * 2
