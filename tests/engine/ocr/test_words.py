"""Lines become words: where they part, and the boxes of their ink."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ocr import ink, words
from engine.ocr.crops import Crop
from engine.ocr.ctc import Char, Reading
from engine.types import Box, Image

HEIGHT, LETTER = 20, 10


def strip(pattern: str) -> Crop:
    """A block of ink 10 pixels wide for every x, paper for every space."""
    image: Image = np.full((HEIGHT, LETTER * len(pattern), 3), 255, dtype=np.uint8)
    for at, mark in enumerate(pattern):
        if mark == "x":
            image[5:15, at * LETTER + 1 : (at + 1) * LETTER - 1] = 0
    return Crop(image, np.eye(3))


def reading(pattern: str, text: str, space: float = 0.0) -> Reading:
    """The text's characters at the blocks of the pattern, each seen with the same space before."""
    places = [at for at, mark in enumerate(pattern) if mark == "x"]
    size = len(pattern)
    return Reading(
        tuple(
            Char(char, (at + 0.4) / size, (at + 0.6) / size, 0.9, space)
            for char, at in zip(text, places, strict=True)
        )
    )


def texts(pattern: str, text: str, space: float = 0.0) -> list[str]:
    line = words.line(strip(pattern), reading(pattern, text, space))
    return [word.text for word in line.words] if line else []


def test_lost_space_is_put_back_where_the_network_half_saw_it_and_the_ink_parts() -> None:
    assert texts("xx  xx", "abcd", space=0.02) == ["ab", "cd"]


def test_word_is_as_sure_as_its_least_sure_character() -> None:
    doubtful = [Char("a", 0.1, 0.2, 0.9), Char("b", 0.4, 0.5, 0.6), Char("c", 0.7, 0.8, 0.9)]
    (word,) = words.line(strip("x  x  x"), Reading(tuple(doubtful))).words  # type: ignore[union-attr]
    assert word.confidence == pytest.approx(0.6)
    lost = Reading((Char("a", 0.2, 0.3, 0.9), Char("b", 0.7, 0.8, 0.9, lost_before=0.5)))
    (word,) = words.line(strip("x    x"), lost).words  # type: ignore[union-attr]
    assert word.confidence == pytest.approx(0.45)


def test_wide_gap_alone_parts_nothing() -> None:
    assert texts("xx  xx", "abcd", space=0.0) == ["abcd"]


def test_faint_guess_between_touching_letters_parts_nothing() -> None:
    assert texts("xxxx", "abcd", space=0.02) == ["abcd"]


def test_chinese_run_is_one_word() -> None:
    assert texts("xxxx", "发票号码") == ["发票号码"]


def test_line_of_spaces_is_no_line() -> None:
    blank = Reading((Char(" ", 0.4, 0.6, 0.9),))
    assert words.line(strip("xx"), blank) is None
    assert words.line(strip("xx"), Reading(())) is None


def test_box_is_the_ink_and_a_little_air() -> None:
    line = words.line(strip(" xx "), reading(" xx ", "ab"))
    assert line is not None
    air_x, air_y = words.MARGIN_X * HEIGHT, words.MARGIN_Y * HEIGHT
    assert line.words[0].box == Box(11 - air_x, 5 - air_y, 29 + air_x, 15 + air_y)


def test_neighbours_descenders_at_the_edge_do_not_count() -> None:
    crop = strip("xxxx")
    crop.image[0:3, 5:7] = 0
    extent = ink.extent(ink.mask(crop.image), 0, 40)
    assert extent == Box(1, 5, 39, 15)


def test_rule_under_the_words_does_not_join_them() -> None:
    crop = strip("xx  xx")
    crop.image[17:19, :] = 0
    assert (19, 41) in ink.blank_runs(np.asarray(ink.mask(crop.image).any(axis=0)))


def test_ink_is_found_on_a_dark_ground_too() -> None:
    dark = (255 - strip("x x").image).astype(np.uint8)
    assert ink.extent(ink.mask(dark), 0, 30) == Box(1, 5, 29, 15)


def test_paper_without_ink_has_no_extent() -> None:
    assert ink.extent(np.zeros((HEIGHT, 30), dtype=np.bool_), 0, 30) is None


@given(st.lists(st.booleans(), max_size=80))
def test_blank_runs_are_exactly_the_columns_without_ink(inked: list[bool]) -> None:
    runs = ink.blank_runs(np.array(inked, dtype=np.bool_))
    assert [at for start, end in runs for at in range(start, end)] == [
        at for at, filled in enumerate(inked) if not filled
    ]


@given(st.text(alphabet="ab 漢é", max_size=12), st.floats(0, 1))
def test_no_character_is_lost_or_moved(text: str, space: float) -> None:
    pattern = "x" * max(len(text), 1)
    line = words.line(strip(pattern), reading(pattern[: len(text)], text, space))
    assert (line.text if line else "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("start", "end"), [(0, 0), (10, 10), (30, 40)])
def test_box_of_no_columns_is_still_a_box(start: int, end: int) -> None:
    assert words.box(ink.mask(strip("xxx").image), start, end).height == HEIGHT
