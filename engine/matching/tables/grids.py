"""Lays lines out in the columns below a heading, taking apart what was read as one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.matching.tables.heads import Head
from engine.matching.tables.strips import GAP, Strip, is_number, is_sign
from engine.types import Word

Cells = tuple[tuple[Word, ...], ...]

MOST_LINES = 80
"""Lines that are looked at for the gaps between the columns."""

TIGHT = 0.6
"""Of a word's height: words closer than this may be one text."""


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

    def cells(self, strip: Strip) -> Cells:
        """The words of a line by column; a text that runs on over an edge stays whole."""
        found: list[list[Word]] = [[] for _ in self.heads]
        last: tuple[int, Word] | None = None
        is_text = not any(is_number(word.text) for word in strip.words)
        near = (GAP if is_text else TIGHT) * strip.height
        for word in strip.words:
            place = bisect_right(self.edges, word.box.center[0])
            if last and place != last[0] and self._runs_on(last, word, place, near):
                place = last[0]
            found[place].append(word)
            last = place, word
        return tuple(tuple(words) for words in found)

    def _runs_on(self, last: tuple[int, Word], word: Word, place: int, near: float) -> bool:
        column, before = last
        if word.box.x0 - before.box.x1 >= near:
            return False
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
    edges = tuple(_edge(left, right, body) for left, right in pairwise(heads))
    first = Grid(tuple(heads), edges, frozenset(known))
    found = {place for place in range(len(heads)) if _is_numeric(first, place, body)}
    return Grid(first.heads, edges, frozenset(known) | found)


def _edge(left: Head, right: Head, lines: Sequence[Strip]) -> float:
    """Where the fewest words are crossed between the middles of two heads; of several such
    places the widest, best one that the heads leave free too."""
    low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
    if high <= low:
        return (low + high) / 2
    best = max(_gaps(low, high, lines), key=lambda gap: (-gap[0], _worth(gap, left, right)))
    x0, x1 = best[1], best[2]
    free0, free1 = max(x0, left.x1), min(x1, right.x0)
    return (free0 + free1) / 2 if free0 < free1 else (x0 + x1) / 2


def _worth(gap: tuple[float, float, float], left: Head, right: Head) -> float:
    _, x0, x1 = gap
    free = max(0.0, min(x1, right.x0) - max(x0, left.x1))
    return x1 - x0 + 3 * free


def _gaps(low: float, high: float, lines: Sequence[Strip]) -> Iterator[tuple[float, float, float]]:
    """Stretches of [low, high] with the weight of the words that each crosses."""
    steps = [(low, 0.0), (high, 0.0)]
    for strip in lines:
        weight = 3.0 if any(is_number(word.text) for word in strip.words) else 1.0
        for word in strip.words:
            if word.box.x1 > low and word.box.x0 < high:
                steps += (max(word.box.x0, low), weight), (min(word.box.x1, high), -weight)
    crossed = 0.0
    for (x0, weight), (x1, _) in pairwise(sorted(steps)):
        crossed += weight
        if x1 > x0:
            yield crossed, x0, x1


def _is_numeric(grid: Grid, place: int, lines: Sequence[Strip]) -> bool:
    cells = [grid.cells(strip)[place] for strip in lines]
    filled = [cell for cell in cells if cell]
    numbers = sum(any(is_number(word.text) for word in cell[:2]) for cell in filled)
    return len(filled) > 0 and numbers * 3 >= len(filled) * 2
