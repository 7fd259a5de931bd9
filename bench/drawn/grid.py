"""Rows of text in columns at fixed places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drawn.paper import Align, Paper, Pen


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns at fixed places."""

    places: Sequence[float]
    aligns: Sequence[Align]
    pen: Pen

    def print(
        self,
        paper: Paper,
        y: float,
        rows: Sequence[Sequence[str]],
        *,
        bold: bool = False,
        pitch: float = 12,
    ) -> None:
        pen = self.pen.strong() if bold else self.pen
        for at, row in enumerate(rows):
            for x, align, text in zip(self.places, self.aligns, row, strict=True):
                paper.put(x, y + at * pitch, text, pen, align)


def stack(paper: Paper, x: float, y: float, lines: Sequence[str], pen: Pen) -> None:
    """Lines one below the other."""
    for at, line in enumerate(lines):
        paper.put(x, y + at * pen.pitch, line, pen)
