"""Fields are found by their labels: words, values and places."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import schema
from engine.matching import extract, labels, values
from engine.schema import Kind, Node
from engine.types import Box, Line, Page, Word
from tests.engine.test_schema import has_shape, trees

Placed = tuple[str, float, float]
"""A line's text, and the x and y where it begins."""

HEIGHT = 20


def line(text: str, x: float, y: float) -> Line:
    """Words of ten pixels a letter; two spaces or more leave that many times twenty blank."""
    words, blanks = [], 0
    for part in text.split(" "):
        if not part:
            blanks += 1
            continue
        x += 40 * blanks
        words.append(Word(part, Box(x, y, x + 10 * len(part), y + HEIGHT), 0.9))
        x, blanks = x + 10 * len(part) + 8, 0
    return Line(tuple(words))


def page(*placed: Placed | str, number: int = 1) -> Page:
    """Strings stand below each other."""
    at = [
        (each, 50, 50 + 30 * n) if isinstance(each, str) else each for n, each in enumerate(placed)
    ]
    return Page(number, 1000, 1400, tuple(line(*each) for each in at), "")


def find(template: object, *placed: Placed | str) -> Any:
    return extract(schema.parse(template), [page(*placed)])


def one(name: str, empty: object, *placed: Placed | str) -> Any:
    """The value of a field with this name and sentinel."""
    return find({name: empty}, *placed)[name]


class TestLabels:
    @pytest.mark.parametrize(
        "text",
        [
            "invoice_number",
            "invoice_no",
            "invoiceNumber",
            "InvoiceNr",
            "INVOICE NO.",
            "Invoice #",
            "Invoice#:",
            "invoice-num",
        ],
    )
    def test_many_spellings_have_the_same_words(self, text: str) -> None:
        assert [word for word, _ in labels.words(text)] == ["invoice", "number"]

    def test_capitals_and_digits_part_words(self) -> None:
        assert [word for word, _ in labels.words("VATNumberLine2")] == [
            "vat",
            "number",
            "line",
            "2",
        ]
        assert [*labels.words("Größe")] == [("grösse", 5)]
        assert [word for word, _ in labels.words("GRÖSSE DER FLÄCHE")] == [
            "grösse",
            "der",
            "fläche",
        ]

    def test_say_most_first(self) -> None:
        assert labels.of(["seller", "vat_no"], "Tax id") == [
            ("seller", "vat", "number"),
            ("tax", "id"),
            ("vat", "number"),
        ]

    def test_a_name_is_labelled_by_whose_it_is(self) -> None:
        assert labels.of(["supplier", "name"]) == [("supplier", "name"), ("supplier",), ("name",)]

    def test_nothing_has_none(self) -> None:
        assert labels.of([]) == []
        assert labels.of(["__", "!"]) == []


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("10", 10),
            ("9.50", 9.5),
            ("10.00", 10),
            ("1,234.56", 1234.56),
            ("1.234,56", 1234.56),
            ("1'234.50", 1234.5),
            ("12,5", 12.5),
            ("1,234", 1234),
            ("1.234", 1.234),
            ("0,125", 0.125),
            ("1.234.567", 1234567),
            ("12,50,000.00", 1250000),
            ("$42.60", 42.6),
            ("£ 4.80", 4.8),
            ("1.980,00 €", 1980),
            ("USD 5", 5),
            ("RM9.00", 9),
            ("-3.5", -3.5),
            ("3.50-", -3.5),
            ("(3.50)", -3.5),
            ("($3.50)", -3.5),
            ("-$3.50", -3.5),
            ("$-3.50", -3.5),
            ("\u22123", -3),
            (": 5.00", 5),
            ("= 5.00.", 5),
            ("(10%) 5.00", 5),
            ("20%", 20),
            ("due on receipt 7.25", 7.25),
            ("......7.25", 7.25),
        ],
    )
    def test_are_read_as_they_are_written(self, text: str, expected: float) -> None:
        assert values.read("number", text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "none",
            "INV-4821",
            "01/03/2026",
            "01.03.2026",
            "2026-03-01",
            "12:30",
            "5kg",
            "A5",
            ".50",
            "1-2",
        ],
    )
    def test_are_not_cut_out_of_something_else(self, text: str) -> None:
        assert values.read("number", text) is None

    def test_a_whole_number_is_looked_for_where_one_is_asked_for(self) -> None:
        assert values.read("integer", "12.50 for 3.00 nights") == 3
        assert values.read("integer", "12.50") is None

    @given(st.integers(-(10**9), 10**9).map(lambda cents: cents / 100))
    def test_survive_being_printed(self, number: float) -> None:
        english = f"{number:,.2f}"
        german = english.translate(str.maketrans(",.", ".,"))
        assert values.read("number", english) == number
        assert values.read("number", f"EUR {german}") == number

    @given(st.text("0123456789.,'-()%$€ xEUR/:", max_size=80) | st.text())
    def test_reading_never_fails(self, text: str) -> None:
        for kind in ("string", "number", "integer", "boolean"):
            values.read(kind, text)

    def test_a_long_run_of_digits_is_no_number_and_no_trouble(self) -> None:
        for text in ("9" * 50_000, "1." * 50_000, "-" * 50_000, "1" + "-" * 50_000):
            assert values.read("number", text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes", True),
        (": true", True),
        ("X", True),
        ("[x]", True),
        ("☑", True),
        ("checked", True),
        ("No.", False),
        ("FALSE", False),
        ("☐", False),
        ("[]", False),
        ("nein, danke", False),
        ("perhaps", None),
        ("", None),
    ],
)
def test_yes_and_no_come_in_many_words(text: str, expected: bool | None) -> None:
    assert values.read("boolean", text) is expected


