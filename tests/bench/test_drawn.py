"""The invented documents: what they claim is printed, valid and adds up, and nothing overlaps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import pymupdf
import pytest
from stdnum import iban as stdiban

from bench import drawn
from bench.drawn import Drawn, basket, deal, examples, lands, schemas
from bench.drawn.house import House, Money, value
from bench.drawn.lands import Dice, Land
from bench.drawn.paper import Paper, Pen
from engine import schema
from engine.schema import Group, Leaf, Node, Rows
from tests import speed

SEEDS = 200
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
MARGIN = 4
"""No word comes closer to the edge of the page, in points."""

MILLISECONDS = 60


@pytest.fixture(scope="module")
def documents() -> list[Drawn]:
    return list(drawn.draw_many(SEEDS))


@cache
def pages(pdf: bytes) -> list[pymupdf.Page]:
    document = pymupdf.open(stream=pdf, filetype="pdf")
    return [document[number] for number in range(document.page_count)]


def squashed(text: str) -> str:
    return "".join(text.split())


@cache
def letters(pdf: bytes) -> str:
    """All text of the document without white space."""
    return squashed("".join(page.get_text() for page in pages(pdf)))


def overlapping(page: pymupdf.Page) -> list[tuple[str, str]]:
    """Pairs of words of which one stands on the other."""
    words = sorted(page.get_text("words"), key=lambda word: word[1])
    found = []
    for at, (x0, y0, x1, y1, text, *_) in enumerate(words):
        for ox0, oy0, ox1, oy1, other, *_ in words[at + 1 :]:
            if oy0 > y1:
                break
            wide, high = min(x1, ox1) - max(x0, ox0), min(y1, oy1) - oy0
            if wide > 0.5 and high > 0.45 * min(y1 - y0, oy1 - oy0):
                found.append((text, other))
    return found


def of_kind(documents: Sequence[Drawn], *kinds: str) -> list[Drawn]:
    return [each for each in documents if each.kind in kinds]


def cents(amount: float) -> int:
    return round(amount * 100)


def test_a_document_depends_on_its_number_alone() -> None:
    for seed in (0, 7, 31):
        assert drawn.draw(seed) == drawn.draw(seed)


def test_many_are_those_of_the_numbers_from_the_first_on() -> None:
    assert [each.name for each in drawn.draw_many(3, first_seed=5)] == [
        drawn.draw(seed).name for seed in (5, 6, 7)
    ]


def test_names_are_unique_and_tell_kind_and_language(documents: list[Drawn]) -> None:
    assert len({each.name for each in documents}) == SEEDS
    for each in documents:
        assert each.name.startswith(f"{each.kind}-{each.language}-")


def test_every_kind_and_language_comes_up(documents: list[Drawn]) -> None:
    assert {each.kind for each in documents} == set(drawn.KINDS)
    assert {each.language for each in documents} == set(LANGUAGES)


def test_two_documents_of_a_vendor_follow_each_other(documents: list[Drawn]) -> None:
    for first, second in zip(documents[::2], documents[1::2], strict=True):
        assert first.vendor == second.vendor
        assert first.pdf != second.pdf
    assert len({each.vendor for each in documents}) > SEEDS // 2 * 0.9


def test_all_that_may_be_asked_for_is_in_the_text_layer(documents: list[Drawn]) -> None:
    for each in documents:
        text = letters(each.pdf)
        lost = [field for field in each.asked if squashed(each.printed[field]) not in text]
        assert (each.name, lost) == (each.name, [])


def test_truth_printed_and_asked_speak_of_the_same_fields(documents: list[Drawn]) -> None:
    for each in documents:
        known = {field for field, what in each.truth.items() if what is not None}
        assert set(each.asked) == set(each.printed)
        assert known == {*each.asked, *(f"{f}_iso" for f in each.asked if f"{f}_iso" in known)}


def test_strings_are_true_as_they_are_printed(documents: list[Drawn]) -> None:
    for each in documents:
        for field in each.asked:
            if isinstance(each.truth[field], str):
                assert each.truth[field] == each.printed[field]


def test_days_are_also_given_in_iso_form(documents: list[Drawn]) -> None:
    for each in documents:
        for field in each.asked:
            if field.endswith("date"):
                day = date.fromisoformat(each.truth[f"{field}_iso"])
                assert str(day.day) in each.truth[field]
                assert f"{day.year % 100:02}" in each.truth[field]


def test_no_word_stands_on_another(documents: list[Drawn]) -> None:
    for each in documents:
        for page in pages(each.pdf):
            assert (each.name, overlapping(page)) == (each.name, [])


def test_no_word_runs_off_the_page(documents: list[Drawn]) -> None:
    for each in documents:
        for page in pages(each.pdf):
            wide, high = page.rect.width - MARGIN, page.rect.height - MARGIN
            off = [
                text
                for x0, y0, x1, y1, text, *_ in page.get_text("words")
                if min(x0, y0) < MARGIN or x1 > wide or y1 > high
            ]
            assert (each.name, off) == (each.name, [])


def test_some_go_on_over_pages_and_some_fit_on_one(documents: list[Drawn]) -> None:
    counts = {len(pages(each.pdf)) for each in of_kind(documents, "invoice")}
    assert 1 in counts
    assert max(counts) > 1


def test_cells_of_lists_are_in_the_text_layer(documents: list[Drawn]) -> None:
    for each in documents:
        text = letters(each.pdf)
        for field in schemas.LISTS:
            for row in each.truth.get(field, ()):
                assert squashed(row["description"]) in text


def test_sums_of_trade_papers_add_up(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "invoice", "credit_note", "order", "bill"):
        truth = each.truth
        net = truth.get("subtotal", truth["total"])
        if all("amount" in row for row in truth["line_items"]):
            assert sum(cents(row["amount"]) for row in truth["line_items"]) == cents(net)
        if "tax_total" in truth:
            more = truth.get("shipping", 0) - abs(truth.get("discount", 0)) + truth["tax_total"]
            assert cents(net + more) == cents(truth["total"])
        if "amount_due" in truth:
            paid = abs(truth.get("amount_paid", 0))
            assert cents(truth["total"] - paid) == cents(truth["amount_due"])


def test_lines_of_trade_papers_multiply_out(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "invoice", "credit_note", "order", "bill"):
        for row in each.truth["line_items"]:
            if {"quantity", "unit_price", "amount"} <= row.keys() and not row.get("discount"):
                assert row["quantity"] * row["unit_price"] == pytest.approx(row["amount"], abs=0.01)


def test_delivery_notes_have_no_amounts(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "delivery"):
        assert not {"total", "subtotal", "tax_total"} & set(each.asked)
        assert all("amount" not in row for row in each.truth["line_items"])


def test_receipts_add_up(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "receipt"):
        truth = each.truth
        bought = sum(cents(row["amount"]) for row in truth["items"])
        assert bought in (cents(truth.get("subtotal", -1)), *around(truth))
        if "cash" in truth:
            assert cents(truth["cash"] - truth["change"]) == cents(truth["total"])


def around(truth: Mapping[str, Any]) -> range:
    """The total without what was rounded to coins."""
    total = cents(truth["total"])
    return range(total - 2, total + 3)


def test_statements_run_from_the_opening_to_the_closing_balance(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "statement"):
        rows = each.truth["transactions"]
        moved = sum(
            row.get("amount", (row.get("credit") or 0) - (row.get("debit") or 0)) for row in rows
        )
        difference = each.truth["closing_balance"] - each.truth["opening_balance"]
        assert cents(moved) == cents(difference)
        for before, after in pairwise(rows):
            if {"amount", "balance"} <= after.keys():
                assert cents(before["balance"] + after["amount"]) == cents(after["balance"])


def test_pay_slips_pay_what_is_left(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "payslip"):
        left = each.truth["gross_pay"] - each.truth["deductions"]
        assert cents(left) == cents(each.truth["net_pay"])


def test_ticked_boxes_are_true_or_false(documents: list[Drawn]) -> None:
    seen = [
        each.truth[field]
        for each in of_kind(documents, "form")
        for field in schemas.FLAGS
        if field in each.asked
    ]
    assert {type(each) for each in seen} == {bool}
    assert set(seen) == {True, False}


def test_forms_leave_some_fields_blank(documents: list[Drawn]) -> None:
    blank = [each for each in of_kind(documents, "form") if None in each.truth.values()]
    assert blank
    for each in blank:
        assert all(each.truth[field] is not None for field in each.asked)


def test_contracts_name_both_parties(documents: list[Drawn]) -> None:
    for each in of_kind(documents, "contract"):
        text = letters(each.pdf)
        assert len(each.truth["party"]) == 2
        assert all(squashed(name) in text for name in each.truth["party"])


def test_printed_ibans_are_valid(documents: list[Drawn]) -> None:
    found = [each.truth["iban"] for each in documents if each.truth.get("iban")]
    assert len(found) > 20
    assert [each for each in found if not stdiban.is_valid(each)] == []


@pytest.mark.parametrize("land", lands.load(), ids=lambda land: land.code)
def test_tax_ids_and_accounts_of_a_land_have_the_right_check_digits(land: Land) -> None:
    for seed in range(5):
        number = land.vat_prefix + lands.tax_id(land, Dice(f"tax {seed}"))
        assert not land.check or import_module(f"stdnum.{land.check}").is_valid(number)
        account = lands.iban(land, Dice(f"account {seed}"))
        assert bool(account) == bool(land.iban)
        assert not account or stdiban.is_valid(account)


@pytest.mark.parametrize("land", lands.load(), ids=lambda land: land.code)
def test_every_print_of_a_tax_id_has_a_place_for_each_character(land: Land) -> None:
    assert {each.count("_") for each in land.vat_prints} == {len(land.vat)}


def test_all_languages_have_words_for_the_same_things() -> None:
    english = lands.words("en")
    for language in LANGUAGES:
        words = lands.words(language)
        assert {name: set(section) for name, section in words.items()} == {
            name: set(section) for name, section in english.items()
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_many_different_and_printable(language: str) -> None:
    for section in lands.words(language).values():
        for name, alternatives in section.items():
            assert (name, len(set(alternatives))) == (name, len(alternatives))
            assert "".join(alternatives).encode("cp1252")


@pytest.mark.parametrize("language", LANGUAGES)
def test_frequent_fields_have_many_labels(language: str) -> None:
    labels = lands.words(language)["labels"]
    for field in ("invoice_number", "invoice_date", "due_date", "subtotal", "total"):
        assert len(labels[field]) >= 8


MONEY = [
    (Money(",", ".", "£", "before", "GBP", "-{}", "{}%"), 123456, "£1,234.56"),
    (Money(".", ",", "€", "after", "EUR", "-{}", "{} %"), 123456789, "1.234.567,89 €"),
    (Money(" ", ",", "€", "code", "EUR", "-{}", "{}%"), 100000, "EUR 1 000,00"),
    (Money("", ".", "$", "none", "USD", "({})", "{}%"), -1250, "(12.50)"),
    (Money("'", ".", "Fr.", "before", "CHF", "{}-", "{}%"), 5, "Fr. 0.05"),
    (Money("lakh", ".", "Rs.", "before", "INR", "-{}", "{}%"), 123456789, "Rs. 12,34,567.89"),
]


@pytest.mark.parametrize(("money", "amount", "text"), MONEY, ids=[text for *_, text in MONEY])
def test_amounts_are_written_as_the_land_writes_them(money: Money, amount: int, text: str) -> None:
    assert money.signed(amount) == text


def test_whole_amounts_are_whole_numbers() -> None:
    assert (value(1200), value(-1250)) == (12, -12.5)
    assert isinstance(value(1200), int)


def test_rates_keep_their_fractions() -> None:
    money = MONEY[1][0]
    assert [money.percent(rate, 1) for rate in (19, 8.875)] == ["19,0 %", "8,875 %"]


def test_a_vendor_always_decides_alike() -> None:
    land = lands.load()[0]
    house, again = House("one", "invoice", land), House("one", "invoice", land)
    assert house.seller == again.seller
    assert house.label("invoice_number") == again.label("invoice_number")
    assert house.pick("x", range(10**6)) != House("two", "invoice", land).pick("x", range(10**6))


def test_a_label_without_a_rate_is_chosen_where_no_rate_is_known() -> None:
    for number in range(30):
        house = House(f"vendor {number}", "invoice", lands.load()[0])
        assert "{" not in house.label("tax_total")
        assert house.label("tax_total").strip(" @()") == house.label("tax_total")


def test_deals_and_baskets_add_up_for_every_land() -> None:
    for land in lands.load():
        house = House(f"sums {land.code}", "invoice", land)
        bargain = deal.make(house, Dice("deal"))
        assert bargain.subtotal == sum(line.amount for line in bargain.lines)
        assert sum(net for _, net, _ in bargain.taxes) in (
            0,
            bargain.subtotal - bargain.discount + bargain.shipping,
        )
        bought = basket.fill(house, Dice("basket"))
        assert abs(bought.rounding) <= (2 if land.code in basket.ROUNDED else 0)


def test_a_long_word_gets_a_line_of_its_own() -> None:
    assert Pen().wrapped("a verylongwordindeed b", 40) == ["a", "verylongwordindeed", "b"]


def test_a_fitted_pen_is_never_wider_than_the_room() -> None:
    text, pen = "Rechnungsempfänger", Pen(size=20)
    assert pen.fitted(text, 60).width(text) <= 60
    assert pen.fitted(text, 600) == pen


def test_paper_can_be_filled_out_of_turn() -> None:
    paper = Paper()
    paper.turn()
    paper.put(50, 50, "second", Pen())
    paper.open(1)
    paper.put(50, 50, "first", Pen())
    assert [page.get_text().strip() for page in pages(paper.pdf())] == ["first", "second"]


def test_every_field_has_names_in_english(documents: list[Drawn]) -> None:
    for field in {field for each in documents for field in each.asked}:
        assert len(drawn.namings(field, "en")) >= 2 or field in ("phone", "items")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_language_adds_its_own_names(language: str) -> None:
    english = drawn.namings("invoice_number", "en")
    names = drawn.namings("invoice_number", language)
    assert set(english) < set(names)
    assert len(set(names)) == len(names)


def test_schemas_depend_on_document_and_seed_alone() -> None:
    document = drawn.draw(0)
    assert drawn.schema(document, 1) == drawn.schema(document, 1)
    assert len({json.dumps(drawn.schema(document, seed)) for seed in range(10)}) == 10


def leaf(node: Node, path: str) -> Node:
    """What a schema has at a dotted path; lists are gone through without a number."""
    for name in path.split("."):
        within = node.item if isinstance(node, Rows) else node
        assert isinstance(within, Group)
        node = dict(within.fields)[name]
    return node


def test_every_path_of_a_schema_leads_to_a_leaf_or_a_list(documents: list[Drawn]) -> None:
    for each in documents[::3]:
        for seed in range(3):
            asked, paths = drawn.schema(each, seed)
            tree = schema.parse(asked)
            assert paths
            for field, path in paths.items():
                rows = field in (*schemas.LISTS, "party")
                assert isinstance(leaf(tree, path), Rows if rows else Leaf)


def test_leaves_have_the_type_of_what_is_true(documents: list[Drawn]) -> None:
    kinds = {str: "string", bool: "boolean", int: "number", float: "number"}
    for each in documents[::5]:
        asked, paths = drawn.schema(each, 0)
        tree = schema.parse(asked)
        for field, path in paths.items():
            wanted, found = each.truth.get(field), leaf(tree, path)
            if wanted is not None and isinstance(found, Leaf):
                assert (field, found.kind) == (field, kinds[type(wanted)])


def test_schemas_also_ask_for_what_is_not_there(documents: list[Drawn]) -> None:
    asked = [
        each.truth.get(field)
        for each in documents
        for field in drawn.schema(each, 0)[1]
        if "." not in field
    ]
    assert 0.05 < asked.count(None) / len(asked) < 0.4


def test_both_templates_and_json_schemas_come_up(documents: list[Drawn]) -> None:
    formal = {"properties" in drawn.schema(each, 0)[0] for each in documents[:40]}
    assert formal == {True, False}


@pytest.mark.parametrize(
    ("draw", "wanted"),
    [
        (
            examples.receipts,
            ["Prentiss & Co.", "18/03/2026", "Flat white", "Almond croissant", "10.00"],
        ),
        (
            examples.invoices,
            [
                *("INV-4821", "01/03/2026", "31/03/2026", "Harwood Analytics Ltd", "GB123456789"),
                *("Consulting, March", "Report preparation", "180.00", "2,160.00", "450.00"),
                *("2,610.00", "522.00", "3,132.00"),
            ],
        ),
    ],
    ids=["receipts", "invoices"],
)
def test_the_worked_examples_hold_the_values_of_the_contract(draw: Any, wanted: list[str]) -> None:
    drawings = draw()
    assert len(set(drawings)) == 5
    for pdf in drawings:
        text = letters(pdf)
        assert [each for each in wanted if squashed(each) not in text] == []
        assert [overlapping(page) for page in pages(pdf)] == [[]]


@pytest.mark.parametrize(
    "example", [examples.RECEIPT, examples.INVOICE], ids=["receipt", "invoice"]
)
def test_the_data_of_a_worked_example_has_the_shape_of_its_schema(example: Any) -> None:
    wanted, data = example
    assert schema.conform(schema.parse(wanted), data) == data


def test_drawing_takes_little_time() -> None:
    count = 48
    seconds = count * MILLISECONDS / 1000
    assert speed.within(seconds, lambda: list(drawn.draw_many(count, first_seed=3000)))
