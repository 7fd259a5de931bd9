"""The fields of a result as the preview shows them: what is to be looked at first, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine import schema
from ocrwell.jobs import corrections, values
from ocrwell.jobs.models import Correction, Job
from ocrwell.jobs.results import Result
from ocrwell.jobs.values import Names, Scalar, Value

MOST_CHOICES = 200
NOTHING, NOT_FOUND = "Nothing", "Not found"
BOOLEANS = {True: "Yes", False: "No"}


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did to a value, and what it was before and after."""

    who: str
    at: datetime
    did: Literal["corrected", "confirmed", "took back"]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in the list beside the pages; ``group`` is what it is part of, "" at the top."""

    anchor: str
    value: Value
    name: str
    group: str
    rows: int
    steps: tuple[Step, ...]

    @property
    def shown(self) -> str:
        if self.value.kind == "list":
            return f"{self.rows} row{'' if self.rows == 1 else 's'}"
        if self.is_empty and not self.value.settled:
            return NOT_FOUND
        return _shown(self.value.value)

    @property
    def is_empty(self) -> bool:
        return self.value.kind != "list" and self.value.value is None

    @property
    def typed(self) -> str:
        """As a person would type it."""
        return _typed(self.value.value)

    @property
    def choices(self) -> str:
        """What may be picked, as a JSON array; "" where that is open, or too much for a list."""
        choices = [_typed(each) for each in self.value.choices]
        return json.dumps(choices) if 0 < len(choices) <= MOST_CHOICES else ""

    @property
    def format(self) -> str:
        leaf = self.value.leaf
        return leaf.hints.format if leaf else ""

    @property
    def sure(self) -> int | None:
        """In percent, of what was read; None where that says nothing."""
        told = self.value.read is not None and not self.value.settled
        return int(100 * self.value.evidence.confidence) if told else None

    @property
    def box(self) -> str:
        found = self.value.evidence.box
        return f"{found.x0:.1f} {found.y0:.1f} {found.x1:.1f} {found.y1:.1f}" if found else ""


@dataclass(frozen=True, slots=True)
class Panel:
    """All entries: those to review, and the others in the order of the schema."""

    entries: tuple[Entry, ...]

    def entry(self, path: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.value.path == path), None)

    @property
    def open(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.value.is_open]

    @property
    def others(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.value.is_open]

    @property
    def doubtful(self) -> int:
        """How many were to be reviewed in the beginning."""
        return sum(entry.value.flagged for entry in self.entries)

    @property
    def left(self) -> int:
        return len(self.open)

    @property
    def done(self) -> int:
        return self.doubtful - self.left


def panel(job: Job, result: Result) -> Panel:
    """What is in the database now."""
    written = corrections.history(job)
    settled = corrections.standing(written)
    wanted = None if result.schema is None else schema.parse(result.schema)
    every = list(values.every(result, settled, wanted))
    rows = {value.names: 0 for value in every if value.kind == "list"}
    for value in every:
        for length in range(len(value.names)):
            start = value.names[:length]
            if start in rows:
                rows[start] = max(rows[start], int(value.names[length]) + 1)
    return Panel(
        tuple(
            _entry(f"v{number}", value, rows, written.get(value.path, ()))
            for number, value in enumerate(every)
            if value.kind != "list" or value.flagged or value.path in written
        )
    )


def _entry(
    anchor: str, value: Value, rows: Mapping[Names, int], written: Sequence[Correction]
) -> Entry:
    *outer, name = _spoken(value.names, rows) or ["Everything"]
    group, steps = " \u203a ".join(outer), tuple(_steps(value, written))
    return Entry(anchor, value, name, group, rows.get(value.names, 0), steps)


def _spoken(names: Names, rows: Mapping[Names, int]) -> list[str]:
    """The names for people: rows are counted from 1."""
    return [
        f"Row {int(name) + 1}" if names[:at] in rows else _readable(name)
        for at, name in enumerate(names)
    ]


def _readable(name: str) -> str:
    words = name.replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def _steps(value: Value, written: Sequence[Correction]) -> list[Step]:
    found, before = [], value.read
    for row in written:
        after = value.read if row.value == corrections.AS_READ else row.value
        who = row.member.username if row.member else "a former member"
        did = _did(row, same=after == before)
        found.append(Step(who, row.created_at, did, _shown(before), _shown(after)))
        before = after
    return found


def _did(row: Correction, *, same: bool) -> Literal["corrected", "confirmed", "took back"]:
    if row.value == corrections.AS_READ:
        return "took back"
    return "confirmed" if same else "corrected"


def _typed(value: Scalar | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _shown(value: Scalar | None) -> str:
    if isinstance(value, bool):
        return BOOLEANS[value]
    return NOTHING if value is None else str(value)