class TestPlaces:
    def test_right_of_the_label_on_its_line(self) -> None:
        assert one("invoice_number", "", "Invoice No: INV-4821") == "INV-4821"

    def test_right_of_the_label_in_its_row(self) -> None:
        assert one("total", 0, ("Total", 50, 100), ("42.60", 700, 103)) == 42.6

    def test_right_of_the_label_in_the_same_word(self) -> None:
        assert one("date", "", "Date:18/03/2026") == "18/03/2026"
        assert one("invoice_number", "", "Invoice#INV-1") == "INV-1"

    def test_below_the_label_in_its_column(self) -> None:
        heads = ("Invoice date   Invoice number   Due date", 50, 100)
        cells = ("01/03/2026", 50, 130), ("INV-4821", 240, 130), ("31/03/2026", 500, 130)
        template = {"invoice_date": "", "invoice_number": "", "due_date": ""}
        found = find(template, heads, *cells)
        assert list(found.values()) == ["01/03/2026", "INV-4821", "31/03/2026"]

    def test_not_far_below_nor_on_the_next_page(self) -> None:
        assert one("total", 0, ("Total", 50, 100), ("42.60", 50, 300)) == 0
        pages = [page("Total"), page("42.60", number=2)]
        assert extract(schema.parse({"total": 0}), pages) == {"total": 0}

    def test_past_what_leads_to_it(self) -> None:
        assert one("merchant", "", "Merchant ....... Ann") == "Ann"
        assert one("merchant", "", "Merchant - Ann") == "Ann"
        assert one("offset", "", "Offset: -5 mm") == "-5 mm"
        assert one("merchant", "", "Merchant: ______") == ""

    def test_up_to_a_wide_gap(self) -> None:
        assert one("merchant", "", "Merchant: Prentiss & Co.   Till 4") == "Prentiss & Co."

    def test_a_label_that_begins_a_cell_goes_first(self) -> None:
        assert one("total", 0, "Sub total 9.00", "Total 10.00") == 10
        assert one("total", 0, "Sub total: 9.00", "Total: 10.00") == 10

    def test_half_of_a_longer_label_is_none(self) -> None:
        assert one("date", "", "Date of birth: 01/02/2003") == ""

    def test_words_in_prose_are_no_label_of_text(self) -> None:
        assert one("merchant", "", "Please keep the merchant copy") == ""

    def test_a_date_or_number_has_a_digit(self) -> None:
        assert one("date", "", "Date Description", "Date: 1 March 2026") == "1 March 2026"

    def test_an_earlier_page_goes_first(self) -> None:
        pages = [page("Total 1.00"), page("Total 2.00", number=2)]
        assert extract(schema.parse({"total": 0}), pages) == {"total": 1}

    def test_a_mark_stands_left_of_what_it_says(self) -> None:
        assert one("insured", False, "☑ Insured   ☐ Smoker") is True
        assert one("smoker", False, "☑ Insured   ☐ Smoker") is False
        assert one("insured", False, "Insured: yes") is True


