"""One real reader for all tests that need one, and pictures of text to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from engine.ocr import load
from engine.types import Image

if TYPE_CHECKING:
    from engine.ocr.paddle import PaddleReader

Draw = Callable[..., Image]


@pytest.fixture(scope="session")
def reader() -> PaddleReader:
    return load(threads=2)


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Draws lines of text, black on white, one below the other."""

    def page(*lines: str, size: int = 28, width: int = 800) -> Image:
        canvas = Pictures.new("RGB", (width, 60 + 2 * size * len(lines)), "white")
        pen, font = ImageDraw.Draw(canvas), ImageFont.load_default(size=size)
        for row, line in enumerate(lines):
            pen.text((40, 30 + 2 * size * row), line, fill="black", font=font)
        return np.asarray(canvas, dtype=np.uint8)

    return page
