"""What speaks against a value is said, and makes it less sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import schema
from engine.matching import Extraction, doubts, extract
from engine.matching.values import accounts, tax
from engine.types import DIFFERING, Box, FieldValue, Line, Page, Word
from tests.engine.matching.pages import typed

INVOICE = """
Invoice number: 4711
IBAN: DE89 3704 0044 0532 0130 00

Subtotal        100.00
Tax              19.00
Total           119.00
"""
WANTED = {"invoice_number": "", "iban": "", "subtotal": 0.5, "tax": 0.5, "total": 0.5}


def found(text: str, *others: tuple[str, str], check: bool = True) -> Extraction:
    """The fields of a page on which words were also read as something else."""
    return extract(schema.parse(WANTED), [misread(typed(text), *others)], check=check)


def misread(page: Page, *others: tuple[str, str]) -> Page:
    said = dict(others)

    def again(word: Word) -> Word:
        if word.text not in said:
            return word
        return replace(word, other=said[word.text], confidence=DIFFERING * word.confidence)

    return replace(page, lines=tuple(Line(tuple(map(again, line.words))) for line in page.lines))


def reasons(extraction: Extraction) -> dict[str, str]:
    return {path: value.reason for path, value in extraction.fields.items() if value.flag}


def value(*words: tuple[str, str], reason: str = "") -> FieldValue:
    read = tuple(Word(text, Box(0, 0, 9, 9), 0.9, other) for text, other in words)
    return FieldValue("x", 0.8, bool(reason), reason, words=read)


class TestTwoReadings:
    def test_that_differ_are_quoted(self) -> None:
        doubted = doubts.reread(value(("1,250.00", "1,280.00")))
        assert doubted.reason == "Two readings differ: “1,250.00” and “1,280.00”."
        assert (doubted.flag, round(doubted.confidence, 2)) == (True, 0.64)

    def test_that_agree_change_nothing(self) -> None:
        sure = value(("1,250.00", ""))
        assert doubts.reread(sure) is sure

    def test_are_quoted_whole_unless_they_are_long(self) -> None:
        short = doubts.reread(value(("Lane", ""), ("5", "6")))
        assert "“Lane 5” and “Lane 6”" in short.reason
        long = doubts.reread(value(("Lane" * 12, ""), ("5", "6")))
        assert "“5” and “6”" in long.reason

    def test_come_before_what_else_is_to_be_said(self) -> None:
        said = doubts.reread(value(("5", "6"), reason="“7” is also likely.")).reason
        assert said == "Two readings differ: “5” and “6”. “7” is also likely."
        vague = doubts.reread(value(("5", "6"), reason=doubts.HARD_TO_READ)).reason
        assert vague == "Two readings differ: “5” and “6”."

    def test_make_their_field_doubtful_and_no_other(self) -> None:
        sure, doubtful = found(INVOICE), found(INVOICE, ("4711", "4771"))
        assert doubtful.data == sure.data
        number = doubtful.fields["invoice_number"]
        assert number.reason.startswith("Two readings differ: “4711” and “4771”.")
        surely = sure.fields["invoice_number"].confidence
        assert number.confidence == pytest.approx(doubts.REREAD * surely)
        others = sure.fields.keys() - {"invoice_number"}
        assert all(doubtful.fields[name] == sure.fields[name] for name in others)

    def test_make_a_row_and_its_list_doubtful(self) -> None:
        rows = "Item          Quantity    Price    Amount\n" + "\n".join(
            f"Chair {n}        {n}         4.00     {4 * n}.00" for n in range(2, 6)
        )
        node = schema.parse({"items": [{"item": "", "quantity": 0, "price": 0.5, "amount": 0.5}]})
        fields = extract(node, [misread(typed(rows), ("12.00", "17.00"))]).fields
        said = "Two readings differ: “12.00” and “17.00”."
        assert fields["items.1.amount"].reason == said
        assert (fields["items"].flag, fields["items"].reason) == (True, said)
        assert not fields["items.2.amount"].reason


class TestSums:
    def test_that_are_right_are_not_spoken_of(self) -> None:
        assert found(INVOICE) == found(INVOICE, check=False)

    def test_that_are_wrong_are_named(self) -> None:
        wrong = INVOICE.replace("119.00", "149.00")
        said = "The amounts do not add up: 100.00 and 19.00 are not 149.00."
        named = reasons(found(wrong))
        assert all(named[field].startswith(said) for field in ("subtotal", "tax", "total"))
        assert found(wrong).data == found(wrong, check=False).data

    @pytest.mark.parametrize(
        "text",
        [
            INVOICE.replace("119.00", "100.00"),
            INVOICE.replace("119.00", "114.00\nDiscount         5.00"),
            INVOICE.replace("119.00", "119.05"),
        ],
        ids=["tax is in it", "what is missing is printed", "rounded"],
    )
    def test_that_may_be_right_are_not(self, text: str) -> None:
        assert "add up" not in str(reasons(found(text)))


class TestCheckDigits:
    def test_that_are_wrong_are_named(self) -> None:
        wrong = INVOICE.replace("DE89", "DE88")
        said = "The check digits of “DE88 3704 0044 0532 0130 00” are wrong."
        assert reasons(found(wrong))["iban"].startswith(said)
        assert "check digits" not in str(reasons(found(INVOICE)))

    @pytest.mark.parametrize("number", ["DE136695976", "GB980780684", "4711", "", "U12345678"])
    def test_of_tax_numbers_are_right_or_unknown(self, number: str) -> None:
        assert not tax.is_misprinted(number)

    def test_of_tax_numbers_can_be_wrong(self) -> None:
        assert tax.is_misprinted("DE136695977")

    @pytest.mark.parametrize(
        ("number", "is_wrong"),
        [
            ("4111111111111111", False),
            ("4111111111111112", True),
            ("****4417", False),
            ("411111", False),
            ("DE88370400440532013000", True),
        ],
    )
    def test_of_cards_and_accounts(self, number: str, is_wrong: bool) -> None:
        assert accounts.is_misprinted(number) is is_wrong
