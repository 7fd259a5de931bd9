"""The words of a document as a matcher looks at them: rows, the cells in them, paragraphs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from engine import skew
from engine.types import Box, Page, Word, union

MOST_WORDS = 200
"""Of a row: what is longer is cut, so that no page can make a search long."""

WIDE = 1.0
"""Of a word's height: a gap between two cells, no longer between two words."""

NARROW = 28.0
"""Heights of a usual word: the width of the text on a till receipt, at most."""

PROSE_WORDS = 6
"""Words of a line that is prose, at least."""

PROSE_SHARE = 0.5
"""Of these in lower case, at least."""


BOXES = frozenset("☐☑☒□■✓✔✗✘")
"""Marks of a form, which prose has none of."""

Key = tuple[int, int]
"""Of a cell: the number of its row, and its own in there."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words close together: a part of a row, or a whole paragraph of prose.

    ``key`` has the number of the (first) row in the sheet, and that of the cell in its row.
    ``starts`` says where in ``text`` each word begins.
    """

    page: int
    key: Key
    words: tuple[Word, ...]
    text: str
    starts: tuple[int, ...]
    solid: tuple[int, ...]
    """Where each word begins that has a letter or a digit."""

    box: Box
    height: float
    """Of a usual word."""

    @property
    def row(self) -> int:
        return self.key[0]

    @property
    def number(self) -> int:
        return self.key[1]

    def span(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that a part of the text touches."""
        if start < len(self.words[0].text) and end > self.starts[-1]:
            return self.words
        first = max(0, bisect_right(self.starts, start) - 1)
        words = self.words[first : bisect_left(self.starts, end)]
        if len(words) > 1 and self.starts[first] + len(words[0].text) <= start:
            return words[1:]
        return words

    def words_before(self, place: int) -> int:
        """How many words with a letter or a digit begin before a place in the text."""
        return bisect_left(self.solid, place)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side on a page, from left to right; ``prose`` has one, over several lines."""

    number: int
    page: int
    cells: tuple[Cell, ...]
    box: Box
    prose: bool = False

    @property
    def text(self) -> str:
        return "  ".join(cell.text for cell in self.cells)


class Sheet:
    """All rows of a document in reading order."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = {page.number: page for page in pages}
        self.rows = tuple(_numbered(pages))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for row in self.rows for cell in row.cells)

    @cached_property
    def heights(self) -> dict[int, float]:
        """The usual height of a word on each page that has any."""
        found: dict[int, list[float]] = {}
        for cell in self.cells:
            found.setdefault(cell.page, []).append(cell.height)
        return {page: median(heights) for page, heights in found.items()}

    @cached_property
    def is_narrow(self) -> bool:
        """Whether it looks like a till receipt: few letters fit side by side."""
        rows = [row for row in self.rows if row.page == self.rows[0].page]
        if not rows:
            return False
        width = max(row.box.x1 for row in rows) - min(row.box.x0 for row in rows)
        return width < NARROW * self.heights[rows[0].page]

    def under(self, box: Box, row: int, most: int) -> Iterator[Cell]:
        """Cells below a box on the page of this row, at most this many rows further down; of each
        row those that do not lie wholly beside the box."""
        page = self.rows[row].page
        for below in self.rows[row + 1 : row + 1 + most]:
            if below.page != page:
                return
            for cell in below.cells:
                if cell.box.x0 < box.x1 and cell.box.x1 > box.x0 and cell.box.y0 >= box.y0:
                    yield cell

    def over(self, box: Box, row: int) -> Cell | None:
        """The cell of the row above this one that does not lie wholly beside the box, if any."""
        above = self.rows[row - 1].cells if row else ()
        beside = (cell for cell in above if cell.box.x0 < box.x1 and cell.box.x1 > box.x0)
        return next((cell for cell in beside if cell.page == self.rows[row].page), None)


def is_apart(left: Box, right: Box) -> bool:
    """Whether two words side by side belong to two cells."""
    return right.x0 - left.x1 > WIDE * max(left.height, right.height)


def _numbered(pages: Iterable[Page]) -> Iterator[Row]:
    number = 0
    for page in pages:
        for lines in _paragraphs(_lines(page)):
            yield _row(number, page.number, lines)
            number += 1


def _lines(page: Page) -> Iterator[list[Word]]:
    rows: list[list[Word]] = []
    slope = skew.slope(page.lines)
    for line in page.lines:
        first = skew.level(line.words[0].box, slope)
        if rows and _is_beside(skew.level(rows[-1][-1].box, slope), first):
            rows[-1].extend(line.words)
        else:
            rows.append(list(line.words))
    for row in rows:
        for start in range(0, len(row), MOST_WORDS):
            yield row[start : start + MOST_WORDS]


def _is_beside(left: Box, right: Box) -> bool:
    height = min(left.height, right.height)
    overlap = min(left.y1, right.y1) - max(left.y0, right.y0)
    return overlap >= height / 2 and right.x0 >= left.x1 - height / 2


def _paragraphs(lines: Iterable[list[Word]]) -> Iterator[list[list[Word]]]:
    """Lines of prose that go on from one to the next together, all others alone."""
    open_lines: list[list[Word]] = []
    for line in lines:
        if open_lines and not (_is_prose(open_lines[-1]) and _goes_on(open_lines, line)):
            yield open_lines
            open_lines = []
        open_lines.append(line)
    if open_lines:
        yield open_lines


def _is_prose(line: Sequence[Word]) -> bool:
    if len(line) < PROSE_WORDS or any(word.text in BOXES for word in line):
        return False
    small = sum([word.text.islower() for word in line])
    if small < PROSE_SHARE * len(line):
        return False
    return not any(is_apart(left.box, right.box) for left, right in pairwise(line))


def _goes_on(paragraph: Sequence[Sequence[Word]], line: Sequence[Word]) -> bool:
    """Whether the line is the next of the paragraph: near, no higher, and beginning at its left."""
    if sum(map(len, paragraph)) + len(line) > MOST_WORDS:
        return False
    last, first = paragraph[-1], line[0].box
    height = max(word.box.height for word in last)
    gap = first.y0 - max(word.box.y1 for word in last)
    inside = last[0].box.x0 - 4 * height <= first.x0 <= last[-1].box.x1
    return -height / 2 <= gap <= height and inside and not _is_list(line[0].text)


def _is_list(word: str) -> bool:
    """Whether a word numbers a paragraph or opens an item."""
    return word in ("-", "•", "*") or (word[:-1].isdigit() and word.endswith((".", ")")))


def _row(number: int, page: int, lines: Sequence[Sequence[Word]]) -> Row:
    if len(lines) > 1:
        cells = [_cell(page, number, 0, [word for line in lines for word in line])]
    else:
        parts = _parted(lines[0])
        cells = [_cell(page, number, place, words) for place, words in enumerate(parts)]
    return Row(number, page, tuple(cells), union(cell.box for cell in cells), len(lines) > 1)


def _parted(words: Sequence[Word]) -> list[list[Word]]:
    """Words, parted where the gap between two is wide."""
    found = [[words[0]]]
    for left, right in pairwise(words):
        if is_apart(left.box, right.box):
            found.append([])
        found[-1].append(right)
    return found


def _cell(page: int, row: int, number: int, words: Sequence[Word]) -> Cell:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    solid = (at for at, word in zip(starts, words, strict=True) if _has_letter(word.text))
    height = median([word.box.height for word in words])
    text = " ".join([word.text for word in words])
    box = union([word.box for word in words])
    return Cell(page, (row, number), tuple(words), text, tuple(starts), tuple(solid), box, height)


def _has_letter(text: str) -> bool:
    return text.isalnum() or any(map(str.isalnum, text))
