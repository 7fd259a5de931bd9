"""Identifiers are found as printed, those with a checksum in normal form and with its verdict."""

from __future__ import annotations

import pytest

from engine.matching import values
from engine.matching.values import Reading, Type


def only(wanted: Type, text: str) -> Reading:
    (reading,) = values.find(wanted, text)
    return reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Invoice No: INV-4821.", "INV-4821"),
        ("RE 2024/0017", "RE 2024/0017"),
        ("Ref (#AB_2015/9)", "#AB_2015/9"),
        ("9314110911/00/M/00/N", "9314110911/00/M/00/N"),
        ("30064443", "30064443"),
        ("A-17-2024.B", "A-17-2024.B"),
        ("PO445,", "PO445"),
        ("No.12345", "12345"),
        ("Nr. 2024-001", "2024-001"),
        ("Inv.No.AB123", "AB123"),
        ("Invoice#123", "123"),
        ("TEL 12345", "12345"),
        ("MAR 1234", "1234"),
        ("Tax id:000123456789)", "000123456789"),
        ("999 999 998 00010", "999 999 998 00010"),
        ("ABC/DEF", "ABC/DEF"),
        ("12.345.678", "12.345.678"),
    ],
)
def test_codes_are_found_as_printed(text: str, value: str) -> None:
    reading = only("code", text)
    assert reading.value == value == text[reading.start : reading.end]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invoice",
        "18/03/2026",
        "18 March 2026",
        "12.00",
        "$30.17",
        "RM9.00",
        "1,234.56",
        "09:42",
        "19%",
        "+33 4 50 44 68 99",
        "jo12@example.org",
        "https://example.org/ab12",
    ],
)
def test_these_are_no_codes(text: str) -> None:
    assert values.find("code", text) == []


def test_codes_look_more_like_codes_with_letters_signs_and_length() -> None:
    texts = ["7", "250g", "123", "17/02", "12345", "2024-001", "INV-4821"]
    certainties = [only("code", text).certainty for text in texts]
    assert certainties == sorted(certainties)


def test_short_numbers_side_by_side_are_codes_each() -> None:
    assert [reading.value for reading in values.find("code", "12 34 567")] == ["12", "34", "567"]


@pytest.mark.parametrize(
    "text",
    [
        "DE89370400440532013000",
        "IBAN: DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX",
        "IBANDE89 3704 0044 0532 0130 00",
        "DE89 37O4 0044 O532 0130 00",
        "DE89-3704-0044-0532-0130-00.",
    ],
)
def test_an_iban_ends_where_its_country_says(text: str) -> None:
    reading = only("iban", text)
    assert (reading.value, reading.certainty) == ("DE89370400440532013000", 1.0)


def test_a_wrong_checksum_makes_an_iban_doubtful() -> None:
    reading = only("iban", "DE89 3704 0044 0532 0130 01")
    assert reading.value == "DE89370400440532013001"
    assert reading.certainty < 0.5


@pytest.mark.parametrize(
    "text", ["", "DE89 3704", "ZZ89370400440532013000", "XDE89370400440532013000"]
)
def test_these_are_no_ibans(text: str) -> None:
    assert values.find("iban", text) == []


def test_a_bic_is_sure_beside_its_name_and_doubtful_where_it_could_be_a_word() -> None:
    beside = only("bic", "BIC COBADEFFXXX")
    assert (beside.value, beside.certainty) == ("COBADEFFXXX", 0.95)
    assert only("bic", "DEUTDEFF500").certainty > only("bic", "DOCUMENT").certainty
    assert values.find("bic", "QUANTITY SWIFT Deutdeff") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DE136695976", "DE136695976"),
        ("VAT: DE 136 695 976 HRB 1234", "DE136695976"),
        ("FR 40 303 265 045", "FR40303265045"),
        ("CHE-107.787.577 MWST", "CHE107787577"),
        ("GB 980 7806 84", "GB980780684"),
        ("ATU 13585627", "ATU13585627"),
        ("IT00743110157", "IT00743110157"),
        ("NO 995 525 828 MVA", "NO995525828MVA"),
    ],
)
def test_vat_numbers_with_a_right_checksum(text: str, value: str) -> None:
    reading = only("vat_id", text)
    assert reading.value == value
    assert reading.certainty > 0.9


def test_a_wrong_checksum_makes_a_vat_number_doubtful() -> None:
    assert only("vat_id", "DE123456789").certainty < 0.7


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ABN 51 000 000 680", "51000000680"),
        ("P.IVA 01234560017", "01234560017"),
        ("CNPJ: 11.222.333/0001-81", "11222333/000181"),
        ("NIF 500 123 454", "500123454"),
        ("C.I.F.: B-12345674", "B12345674"),
        ("GST Reg. No. 201200017Z", "201200017Z"),
        ("VAT Reg No 123 4567 27", "123456727"),
        ("EIN 12-3456789", "123456789"),
        ("GST No: 000123456780", "000123456780"),
        ("Partita IVA / C.F.: 01234560018", "01234560018"),
        ("Contribuinte n.º 500123455", "500123455"),
    ],
)
def test_tax_numbers_without_a_country_are_surest_behind_their_label(text: str, value: str) -> None:
    reading = only("vat_id", text)
    assert reading.value == value
    assert reading.certainty >= 0.85
    bare = values.find("vat_id", text[reading.start : reading.end])
    assert all(0.5 <= each.certainty <= reading.certainty for each in bare)


@pytest.mark.parametrize(
    "text",
    [
        "GST 6% 12.00",
        "VAT 20.0% 1,234.56",
        "TVA: 1 234 567,00",
        "MwSt 19% 45,60",
        "IVA 22% 1.234.567,89",
        "Order 500123455",
        "Tel 02 5550 1234",
    ],
)
def test_amounts_of_tax_and_other_numbers_are_no_tax_numbers(text: str) -> None:
    assert values.find("vat_id", text) == []


@pytest.mark.parametrize("text", ["", "DE 28001", "136695976", "DE1366959761", "CODE136695976"])
def test_these_are_no_vat_numbers(text: str) -> None:
    assert values.find("vat_id", text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4111 1111 1111 1111", "4111111111111111"),
        ("4111-1111-1111-1111", "4111111111111111"),
        ("Card **** 4417", "****4417"),
        ("XXXXXXXXXXXX4417", "XXXXXXXXXXXX4417"),
        ("XXXX XXXX XXXX 4417", "XXXXXXXXXXXX4417"),
        ("4111 11** **** 1111", "411111******1111"),
    ],
)
def test_cards_whole_and_masked(text: str, value: str) -> None:
    reading = only("card", text)
    assert reading.value == value
    assert reading.certainty >= 0.6


@pytest.mark.parametrize(
    "text", ["", "12/34", "....1234", "4111 1111", "X1234", "A4111111111111111"]
)
def test_these_are_no_cards(text: str) -> None:
    assert values.find("card", text) == []


def test_a_wrong_check_digit_makes_a_card_doubtful() -> None:
    assert only("card", "4111 1111 1111 1112").certainty < 0.5
