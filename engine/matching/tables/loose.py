"""Reads lists of priced items that have no heading, as receipts do: a name and an amount a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from engine.matching.tables import arithmetic, cells, priced
from engine.matching.tables.columns import Column, Path
from engine.matching.tables.listed import Listed
from engine.matching.tables.priced import Priced
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import Strip, gap, is_number
from engine.matching.tables.sums import Sums
from engine.types import FieldValue

ENDING = frozenset(("subtotal", "total", "amount_due", "tax_base", "item_count"))
"""Concepts that close the list."""

NEAR = 1.5
"""Of a line's height, between the two lines of an item."""

CENT = 0.006

MOST_SUMS = 12
"""Amounts below the list that its sum is compared with."""

FITTING, PLAIN = 0.9, 0.45
"""Confidence of a list that adds up to a total, and of one that does not."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Which wanted column holds what."""

    name: Column | None
    quantity: Column | None
    price: Column | None
    amount: Column | None


def find(
    columns: Sequence[Column], strips: Sequence[Strip], sums: Sums, readings: Readings
) -> Listed | None:
    """The list of priced items of a document; None if there is none or nobody asks for one."""
    places = _places(columns)
    if not places.name or not (places.amount or places.price):
        return None
    entries, totals = _entries(strips, sums, readings)
    if not entries:
        return None
    run = arithmetic.fitting([_size(entry, readings) for entry in entries], totals)
    chosen = entries[slice(*run)] if run else entries
    items = tuple(_item(entry, columns, places, readings) for entry in chosen)
    reason = "" if run else "The amounts do not add up to a total."
    rows = frozenset(entry.strip.row for entry in chosen)
    filled = sum(value.value is not None for item in items for value in item.values())
    share = filled / (len(items) * len(columns))
    return Listed(items, (FITTING if run else PLAIN) * share, reason, rows)


def _places(columns: Sequence[Column]) -> _Places:
    def of(*concepts: str) -> Column | None:
        found = {column.meaning.concept: column for column in reversed(columns)}
        return next((found[concept] for concept in concepts if concept in found), None)

    texts = [column for column in columns if column.is_text]
    name = of("item_name", "description") or (texts[0] if len(texts) == 1 else None)
    price, amount = of("unit_price"), of("line_total", "line_net", "total")
    if price and not amount:
        price, amount = None, price
    return _Places(name, of("quantity"), price, amount)


def _entries(
    strips: Sequence[Strip], sums: Sums, readings: Readings
) -> tuple[list[Priced], list[float]]:
    """The items above the first total, and the totals below them."""
    whole = sum(priced.is_money(strip.words[-1].text) for strip in strips) < 2
    found: list[Priced] = []
    waiting: list[Strip] = []
    for at, strip in enumerate(strips):
        concept = sums.concept(strip)
        entry = None if strip.prose else priced.read(strip, whole=whole)
        if concept in ENDING and found and (entry or _has_number(strips, at)):
            return _completed(found), list(_totals(strips[at:], sums, readings, whole=whole))
        if entry and not concept:
            found = _with(found, entry, waiting, readings)
            waiting = []
        elif not concept:
            waiting = [*waiting[-1:], strip] if not _has_digits_only(strip) else []
    return (_completed(found), []) if len(found) > 1 else ([], [])


def _has_number(strips: Sequence[Strip], at: int) -> bool:
    return any(is_number(word.text) for strip in strips[at : at + 2] for word in strip.words)


def _has_digits_only(strip: Strip) -> bool:
    return not any(character.isalpha() for character in strip.text)


def _with(
    found: list[Priced], entry: Priced, waiting: Sequence[Strip], readings: Readings
) -> list[Priced]:
    """The items with one more line: an item, or a detail of the last one."""
    if entry.is_named:
        return [*found, entry]
    above = waiting[-1] if waiting and _is_near(waiting[-1], entry.strip) else None
    if above is None and found and _multiplies(found[-1], entry, readings):
        last = replace(found[-1], quantity=entry.quantity or entry.name[:1], price=entry.amount)
        return [*found[:-1], last]
    return [*found, replace(entry, name=above.words)] if above else [*found, entry]


def _multiplies(item: Priced, entry: Priced, readings: Readings) -> bool:
    """Whether a line below an item says how its amount came about."""
    times = _number(entry.quantity or entry.name, readings)
    return bool(times) and abs((times or 0) * _size(entry, readings) - _size(item, readings)) < CENT


def _is_near(above: Strip, below: Strip) -> bool:
    return above.page == below.page and gap(above, below) <= NEAR * below.height


def _completed(found: Sequence[Priced]) -> list[Priced]:
    """Without lines that have no name at all, and with leading numbers where they count nothing."""
    named = [entry for entry in found if entry.is_named]
    firsts = [entry.quantity[0].text for entry in named if entry.quantity and not entry.price]
    is_numbered = len(firsts) > 2 and all(
        one.isdecimal() and two.isdecimal() and int(two) == int(one) + 1
        for one, two in pairwise(firsts)
    )
    return [replace(entry, quantity=()) for entry in named] if is_numbered else named


def _totals(
    strips: Sequence[Strip], sums: Sums, readings: Readings, *, whole: bool
) -> Iterator[float]:
    below = (priced.read(strip, whole=whole) for strip in strips if not strip.prose)
    for entry in islice((entry for entry in below if entry), MOST_SUMS):
        yield _size(entry, readings)


def _size(entry: Priced, readings: Readings) -> float:
    return _number(entry.amount, readings) or 0.0


def _number(words: Sequence[object], readings: Readings) -> float | None:
    text = " ".join(getattr(word, "text", "") for word in words)
    found = readings.find("amount", text)
    value = found[-1].value if found else None
    return float(value) if isinstance(value, int | float) else None


def _item(
    entry: Priced, columns: Sequence[Column], places: _Places, readings: Readings
) -> Mapping[Path, FieldValue]:
    found = {column.path: cells.NOTHING for column in columns}
    for column, words in (
        (places.name, entry.name),
        (places.quantity, entry.quantity),
        (places.price, entry.price),
        (places.amount, entry.amount),
    ):
        if column:
            found[column.path] = cells.read(column, words, readings, entry.strip.page, 0.9)
    return found
