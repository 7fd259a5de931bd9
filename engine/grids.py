"""Finds the tables among the rows of a page: cells that stand under each other in columns.

A row of labels and values is none, nor are blocks of text side by side: in doubt there is no table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import mean, median

from engine.types import Box, Word, union

WIDE, CLEAR = 1.0, 0.5
"""Heights of a word: the gap between two cells, and between two words that only the columns of the
other rows tell apart."""

FAR = 3.5
"""Heights of a word between two rows of a table, at most."""

LONGEST = 200
"""Rows of a table that are looked at together: no page can make the search long."""

TRIES = 8
"""Places from which a run of rows is tried that is no table: one row less changes little."""

FEWEST_ROWS, FEWEST_PAIRS = 2, 3
"""Rows with several cells: of a table, and of one with two columns."""

FILLED, FULL = 0.5, 0.8
"""Share of the cells that hold something; of a table of two rows."""

STRAIGHT, EVEN = 0.6, 0.7
"""Heights of a word by which the cells of a column may be out of line, and how many are not."""

NUMBERS = 0.6
"""Share of a column's cells that are made of digits, in a column of numbers."""

LABELS = 0.25
"""Share of cells that end with a colon: more of them, and it is a form."""

MOST_WORDS, MOST_IN_HEAD = 8, 3
"""Of a cell, on average; and of a column's head in one row."""

HEAD_ROWS = 3
"""Above the first row that shows the columns by its gaps, at most."""


@dataclass(frozen=True, slots=True)
class Cell:
    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Row:
    """A line of the page's text, and the cells that are on it: none where that is not known.

    ``begins`` says whether a block begins with it.
    """

    text: str
    cells: tuple[Cell, ...]
    begins: bool

    @cached_property
    def box(self) -> Box:
        return union(cell.box for cell in self.cells)

    @cached_property
    def height(self) -> float:
        return median([word.box.height for cell in self.cells for word in cell.words])


Table = tuple[tuple[Cell | None, ...], ...]
"""By row: what is in each column."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows ``start`` to ``end`` as a table: each has a cell, or none, for each column."""

    start: int
    end: int
    rows: Table

    @property
    def has_head(self) -> bool:
        """Whether the first row says what is below it."""
        return _has_head(self.rows)


Span = tuple[float, float]


def cells(words: Sequence[Word]) -> tuple[Cell, ...]:
    """The words of a row, parted where the gap between two is wide."""
    return tuple(_parted(words, WIDE))


def find(rows: Sequence[Row], fits: Sequence[bool]) -> list[Grid]:
    """The tables, from the top; no row is in two. ``fits`` says which rows may be in one."""
    found: list[Grid] = []
    at = 0
    while at < len(rows):
        columns = _grown(rows, fits, at)
        first = max(at - HEAD_ROWS, found[-1].end if found else 0)
        grid = _grid(columns, rows, fits, range(first, at)) if len(columns.rows) > 1 else None
        if grid:
            found.append(grid)
        at = grid.end if grid else at + 1 + len(columns.rows) // TRIES
    return found


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _parted(words: Sequence[Word], wide: float) -> Iterator[Cell]:
    start = 0
    for at, (left, right) in enumerate(pairwise(words), start=1):
        if _gap(left, right) > wide:
            yield _cell(words[start:at])
            start = at
    if words:
        yield _cell(words[start:])


def _gap(left: Word, right: Word) -> float:
    """Between two words, in heights of the larger one."""
    height = max(left.box.height, right.box.height, 1.0)
    return (right.box.x0 - left.box.x1) / height


def _cell(words: Sequence[Word]) -> Cell:
    return Cell(tuple(words), union(word.box for word in words))


# ---- columns


@dataclass(slots=True)
class _Columns:
    """The columns of a table as they grow with its rows, from left to right."""

    spans: list[Span] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def add(self, row: Sequence[Cell]) -> bool:
        """Whether the row fits below the others; then it is one of them."""
        return self._take([part for cell in row for part in self._split(cell)])

    def add_head(self, row: Sequence[Cell]) -> bool:
        """The same for a row above them, whose words may stand closer than the columns do."""
        words = [word for cell in row for word in cell.words]
        parts: list[list[Word]] = []
        for left, word in zip([None, *words], words, strict=False):
            if left is None or _under(left.box, self.spans) != _under(word.box, self.spans):
                parts.append([])
            parts[-1].append(word)
        if any(len(part) > MOST_IN_HEAD for part in parts):
            return False
        if not self._take([_cell(part) for part in parts]):
            return False
        self.rows.insert(0, self.rows.pop())
        return True

    def _take(self, parts: Sequence[Cell]) -> bool:
        spans = list(self.spans)
        taken: set[int] = set()
        for cell in parts:
            under = _under(cell.box, self.spans)
            if len(under) > 1 or taken.intersection(under):
                return False
            if under:
                taken.update(under)
                spans[under[0]] = _wider(spans[under[0]], cell.box)
            else:
                spans.append((cell.box.x0, cell.box.x1))
        spans.sort()
        if any(right[0] < left[1] for left, right in pairwise(spans)):
            return False
        self.spans = spans
        self.rows.append(tuple(parts))
        return True

    def table(self) -> Table:
        """By row: what is in each column that is used."""
        placed = [{_under(cell.box, self.spans)[0]: cell for cell in row} for row in self.rows]
        used = sorted({column for row in placed for column in row})
        return tuple(tuple(row.get(column) for column in used) for row in placed)

    def _split(self, cell: Cell) -> list[Cell]:
        """The cell, or its parts where it lies over several columns and shows a gap between."""
        if len(_under(cell.box, self.spans)) < 2:
            return [cell]
        return list(_parted(cell.words, CLEAR))


