"""Strips cut out of a page, and the way back to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ocr.crops import cut
from engine.types import Box


def quad(
    x0: float, y0: float, x1: float, y1: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)


def blank(
    width: int = 300, height: int = 300
) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.full((height, width, 3), 255, dtype=np.uint8)


def test_level_strip_is_the_pixels_in_the_box() -> None:
    page = blank()
    page[40:50, 100:120] = 7
    strip = cut(page, quad(80, 30, 180, 60))
    assert strip.image.shape == (30, 100, 3)
    assert strip.image[15, 30].tolist() == [7, 7, 7]


def test_tall_strip_is_turned_so_that_text_running_down_reads() -> None:
    page = blank()
    page[10:20, 100:110] = 7
    strip = cut(page, quad(95, 0, 115, 200))
    assert strip.image.shape == (20, 200, 3)
    assert strip.image[10, 15].tolist() == [7, 7, 7]


def test_strip_thinner_than_a_pixel_is_still_one() -> None:
    assert cut(blank(), quad(5, 5, 7, 5.4)).image.shape == (1, 2, 3)


@given(
    x=st.integers(0, 100),
    y=st.integers(0, 100),
    width=st.integers(5, 200),
    height=st.integers(5, 200),
)
def test_whole_strip_maps_back_to_the_box_it_was_cut_from(
    x: int, y: int, width: int, height: int
) -> None:
    strip = cut(blank(), quad(x, y, x + width, y + height))
    rows, columns = strip.image.shape[:2]
    back = strip.page_box(Box(0, 0, columns, rows))
    assert (back.x0, back.y0, back.x1, back.y1) == pytest.approx(
        (x, y, x + width, y + height), abs=0.01
    )
