"""Puts a page's lines into reading order and lays them out as plain text.

Lines side by side make a row; rows are read from the top, unless the page has columns of prose,
which are read one after the other. Only prose makes a column: the parts of a table or a receipt,
however well they line up, stay on their rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from engine import skew
from engine.types import Box, Line, Word

Row = list[Line]
Block = list[Row]
"""Rows without a blank line between them."""

GUTTER = 0.5
"""Of the height of a line; only in loosely justified prose are the spaces between words as wide."""

MARGIN_LINES = 3
"""Lines of a header or footer that stands over one column only, at most."""

COLUMN_LINES = 4
"""Lines of prose on either side of a gutter, at least."""

PROSE_LETTERS = 12
"""Letters that make a line more than a table's cell, if it is also as wide as its neighbours."""

PROSE_SHARE = 0.6
"""Of the width of a column's lines."""


def blocks(lines: Iterable[Line]) -> list[Block]:
    """The lines in reading order, as rows and blocks; the same for any order of the input.

    A line that was read across the gutter between two columns comes out as two.
    """
    given = sorted(lines, key=_place)
    slope = skew.slope(given)
    if not slope:
        return _level_blocks(given)
    level = {word: skew.level_word(word, slope) for line in given for word in line.words}
    askew = {id(straight): word for word, straight in level.items()}
    found = _level_blocks([Line(tuple(level[word] for word in line.words)) for line in given])
    return [[[_again(line, askew) for line in row] for row in block] for block in found]


def _again(line: Line, originals: Mapping[int, Word]) -> Line:
    """The line with the words it was made from, where they really are."""
    return Line(tuple(originals[id(word)] for word in line.words))


def _level_blocks(lines: Sequence[Line]) -> list[Block]:
    items = [
        piece
        for number, line in enumerate(sorted(lines, key=_place))
        for piece in _pieces(number, line)
    ]
    return [block for part in _columns(items) for block in _blocks(_rows(_joined(part)))]


def order(found: Iterable[Block]) -> list[Line]:
    """The lines one by one."""
    return [line for block in found for row in block for line in row]


def text(found: Iterable[Block]) -> str:
    """A row is a line of text, with a wider space where its parts stand apart; blocks are parted by
    a blank line."""
    return "\n\n".join("\n".join(map(_typed, block)) for block in found)


@dataclass(frozen=True, slots=True)
class _Item:
    """A line, or a piece of one, with what is asked of it over and over."""

    number: int
    """Of the line it is a piece of."""

    line: Line
    box: Box
    letters: int

    @property
    def middle(self) -> float:
        return self.box.center[1]


def _item(number: int, line: Line) -> _Item:
    return _Item(number, line, line.box, sum(map(str.isalpha, line.text)))


def _place(line: Line) -> tuple[float, float, float, float, str, float]:
    box = line.box
    return box.y0, box.x0, box.y1, box.x1, line.text, line.confidence


def _pieces(number: int, line: Line) -> list[_Item]:
    """The line, cut wherever the gap between two words is wide enough for a gutter."""
    gutter = GUTTER * line.box.height
    pieces = [[line.words[0]]]
    for left, right in pairwise(line.words):
        if right.box.x0 - left.box.x1 > gutter:
            pieces.append([])
        pieces[-1].append(right)
    if len(pieces) == 1:
        return [_item(number, line)]
    return [_item(number, Line(tuple(words))) for words in pieces]


def _joined(pieces: Iterable[_Item]) -> list[_Item]:
    """The lines again, as far as their pieces are in the same part of the page."""
    lines: dict[int, list[_Item]] = {}
    for piece in pieces:
        lines.setdefault(piece.number, []).append(piece)
    return [parts[0] if len(parts) == 1 else _whole(parts) for parts in lines.values()]


def _whole(pieces: Iterable[_Item]) -> _Item:
    ordered = list(pieces)
    words = tuple(word for piece in ordered for word in piece.line.words)
    return _item(ordered[0].number, Line(words))


# ---- columns


@dataclass(frozen=True, slots=True)
class _Split:
    """A page, or a part of one, cut into four that are read one after the other."""

    above: list[_Item]
    left: list[_Item]
    right: list[_Item]
    below: list[_Item]
    prose: int


def _columns(items: list[_Item]) -> list[list[_Item]]:
    """The items in the parts that are read as a whole."""
    splits = [split for x in _left_edges(items) for split in _splits(items, x)]
    if not splits:
        return [items] if items else []
    best = max(splits, key=lambda split: split.prose)
    parts = (best.above, best.left, best.right, best.below)
    return [group for part in parts for group in _columns(part)]


def _left_edges(items: Sequence[_Item]) -> list[float]:
    """Where several lines begin at the same x: what a column has on its left."""
    edges = sorted(item.box.x0 for item in items)
    near = _height(items) / 2
    clusters = _clustered(edges, near)
    return [cluster[0] for cluster in clusters[1:] if len(cluster) >= COLUMN_LINES]


def _clustered(values: Sequence[float], near: float) -> list[list[float]]:
    """Sorted values, parted where two neighbours are further than ``near`` from each other."""
    clusters: list[list[float]] = []
    for value in values:
        if clusters and value - clusters[-1][-1] <= near:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return clusters