class TestFields:
    def test_of_a_group_know_whose_they_are(self) -> None:
        template = {"seller": {"name": "", "phone": ""}, "buyer": {"name": "", "phone": ""}}
        found = find(
            template, "Seller: Ann", "Seller Tel. 111", "Buyer name: Bob", "Buyer phone: 222"
        )
        assert found == {
            "seller": {"name": "Ann", "phone": "111"},
            "buyer": {"name": "Bob", "phone": "222"},
        }

    def test_are_found_by_their_title_too(self) -> None:
        field = {"type": "integer", "title": "Nights"}
        node = schema.parse({"type": "object", "properties": {"n": field}})
        assert extract(node, [page("Nights 3")]) == {"n": 3}

    def test_may_be_the_root(self) -> None:
        node = schema.parse({"$schema": "", "type": "number", "title": "Total"})
        assert extract(node, [page("Total 3.5")]) == 3.5

    def test_that_are_not_there_are_sentinels_and_arrays_are_empty(self) -> None:
        template = {"a": "", "b": 0, "c": False, "total": [0], "e": [{"f": ""}], "g": {"h": ""}}
        expected = {"a": "", "b": 0, "c": False, "total": [], "e": [], "g": {"h": ""}}
        assert find(template, "Total 5") == expected
        assert extract(schema.parse(template), []) == expected


words = st.sampled_from(["Total", "Date:", "Invoice", "#", "9.00", "-", ":", "x", "☐", "a b", "名"])
edges = st.floats(0, 900, width=16)


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Words anywhere, also on top of each other."""
    lines = []
    for texts in draw(st.lists(st.lists(words, min_size=1, max_size=5), max_size=6)):
        x, y, size = draw(edges), draw(edges), draw(st.floats(0, 60, width=16))
        lines.append(Line(tuple(Word(text, Box(x, y, x + size, y + size), 1) for text in texts)))
    return Page(1, 1000, 1000, tuple(lines), "")


@given(trees, st.lists(pages(), max_size=2))
def test_whatever_is_on_the_pages_the_answer_has_the_shape(node: Node, read: list[Page]) -> None:
    assert has_shape(node, extract(node, read))


KINDS: tuple[Kind, ...] = ("string", "number", "integer", "boolean")


@given(st.sampled_from(KINDS), st.sampled_from(["total", "date", "invoice_no", "x"]), pages())
def test_so_it_has_where_the_labels_are_found(kind: Kind, name: str, read: Page) -> None:
    node = schema.parse({"$defs": {}, "properties": {name: {"type": kind}}})
    assert has_shape(node, extract(node, [read]))


def repeated(texts: Sequence[str], count: int) -> list[Page]:
    return [page(*texts, number=number) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    "text", ["Invoice total due: 9.00 on 01/02/2026", "total " * 300], ids=["honest", "hostile"]
)
def test_many_fields_on_many_pages_are_no_trouble(text: str) -> None:
    template = {f"part_{n}": {"total": 0, f"total_{n}": "", "due": ""} for n in range(40)}
    read = repeated([text] * (6 if len(text) < 100 else 1), 200)
    start = time.perf_counter()
    extract(schema.parse(template), read)
    assert time.perf_counter() - start < 5
