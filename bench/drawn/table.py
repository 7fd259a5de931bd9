"""Tables over one or more pages, in the many ways they are ruled, headed and continued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.drawn.draft import Draft
from bench.drawn.paper import Align, Pen

RULES = ("none", "head", "head", "rows", "grid", "zebra", "boxed", "band")
SPARE = ("discount", "unit", "position", "item_code", "tax_rate", "quantity")
"""Columns left out first where there is no room."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``cells`` has a text for every row."""

    key: str
    head: str
    cells: tuple[str, ...]
    align: Align = "left"


@dataclass(slots=True)
class Placed:
    """Where a table stands: columns with their left edges, and the right edge of the last."""

    columns: list[Column]
    edges: list[float]
    heads: list[list[str]]
    pen: Pen
    bottom: float
    turns: list[float] = field(default_factory=list)

    def inner(self, at: int) -> tuple[float, float]:
        return self.edges[at] + 3, self.edges[at + 1] - 3


Turn = Callable[[int], float]
"""Starts the next page before the row of this number; returns the first baseline there."""


def draw(
    draft: Draft, columns: Sequence[Column], y: float, bottom: float, turn: Turn
) -> tuple[float, list[Column], Placed]:
    """All rows from this baseline on; returns the next one, what was printed and where."""
    placed = _placed(draft, columns, bottom)
    style = draft.house.pick("rules", RULES)
    y = top = _head(draft, placed, y, style)
    for number in range(len(placed.columns[0].cells)):
        lines = _row(placed, number)
        high = max(map(len, lines)) * placed.pen.pitch + _gap(draft)
        if y + high > bottom:
            _close(draft, placed, top, y, style)
            y = turn(number)
            if draft.house.chance("head again", 0.85):
                y = _head(draft, placed, y, style)
            top = y
        _print(draft, placed, lines, y, style if number % 2 else style.replace("zebra", "none"))
        y += high
    _close(draft, placed, top, y, style)
    return y + 4, placed.columns, placed


def _placed(draft: Draft, columns: Sequence[Column], bottom: float) -> Placed:
    wide = draft.x1 - draft.x0
    pen = draft.pen.scaled(draft.house.pick("table pen", (1, 1, 0.95, 0.9)))
    kept = list(columns)
    for spare in SPARE:
        if wide - sum(_width(each, pen) for each in kept if each.key != "description") > 110:
            break
        kept = [each for each in kept if each.key != spare]
    rest = wide - sum(_width(each, pen) for each in kept if each.key != "description")
    widths = [rest if each.key == "description" else _width(each, pen) for each in kept]
    if not any(each.key == "description" for each in kept):
        widths = [each + rest / len(kept) for each in widths]
    edges = [draft.x0]
    for each in widths:
        edges.append(edges[-1] + each)
    heads = [
        pen.strong().wrapped(each.head, max(width - 6, 10))
        for each, width in zip(kept, widths, strict=True)
    ]
    return Placed(kept, edges, heads, pen, bottom)


def _width(column: Column, pen: Pen) -> float:
    """As wide as the widest cell and the widest word of the heading."""
    heads = max(pen.strong().width(word) for word in column.head.split())
    full = pen.strong().width(column.head)
    cells = max(pen.width(cell) for cell in column.cells)
    return max(heads, cells, min(full, cells * 1.5)) + 13


def _gap(draft: Draft) -> float:
    return draft.pen.size * draft.house.pick("row gap", (0.15, 0.3, 0.5, 0.9))


def _row(placed: Placed, number: int) -> list[list[str]]:
    return [
        placed.pen.wrapped(column.cells[number], placed.edges[at + 1] - placed.edges[at] - 8)
        if column.key == "description"
        else [column.cells[number]]
        for at, column in enumerate(placed.columns)
    ]


def _head(draft: Draft, placed: Placed, y: float, style: str) -> float:
    pen = placed.pen.strong() if draft.house.chance("head bold", 0.75) else placed.pen
    deep = max(map(len, placed.heads))
    first = y - pen.size - 2
    for at, (column, words) in enumerate(zip(placed.columns, placed.heads, strict=True)):
        low = y + (deep - len(words)) * pen.pitch if draft.house.chance("low heads", 0.6) else y
        for number, line in enumerate(words):
            _put(draft, placed, at, low + number * pen.pitch, line, pen)
        del column
    below = y + (deep - 1) * pen.pitch + 4
    if style in ("band", "zebra") or draft.house.chance("head ground", 0.1):
        draft.paper.frame(draft.x0, first, draft.x1, below, fill=0.86)
    if style in ("grid", "boxed"):
        draft.paper.frame(draft.x0, first, draft.x1, below)
        _bars(draft, placed, first, below)
    elif style in ("head", "rows"):
        draft.paper.rule(draft.x0, draft.x1, below, draft.house.pick("head rule", (0.5, 1)))
    return below + pen.size + 4


def _print(draft: Draft, placed: Placed, lines: list[list[str]], y: float, style: str) -> None:
    pen = placed.pen
    deep = max(map(len, lines))
    low = draft.house.chance("amounts low", 0.12)
    for at, cell in enumerate(lines):
        first = y + (deep - len(cell)) * pen.pitch if low else y
        for number, line in enumerate(cell):
            _put(draft, placed, at, first + number * pen.pitch, line, pen)
    bottom = y + (deep - 1) * pen.pitch + _gap(draft) + 2
    if style == "zebra":
        draft.paper.frame(draft.x0, y - pen.size, draft.x1, bottom, fill=0.94)
    if style in ("rows", "grid"):
        draft.paper.rule(draft.x0, draft.x1, min(bottom, y + deep * pen.pitch - pen.size), 0.3)


def _put(draft: Draft, placed: Placed, at: int, y: float, text: str, pen: Pen) -> None:
    left, right = placed.inner(at)
    align = placed.columns[at].align
    x = left if align == "left" else right if align == "right" else (left + right) / 2
    draft.paper.put(x, y, text, pen.fitted(text, right - left), align)


def _close(draft: Draft, placed: Placed, top: float, y: float, style: str) -> None:
    """The rules that go down and under the rows of one page."""
    top, end = top - placed.pen.size - 4, y - placed.pen.size + 1
    if style in ("grid", "boxed"):
        _bars(draft, placed, top, end)
        draft.paper.bar(draft.x0, top, end)
        draft.paper.bar(draft.x1, top, end)
    if style in ("grid", "boxed", "head", "band"):
        draft.paper.rule(draft.x0, draft.x1, end)


def _bars(draft: Draft, placed: Placed, top: float, end: float) -> None:
    for edge in placed.edges[1:-1]:
        draft.paper.bar(edge, top, end)
