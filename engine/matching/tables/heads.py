"""The cells of a table's heading and the columns that they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

OTHERS_SCORE = 0.3
"""What such a column counts in a heading's score."""


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of a heading; ``column`` is the number of the wanted column that it means."""

    x0: float
    x1: float
    text: str
    column: int | None
    likeness: float
    is_wanted: bool


@dataclass(frozen=True)
class Heading:
    """The lines ``first`` to ``last`` as the heading of a table, its cells from left to right."""

    first: int
    last: int
    page: int
    heads: tuple[Head, ...]

    @cached_property
    def score(self) -> float:
        wanted = sum(head.likeness for head in self.heads if head.is_wanted)
        every = sum(head.likeness for head in self.heads)
        return wanted + OTHERS_SCORE * (every - wanted)

    @cached_property
    def columns(self) -> frozenset[int]:
        """The wanted columns that are there."""
        return frozenset(
            head.column for head in self.heads if head.is_wanted and head.column is not None
        )
