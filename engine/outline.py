"""Finds the headings and the items of lists among the rows of a page."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.grids import Row

LARGER = 1.3
"""Times the height of the body's words: a heading."""

SAME_SIZE = 0.87
"""Times the height of the largest heading of a level: of the same level."""

LEVELS = 3
MOST_WORDS, FEWEST_LETTERS, MOST_TOGETHER = 12, 4, 3
"""Of a heading; and headings of a level that follow each other."""

MOST_HEADINGS = 0.25
"""Share of a page's letters in headings: more of them, and size means something else."""

BULLETS = frozenset("\u2022\u00b7\u2023\u25e6\u25aa\u25cf\u2043\u2219\uf0b7")
DASHES = frozenset("-\u2013\u2014*")
"""Open an item where several of them stand under each other."""

_NUMBER = re.compile(r"([1-9]\d{0,2})([.)])")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, which ``row`` opens; ``number`` is 0 for a bullet."""

    row: Row
    mark: str
    number: int = 0

    def follows(self, other: Item) -> bool:
        """Whether it is the next one in the same list."""
        return self.mark[-1] == other.mark[-1] and self.number == other.number + bool(other.number)

    def holds(self, row: Row) -> bool:
        """Whether a row right below goes on with it: further in than its mark."""
        return bool(row.cells) and row.box.x0 > self.row.box.x0 + self.row.height / 2


# ---- headings


def headings(rows: Sequence[Row]) -> dict[int, int]:
    """The levels of the headings by the number of their row: short, in larger type than the most
    of the page."""
    body = _body(rows)
    large = {
        at: row.height
        for at, row in enumerate(rows)
        if row.cells and row.height >= LARGER * body and _is_title(row)
    }
    large = {at: height for at, height in large.items() if rows[at].begins or at - 1 in large}
    levels = dict(zip(large, _levels(large.values()), strict=True))
    for run in _runs(levels):
        if len(run) > MOST_TOGETHER:
            levels = {at: level for at, level in levels.items() if at not in run}
    letters = sum(len(rows[at].text) for at in levels)
    return levels if letters <= MOST_HEADINGS * sum(len(row.text) for row in rows) else {}


def _body(rows: Sequence[Row]) -> float:
    """The height of the words that most of the page is printed in."""
    sizes = sorted((row.height, len(row.text)) for row in rows if row.cells)
    half = sum(length for _, length in sizes) / 2
    for height, length in sizes:
        half -= length
        if half <= 0:
            return height
    return 0.0


def _is_title(row: Row) -> bool:
    letters = sum(map(str.isalpha, row.text))
    signs = len(row.text.replace(" ", ""))
    is_short = len(row.cells) == 1 and len(row.text.split()) <= MOST_WORDS
    is_label = row.text.endswith(":")
    return is_short and not is_label and letters >= FEWEST_LETTERS and 2 * letters > signs


def _levels(heights: Iterable[float]) -> list[int]:
    given = list(heights)
    tops: list[float] = []
    for height in sorted(given, reverse=True):
        if not tops or height < SAME_SIZE * tops[-1]:
            tops.append(height)
    ranks = [sum(1 for top in tops if SAME_SIZE * top > height) + 1 for height in given]
    return [min(rank, LEVELS) for rank in ranks]


def _runs(levels: Mapping[int, int]) -> list[set[int]]:
    """Rows right below each other that are headings of one level."""
    found: list[set[int]] = []
    for at, level in levels.items():
        if found and at - 1 in found[-1] and levels[at - 1] == level:
            found[-1].add(at)
        else:
            found.append({at})
    return found


# ---- lists


def items(rows: Sequence[Row], taken: Container[int]) -> dict[int, Item]:
    """The items by the number of their row; rows that are ``taken`` are none."""
    free = [(at, row) for at, row in enumerate(rows) if at not in taken and _may_be_item(row)]
    dashed = [(at, row) for at, row in free if _is_dashed(row.text)]
    places = sorted(row.box.x0 for _, row in dashed)
    found = {at: Item(row, "-") for at, row in free if row.text.split()[0] in BULLETS}
    found |= {at: Item(row, "-") for at, row in dashed if _is_in_line(row, places)}
    return found | _numbered(free)


def _may_be_item(row: Row) -> bool:
    """Whether it is a mark and a text, with whatever room between."""
    return 1 <= len(row.cells) <= 2 and len(row.text.split()) > 1 and _has_one_text(row)


def _has_one_text(row: Row) -> bool:
    return len(row.cells) == 1 or len(row.cells[0].words) == 1


def _is_dashed(text: str) -> bool:
    mark, first = text.split()[:2]
    return mark in DASHES and first[0].isalpha()


def _is_in_line(row: Row, places: Sequence[float]) -> bool:
    """Whether another one begins at the same place from the left; ``places`` are sorted."""
    x0 = row.box.x0
    return bisect_right(places, x0 + row.height) - bisect_left(places, x0 - row.height) > 1


def _numbered(rows: Sequence[tuple[int, Row]]) -> dict[int, Item]:
    """Those that count up from one to the next. A list that begins right where one has ended would
    be taken for the rest of it: it stays lines of text."""
    counted = [(at, item) for at, row in rows for item in _counted(row)]
    found: dict[int, Item] = {}
    for run in _chains(counted):
        if len(run) > 1:
            found |= dict(run)
    return found


def _counted(row: Row) -> Iterator[Item]:
    match = _NUMBER.fullmatch(row.text.split()[0])
    if match:
        yield Item(row, match[0], int(match[1]))


def _chains(counted: Sequence[tuple[int, Item]]) -> list[list[tuple[int, Item]]]:
    chains: list[list[tuple[int, Item]]] = []
    for at, item in counted:
        if chains and _is_next(chains[-1][-1][1], item):
            chains[-1].append((at, item))
        else:
            chains.append([(at, item)])
    return chains


def _is_next(item: Item, after: Item) -> bool:
    in_line = abs(after.row.box.x0 - item.row.box.x0) <= item.row.height
    return after.follows(item) and in_line
