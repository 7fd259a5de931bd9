"""A document's habits come from what it prints clearly, and whatever is printed is safe to read."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import values
from engine.matching.values import Habits
from tests import speed

PRINT = st.one_of(
    st.text(max_size=80),
    st.text("0123456789OolI .,:;/-+()%€$#'xX*@DEMAR\u00a0", max_size=80),
    st.lists(
        st.sampled_from(
            [
                "18/03/2026",
                "1.234,56",
                "RM",
                "9.00",
                "März",
                "18",
                "DE89 3704 0044 0532 0130 00",
                "☒",
                "No",
                "three (3) years",
                "jo@example.org",
                "+33 4 50",
                "%",
                "\u0665\u0663",
                "²",
                "France",
                "x2",
                "31 00",
            ]
        ),
        max_size=12,
    ).map(" ".join),
)


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (["12,00", "1.234,56"], ","),
        (["Total 12.00 EUR"], "."),
        (["1,234,567"], "."),
        (["1.234.567"], ","),
        (["1 234,50 €"], ","),
        (["12.00", "13.00", "1,50"], "."),
        (["12.00", "1,50"], None),
        (["18.03", "7.50 pm", "19,00 %", "18.03.2026", "1,234", "v1.10.2"], "."),
        (["1,234", "5"], None),
        ([], None),
    ],
)
def test_most_clear_numbers_decide_on_the_decimal_sign(
    texts: list[str], decimal: str | None
) -> None:
    assert values.habits(texts).decimal == decimal


@pytest.mark.parametrize(
    ("texts", "day_first"),
    [
        (["18/03/2026", "03/04/2026"], True),
        (["03/18/2026", "03/04/2026"], False),
        (["18/03/2026", "03/18/2026"], None),
        (["03/04/2026"], None),
        (["Issued March 18, 2026"], False),
        (["March 18, 2026", "18/03/2026"], True),
        (["18 March 2026"], None),
        ([], None),
    ],
)
def test_a_clear_date_decides_on_the_order_of_all(texts: list[str], day_first: bool | None) -> None:
    assert values.habits(texts).day_first == day_first


def test_habits_look_at_a_bounded_part_of_an_endless_document() -> None:
    assert values.habits(itertools.repeat("12,00")).decimal == ","


@given(PRINT, st.sampled_from([values.UNKNOWN, Habits(",", False), Habits(".", True)]))
def test_readings_are_in_order_in_range_and_apart(text: str, habits: Habits) -> None:
    for wanted in values.TYPES:
        end = 0
        for reading in values.find(wanted, text, habits):
            assert reading.type == wanted
            assert end <= reading.start < reading.end <= len(text)
            assert 0 < reading.certainty <= 1
            end = reading.end
            if isinstance(reading.value, int | float):
                assert math.isfinite(reading.value)
                assert abs(reading.value) <= 10**15


@given(st.lists(PRINT, max_size=5))
def test_any_text_has_habits(texts: list[str]) -> None:
    found = values.habits(texts)
    assert found.decimal in (".", ",", None)
    assert found.day_first in (True, False, None)


@pytest.mark.parametrize(
    "junk",
    [
        "1",
        "1 ",
        "1.",
        "1,1",
        "A",
        "A1",
        "a.",
        "a@",
        "x",
        "* ",
        "(",
        "- ",
        "O0",
        "1/",
        "May 1 ",
        "1 May ",
    ],
)
def test_long_junk_is_cut_and_read_in_no_time(junk: str) -> None:
    text = junk * 50_000
    for wanted in values.TYPES:
        assert all(reading.end <= 2_000 for reading in values.find(wanted, text))
    assert speed.within(2, lambda: [list(values.find(wanted, text)) for wanted in values.TYPES])
