"""Proves that a loaded reader reads: draws a known text and compares."""

from __future__ import annotations

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from engine.types import Image, Reader

EXPECTED = "Total amount 1234.50"


class SelfTestFailed(Exception):
    """The OCR reader does not read its test image."""


def self_test(reader: Reader) -> None:
    """Raise SelfTestFailed unless the reader reads the test image to the letter."""
    found = " ".join(line.text for line in reader.read(picture()))
    if found != EXPECTED:
        raise SelfTestFailed(f"the OCR reader read {found!r} where {EXPECTED!r} is written")


def picture() -> Image:
    """The expected text, black on white."""
    canvas = Pictures.new("RGB", (640, 160), "white")
    ImageDraw.Draw(canvas).text(
        (60, 50), EXPECTED, fill="black", font=ImageFont.load_default(size=48)
    )
    return np.asarray(canvas, dtype=np.uint8)
