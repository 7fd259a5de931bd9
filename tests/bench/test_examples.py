"""Documents as read, with what counts as right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import corpora, examples
from bench.examples import Example
from engine.matching import labels, wanted
from tests.bench.shelf import lay


def test_a_receipt_comes_with_its_pages_its_vendor_and_its_truth(receipts: Path) -> None:
    first, *others = examples.corpus("sroie")
    assert (first.corpus, first.file, first.group) == ("sroie", "a.png", "northam")
    assert len(others) == 2
    assert first.pages[0].lines[0].text == "NORTHAM BAKERY"
    assert first.truth == {
        "company": ("text", ("NORTHAM BAKERY",)),
        "address": ("text", ("4 Mill Lane, Northam",)),
        "date": ("date", ("02/03/2026",)),
        "total": ("number", ("12.50",)),
    }
    assert first.lines == ()


@pytest.mark.parametrize("naming", range(examples.NAMINGS))
def test_truth_goes_by_the_names_in_the_schema(receipts: Path, naming: int) -> None:
    names = examples.rename("sroie", naming)
    (first, *_) = examples.corpus("sroie", naming)
    assert first.truth.keys() == {names[key] for key in ("company", "address", "date", "total")}


def test_a_document_that_could_not_be_read_has_no_pages(receipts: Path) -> None:
    (corpora.OUT / "receipts_sroie.jsonl").write_text('{"file": "a.png", "error": "broken"}\n')
    assert all(example.pages == () for example in examples.corpus("sroie"))


def test_a_name_in_several_boxes_is_right_as_a_whole_and_in_each(shared: Path) -> None:
    boxes = [
        {"label": "Store_name_value", "text": "TOLMERE"},
        {"label": "Store_name_value", "text": "FOODS"},
        {"label": "Date_value", "text": "09/03/2026"},
        {"label": "Tax_value", "text": " "},
        {"label": "Others", "text": "9"},
    ]
    entry = {"file": "a.png", "group": "t", "ground_truth": {"boxes_labels": "a.json"}}
    lay("receipts_wild", [entry], {"a.json": {"annotations": boxes}}, {"a.png": ["TOLMERE FOODS"]})
    (only,) = examples.corpus("wild")
    assert only.truth["store_name"] == ("text", ("TOLMEREFOODS", "TOLMERE", "FOODS"))
    assert only.truth["date"] == ("date", ("09/03/2026",))
    assert only.truth["tax"] == ("number", ())


INVOICE: dict[str, Any] = {
    "fields": {
        "invoice_number": "INV-4821",
        "document_type": "380",
        "currency": "EUR",
        "total": "120.00",
        "vendor_name": "Harwood Analytics Ltd",
        "lines": [
            {"description": "Survey", "quantity": "2", "unit_price": "", "line_total": "120"}
        ],
    },
    "value_printed_in_text_layer": {
        "invoice_number": True,
        "document_type": True,
        "currency": True,
        "total": True,
        "vendor_name": False,
    },
}


def invoices(*options: str) -> None:
    entry = {"file": "a.pdf", "vendor": "Harwood", "ground_truth": {"fields": "a.json"}}
    lay("invoices", [entry], {"a.json": INVOICE}, {"a.pdf": ["INVOICE", *options]}, *options)


def test_of_an_invoice_only_what_is_printed_counts(shared: Path) -> None:
    invoices()
    (only,) = examples.corpus("invoices")
    assert only.truth.keys() == {"invoice_number", "total"}
    assert only.truth["total"] == ("number", ("120.00",))


def test_line_items_go_by_the_paths_of_their_columns(shared: Path) -> None:
    invoices()
    (only,) = examples.corpus("invoices", 2)
    assert only.lines == (
        {
            "lineItems.description": ("text", ("Survey",)),
            "lineItems.quantity": ("number", ("2",)),
            "lineItems.total": ("number", ("120",)),
        },
    )


def test_invoices_as_scans_are_the_same_documents_read_in_another_way(shared: Path) -> None:
    invoices("--ocr", "ocr", "--dpi", "200")
    (only,) = examples.corpus("invoices_200dpi")
    assert (only.corpus, only.group) == ("invoices_200dpi", "Harwood")
    assert only.pages[0].lines[1].text == "--ocr"


def test_a_contract_may_say_nothing_of_what_is_asked(shared: Path) -> None:
    truth = {
        "fields": {"effective_date": ["02/03/2026"], "party": ["Harwood Ltd", "Jo Northam"]},
        "keys_to_consider": ["effective_date", "party", "term"],
    }
    entry = {"file": "a.pdf", "id": "a", "ground_truth": {"fields": "a.json"}}
    lay("contracts_nda", [entry], {"a.json": truth}, {"a.pdf": ["AGREEMENT"]})
    (only,) = examples.corpus("nda")
    assert only.group == "a"
    assert only.truth == {
        "effective_date": ("date", ("02/03/2026",)),
        "party": ("text", ("Harwood Ltd", "Jo Northam")),
        "term": ("text", ()),
    }


def test_what_is_right_is_the_scorers_to_say(shared: Path) -> None:
    assert examples.right("number", 12.5, "EUR 12.50")
    assert examples.right("text", "north am", "NORTHAM")
    assert not examples.right("text", "", "")


@pytest.fixture(scope="module")
def drawn() -> list[Example]:
    return examples.drawn(8)


def test_drawn_documents_come_with_what_is_printed_on_them(drawn: list[Example]) -> None:
    assert {example.corpus for example in drawn} == {"drawn"}
    assert len({example.file for example in drawn}) == 8
    assert len({example.group for example in drawn}) < 8
    for example in drawn:
        assert example.pages[0].source == "text"
        lexicon = labels.load()
        asked = {want.name for want in wanted.wants(example.node, lexicon)}
        assert example.truth.keys() <= asked


def test_a_drawn_day_is_right_as_printed_and_as_iso(drawn: list[Example]) -> None:
    dates = [values for each in drawn for kind, values in each.truth.values() if kind == "date"]
    assert dates
    for printed, iso in filter(None, dates):
        assert printed != iso
        assert len(iso.split("-")) == 3


def test_drawn_documents_are_also_asked_for_what_they_do_not_say(drawn: list[Example]) -> None:
    absent = [sum(not values for _, values in example.truth.values()) for example in drawn]
    told = [sum(bool(values) for _, values in example.truth.values()) for example in drawn]
    assert sum(absent) >= len(drawn) / 2
    assert sum(told) > sum(absent)


def test_drawn_lists_of_items_are_apart(drawn: list[Example]) -> None:
    first = next(example for example in drawn if example.lines)
    (path, (kind, values)), *_ = first.lines[0].items()
    assert kind in ("text", "number", "date")
    assert len(values) <= 1
    arrays = {wanted.dotted(path) for path, _ in wanted.arrays(first.node)}
    array, _, column = path.rpartition(".")
    assert column
    assert array in arrays
    assert array not in first.truth
