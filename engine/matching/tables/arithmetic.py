"""Checks a table by its numbers: quantity times price, the sum of the amounts; mends what they
show to be misread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.matching.tables.columns import Column, Path
from engine.matching.tables.readings import Readings
from engine.types import FieldValue

Row = Mapping[Path, FieldValue]

Three = tuple[float, float, float]
"""Quantity, price and amount of a row."""

CENT = 0.006
"""Two amounts that differ by less are the same."""

ROUNDING = 0.002
"""Of an amount: what rounding a unit price or a quantity may make of it."""

MOST_TAX = 1.3
"""Times the product of quantity and price that an amount with tax may be."""

MOST = 1e15
"""No amount of money is larger."""

WRONG_PRODUCT = "Quantity times unit price is not the amount."
DOUBT = 0.5
"""What is left of a value's confidence where the product is wrong."""

TRIO = (
    ("quantity", "hours"),
    ("unit_price", "hourly_rate"),
    ("line_total", "line_net", "total"),
)
"""Concepts of what is multiplied and of the product."""

_THOUSANDS = re.compile(r"\d[.,]\d{3}$")
_CENTS = re.compile(r"[.,]\d{1,2}\D*$")


@dataclass(frozen=True, slots=True)
class Trio:
    """The columns that are multiplied; None for one that nobody asked for."""

    quantity: Path | None
    price: Path | None
    amount: Path | None
    is_reduced: bool = False
    """Whether the table has a column of discounts."""


def trio(columns: Sequence[Column], *, is_reduced: bool) -> Trio:
    """The columns of an array by what they mean."""

    def of(*concepts: str) -> Path | None:
        found = {column.meaning.concept: column.path for column in reversed(columns)}
        return next((found[concept] for concept in concepts if concept in found), None)

    quantity, price, amount = (of(*concepts) for concepts in TRIO)
    return Trio(quantity, price, amount, is_reduced)


def multiplied(rows: Sequence[Row], trio: Trio, readings: Readings) -> list[Row]:
    """The rows with prices and amounts swapped back, lost decimal points put in again, and a flag
    on what still does not multiply."""
    price, amount = trio.price, trio.amount
    if trio.quantity is None or price is None or amount is None:
        return list(rows)
    three = [_three(row, trio, readings) for row in rows]
    swapped = [sizes and (sizes[0], sizes[2], sizes[1]) for sizes in three]
    if _right(swapped) > _right(three):
        rows = [{**row, price: row[amount], amount: row[price]} for row in rows]
        three = swapped
    return [_checked(row, trio, sizes) for row, sizes in zip(rows, three, strict=True)]


def fitting(sizes: Sequence[float], totals: Iterable[float]) -> tuple[int, int] | None:
    """The longest run of amounts that adds up to one of the totals: from, and up to."""
    before: dict[int, int] = {0: 0}
    best: tuple[int, int] | None = None
    at = 0
    wanted = {round(total * 100) for total in totals if abs(total) > CENT}
    for end, size in enumerate(sizes, 1):
        at += round(size * 100)
        starts = [before[at - total] for total in wanted if at - total in before]
        if starts and (best is None or end - min(starts) > best[1] - best[0]):
            best = min(starts), end
        before.setdefault(at, end)
    return best


def number(value: FieldValue, readings: Readings) -> float | None:
    """The size of a value, also of one that is asked for as printed."""
    if isinstance(value.value, str):
        found = readings.find("amount", value.value)
        return size(found[-1].value) if found else None
    return size(value.value)


def multiplies(quantity: float, price: float, amount: float) -> bool:
    """Whether the product is the amount, but for rounding."""
    product = abs(quantity * price)
    slack = max(CENT, ROUNDING * product, CENT * abs(quantity))
    return abs(product - abs(amount)) <= slack


def size(value: object) -> float | None:
    """A value as a number, if it is one of a size that can be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MOST:
        return None
    return float(value)


def _three(row: Row, trio: Trio, readings: Readings) -> Three | None:
    paths = (trio.quantity, trio.price, trio.amount)
    found = [number(row[path], readings) for path in paths if path is not None]
    three = [size for size in found if size is not None]
    return (three[0], three[1], three[2]) if len(three) == 3 else None


def _right(rows: Sequence[Three | None]) -> int:
    return sum([multiplies(*three) for three in rows if three])


def _checked(row: Row, trio: Trio, three: Three | None) -> Row:
    if three is None or multiplies(*three):
        return row
    mended = _mended(row, trio, three)
    if mended:
        return mended
    quantity, price, amount = three
    product = abs(quantity * price)
    if (trio.is_reduced and abs(amount) < product) or product < abs(amount) <= MOST_TAX * product:
        return row
    paths = [path for path in (trio.quantity, trio.price, trio.amount) if path is not None]
    return {**row, **{path: _doubted(row[path]) for path in paths}}


def _doubted(value: FieldValue) -> FieldValue:
    return replace(value, confidence=value.confidence * DOUBT, flag=True, reason=WRONG_PRODUCT)


def _mended(row: Row, trio: Trio, three: Three) -> Row | None:
    """The row with one number divided, where that makes the product right: an amount printed
    without its point, a quantity with three decimals."""
    for place, path in enumerate((trio.amount, trio.price, trio.quantity)):
        if path is None or isinstance(row[path].value, str):
            continue
        printed = row[path].words[-1].text if row[path].words else ""
        factor = 1000 if _THOUSANDS.search(printed) else 0 if _CENTS.search(printed) else 100
        if not factor or (path == trio.quantity and factor == 100):
            continue
        sizes = list(three)
        at = 2 - place
        sizes[at] = three[at] / factor
        if multiplies(sizes[0], sizes[1], sizes[2]):
            value = round(sizes[at], 6)
            whole = int(value) if value == int(value) else value
            return {**row, path: replace(row[path], value=whole, confidence=row[path].confidence)}
    return None
