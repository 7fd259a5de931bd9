"""Reads the table below a heading: picks the heading, lays out the lines, reads the items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from engine.matching.tables import arithmetic, cells, items
from engine.matching.tables.arithmetic import Row
from engine.matching.tables.bodies import Stretch, Walker
from engine.matching.tables.columns import Column, Path
from engine.matching.tables.headings import Finder
from engine.matching.tables.heads import Head, Heading
from engine.matching.tables.listed import Listed
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import Strip
from engine.matching.tables.sums import Sums

MOST_TABLES = 8
"""Headings whose tables are read before one is chosen."""


MOST_VALUES = 400_000
"""Of one table: items times columns."""

MOST_BELOW = 14
"""Lines below a table in which its sum is looked for."""

ADDING = frozenset(("subtotal", "total", "amount_due", "tax_base"))
"""Concepts of such sums."""

MOST_COUNTED = 0.6
"""Of the items: the share that a sum must count at least."""

FITTING, WRONG, UNKNOWN = 0.4, 0.7, 0.9
"""What is left of the doubt where the amounts add up, of the confidence where they do not, and
where there is nothing to compare."""

MOSTLY = 0.6
"""Of the items: the share that has a text, if the others are no items."""

LEAST = 0.15
"""Confidence of a table that is worth showing."""

WRONG_SUM = "The amounts do not add up to the total below them."


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as it was read, and the lines it is printed on."""

    row: Row
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read; ``reason`` says why it is doubtful."""

    entries: tuple[Entry, ...]
    confidence: float
    reason: str


def find(
    columns: Sequence[Column],
    strips: Sequence[Strip],
    finder: Finder,
    sums: Sums,
    readings: Readings,
) -> Listed | None:
    """The best table with a heading for these columns; None if there is none."""
    reader = _Reader(columns, strips, finder, sums, readings)
    best: Table | None = None
    for heading in reader.headings():
        if best and best.confidence >= reader.hope(heading):
            break
        table = reader.table(heading)
        if table and (best is None or table.confidence > best.confidence):
            best = table
    if best is None or best.confidence < LEAST:
        return None
    rows = frozenset(strip.row for entry in best.entries for strip in entry.strips)
    items = tuple(entry.row for entry in best.entries)
    return Listed(items, best.confidence, best.reason, rows)


class _Reader:
    """Reads tables of one array from the lines of one document."""

    def __init__(
        self,
        columns: Sequence[Column],
        strips: Sequence[Strip],
        finder: Finder,
        sums: Sums,
        readings: Readings,
    ) -> None:
        self._wanted = columns
        self._columns = finder.columns
        self._empty = {column.path: cells.NOTHING for column in columns}
        self._strips = strips
        self._sums = sums
        self._readings = readings
        self._headings = finder.find(strips)
        self._walker = Walker(strips, sums, self._headings)

    def headings(self) -> list[Heading]:
        """Those that mean the most wanted columns, none twice. One cell alone heads a list."""
        found: dict[tuple[str, ...], Heading] = {}
        for heading in (heading for heading in self._headings if len(heading.heads) > 1):
            found.setdefault(tuple(head.text for head in heading.heads), heading)
        return sorted(found.values(), key=lambda heading: -self._score(heading))[:MOST_TABLES]

    def hope(self, heading: Heading) -> float:
        """The confidence of a table with this heading, at most."""
        return _proved(self._score(heading))

    def table(self, heading: Heading) -> Table | None:
        """The table with this heading, its numbers compared with each other."""
        stretches = self._walker.table(heading, self._is_key)
        found = (
            (item, stretch)
            for stretch in stretches
            for item in items.group(stretch, self._texts(stretch))
        )
        entries = [
            Entry(self._row(item, stretch), item.strips)
            for item, stretch in islice(found, MOST_VALUES // len(self._wanted))
        ]
        trio = arithmetic.trio(self._wanted, is_reduced=self._is_reduced(heading))
        rows = arithmetic.multiplied([entry.row for entry in entries], trio, self._readings)
        entries = [Entry(row, entry.strips) for entry, row in zip(entries, rows, strict=True)]
        entries = self._whole(entries)
        return self._added(heading, entries, trio, stretches[-1].end) if entries else None

    def _added(
        self, heading: Heading, entries: list[Entry], trio: arithmetic.Trio, end: int
    ) -> Table:
        """The table with its amounts compared with the sums below it; lines that such a sum does
        not count are no items."""
        totals, is_closed = self._totals(end)
        sizes = [
            arithmetic.number(entry.row[trio.amount], self._readings) if trio.amount else None
            for entry in entries
        ]
        run = arithmetic.fitting([size or 0.0 for size in sizes], totals) if any(sizes) else None
        if run and run[1] - run[0] >= MOST_COUNTED * len(entries):
            entries = entries[slice(*run)]
            score = self._score(heading) * _filled(entries)
            return Table(tuple(entries), _proved(score), "")
        score = self._score(heading) * _filled(entries)
        if is_closed and totals and any(sizes):
            return Table(tuple(entries), score * WRONG, WRONG_SUM)
        return Table(tuple(entries), score * UNKNOWN, "")

    def _totals(self, end: int) -> tuple[list[float], bool]:
        """The numbers on the lines below a table, and whether one of these is labelled a sum."""
        below = self._strips[end : end + MOST_BELOW]
        found = [
            size
            for strip in below
            for reading in self._readings.find("amount", strip.text)
            if (size := arithmetic.size(reading.value)) is not None
        ]
        return found, any(self._sums.concept(strip) in ADDING for strip in below)

    def _whole(self, entries: list[Entry]) -> list[Entry]:
        """Without entries that lack the text which nearly all others have, and more."""
        texts = [column.path for column in self._wanted if column.is_text]
        named = [any(_has(entry, path) for path in texts) for entry in entries]
        if not any(named) or sum(named) < MOSTLY * len(entries):
            return entries
        least = min(
            _count(entry) for entry, is_named in zip(entries, named, strict=True) if is_named
        )
        return [
            entry
            for entry, is_named in zip(entries, named, strict=True)
            if is_named or _count(entry) > least
        ]

    def _row(self, item: items.Item, stretch: Stretch) -> Row:
        found = dict(self._empty)
        page = item.strips[0].page
        for head, words in zip(stretch.grid.heads, item.cells, strict=True):
            if head.is_wanted and head.column is not None:
                column = self._columns[head.column]
                fit = 0.5 + head.likeness / 2
                found[column.path] = cells.read(column, words, self._readings, page, fit)
        return found

    def _concept(self, head: Head) -> str | None:
        return None if head.column is None else self._columns[head.column].meaning.concept

    def _is_key(self, head: Head) -> bool:
        numeric = head.column is not None and self._columns[head.column].is_numeric
        return numeric and self._concept(head) != "position"

    def _is_reduced(self, heading: Heading) -> bool:
        return any(self._concept(head) in ("discount", "discount_rate") for head in heading.heads)

    def _texts(self, stretch: Stretch) -> frozenset[int]:
        return frozenset(
            at
            for at, head in enumerate(stretch.grid.heads)
            if head.column is not None and self._columns[head.column].is_text
        )

    def _score(self, heading: Heading) -> float:
        wanted = [head.likeness for head in heading.heads if head.is_wanted]
        return sum(wanted) / max(1, len(self._wanted))


def _proved(score: float) -> float:
    return 1 - (1 - score) * FITTING


def _has(entry: Entry, path: Path) -> bool:
    return entry.row[path].value is not None


def _count(entry: Entry) -> int:
    return sum([value.value is not None for value in entry.row.values()])


def _filled(entries: Sequence[Entry]) -> float:
    return sum(map(_count, entries)) / max(1, sum(len(entry.row) for entry in entries))
