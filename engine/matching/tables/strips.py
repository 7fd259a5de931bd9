"""The lines of a document as tables need them: words from left to right, prose taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import median

from engine.matching.sheet import Row, Sheet
from engine.matching.values import currencies
from engine.types import Box, Word, union

GAP = 0.9
"""Of a word's height: what parts two cells of a line."""

MOST_DIGITS = 24
"""Characters of a word that may be a number."""

LONGEST_SIGN = 4
"""Characters of a currency or other sign."""

MOST_TAX_CODE = 2
"""Letters behind an amount that are no currency."""

_NUMBER = re.compile(
    r"[-+\u2212\u2013(]?(?P<before>[A-Za-z]{0,3}[^\w\s-]?)[-+\u2212\u2013]?"
    r"(?P<digits>\d[\d.,'\u2019\u2212-]{0,20}|[.,]\d\d)"
    r"(?P<after>[^\w\s)]{0,2}[A-Za-z]{0,3})[^\w\s]{0,2}"
)
_CENTS = re.compile(r".*[.,]\d\d")
_DATE = re.compile(r"\D?\d{1,4}([./-])\d{1,2}\1\d{1,4}\W?")


@dataclass(frozen=True, eq=False)
class Strip:
    """Words of one printed line; ``row`` is the number of its row in the sheet."""

    row: int
    page: int
    words: tuple[Word, ...]
    box: Box
    height: float
    """Of a usual word."""

    prose: bool

    @cached_property
    def text(self) -> str:
        return written(self.words)

    @cached_property
    def chunks(self) -> list[tuple[Word, ...]]:
        """The words, parted where the gap between two is wide."""
        return parted(self.words, GAP * self.height)

    @cached_property
    def numbers(self) -> list[str]:
        """The texts of the words that are numbers."""
        return [word.text for word in self.words if is_number(word.text)]


def cut(sheet: Sheet) -> tuple[Strip, ...]:
    """All lines of the document in reading order."""
    return tuple(strip for row in sheet.rows for strip in _strips(row))


def parted(words: Sequence[Word], gap: float) -> list[tuple[Word, ...]]:
    """Runs of words with less than this between them."""
    found = [[words[0]]]
    for left, right in pairwise(words):
        if right.box.x0 - left.box.x1 > gap:
            found.append([])
        found[-1].append(right)
    return [tuple(run) for run in found]


def written(words: Iterable[Word]) -> str:
    return " ".join([word.text for word in words])


@lru_cache(maxsize=16_384)
def is_number(text: str) -> bool:
    """Whether a word looks like an amount, a quantity or a percentage."""
    if len(text) > MOST_DIGITS or text.endswith((";", ":", "/")):
        return False
    found = _NUMBER.fullmatch(text)
    if not found or _DATE.fullmatch(text) or not _is_money(found["before"]):
        return False
    tax_code = len(found["after"]) <= MOST_TAX_CODE and _CENTS.fullmatch(found["digits"])
    return bool(tax_code) or _is_money(found["after"])


@lru_cache(maxsize=16_384)
def is_sign(text: str) -> bool:
    """Whether a word is only a currency or other signs, and goes with the number beside it."""
    return len(text) <= LONGEST_SIGN and not any(map(str.isdigit, text)) and _is_money(text)


def _is_money(text: str) -> bool:
    """Whether letters and marks around a number are a currency, or marks alone."""
    letters = "".join(character for character in text if character.isalpha())
    return not letters or currencies.code(letters) is not None or currencies.code(text) is not None


def gap(above: Strip, below: Strip) -> float:
    """Pixels from one line to the next, 0 where they overlap; across a page it says nothing."""
    return max(0.0, below.box.y0 - above.box.y1)


def _strips(row: Row) -> Iterator[Strip]:
    words = [word for cell in row.cells for word in cell.words]
    if not row.prose:
        line = tuple(sorted(words, key=lambda word: word.box.x0))
        yield Strip(row.number, row.page, line, row.box, _height(line), prose=False)
        return
    for line in map(tuple, _lines(words)):
        box = union([word.box for word in line])
        yield Strip(row.number, row.page, line, box, _height(line), prose=True)


def _height(words: Sequence[Word]) -> float:
    return max(median([word.box.height for word in words]), 1.0)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """A paragraph's lines: a new one begins where a word stands left of the one before."""
    found = [[words[0]]]
    for left, right in pairwise(words):
        if right.box.x0 < left.box.x0 and right.box.center[1] > left.box.center[1]:
            found.append([])
        found[-1].append(right)
    return found
