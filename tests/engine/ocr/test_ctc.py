"""Columns of probabilities become characters with places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ocr.ctc import Reading, decode

CLASSES = ["blank", "a", "b", " "]


def columns(path: list[int], used: float = 1.0) -> Reading:
    probabilities = np.full((len(path), len(CLASSES)), 0.1, dtype=np.float32)
    probabilities[np.arange(len(path)), path] = 0.7
    return decode(probabilities, CLASSES, used)


def test_repeats_are_one_character_and_blanks_part_two() -> None:
    assert columns([0, 1, 1, 0, 1, 2]).text == "aab"


def test_characters_know_their_columns() -> None:
    first, second = columns([0, 1, 1, 0, 0, 0, 2, 0]).chars
    assert (first.x0, first.x1) == (1 / 8, 3 / 8)
    assert second.center == 6.5 / 8


def test_padding_does_not_count_as_width() -> None:
    (char,) = columns([0, 1, 0, 0], used=0.5).chars
    assert (char.x0, char.x1) == (0.5, 1.0)


def test_unread_space_leaves_its_likelihood_with_the_next_character() -> None:
    probabilities = np.zeros((3, 4), dtype=np.float32)
    probabilities[0, 1] = probabilities[2, 2] = 1
    probabilities[1] = [0.6, 0, 0, 0.4]
    first, second = decode(probabilities, CLASSES).chars
    assert first.space_before == 0
    assert second.space_before == pytest.approx(0.4)


def test_letter_that_lost_against_the_blank_is_a_doubt_of_the_next_character() -> None:
    probabilities = np.zeros((4, 5), dtype=np.float32)
    probabilities[0, 1] = probabilities[3, 2] = 1
    probabilities[1] = [0.5, 0.1, 0.1, 0.1, 0.3]
    probabilities[2] = [0.99, 0, 0, 0, 0.01]
    first, second = decode(probabilities, [*CLASSES, "c"]).chars
    assert first.lost_before == 0
    assert second.lost_before == pytest.approx(0.3)


def test_neighbours_fading_out_are_no_lost_letters() -> None:
    probabilities = np.zeros((3, 4), dtype=np.float32)
    probabilities[0, 1] = probabilities[2, 2] = 1
    probabilities[1] = [0.4, 0.3, 0.2, 0.1]
    assert [char.lost_before for char in decode(probabilities, CLASSES).chars] == [0, 0]


def test_empty_line_has_no_confidence() -> None:
    assert columns([0, 0]) == Reading(())
    assert columns([0, 0]).confidence == 0


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.floats(0.1, 1))
def test_characters_stand_in_order_inside_the_line(path: list[int], used: float) -> None:
    chars = columns(path, used).chars
    edges = [edge for char in chars for edge in (char.x0, char.x1)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= 1 for edge in edges)
