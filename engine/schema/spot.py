"""A place in a schema on its way to a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.schema.faults import InvalidSchema, Place
from engine.schema.tree import NO_HINTS, Hints

MAX_DEPTH = 256
"""Objects, arrays and compositions inside each other; an interpreter's stack holds no 1,000 calls,
and every level takes two."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of the schema, inside of so many levels; ``hints`` come from around it."""

    value: Any
    place: Place
    level: int = 0
    hints: Hints = NO_HINTS

    def inner(self, value: object, *steps: str | int) -> Spot:
        return Spot(value, self._at(steps), self.level + 1)

    def refused(self, reason: str, advice: str, *steps: str | int) -> InvalidSchema:
        return InvalidSchema(self._at(steps), reason, advice)

    def _at(self, steps: tuple[str | int, ...]) -> Place:
        place = self.place
        for step in steps:
            place = Place(step, place)
        return place

    def check_depth(self) -> None:
        if self.level >= MAX_DEPTH:
            raise self.refused("too_deep", f"is more than {MAX_DEPTH} levels deep; nest less.")
