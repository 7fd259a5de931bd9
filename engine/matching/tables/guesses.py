"""Guesses what the heads mean that no word tells: by the multiplication, and by what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from engine.matching.tables import arithmetic, below, cells
from engine.matching.tables.columns import Column
from engine.matching.tables.grids import Cells
from engine.matching.tables.heads import Head, Heading
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import is_number, written
from engine.types import Word

PROVED, LEFT = 0.8, 0.55
"""Likeness of a head whose numbers multiply, and of the only one left for a text."""

SHARE = 0.6
"""Of the rows that must multiply."""

MOSTLY = 0.8
"""Of the cells below a head: the share that shows what it is above."""

SHORTEST_CODE = 4
"""Characters."""

MOST_OPEN = 6
"""Heads without a meaning that are tried."""


def complete(
    heading: Heading,
    columns: Sequence[Column],
    wanted: int,
    rows: Sequence[Cells],
    readings: Readings,
) -> Heading:
    """The heading with meanings for heads that have none, as far as the rows below show them."""
    if not rows:
        return heading
    heads = _multiplied(list(heading.heads), columns, wanted, rows, readings)
    heads = _counted(heads, columns, wanted, rows)
    heads = _coded(heads, columns, wanted, rows)
    return replace(heading, heads=tuple(_named(heads, columns, wanted, rows)))


def _multiplied(
    heads: list[Head],
    columns: Sequence[Column],
    wanted: int,
    rows: Sequence[Cells],
    readings: Readings,
) -> list[Head]:
    """Finds quantity, price and amount among numbers that multiply, if one or two are missing."""
    places = [_place(heads, columns, *concepts) for concepts in arithmetic.TRIO]
    lacking = [at for at, place in enumerate(places) if place is None]
    targets = [_wanted(columns, wanted, *arithmetic.TRIO[at]) for at in lacking]
    if not lacking or len(lacking) == len(places) or not any(t is not None for t in targets):
        return heads
    numbers = [[_number(cell, readings) for cell in row] for row in rows]
    open_ = [at for at, head in enumerate(heads) if not head.is_wanted][:MOST_OPEN]
    for chosen in permutations(open_, len(lacking)):
        tried = list(places)
        for at, place in zip(lacking, chosen, strict=True):
            tried[at] = place
        if _holds(numbers, [place for place in tried if place is not None]):
            for target, place in zip(targets, chosen, strict=True):
                if target is not None:
                    heads[place] = _meaning(heads[place], target, PROVED)
            return heads
    return heads


def _holds(numbers: Sequence[Sequence[float | None]], places: Sequence[int]) -> bool:
    """Whether the first two columns multiply to the third in most rows, and not by ones alone."""
    three = [[row[place] for place in places] for row in numbers]
    full = [(a, b, c) for a, b, c in three if a is not None and b is not None and c is not None]
    right = [(a, b, c) for a, b, c in full if _multiply(a, b, c)]
    telling = any(abs(a) not in (0, 1) for a, _, _ in right)
    return telling and len(right) >= SHARE * len(numbers)


def _multiply(quantity: float, price: float, amount: float) -> bool:
    """Also where a quantity with three decimals was taken for thousands."""
    thousandth = quantity / 1000
    return any(arithmetic.multiplies(each, price, amount) for each in (quantity, thousandth))


def _counted(
    heads: list[Head], columns: Sequence[Column], wanted: int, rows: Sequence[Cells]
) -> list[Head]:
    """Gives the only wanted number that is missing to the only numbers without a meaning."""
    taken = {head.column for head in heads}
    missing = [at for at in range(wanted) if columns[at].is_numeric and at not in taken]
    open_ = [
        at
        for at, head in enumerate(heads)
        if head.column is None and _is_numeric([row[at] for row in rows if row[at]])
    ]
    if len(missing) == len(open_) == 1:
        heads[open_[0]] = _meaning(heads[open_[0]], missing[0], LEFT)
    return heads


def _coded(
    heads: list[Head], columns: Sequence[Column], wanted: int, rows: Sequence[Cells]
) -> list[Head]:
    """Gives the only wanted code that is missing to the only codes that nobody asked for."""
    taken = {head.column for head in heads}
    missing = [at for at in range(wanted) if columns[at].meaning.type == "code" and at not in taken]
    open_ = [
        at
        for at, head in enumerate(heads)
        if not head.is_wanted and _are_codes([row[at] for row in rows if row[at]])
    ]
    if len(missing) == len(open_) == 1:
        heads[open_[0]] = _meaning(heads[open_[0]], missing[0], LEFT)
    return heads


def _are_codes(column: Sequence[tuple[Word, ...]]) -> bool:
    """Codes that are longer than the numbers of the items and than quantities."""
    long = [cell for cell in column if below.is_code(cell) and len(cell[0].text) >= SHORTEST_CODE]
    return len(long) > 0 and len(long) >= MOSTLY * len(column)


def _is_numeric(column: Sequence[tuple[Word, ...]]) -> bool:
    numbers = sum(any(is_number(word.text) for word in cell) for cell in column)
    return len(column) > 0 and numbers >= MOSTLY * len(column)


def _named(
    heads: list[Head], columns: Sequence[Column], wanted: int, rows: Sequence[Cells]
) -> Iterator[Head]:
    """Gives the only wanted text that is missing to the widest column of texts without meaning."""
    taken = {head.column for head in heads}
    texts = [at for at in range(wanted) if columns[at].is_text and at not in taken]
    described = any(
        head.column is not None and columns[head.column].meaning.concept in DESCRIBING
        for head in heads
    )
    best = None
    if len(texts) == 1 and not (described and columns[texts[0]].meaning.concept in DESCRIBING):
        best = _widest(heads, rows)
    for at, head in enumerate(heads):
        yield _meaning(head, texts[0], LEFT) if at == best else head


DESCRIBING = ("description", "item_name")


def _widest(heads: Sequence[Head], rows: Sequence[Cells]) -> int | None:
    letters = {
        at: sum(character.isalpha() for row in rows for character in written(row[at]))
        for at, head in enumerate(heads)
        if head.column is None
    }
    best = max(letters, key=lambda at: letters[at], default=None)
    return best if best is not None and letters[best] >= MOSTLY * len(rows) else None


def _meaning(head: Head, column: int, likeness: float) -> Head:
    return replace(head, column=column, likeness=likeness, is_wanted=True)


def _place(heads: Sequence[Head], columns: Sequence[Column], *concepts: str) -> int | None:
    found = (
        at
        for at, head in enumerate(heads)
        if head.column is not None and columns[head.column].meaning.concept in concepts
    )
    return next(found, None)


def _wanted(columns: Sequence[Column], wanted: int, *concepts: str) -> int | None:
    found = (at for at in range(wanted) if columns[at].meaning.concept in concepts)
    return next(found, None)


def _number(cell: Sequence[Word], readings: Readings) -> float | None:
    text = written(cell)
    found = readings.find("amount", text) or list(cells.alone(text, readings))
    return arithmetic.size(found[-1].value) if found else None
