"""Phones, e-mail and web addresses, postcodes and countries are told from other print."""

from __future__ import annotations

import pytest

from engine.matching import values
from engine.matching.values import Type


def found(wanted: Type, text: str) -> list[object]:
    return [reading.value for reading in values.find(wanted, text)]


def certainty(wanted: Type, text: str) -> float:
    (reading,) = values.find(wanted, text)
    return reading.certainty


@pytest.mark.parametrize(
    "phone",
    [
        "+33 4 50 44 68 99",
        "+49 (0)30 901820",
        "0044 20 7946 0958",
        "07-355 2616",
        "(03) 9123 4567",
        "212-555-0142",
        "(212) 555-0142",
        "01 42 68 53 00",
        "030/901820",
    ],
)
def test_phones_as_printed(phone: str) -> None:
    assert found("phone", f"Tel: {phone}, or write") == [phone]
    assert certainty("phone", phone) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "18/03/2026 09:42",
        "12.00 13.00",
        "1,234,567.00",
        "DE89 3704 0044 0532 0130 00",
        "12345",
        "4111 1111 1111 1111 22",
        "AB-123456",
        "2024 -- 2025 100",
    ],
)
def test_these_are_no_phones(text: str) -> None:
    assert found("phone", text) == []


def test_a_number_that_no_country_gives_out_is_doubtful() -> None:
    assert certainty("phone", "+999 123 456") < certainty("phone", "+33 4 50 44 68 99")
    assert certainty("phone", "30064443") < certainty("phone", "030 064 443")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("jo.doe+bills@mail.example.org", "jo.doe+bills@mail.example.org"),
        ("mail: a@example.de. Thank you", "a@example.de"),
        ("info@example.co.uk, www", "info@example.co.uk"),
        ("jo @ example . org", "jo@example.org"),
        ("jo@ example.org", "jo@example.org"),
    ],
)
def test_email_without_the_spaces_that_reading_adds(text: str, value: str) -> None:
    assert found("email", text) == [value]


@pytest.mark.parametrize("text", ["", "a@b", "@example.org", "3 @ 4.50", "example.org"])
def test_these_are_no_email(text: str) -> None:
    assert found("email", text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("http://www.example.fr", "http://www.example.fr"),
        ("see (www.example.com/path?x=1).", "www.example.com/path?x=1"),
        ("example.org", "example.org"),
        ("Visit shop.example.co.uk, or", "shop.example.co.uk"),
    ],
)
def test_addresses_of_the_web(text: str, value: str) -> None:
    assert found("url", text) == [value]


@pytest.mark.parametrize("text", ["", "a@example.com", "Fig.1", "U.S.A.", "12.00", "e.g. this"])
def test_these_are_no_addresses_of_the_web(text: str) -> None:
    assert found("url", text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("81100 JOHOR", "81100"),
        ("D-10115 Berlin", "10115"),
        ("Springfield, CA 90210", "90210"),
        ("90210-1234", "90210-1234"),
        ("London SW1A 1AA", "SW1A 1AA"),
        ("1234 AB Amsterdam", "1234 AB"),
        ("1000-205 Lisboa", "1000-205"),
        ("K1A 0B1", "K1A 0B1"),
        ("1010 Wien", "1010"),
        ("560001", "560001"),
    ],
)
def test_postcodes_of_many_countries(text: str, value: str) -> None:
    assert found("postcode", text) == [value]


@pytest.mark.parametrize(
    "text", ["", "12.00", "3500 EUR", "1200 RM", "1234 €", "18/03/2026", "A12345"]
)
def test_these_are_no_postcodes(text: str) -> None:
    assert found("postcode", text) == []


@pytest.mark.parametrize(
    ("text", "value", "least"),
    [
        ("Cork T12 E1P9", "T12 E1P9", 0.9),
        ("Dublin 8 D08 X7E3", "D08 X7E3", 0.9),
        ("Singapore 018956", "018956", 0.9),
        ("A-4020 Linz", "4020", 0.7),
        ("CH-6003 Luzern", "6003", 0.7),
    ],
)
def test_some_postcodes_are_surer_where_they_stand(text: str, value: str, least: float) -> None:
    assert found("postcode", text) == [value]
    assert certainty("postcode", text) >= least


def test_a_town_behind_it_makes_a_postcode_surer() -> None:
    assert certainty("postcode", "10115") < certainty("postcode", "10115 Berlin")
    assert certainty("postcode", "1010") < certainty("postcode", "10115")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("France", "France"),
        ("DEUTSCHLAND", "DEUTSCHLAND"),
        ("10115 Berlin, Germany.", "Germany"),
        ("the United States of America", "United States of America"),
        ("Vereinigtes Königreich", "Vereinigtes Königreich"),
        ("Côte d\u2019Ivoire", "Côte d\u2019Ivoire"),
        ("Países Bajos", "Países Bajos"),
    ],
)
def test_countries_by_their_names(text: str, value: str) -> None:
    assert found("country", text) == [value]


def test_the_longest_name_counts_and_a_small_letter_begins_none() -> None:
    assert found("country", "South Korea, Guinea-Bissau") == ["South Korea", "Guinea-Bissau"]
    assert found("country", "turkey sandwich") == []
    assert certainty("country", "Michael Jordan") < certainty("country", "Spain")
