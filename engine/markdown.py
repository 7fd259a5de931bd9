"""The text of pages as Markdown: headings, lists and tables where the layout shows them, lines as
they are printed everywhere else.

The words are those of ``Page.text``, each once and in the same order; a printed bullet becomes the
mark of its item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from engine import escapes, grids, outline
from engine.grids import Grid, Row
from engine.outline import Item
from engine.types import Page

BREAK = "  "
"""At the end of a line that stays one."""

PROSE_WORDS, PROSE_LOWER = 6, 0.5
"""Words of a line of prose, at least, and how many of them are in lower case."""

FULL = 0.85
"""Of the widest line of its paragraph: a line of prose that goes on in the next one."""


def page(page: Page) -> str:
    """The text of one page; where it is not known where its words stand, plain lines."""
    return "\n\n".join(_parts(_sheet(_rows(page))))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rows of a page and what they are: a row that nothing is said of is a plain line."""

    rows: Sequence[Row]
    levels: Mapping[int, int]
    """Of headings, by the number of their row."""

    items: Mapping[int, Item]
    grids: Mapping[int, Grid]
    """Tables by the number of their first row."""

    def is_plain(self, at: int) -> bool:
        return not (at in self.levels or at in self.items or at in self.grids)


def _rows(page: Page) -> list[Row]:
    """The lines of the page's text with their words, if both say the same."""
    words = [word for line in page.lines for word in line.words]
    texts = page.text.split("\n")
    is_known = " ".join(word.text for word in words).split() == page.text.split()
    waiting = iter(words if is_known and all(len(w.text.split()) == 1 for w in words) else ())
    rows = []
    for before, text in pairwise(["", *texts]):
        if text.strip():
            own = list(islice(waiting, len(text.split())))
            rows.append(Row(text.strip(), grids.cells(own), not before.strip()))
    return rows


def _sheet(rows: Sequence[Row]) -> _Sheet:
    levels = outline.headings(rows)
    items = outline.items(rows, levels)
    fits = [bool(row.cells) and at not in levels and at not in items for at, row in enumerate(rows)]
    return _Sheet(rows, levels, items, {grid.start: grid for grid in grids.find(rows, fits)})


def _parts(sheet: _Sheet) -> Iterator[str]:
    at, ended = 0, ""
    while at < len(sheet.rows):
        item = sheet.items.get(at)
        if at in sheet.grids:
            yield _table(sheet.grids[at])
            end = sheet.grids[at].end
        elif at in sheet.levels:
            yield f"{'#' * sheet.levels[at]} {escapes.heading(sheet.rows[at].text)}"
            end = at + 1
        else:
            end = _end(sheet, at)
            # A list with numbers right behind another one would be taken for the rest of it.
            is_list = item and not (item.number and ended == item.mark[-1])
            yield (_list if is_list else _paragraph)(sheet, range(at, end))
        at, ended = end, item.mark[-1] if item else ""


def _end(sheet: _Sheet, start: int) -> int:
    """Where a list or a paragraph ends."""
    item = sheet.items.get(start)
    for at in range(start + 1, len(sheet.rows)):
        row = sheet.rows[at]
        if at in sheet.items:
            if item is None or not sheet.items[at].follows(item):
                return at
            item = sheet.items[at]
        elif not sheet.is_plain(at) or row.begins or (item and not item.holds(row)):
            return at
    return len(sheet.rows)


def _table(grid: Grid) -> str:
    """A table needs a head: its first row, if there is no number in it."""
    rows = [[escapes.cell(cell.text) if cell else "" for cell in row] for row in grid.rows]
    width = len(rows[0])
    if not grid.has_head:
        rows.insert(0, [""] * width)
    rows.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _list(sheet: _Sheet, numbers: range) -> str:
    starts = [at for at in numbers if at in sheet.items]
    return "\n".join(
        _item(sheet.items[start].mark, [row.text for row in sheet.rows[start:end]])
        for start, end in pairwise([*starts, numbers.stop])
    )


def _item(mark: str, texts: Sequence[str]) -> str:
    first, *others = texts
    lines = _escaped([first.split(maxsplit=1)[1], *others])
    return f"{mark} " + f"\n{' ' * (len(mark) + 1)}".join(lines)


def _paragraph(sheet: _Sheet, numbers: range) -> str:
    rows = [sheet.rows[at] for at in numbers]
    widest = max((row.box.width for row in rows if row.cells), default=0.0)
    ends = ["" if _goes_on(*two, widest) else BREAK for two in pairwise(rows)]
    lines = _escaped([row.text for row in rows])
    return "\n".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _escaped(lines: Sequence[str]) -> list[str]:
    """Lines of one paragraph: an emphasis could run from one to another."""
    return [escapes.opening(line) for line in escapes.inline("\n".join(lines)).split("\n")]


def _goes_on(row: Row, below: Row, widest: float) -> bool:
    """Whether both are lines of one paragraph of prose."""
    if not (_is_prose(row) and len(below.cells) == 1) or row.text.endswith(":"):
        return False
    is_full = row.box.width >= FULL * widest
    is_left = abs(row.box.x0 - below.box.x0) <= 2 * row.height
    return is_full and is_left and (_is_prose(below) or below.text[0].islower())


def _is_prose(row: Row) -> bool:
    words = row.text.split()
    lower = sum(map(str.islower, words))
    return len(row.cells) == 1 and len(words) >= PROSE_WORDS and lower >= PROSE_LOWER * len(words)
