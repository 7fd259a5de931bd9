"""What was found for an array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.matching.tables.columns import Path
from engine.types import FieldValue


@dataclass(frozen=True, slots=True)
class Listed:
    """The items of an array, each with a value for every leaf by its path inside the item.

    ``confidence`` says from 0 to 1 how surely this is the table that was asked for, rightly read,
    and ``reason`` why that is doubtful, "" if it is not. ``rows`` are the numbers of the sheet's
    rows that the items take.
    """

    items: tuple[Mapping[Path, FieldValue], ...]
    confidence: float
    reason: str
    rows: frozenset[int]
