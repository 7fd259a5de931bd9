"""Walks down from a heading: the lines that belong to its table, page by page, and its end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from engine.matching.tables.grids import Cells, Grid, draw
from engine.matching.tables.heads import Head, Heading
from engine.matching.tables.strips import Strip, gap, is_number
from engine.matching.tables.sums import Sums, labels
from engine.types import Word

FAR = 4.0
"""Of a line's height: the gap that parts a table from what comes next, at least."""

FARTHER = 2.5
"""Times the widest gap so far: the same for a table with wide rows."""

FIRST_FAR = 12.0
"""Of a line's height, where nothing is known of a table but its heading."""

MOST_FOOT = 12
"""Lines at the foot of a page below a table that goes on over it."""

MOST_ABOVE_TABLE = 40
"""Lines at the head of the next page above the rest of the table."""

MOST_STRETCHES = 400
"""Pages, or headings, of one table."""

FINAL = frozenset(("total", "subtotal", "net_total", "amount_due"))
"""Concepts that close a table wherever they stand."""

FULL = 3
"""Numbers of a line with two texts that is an item, whatever they say."""

LABEL_LETTERS = 4
"""Of a text that is no unit of the number in its cell."""

LOOKED_AT = 8
"""Lines before and around one that it is compared with."""

ALIGNED = 0.8
"""Of a word's height in which two cells of a column are aligned."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line in the columns of its table; ``numbers`` are the numeric columns that it fills."""

    at: int
    strip: Strip
    cells: Cells
    numbers: frozenset[int]
    is_core: bool
    """Whether it has values of an item, and not only a text."""


@dataclass(frozen=True)
class Stretch:
    """The lines of a table on one page, and the grid that they were laid out in."""

    grid: Grid
    lines: tuple[Line, ...]
    end: int
    """The number of the strip that ended it, or of the one after its last."""

    @cached_property
    def cores(self) -> list[Line]:
        return [line for line in self.lines if line.is_core]


class Walker:
    """Lays out tables on the lines of one document."""

    def __init__(self, strips: Sequence[Strip], sums: Sums, heads: Iterable[Heading]) -> None:
        self._strips = strips
        self._sums = sums
        self._heads = {heading.first: heading for heading in heads}

    def table(self, heading: Heading, numeric: Callable[[Head], bool]) -> list[Stretch]:
        """The stretches of a table with this heading; ``numeric`` says of a head whether it is
        above the numbers that make a line an item."""
        found = [self._below(heading, numeric)]
        while found[-1].lines and len(found) < MOST_STRETCHES:
            again = self._again(heading, found[-1].end)
            more = self._below(again, numeric) if again else self._over(found[-1], numeric)
            if not more or not more.lines:
                break
            found.append(more)
        return found

    def _below(self, heading: Heading, numeric: Callable[[Head], bool]) -> Stretch:
        known = frozenset(at for at, head in enumerate(heading.heads) if numeric(head))
        grid = draw(heading.heads, list(self._ahead(heading.last)), known)
        return self._stretch(grid, known, heading.last + 1, ())

    def _again(self, heading: Heading, end: int) -> Heading | None:
        """The next heading of the same columns."""
        return next(
            (
                other
                for first, other in self._heads.items()
                if first >= end and other.columns == heading.columns
            ),
            None,
        )

    def _over(self, before: Stretch, numeric: Callable[[Head], bool]) -> Stretch | None:
        """The same columns without a heading on the next page, if nothing followed on this one."""
        cores = before.cores
        if not cores or not self._is_open(before):
            return None
        known = frozenset(at for at, head in enumerate(before.grid.heads) if numeric(head))
        page = self._strips[cores[-1].at].page
        following = (
            at for at in range(before.end, len(self._strips)) if self._strips[at].page > page
        )
        for at in islice(following, MOST_ABOVE_TABLE):
            line = layout(at, self._strips[at], before.grid, known)
            if self._sums.is_sum(line.strip):
                return None
            if _fits(cores, line):
                return self._stretch(before.grid, known, at, cores)
        return None

    def _is_open(self, stretch: Stretch) -> bool:
        """Whether nothing but a foot follows on the page."""
        page = stretch.lines[-1].strip.page
        rest = self._strips[stretch.end : stretch.end + MOST_FOOT + 1]
        return sum(strip.page == page for strip in rest) <= MOST_FOOT

    def _stretch(
        self, grid: Grid, keys: frozenset[int], start: int, cores: Sequence[Line]
    ) -> Stretch:
        keys = keys or grid.numeric
        lines: list[Line] = []
        aligned = list(cores)[-LOOKED_AT:]
        widest, most, end = 0.0, 2, start
        for at in self._walk(start):
            line = layout(at, self._strips[at], grid, keys)
            distance = gap(lines[-1].strip, line.strip) if lines else 0.0
            reach = FAR if aligned else FIRST_FAR
            far = distance > max(reach * line.strip.height, FARTHER * widest)
            end = at
            if self._closes(line, keys, most) or (far and not _fits(aligned, line)):
                break
            widest = max(widest, distance)
            lines.append(line)
            if line.is_core:
                aligned = [*aligned, line][-LOOKED_AT:]
                most = max(most, len(line.numbers))
            end = at + 1
        return Stretch(grid, tuple(_trusted(lines, cores)), end)

    def _closes(self, line: Line, keys: frozenset[int], most: int) -> bool:
        """Whether the line is a sum below the table, and not a remark in it or an item."""
        concept = self._sums.concept(line.strip)
        if not concept:
            return _is_labelled(line, keys)
        if len(line.numbers) >= max(FULL, most) and len(labels(line.strip)) > 1:
            return False
        if concept in FINAL:
            return bool(line.strip.numbers)
        if len(line.numbers) > 1 and len(line.numbers) >= most:
            return False
        chunks = line.strip.chunks[1:]
        apart = any(is_number(word.text) for chunk in chunks for word in chunk)
        return bool(line.numbers & keys or apart)

    def _walk(self, start: int) -> Iterator[int]:
        for at in range(start, len(self._strips)):
            if at in self._heads or self._strips[at].page != self._strips[start].page:
                return
            yield at

    def _ahead(self, last: int) -> Iterator[Strip]:
        """The lines below a heading as far as they look like its table."""
        before = self._strips[last]
        for at in self._walk(last + 1):
            strip = self._strips[at]
            far = strip.page != before.page or gap(before, strip) > FIRST_FAR * before.height
            if far or self._sums.is_sum(strip):
                return
            yield strip
            before = strip


