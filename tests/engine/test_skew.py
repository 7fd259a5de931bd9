"""Pages that hang askew are measured, and their words put back into rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import skew
from engine.types import Box, Line, Word

SLOPES = st.floats(-0.05, 0.05)


def form(slope: float = 0.0, rows: int = 12, columns: int = 3) -> list[Line]:
    """Short words in rows and columns, each row that many pixels lower for a pixel to the right."""
    return [
        Line((Word("Oak", Box(x, y, x + 80, y + 20), 0.9),))
        for row in range(rows)
        for x in range(50, 50 + 300 * columns, 300)
        for y in [50 + 30 * row + slope * (x + 40)]
    ]


@given(st.floats(0.02, 0.055), st.sampled_from([-1, 1]))
def test_the_slope_of_a_page_is_found(slope: float, way: int) -> None:
    assert skew.slope(form(way * slope)) == pytest.approx(way * slope, abs=0.01)


def test_a_level_page_has_none() -> None:
    assert skew.slope(form()) == 0.0


@pytest.mark.parametrize(
    "lines",
    [[], form(0.04, rows=1), form(0.04, columns=1), form(0.002)],
    ids=["nothing", "a_few_words", "a_single_column", "hardly_any_slope"],
)
def test_without_a_sign_of_a_slope_a_page_is_level(lines: Sequence[Line]) -> None:
    assert skew.slope(lines) == 0.0


@given(SLOPES)
def test_levelled_words_of_a_row_stand_side_by_side(slope: float) -> None:
    left, right, *_ = [line.words[0] for line in form(slope)]
    boxes = [skew.level_word(word, slope).box for word in (left, right)]
    assert boxes[0].y0 == pytest.approx(boxes[1].y0)
    assert boxes == [skew.level(word.box, slope) for word in (left, right)]
    assert [box.x0 for box in boxes] == [left.box.x0, right.box.x0]


@given(
    st.lists(st.tuples(*[st.floats(0, 10_000)] * 2, *[st.floats(0, 500)] * 2), max_size=30),
)
def test_words_anywhere_have_a_slope_within_bounds(
    boxes: list[tuple[float, float, float, float]],
) -> None:
    words = [Word("Oak", Box(x, y, x + wide, y + high), 0.5) for x, y, wide, high in boxes]
    assert abs(skew.slope([Line((word,)) for word in words])) <= skew.STEEPEST
