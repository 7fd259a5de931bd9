"""The second reading with the real models, on pictures drawn here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from engine import second
from engine.types import Line, Page
from tests.engine.ocr.conftest import Draw

if TYPE_CHECKING:
    from engine.ocr.paddle import PaddleReader

pytestmark = pytest.mark.ocr


def test_lines_are_cut_out_where_they_are(reader: PaddleReader, draw: Draw) -> None:
    image = draw("Invoice 4711 of 3 May", "Total 1,250.00 EUR")
    lines = sorted(reader.read(image), key=lambda line: line.box.y0)
    unsure = tuple(Line(tuple(replace(w, confidence=0.5) for w in line.words)) for line in lines)
    scan = Page(1, image.shape[1], image.shape[0], unsure, "")
    assert second.checked(scan, image, reader) == scan
    wrong = Line((replace(unsure[0].words[0], text="Invo1ce"), *unsure[0].words[1:]))
    found = second.checked(replace(scan, lines=(wrong,)), image, reader)
    assert found.lines[0].words[0].other == "Invoice"
