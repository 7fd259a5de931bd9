"""Dates and times in any printed form become one normal form, with a certainty that fits."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import values
from engine.matching.values import Habits, Reading, months

MONTH_FIRST = Habits(None, False)
DAY_FIRST = Habits(None, True)


def only(text: str, habits: Habits = values.UNKNOWN) -> Reading:
    (reading,) = values.find("date", text, habits)
    return reading


@pytest.mark.parametrize(
    "text",
    [
        "18/03/2026",
        "18-03-26",
        "2026/03/18",
        "2026-03-18T10:00",
        "18.3.26",
        "18. März 2026",
        "18. Maerz 2026",
        "18. Marz 2026",
        "18.Mrz.2026",
        "Mar 18 2026",
        "March 18th, 2026",
        "18 MAR 26",
        "18 Mar '26",
        "Mar18'26",
        "18MAR2026",
        "18-Mar-2026",
        "Mar-18-2026",
        "20260318",
        "2026 March 18",
        "18 de marzo de 2026",
        "18 de março de 2026",
        "the 18th day of March, 2026",
        "le 18 mars 2026",
        "18º de março 2026",
        "18° marzo 2026",
        "den 18. März 2026",
        "18 maart 2026",
        "18 mrt. 2026",
        "Mercredi 18 MARS 2026",
        "18 marts 2026",
        "18 Mac 2026",
        "2026年3月18日",
        "18 03 2026",
    ],
)
def test_every_printed_form_is_read(text: str) -> None:
    assert only(text).value == "2026-03-18"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("18 / 03 / 2026", "18 / 03 / 2026"),
        ("18/03/202609:42", "18/03/2026"),
        ("18/03/2609:42", "18/03/26"),
        ("2026-03-1809:42", "2026-03-18"),
        ("18MAR202609:42", "18MAR2026"),
        ("18.03:2026", "18.03:2026"),
        ("18,03.2026", "18,03.2026"),
        ("l8/O3/2O26", "l8/O3/2O26"),
        ("Date:18.03.2026.", "18.03.2026"),
        ("Wednesday, 18 March 2026 at 10", "18 March 2026"),
    ],
)
def test_what_a_reader_of_images_spoils_is_still_a_date(text: str, printed: str) -> None:
    reading = only(text)
    assert (reading.value, text[reading.start : reading.end]) == ("2026-03-18", printed)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1er janvier 2024", "2024-01-01"),
        ("22nd day of January, 2013", "2013-01-22"),
        ("15 Sept. 2020", "2020-09-15"),
        ("3 AOUT 2020", "2020-08-03"),
        ("7 luglio 2022", "2022-07-07"),
        ("15 de abr. de 2021", "2021-04-15"),
        ("29.02.2024", "2024-02-29"),
        ("30-11-99", "1999-11-30"),
        ("01.01.69", "2069-01-01"),
        ("01.01.70", "1970-01-01"),
        ("12 Stück 18 März 2026", "2026-03-18"),
    ],
)
def test_other_dates(text: str, value: str) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "March",
        "18 March",
        "1.2.3",
        "v10.2.14.1",
        "192.168.10.12",
        "31/02/2026",
        "29.02.2025",
        "00/00/2026",
        "07-355 2616",
        "18:03:26",
        "18 MAR 18:30",
        "12,13,14",
        "1.07 .41",
        "18/03",
        "118/03/2026",
        "12 Stück 24",
        "99-03-18",
        "120260318",
    ],
)
def test_these_are_no_dates(text: str) -> None:
    assert values.find("date", text) == []


@pytest.mark.parametrize(
    ("text", "habits", "value"),
    [
        ("03/04/2026", values.UNKNOWN, "2026-04-03"),
        ("03/04/2026", DAY_FIRST, "2026-04-03"),
        ("03/04/2026", MONTH_FIRST, "2026-03-04"),
        ("04/13/2026", DAY_FIRST, "2026-04-13"),
        ("13/04/2026", MONTH_FIRST, "2026-04-13"),
    ],
)
def test_day_and_month_go_by_what_is_possible_and_else_by_habit(
    text: str, habits: Habits, value: str
) -> None:
    assert only(text, habits).value == value


def test_an_open_order_of_day_and_month_costs_certainty() -> None:
    open_, known = only("03/04/2026"), only("03/04/2026", MONTH_FIRST)
    assert open_.certainty < known.certainty < only("13/04/2026").certainty
    assert only("04/04/2026").certainty == only("13/04/2026").certainty


def test_mended_digits_and_short_years_cost_certainty() -> None:
    assert only("l3/04/2026").certainty < only("13/04/2026").certainty
    assert only("13.4.26").certainty < only("13.04.26").certainty < only("13.04.2026").certainty


def test_both_dates_of_a_span_are_found() -> None:
    found = values.find("date", "01.02.2026-15.02.2026 and 3 March 2026")
    assert [reading.value for reading in found] == ["2026-02-01", "2026-02-15", "2026-03-03"]


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from("/.-"))
def test_every_day_comes_back(day: date, sign: str) -> None:
    assert only(day.strftime(f"%d{sign}%m{sign}%Y"), DAY_FIRST).value == day.isoformat()
    assert only(day.strftime(f"%m{sign}%d{sign}%Y"), MONTH_FIRST).value == day.isoformat()
    assert only(day.strftime(f"%Y{sign}%m{sign}%d")).value == day.isoformat()
    assert only(day.strftime(f"%d{sign}%m{sign}%y"), DAY_FIRST).value == day.isoformat()


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from(sorted(months.numbers())))
def test_every_name_of_a_month_is_read(day: date, name: str) -> None:
    number = months.numbers()[name]
    wanted = day.replace(day=min(day.day, 28), month=number)
    assert only(f"{wanted.day}. {name} {wanted.year}").value == wanted.isoformat()
    assert only(f"{name.upper()} {wanted.day}, {wanted.year}").value == wanted.isoformat()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("09:42", "09:42"),
        ("at 9:42 am", "09:42"),
        ("9.42 pm", "21:42"),
        ("9.42 p.m.", "21:42"),
        ("14h30", "14:30"),
        ("14 Uhr", "14:00"),
        ("14.30 Uhr", "14:30"),
        ("2 pm", "14:00"),
        ("12 am", "00:00"),
        ("12:05 PM", "12:05"),
        ("4:58P", "16:58"),
        ("8:01:11 PM", "20:01:11"),
        ("18/03/202609:42", "09:42"),
        ("2026-03-18T10:00", "10:00"),
        ("05: 49PM", "17:49"),
    ],
)
def test_times_of_day(text: str, value: str) -> None:
    (reading,) = values.find("time", text)
    assert reading.value == value


@pytest.mark.parametrize("text", ["", "25:00", "1:2:3", "9.42", "3hrs", "00:1A:2B", "12/34", "2 a"])
def test_these_are_no_times(text: str) -> None:
    assert values.find("time", text) == []
