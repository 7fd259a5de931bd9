"""Where a candidate stands: on the page, in its row, among the others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.matching.candidates import Candidate, Scene

Vector = NDArray[np.float64]

NAMES = (
    "certainty",
    "sharpness",
    "first_page",
    "last_page",
    "top",
    "bottom",
    "left",
    "right",
    "height",
    "whole_cell",
    "first_cell",
    "last_cell",
    "prose",
    "early",
    "late",
    "length",
    "row_0",
    "row_1",
    "row_2",
    "row_3_to_6",
)


class Frame:
    """How the document lies: what places are measured against."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        rows = scene.sheet.rows
        self._edges: dict[int, tuple[float, float, float, float]] = {}
        self._first_row: dict[int, int] = {}
        for row in rows:
            x0, y0, x1, y1 = self._edges.get(row.page, (math.inf, math.inf, 0.0, 0.0))
            box = row.box
            edges = min(x0, box.x0), min(y0, box.y0), max(x1, box.x1), max(y1, box.y1)
            self._edges[row.page] = edges
            self._first_row.setdefault(row.page, row.number)
        self._pages = sorted(self._edges)

    def features(self, found: Sequence[Candidate]) -> Vector:
        out = np.zeros((len(found), len(NAMES)))
        for place, candidate in enumerate(found):
            out[place] = self._place(candidate, place, len(found))
        return out

    def row_of(self, candidate: Candidate) -> int:
        """The number of its row on its page, from 0."""
        return candidate.cell.row - self._first_row[candidate.cell.page]

    def _place(self, candidate: Candidate, place: int, count: int) -> tuple[float, ...]:
        cell = candidate.cell
        x0, y0, x1, y1 = self._edges[cell.page]
        wide, high = max(1.0, x1 - x0), max(1.0, y1 - y0)
        words = candidate.words
        box = candidate.box
        y = (box.center[1] - y0) / high
        usual = self._scene.sheet.heights[cell.page]
        row = self.row_of(candidate)
        on_first = cell.page == self._pages[0]
        return (
            candidate.certainty,
            min(word.confidence for word in words),
            float(on_first),
            float(cell.page == self._pages[-1]),
            max(0.0, 1 - y / 0.35),
            max(0.0, (y - 0.5) / 0.5),
            (box.x0 - x0) / wide,
            (box.x1 - x0) / wide,
            max(-1.0, min(2.0, math.log2(max(0.1, cell.height / max(1.0, usual))))),
            float(candidate.end - candidate.start >= len(cell.text) - 1),
            float(cell.number == 0),
            float(cell.number == len(self._scene.sheet.rows[cell.row].cells) - 1),
            float(self._scene.sheet.rows[cell.row].prose),
            1 / (1 + place),
            1 / (count - place),
            min(1.0, len(candidate.text) / 40),
            float(on_first and row == 0),
            float(on_first and row == 1),
            float(on_first and row == 2),
            float(on_first and 3 <= row <= 6),
        )
