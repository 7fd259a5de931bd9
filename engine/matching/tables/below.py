"""Looks at what stands below the cells of a heading: whether it fits the columns they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.matching.tables.columns import Column
from engine.matching.tables.grids import Cells, draw
from engine.matching.tables.heads import Heading
from engine.matching.tables.strips import GAP, Strip, gap, is_number, is_sign, written
from engine.matching.tables.sums import Sums
from engine.types import Box, Word

MOST_LINES = 30
FAR = 12.0
"""Of a line's height: a gap that ends the look."""

MOST_NUMBERS = 2
"""Of a line that is a sum and no item."""

FULL = 0.6
"""Of the columns that the fullest line fills."""

MOSTLY, HARDLY = 0.8, 0.3
"""Shares of the filled cells that hold numbers."""

NO_NUMBERS, NUMBERS, NO_CODES, COUNTED = 0.3, 0.4, 0.4, 0.4
"""What is left of a likeness where a number is wanted above texts, a text above numbers or codes,
a code above texts, and anything but a position above 1, 2, 3."""

_CENTS = re.compile(r"[.,]\d\d\D*$")


@dataclass(frozen=True, slots=True)
class Look:
    """Of the cells below a head: how many are filled, the shares with numbers and with codes,
    whether they count the items."""

    filled: int
    numbers: float
    codes: float
    counts: bool


def looks(found: Sequence[Cells]) -> list[Look]:
    """One for every column of these rows."""
    return [_look(found, place) for place in range(len(found[0]))] if found else []


def rows(heading: Heading, lines: Sequence[Strip]) -> list[Cells]:
    """Of the lines below a heading those that fill more than one of its columns, and nearly as
    many as the fullest."""
    grid = draw(heading.heads, lines, ())
    found = [grid.cells(strip) for strip in lines]
    filled = [sum(map(bool, cells)) for cells in found]
    least = max(2.0, FULL * max(filled, default=0))
    return [cells for cells, count in zip(found, filled, strict=True) if count >= least]


def fit(column: Column, look: Look) -> float:
    """How well what stands there fits a column, from 0 to 1."""
    if not look.filled:
        return 1.0
    if look.counts and column.meaning.concept != "position":
        return COUNTED
    if column.is_numeric and look.numbers < HARDLY:
        return NO_NUMBERS
    if column.meaning.type == "code":
        return NO_CODES if look.codes < HARDLY else 1.0
    return NUMBERS if column.is_text and max(look.numbers, look.codes) > MOSTLY else 1.0


def is_code(cell: Sequence[Word]) -> bool:
    """Whether a cell holds one word with digits, and no amount."""
    text = written(cell)
    return len(cell) == 1 and any(map(str.isdigit, text)) and not _CENTS.search(text)


def gutters(pieces: Sequence[Box], lines: Sequence[Strip], *, wide: bool) -> list[bool]:
    """Whether the lines below part two cells between each piece of a head and the next; ``wide``
    asks for wide gaps."""
    return [_is_gutter(left, right, lines, wide=wide) for left, right in pairwise(pieces)]


def lines(heading: Heading, strips: Sequence[Strip], sums: Sums) -> list[Strip]:
    """The lines below a heading, up to a wide gap or a sum."""
    return list(_lines(strips, heading.last, sums))


def _is_gutter(left: Box, right: Box, lines: Sequence[Strip], *, wide: bool) -> bool:
    found = [list(_pairs(strip, left, right)) for strip in lines]
    filled = [(strip, pairs) for strip, pairs in zip(lines, found, strict=True) if pairs]
    parted = sum(
        any(_parts(before, after, strip.height, wide=wide) for before, after in pairs)
        for strip, pairs in filled
    )
    return parted > 0 and parted >= MOSTLY * max(len(filled), len(lines) / 2)


def _pairs(strip: Strip, left: Box, right: Box) -> Iterator[tuple[Word, Word]]:
    """Words side by side that may be of the cells below two pieces of a head."""
    low, high = left.center[0], right.center[0]
    for before, after in pairwise(strip.words):
        around = before.box.x1 > left.x0 and after.box.x0 < right.x1
        if around and before.box.x1 < high and after.box.x0 > low:
            yield before, after


def _parts(before: Word, after: Word, height: float, *, wide: bool) -> bool:
    """Whether two words side by side are of two cells."""
    if after.box.x0 - before.box.x1 > GAP * height:
        return True
    return not wide and is_number(before.text) and not is_sign(after.text)


def _lines(strips: Sequence[Strip], last: int, sums: Sums) -> Iterator[Strip]:
    before = strips[last]
    for strip in strips[last + 1 : last + 1 + MOST_LINES]:
        far = strip.page != before.page or gap(before, strip) > FAR * before.height
        if far or _is_sum(strip, sums):
            return
        yield strip
        before = strip


def _is_sum(strip: Strip, sums: Sums) -> bool:
    return 0 < len(strip.numbers) <= MOST_NUMBERS and sums.is_sum(strip)


def _look(rows: Sequence[Cells], place: int) -> Look:
    filled = [row[place] for row in rows if row[place]]
    numbers = sum([any(is_number(word.text) for word in cell[:2]) for cell in filled])
    digits = ["".join(filter(str.isdecimal, cell[0].text)) for cell in filled if len(cell) == 1]
    counted = [int(text) for text in digits if 0 < len(text) <= 4]
    counts = len(counted) > 1 and len(counted) * 2 > len(filled) and _counts(counted)
    share = max(1, len(filled))
    codes = sum(map(is_code, filled))
    return Look(len(filled), numbers / share, codes / share, counts)


def _counts(numbers: Sequence[int]) -> bool:
    steps = {two - one for one, two in pairwise(numbers)}
    return steps == {1} or (steps == {10} and numbers[0] == 10)
