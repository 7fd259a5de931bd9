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
    "blur",
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
        rows = scene.sheet.rows
        self._numbers: dict[int, int] = {}
        pages: list[tuple[float, ...]] = []
        edges: dict[int, tuple[float, float, float, float]] = {}
        places: list[tuple[float, ...]] = []
        first: dict[int, int] = {}
        for row in rows:
            box = row.box
            x0, y0, x1, y1 = edges.get(row.page, (math.inf, math.inf, 0.0, 0.0))
            edges[row.page] = (
                *(min(x0, box.x0), min(y0, box.y0)),
                *(max(x1, box.x1), max(y1, box.y1)),
            )
            on_page = row.number - first.setdefault(row.page, row.number)
            places.append((on_page, len(row.cells), float(row.prose)))
        for page, around in edges.items():
            several = rows[0].page != rows[-1].page
            is_first = float(several and page == rows[0].page)
            on_top = float(page == rows[0].page)
            is_last = float(several and page == rows[-1].page)
            self._numbers[page] = len(pages)
            pages.append((*around, scene.sheet.heights[page], is_first, is_last, on_top))
        self._pages = np.array(pages, float).reshape(-1, 8)
        self._rows = np.array(places, float).reshape(-1, 3)

    def features(self, found: Sequence[Candidate]) -> Vector:
        """The features of these candidates, in their order: (candidates, NAMES)."""
        raw = np.array([self._raw(candidate) for candidate in found]).reshape(-1, _RAW).T
        certainty, blur, left, right, y, height, text, whole, number = raw
        on = np.array([self._numbers[candidate.cell.page] for candidate in found], int)
        x0, y0, x1, y1, usual, first, last, top = self._pages[on].T
        in_ = np.array([candidate.cell.row for candidate in found], int)
        row, cells, prose = self._rows[in_].T
        wide, high = np.maximum(1.0, x1 - x0), np.maximum(1.0, y1 - y0)
        place = np.arange(len(found))
        several = float(len(found) > 1)
        down = (y - y0) / high
        columns = (
            certainty,
            blur,
            first,
            last,
            np.maximum(0.0, 1 - down / 0.35),
            np.maximum(0.0, (down - 0.5) / 0.5),
            (left - x0) / wide,
            (right - x0) / wide,
            np.clip(np.log2(np.maximum(0.1, height / np.maximum(1.0, usual))), -1.0, 2.0),
            whole,
            number == 0,
            number == cells - 1,
            prose,
            several / (1 + place),
            several / (len(found) - place),
            np.minimum(1.0, text / 40),
            top * (row == 0),
            top * (row == 1),
            top * (row == 2),
            top * (row >= 3) * (row <= 6),
        )
        return np.column_stack(columns)

    def _raw(self, candidate: Candidate) -> tuple[float, ...]:
        """Measures of a candidate."""
        cell, box = candidate.cell, candidate.box
        return (
            candidate.certainty,
            1 - min([word.first_confidence for word in candidate.words]),
            box.x0,
            box.x1,
            (box.y0 + box.y1) / 2,
            cell.height,
            len(candidate.text),
            candidate.end - candidate.start >= len(cell.text) - 1,
            cell.number,
        )


_RAW = 9