def _under(box: Box, spans: Sequence[Span]) -> list[int]:
    return [at for at, (x0, x1) in enumerate(spans) if box.x0 < x1 and box.x1 > x0]


def _wider(span: Span, box: Box) -> Span:
    return min(span[0], box.x0), max(span[1], box.x1)


# ---- tables


def _grown(rows: Sequence[Row], fits: Sequence[bool], start: int) -> _Columns:
    """The columns that show from here on, with their rows; the last one has several cells."""
    columns = _Columns()
    for at in range(start, min(len(rows), start + LONGEST)):
        begins = at == start and len(rows[at].cells) > 1
        near = begins or (at > start and _is_near(rows[at - 1], rows[at]))
        if not (fits[at] and near and columns.add(rows[at].cells)):
            break
    while columns.rows and len(columns.rows[-1]) < 2:
        columns.rows.pop()
    return columns


def _grid(
    columns: _Columns, rows: Sequence[Row], fits: Sequence[bool], above: range
) -> Grid | None:
    """The table that these are, with the rows of its head among those ``above``."""
    if not _is_table(columns.table()):
        return None
    start, end = above.stop, above.stop + len(columns.rows)
    while start > above.start and fits[start - 1] and _is_head(rows[start - 1], rows[start]):
        if not columns.add_head(rows[start - 1].cells):
            break
        start -= 1
    return Grid(start, end, columns.table())


def _is_head(row: Row, below: Row) -> bool:
    return len(row.cells) > 1 and not _has_digit(row.text) and _is_near(row, below)


def _is_near(above: Row, below: Row) -> bool:
    gap = below.box.y0 - above.box.y1
    return -above.height < gap < FAR * max(above.height, below.height)


def _is_table(table: Table) -> bool:
    width = max(map(len, table), default=0)
    several = sum(1 for row in table if sum(cell is not None for cell in row) > 1)
    if width < 2 or several < (FEWEST_PAIRS if width == 2 else FEWEST_ROWS):
        return False
    filled = [cell for row in table for cell in row if cell]
    share = len(filled) / (width * len(table))
    if share < (FULL if len(table) == FEWEST_ROWS else FILLED) or _is_form(filled):
        return False
    columns = list(zip(*table[_has_head(table) :], strict=True))
    return all(map(_is_straight, columns)) and _has_numbers(columns)


def _has_head(table: Table) -> bool:
    """Whether the first row is one without a number, unlike most of the others."""
    first, *others = (" ".join(cell.text for cell in row if cell) for row in table)
    numbered = sum(map(_has_digit, others))
    return not _has_digit(first) and 2 * numbered >= len(others) > 0


def _is_form(filled: Sequence[Cell]) -> bool:
    labels = sum(cell.text.endswith(":") or cell.text.startswith(":") for cell in filled)
    return labels > LABELS * len(filled) or mean(len(c.words) for c in filled) > MOST_WORDS


Column = tuple[Cell | None, ...]


def _is_straight(column: Column) -> bool:
    """Whether the cells are in line at the left, at the right or in the middle."""
    boxes = [cell.box for cell in column if cell]
    if not boxes:
        return True
    near = STRAIGHT * median(box.height for box in boxes)
    edges = ([b.x0 for b in boxes], [b.x1 for b in boxes], [b.center[0] for b in boxes])
    return any(_near_middle(places, near) >= EVEN * len(boxes) for places in edges)


def _near_middle(places: Sequence[float], near: float) -> int:
    middle = median(places)
    return sum(abs(place - middle) <= near for place in places)


def _has_numbers(columns: Sequence[Column]) -> bool:
    """Whether there is a column of numbers, or two where each has a single one; where there are
    two columns, it is the right one, ranged to the right."""
    numeric = [_is_numeric(column) for column in columns]
    if len(columns) > 2:
        return any(numeric) if len(columns[0]) > 1 else sum(numeric) > 1
    return numeric[1] and not numeric[0] and _is_ranged_right(columns[1])


def _is_ranged_right(column: Column) -> bool:
    boxes = [cell.box for cell in column if cell]
    near = STRAIGHT * median(box.height for box in boxes)
    in_line = _near_middle([box.x1 for box in boxes], near) >= EVEN * len(boxes)
    return in_line and _near_middle([box.x0 for box in boxes], near) < len(boxes)


def _is_numeric(column: Column) -> bool:
    texts = [cell.text for cell in column if cell]
    numbers = sum(map(_is_number, texts))
    return len(texts) >= min(2, len(column)) and numbers >= NUMBERS * len(texts)


def _is_number(text: str) -> bool:
    return 2 * sum(map(str.isdigit, text)) >= max(1, sum(map(str.isalnum, text)))
