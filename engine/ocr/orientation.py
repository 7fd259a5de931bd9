"""Finds out whether a scan lies on its side or upside down, and reads it upright.

There is no classifier: recognition itself is unsure of letters that do not stand upright (0.6 to
0.75 on scanned forms and receipts, against 0.94 and more), so when it is unsure, a few long lines
are read in all directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from engine.ocr.ctc import Reading
from engine.types import Box, Image, Line, Reader

TURNS = (0, 90, 180, 270)
SAMPLE = 8
"""Lines that are probed."""
LONG = 2.0
"""A line this many times longer than thick shows which way its text runs."""
SURE = 0.85
"""A page that reads this well as it is, is not probed."""
WORTH_IT = 0.75
"""A turn that does not read at least this well is not believed."""
MARGIN = 1.2
"""A turn must read this many times better than the page as it is."""


@runtime_checkable
class LineReader(Protocol):
    """A reader that can also read single lines, cut out of the page."""

    def recognize(self, strips: Sequence[Image]) -> list[Reading]: ...


def read_upright(reader: Reader, image: Image) -> tuple[list[Line], int]:
    """The lines of the image turned upright, and by how many degrees clockwise it was turned.

    The boxes are pixels of the turned image (see ``turned``). A reader that cannot read single
    lines is taken at its word.
    """
    lines = reader.read(image)
    turn = best_turn(reader, image, lines) if isinstance(reader, LineReader) else 0
    return (reader.read(turned(image, turn)), turn) if turn else (lines, 0)


def turned(image: Image, degrees: int) -> Image:
    """The image turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(image, -degrees // 90))


def best_turn(reader: LineReader, image: Image, lines: Sequence[Line]) -> int:
    """By how many degrees clockwise the image must be turned for its lines to read best."""
    sample = long_lines(lines)
    as_is = score([(line.confidence, line.box) for line in sample], 0)
    if not sample or as_is >= SURE:
        return 0
    scores = {0: as_is}
    for turn in TURNS[1:]:
        along = [line.box for line in sample if runs_across(line.box, turn)]
        strips = [turned(cut(image, box), turn) for box in along]
        read = [reading.confidence for reading in reader.recognize(strips)]
        across = [(0.0, line.box) for line in sample if line.box not in along]
        scores[turn] = score([*zip(read, along, strict=True), *across], turn)
    best = max(scores, key=lambda turn: scores[turn])
    believed = scores[best] >= max(WORTH_IT, MARGIN * as_is)
    return best if believed else 0


def long_lines(lines: Sequence[Line]) -> list[Line]:
    """The longest lines, of those that are clearly longer than thick."""
    clear = [line for line in lines if length(line.box) >= LONG * thickness(line.box)]
    return sorted(clear, key=lambda line: length(line.box), reverse=True)[:SAMPLE]


def score(readings: Sequence[tuple[float, Box]], turn: int) -> float:
    """Mean confidence by length, where a line that would run up or down counts as not read."""
    total = sum(length(box) for _, box in readings)
    read = sum(conf * length(box) for conf, box in readings if runs_across(box, turn))
    return read / total if total else 0.0


def runs_across(box: Box, turn: int) -> bool:
    """Whether the line lies across the page once the page is turned."""
    return (box.width >= box.height) == (turn in (0, 180))


def length(box: Box) -> float:
    return max(box.width, box.height)


def thickness(box: Box) -> float:
    return min(box.width, box.height)


def cut(image: Image, box: Box) -> Image:
    """The pixels in the box, at least one."""
    height, width = image.shape[:2]
    x0, y0 = min(max(int(box.x0), 0), width - 1), min(max(int(box.y0), 0), height - 1)
    return image[y0 : max(int(box.y1) + 1, y0 + 1), x0 : max(int(box.x1) + 1, x0 + 1)]
