"""Which way up a scan is, by a scripted reader."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ocr import read_upright
from engine.ocr.ctc import Char, Reading
from engine.ocr.orientation import long_lines, turned
from engine.types import Box, Image, Line, Word


class Certain:
    """Sees one line across the page; reads it, and every single strip, as surely as told."""

    def __init__(self, page: float, strips: float) -> None:
        self.page, self.strips, self.probed = page, strips, 0

    def read(self, image: Image) -> list[Line]:
        return [Line((Word("text", Box(10, 10, 90, 20), self.page),))]

    def recognize(self, strips: Sequence[Image]) -> list[Reading]:
        self.probed += len(strips)
        return [Reading((Char("t", 0, 1, self.strips),)) for _ in strips]


class Plain:
    def read(self, image: Image) -> list[Line]:
        return [Line((Word("text", Box(0, 0, 4, 90), 0.1),))]


PAGE: Image = np.full((100, 100, 3), 255, dtype=np.uint8)


def test_page_that_reads_well_is_not_probed() -> None:
    reader = Certain(page=0.9, strips=1.0)
    assert read_upright(reader, PAGE)[1] == 0
    assert reader.probed == 0


def test_page_that_reads_much_better_upside_down_is_turned() -> None:
    assert read_upright(Certain(page=0.6, strips=0.95), PAGE)[1] == 180


def test_page_that_reads_a_little_better_upside_down_stays() -> None:
    assert read_upright(Certain(page=0.8, strips=0.9), PAGE)[1] == 0


def test_page_that_reads_badly_every_way_stays() -> None:
    assert read_upright(Certain(page=0.1, strips=0.6), PAGE)[1] == 0


def test_reader_without_single_lines_is_taken_at_its_word() -> None:
    lines, turn = read_upright(Plain(), PAGE)
    assert (len(lines), turn) == (1, 0)


def test_only_lines_that_show_a_direction_are_probed() -> None:
    boxes = [Box(0, 0, 10, 10), Box(0, 0, 10, 30), Box(0, 0, 50, 10)]
    lines = [Line((Word("x", box, 0.5),)) for box in boxes]
    assert [line.box for line in long_lines(lines)] == [boxes[2], boxes[1]]


def test_four_quarter_turns_are_none() -> None:
    page = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    once = turned(page, 90)
    assert once[0, -1].tolist() == page[0, 0].tolist()
    assert np.array_equal(turned(once, 270), page)
