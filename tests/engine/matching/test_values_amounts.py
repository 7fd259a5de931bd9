"""Amounts, whole numbers and percentages are read whatever separates, signs and surrounds them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import values
from engine.matching.values import Habits, Reading, Type

POINT = Habits(".", None)
COMMA = Habits(",", None)


def numbers(wanted: Type, text: str, habits: Habits = values.UNKNOWN) -> list[object]:
    return [reading.value for reading in values.find(wanted, text, habits)]


def amount(text: str, habits: Habits = values.UNKNOWN) -> Reading:
    (reading,) = values.find("amount", text, habits)
    return reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1 234,56", 1234.56),
        ("1\u00a0234,56", 1234.56),
        ("1\u202f234\u202f567,89", 1234567.89),
        ("1'234.56", 1234.56),
        ("1\u2019234.56", 1234.56),
        ("12,34,567.00", 1234567),
        ("1.234.567", 1234567),
        ("120 000,00", 120000),
        ("0,5", 0.5),
        (".50", 0.5),
        ("0.00", 0),
        ("Total......12.00", 12),
        ("12.00T", 12),
        ("4.50/kg", 4.5),
        ("*12.00*", 12),
        ("Total:12.00", 12),
        ("6,50 km", 6.5),
        ("5", 5),
    ],
)
def test_digits_become_numbers(text: str, value: float) -> None:
    assert amount(text).value == value


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("RM 9.00", 9, "RM 9.00"),
        ("RM9.00", 9, "RM9.00"),
        ("9.00€", 9, "9.00€"),
        ("total 12,00 EUR", 12, "12,00 EUR"),
        ("Rs.500", 500, "Rs.500"),
        ("NET 12.00", 12, "12.00"),
        ("USD 4,--", 4, "USD 4,--"),
        ("1.234,-", 1234, "1.234,-"),
        ("¥1200", 1200, "¥1200"),
        ("US$ 3.50 each", 3.5, "US$ 3.50"),
        ("EUR12", 12, "EUR12"),
    ],
)
def test_an_attached_currency_is_part_of_what_is_printed(
    text: str, value: float, printed: str
) -> None:
    reading = amount(text)
    assert (reading.value, text[reading.start : reading.end]) == (value, printed)


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("-12.50", -12.5, "-12.50"),
        ("\u221212.50", -12.5, "\u221212.50"),
        ("$ -12.50", -12.5, "$ -12.50"),
        ("-$12.50", -12.5, "-$12.50"),
        ("EUR-5,00", -5, "EUR-5,00"),
        ("NET -12.00", -12, "-12.00"),
        ("(12.00)", -12, "(12.00)"),
        ("(RM 2.50)", -2.5, "(RM 2.50)"),
        ("12.00-", -12, "12.00-"),
        ("12,00- EUR", -12, "12,00- EUR"),
        ("12,00 EUR-", -12, "12,00 EUR-"),
        ("12.00 CR", -12, "12.00 CR"),
        ("12.00 DR", 12, "12.00 DR"),
        ("+12.00", 12, "+12.00"),
        ("(incl. 2.00)", 2, "2.00"),
        ("(3) years", 3, "3"),
        ("-0.00", 0, "-0.00"),
    ],
)
def test_the_sign_is_read_wherever_it_stands(text: str, value: float, printed: str) -> None:
    reading = amount(text)
    assert (reading.value, text[reading.start : reading.end]) == (value, printed)


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("31 00", 31, "31 00"),
        ("Total: 31 00", 31, "31 00"),
        ("RM 31 05", 31.05, "RM 31 05"),
        ("1O.00", 10, "1O.00"),
        ("l2.5O", 12.5, "l2.5O"),
        ("9 .00", 9, "9 .00"),
        ("9. 00", 9, "9. 00"),
        ("RM20. 40", 20.4, "RM20. 40"),
        ("9,00.", 9, "9,00"),
        ("1.234.56", 1234.56, "1.234.56"),
    ],
)
def test_damage_is_mended_where_only_one_reading_is_left(
    text: str, value: float, printed: str
) -> None:
    reading = amount(text)
    assert (reading.value, text[reading.start : reading.end]) == (value, printed)


@pytest.mark.parametrize("text", ["31 00", "1O.00", "9 .00", "9. 00", "1.234.56"])
def test_damage_costs_certainty(text: str) -> None:
    assert amount(text).certainty < amount("31.00").certainty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A-12",
        "12/34",
        "12A",
        "19 %",
        "19,00%",
        "20 percent",
        "20 v. H.",
        "18/03/2026",
        "18 March 2026",
        "18.03.26",
        "09:42",
        "9.42 pm",
        "14h30",
        "+33 4 50 44 68 99",
        "1.2.3",
        "192.168.1.1",
        "No.12345",
        "#12",
        "3pcs",
        "x2",
        "12 Stk",
        "2 x",
        "2024/0017",
        "4929 1234 5678 9012",
        "12345678901234567890",
        "10l",
    ],
)
def test_these_are_no_amounts(text: str) -> None:
    assert values.find("amount", text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("incl. 19% 12.00", [12]),
        ("19 % 12,00", [12]),
        ("5,5% -198,00 €", [-198]),
        ("2 x 3.50", [3.5]),
        ("Plug 2 15.50 31.00", [2, 15.5, 31]),
        ("2 100,00 200,00", [2, 100, 200]),
        ("EUR 12.00 EUR 13.00", [12, 13]),
        ("$12.00 $13.00", [12, 13]),
        ("12.00 - 13.00", [12, 13]),
        ("18/03/2026 12.00", [12]),
        ("3 March 2026 7 12.00", [7, 12]),
        ("Plug 2 15", [2, 15]),
    ],
)
def test_amounts_stand_beside_other_things(text: str, found: list[float]) -> None:
    assert numbers("amount", text) == found


@pytest.mark.parametrize(
    ("text", "habits", "value"),
    [
        ("1,234", values.UNKNOWN, 1234),
        ("1.234", values.UNKNOWN, 1234),
        ("1,234", POINT, 1234),
        ("1.234", POINT, 1.234),
        ("1,234", COMMA, 1.234),
        ("1.234", COMMA, 1234),
        ("0.234", COMMA, 0.234),
        ("1.23", COMMA, 1.23),
    ],
)
def test_three_digits_behind_a_sign_go_by_habit(text: str, habits: Habits, value: float) -> None:
    assert amount(text, habits).value == value


def test_what_looks_like_money_is_surer() -> None:
    texts = ["0012", "2024", "12", "1,234", "RM 12", "12.00", "RM 12.00"]
    certainties = [amount(text).certainty for text in texts]
    assert certainties == sorted(set(certainties))


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.booleans())
def test_every_amount_comes_back_in_either_style(number: float, comma: bool) -> None:
    printed = f"{number:,.2f}"
    if comma:
        printed = printed.translate(str.maketrans(",.", ".,"))
    assert math.isclose(float(amount(printed).value), float(number))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2 x 3.50", [2]),
        ("12 Stk", [12]),
        ("3pcs", [3]),
        ("x2", [2]),
        ("Qty 5", [5]),
        ("-4", [-4]),
        ("1,234", [1234]),
        ("2.00", [2]),
        ("2.50", []),
        ("19 %", []),
        ("A12", []),
        ("page 3/4", []),
        ("18/03/2026", []),
        ("", []),
    ],
)
def test_whole_numbers(text: str, found: list[int]) -> None:
    assert numbers("integer", text) == found


def test_counted_things_are_the_surest_whole_numbers() -> None:
    texts = ["RM 2.00", "2.00", "2", "2 pcs"]
    certainties = [values.find("integer", text)[0].certainty for text in texts]
    assert certainties == sorted(set(certainties))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("19 %", [19]),
        ("19,0 %", [19]),
        ("7.5%", [7.5]),
        ("4.167%", [4.167]),
        ("20 percent", [20]),
        ("20 v. H.", [20]),
        ("20 pour cent", [20]),
        ("20 Prozent", [20]),
        ("-3%", [-3]),
        ("10% and 5%", [10, 5]),
        ("19", []),
        ("A4%", []),
        ("%", []),
    ],
)
def test_percentages(text: str, found: list[float]) -> None:
    assert numbers("percent", text) == found
