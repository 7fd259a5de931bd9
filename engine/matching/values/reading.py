"""What a typed value found in a run of text is, and what a document is in the habit of printing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from engine.schema import Scalar

Type = Literal[
    "date",
    "time",
    "amount",
    "integer",
    "percent",
    "code",
    "iban",
    "bic",
    "vat_id",
    "card",
    "phone",
    "email",
    "url",
    "currency",
    "duration",
    "postcode",
    "country",
    "flag",
]
TYPES: tuple[Type, ...] = get_args(Type)


@dataclass(frozen=True, slots=True)
class Reading:
    """A run of text read as a value: ``text[start:end]`` is what is printed.

    ``value`` is its normal form: a date ``2026-03-01``, a time ``09:42``, an amount ``-1234.5``, a
    percentage ``19``, an IBAN without spaces, a currency ``EUR``, a duration ``3 years``, a flag
    ``True``. ``certainty`` says from 0 to 1 how surely the text is of this type.
    """

    type: Type
    start: int
    end: int
    value: Scalar
    certainty: float

    @property
    def span(self) -> tuple[int, int]:
        """Start and end."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document prints what could be read in two ways; ``None`` where it does not say."""

    decimal: str | None
    """``"."`` or ``","``."""

    day_first: bool | None
    """Whether 03/04 is the third of April."""


UNKNOWN = Habits(None, None)


def apart(readings: Iterable[Reading]) -> list[Reading]:
    """The readings from left to right without those that begin inside an earlier one; of those
    that begin together the surest stays."""
    chosen: list[Reading] = []
    end = 0
    for reading in sorted(readings, key=lambda reading: (reading.start, -reading.certainty)):
        if reading.start >= end:
            chosen.append(reading)
            end = reading.end
    return chosen


def outside(readings: Iterable[Reading], spans: Iterable[tuple[int, int]]) -> list[Reading]:
    """The readings that touch none of the spans of text."""
    taken = list(spans)
    return [
        reading
        for reading in readings
        if all(reading.end <= start or end <= reading.start for start, end in taken)
    ]