def _is_labelled(line: Line, keys: frozenset[int]) -> bool:
    """Whether a text stands in a column of numbers, with nothing left of it and one number right
    of it, as only sums do."""
    if len(line.numbers & keys) != 1 or line.strip.prose:
        return False
    filled = [place for place, cell in enumerate(line.cells) if cell]
    letters = sum(character.isalpha() for word in line.cells[filled[0]] for character in word.text)
    return filled[0] in keys and letters >= LABEL_LETTERS and filled[-1] in line.numbers


def layout(at: int, strip: Strip, grid: Grid, keys: frozenset[int]) -> Line:
    cells = grid.cells(strip)
    numbers = frozenset([place for place in grid.numeric if _has_number(cells[place])])
    return Line(at, strip, cells, numbers, _is_core(cells, numbers, keys, strip))


def _trusted(lines: Sequence[Line], before: Sequence[Line]) -> Iterator[Line]:
    """The lines; one with fewer numbers than others, none of them below another, is no item."""
    cores = [line for line in (*before, *lines) if line.is_core]
    most = max((len(line.numbers) for line in cores), default=0)
    last = max((line.at for line in cores if 2 * len(line.numbers) > most), default=0)
    columns: dict[int, list[Line]] = {}
    for core in cores:
        for place in core.numbers:
            columns.setdefault(place, []).append(core)
    for line in lines:
        poor = line.is_core and len(line.numbers) < most
        if poor and (_is_poorer(line, most, last) or _is_astray(columns, line)):
            yield replace(line, is_core=False)
        else:
            yield line


def _is_poorer(line: Line, most: int, last: int) -> bool:
    """Whether a text with few numbers follows the last line that has most of what an item has: a
    foot, no item."""
    is_text = any(cell for place, cell in enumerate(line.cells) if place not in line.numbers)
    return line.at > last and 2 * len(line.numbers) < most and is_text


def _is_astray(columns: Mapping[int, Sequence[Line]], line: Line) -> bool:
    """Whether none of its numbers is aligned with those of the nearest lines."""
    for place in line.numbers:
        near = _nearest(columns[place], line)
        cells = (other.cells[place] for other in near)
        if not near or any(_side(line.cells[place], cell, line.strip.height) for cell in cells):
            return False
    return True


def _nearest(column: Sequence[Line], line: Line) -> list[Line]:
    """The other lines of a column that are nearest to one of them."""
    at = bisect_left(column, line.at, key=lambda other: other.at)
    around = [*column[max(0, at - LOOKED_AT) : at], *column[at + 1 : at + 1 + LOOKED_AT]]
    return sorted(around, key=lambda other: abs(other.at - line.at))[:LOOKED_AT]


def _fits(cores: Sequence[Line], line: Line) -> bool:
    enough = line.is_core and len(line.numbers) >= _least(cores)
    return enough and is_aligned(cores, line) and _begins_alike(cores, line)


def _begins_alike(cores: Sequence[Line], line: Line) -> bool:
    """Whether its first text begins where one before it does, if there is one in that column."""
    places = [place for place, cell in enumerate(line.cells) if cell and place not in line.numbers]
    if not places:
        return True
    cells = [core.cells[places[0]] for core in cores if core.cells[places[0]]]
    left, near = line.cells[places[0]][0].box.x0, ALIGNED * line.strip.height
    return not cells or any(abs(cell[0].box.x0 - left) <= near for cell in cells)


def _least(cores: Sequence[Line]) -> int:
    """Numbers that a line needs to go on with a table: as many as its poorest, two if it can."""
    return min((len(line.numbers) for line in cores), default=1)


def is_aligned(cores: Sequence[Line], line: Line) -> bool:
    """Whether its numbers stand where those of the lines before do: in one column at least, and
    in no column otherwise."""
    found = False
    for place in line.numbers:
        others = [one.cells[place] for one in cores if place in one.numbers][-LOOKED_AT:]
        if others:
            near = (_side(line.cells[place], other, line.strip.height) for other in others)
            if not any(near):
                return False
            found = True
    return found


def _side(cell: Sequence[Word], other: Sequence[Word], height: float) -> bool:
    near = ALIGNED * height
    left = abs(cell[0].box.x0 - other[0].box.x0) <= near
    return left or abs(cell[-1].box.x1 - other[-1].box.x1) <= near


def _has_number(cell: Sequence[Word]) -> bool:
    return any(is_number(word.text) for word in cell)


def _is_core(cells: Cells, numbers: frozenset[int], keys: frozenset[int], strip: Strip) -> bool:
    if strip.prose:
        return False
    if keys:
        return bool(numbers & keys)
    return sum(map(bool, cells)) * 2 >= len(cells)