def _splits(items: list[_Item], x: float) -> list[_Split]:
    """The cuts along a gutter left of x, each between two lines that run across it."""
    gutter = x - _height(items) / 2
    crossing = [item for item in items if item.box.x0 < x - 0.1 and item.box.x1 > gutter]
    edges = [-math.inf, *sorted(item.middle for item in crossing), math.inf]
    found = []
    for top, bottom in pairwise(edges):
        above, inside, below = _bands(items, top, bottom, x)
        left = [item for item in inside if item.box.x0 < x - 0.1]
        right = [item for item in inside if item.box.x0 >= x - 0.1]
        prose = min(_prose(_joined(left)), _prose(_joined(right)))
        if prose >= COLUMN_LINES and _abreast(left, right):
            found.append(_Split(above, left, right, below, prose))
    return found


def _bands(items: list[_Item], top: float, bottom: float, x: float) -> list[list[_Item]]:
    """What lies above, between and below the two lines; headers and footers are put outside."""
    inside = sorted((i for i in items if top < i.middle < bottom), key=lambda i: i.box.y0)
    groups = _parted(inside, 1.5 * _height(items))
    first, last = 0, len(groups)
    while first < last and _marginal(groups[first], x):
        first += 1
    while first < last and _marginal(groups[last - 1], x):
        last -= 1
    above = [item for item in items if item.middle <= top]
    below = [item for item in items if item.middle >= bottom]
    return [
        [*above, *chain.from_iterable(groups[:first])],
        [*chain.from_iterable(groups[first:last])],
        [*chain.from_iterable(groups[last:]), *below],
    ]


def _parted(items: Sequence[_Item], gap: float) -> list[list[_Item]]:
    """Items sorted from the top, in groups with more than ``gap`` of blank paper between them."""
    groups: list[list[_Item]] = []
    reach = -math.inf
    for item in items:
        if item.box.y0 - reach > gap:
            groups.append([])
        groups[-1].append(item)
        reach = max(reach, item.box.y1)
    return groups


def _marginal(group: Sequence[_Item], x: float) -> bool:
    """A line or so on one side of the gutter only."""
    return len(group) <= MARGIN_LINES and len({item.box.x0 >= x - 0.1 for item in group}) == 1


def _prose(items: Sequence[_Item]) -> int:
    """How many of the lines are prose; none if too few are for a column of it."""
    if len(items) < COLUMN_LINES:
        return 0
    full = 0.6 * sorted(item.box.width for item in items)[len(items) * 9 // 10]
    prose = [i for i in items if i.letters >= PROSE_LETTERS and i.box.width >= full]
    share = sum(i.box.width for i in prose) / max(1.0, sum(i.box.width for i in items))
    return len(prose) if share >= PROSE_SHARE else 0


def _abreast(left: Sequence[_Item], right: Sequence[_Item]) -> bool:
    """Whether the two stand beside each other for at least half of the shorter one."""
    top = max(min(i.box.y0 for i in side) for side in (left, right))
    bottom = min(max(i.box.y1 for i in side) for side in (left, right))
    heights = [max(i.box.y1 for i in s) - min(i.box.y0 for i in s) for s in (left, right)]
    return bottom - top >= min(heights) / 2


# ---- rows


def _rows(items: Sequence[_Item]) -> list[list[_Item]]:
    """Items side by side, from left to right; rows from the top.

    Each item is compared with the one to its left, so the rows of a page that hangs askew hold.
    """
    rows: list[list[_Item]] = []
    for item in sorted(items, key=lambda item: (item.box.x0, item.number)):
        fitting = [row for row in rows if _level(row[-1].box, item.box)]
        if fitting:
            max(fitting, key=lambda row: _overlap(row[-1].box, item.box)).append(item)
        else:
            rows.append([item])
    return sorted(rows, key=lambda row: (sum(i.middle for i in row) / len(row), row[0].number))


def _level(left: Box, right: Box) -> bool:
    low, high = sorted((left.height, right.height))
    return (
        high <= 3 * low + 1
        and _overlap(left, right) >= 0.5 * low
        and right.x0 >= left.x1 - 0.5 * high
    )


def _overlap(one: Box, other: Box) -> float:
    return min(one.y1, other.y1) - max(one.y0, other.y0)


def _blocks(rows: Sequence[list[_Item]]) -> list[Block]:
    """The rows, parted where clearly more paper shows between two than usual."""
    gaps = [max(0.0, _top(low) - _bottom(high)) for high, low in pairwise(rows)]
    height = _height([item for row in rows for item in row])
    usual = median(gaps) if gaps else 0.0
    clear = max(0.7 * height, min(1.6 * usual, 1.5 * height))
    found: list[Block] = []
    for row, gap in zip(rows, [math.inf, *gaps], strict=True):
        if gap > clear:
            found.append([])
        found[-1].append([item.line for item in row])
    return found


def _top(row: Sequence[_Item]) -> float:
    return min(item.box.y0 for item in row)


def _bottom(row: Sequence[_Item]) -> float:
    return max(item.box.y1 for item in row)


def _height(items: Sequence[_Item]) -> float:
    """The usual height of a line."""
    return median(item.box.height for item in items) if items else 0.0


def _typed(row: Row) -> str:
    typed, end = "", 0.0
    for line in row:
        box = line.box
        apart = box.x0 - end > box.height
        typed += ("  " if apart else " ") + line.text if typed else line.text
        end = box.x1
    return typed
