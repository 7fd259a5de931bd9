from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import matching, schema
from engine.types import FieldValue, Page
from ocrwell.jobs import values
from ocrwell.jobs.results import Result
from ocrwell.jobs.values import Value
from tests.factories import FOUND

BLANK = Page(1, 100, 100, (), "")
EMPTY_CELL = FieldValue(None, 0.0)
NAMES = st.text(st.sampled_from("ab.0\\ü"), min_size=1, max_size=3)
TEMPLATES = st.dictionaries(
    NAMES,
    st.recursive(
        st.sampled_from(["", 0, False]),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=1)
            | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
        ),
    ),
    min_size=1,
    max_size=3,
)


def of(result: Result, settled: Any = None) -> dict[str, Value]:
    return {value.path: value for value in values.every(result, settled or {})}


def found(data: Any, **fields: FieldValue) -> Result:
    return Result(data=data, fields={path.replace("__", "."): f for path, f in fields.items()})


def test_every_value_comes_with_its_evidence_in_the_order_of_the_schema() -> None:
    all_ = of(FOUND)
    assert list(all_) == ["merchant", "paid", "items", "items.0.price"]
    assert [value.kind for value in all_.values()] == ["text", "boolean", "list", "number"]
    assert all_["merchant"].evidence == FOUND.fields["merchant"]
    assert all_["items.0.price"].value == 4.8


def test_a_sentinel_that_stands_for_nothing_is_none_and_flagged() -> None:
    paid = of(FOUND)["paid"]
    assert (paid.value, paid.flagged, paid.reason) == (None, True, "Nothing was found.")


def test_a_zero_that_is_printed_is_a_zero() -> None:
    result = found({"tax": 0, "paid": False}, tax=FieldValue(0.0, 0.9), paid=FieldValue(False, 0.9))
    assert [(value.value, value.flagged) for value in of(result).values()] == [
        (0, False),
        (False, False),
    ]


def test_without_evidence_a_sentinel_is_nothing_and_anything_else_a_value() -> None:
    total, name = of(Result(data={"total": 0, "name": "Acme"})).values()
    assert (total.value, total.flagged, total.reason) == (None, True, values.NOT_FOUND)
    assert (name.value, name.flagged) == ("Acme", False)


def test_an_empty_list_is_flagged() -> None:
    (items,) = of(Result(data={"items": []})).values()
    assert (items.kind, items.flagged, items.reason) == ("list", True, values.NO_ROWS)


def test_an_empty_cell_is_null_and_no_reason_to_look() -> None:
    rows = [{"name": "Tea", "discount": 0}, {"name": "Bun", "discount": 0.5}]
    result = found({"rows": rows}, rows__0__discount=EMPTY_CELL)
    cell, items = of(result)["rows.0.discount"], of(result)["rows"]
    assert (cell.value, cell.flagged, items.flagged) == (None, False, False)


def test_a_column_without_any_value_is_a_reason_to_look_at_the_list() -> None:
    rows = [
        {"name": "Tea", "discount": 0, "taxes": []},
        {"name": "Bun", "discount": 0, "taxes": []},
    ]
    items = of(Result(data={"rows": rows}))["rows"]
    assert items.flagged
    assert items.reason == "No row has a value for discount, taxes."


def test_what_the_machine_doubts_of_a_list_is_said_first() -> None:
    doubt = FieldValue(None, 0.4, True, "The amounts do not add up to a total.")
    items = of(found({"rows": [{"name": "", "price": 2}]}, rows=doubt))["rows"]
    assert (items.flagged, items.reason) == (True, doubt.reason)


def test_dots_in_names_are_told_from_those_between_names() -> None:
    result = found({"net.sum": 3, "net": {"sum": 0}}, net__sum=EMPTY_CELL)
    outer, inner = of(result).values()
    assert (outer.path, inner.path) == (r"net\.sum", "net.sum")
    assert (outer.value, outer.flagged, outer.reason) == (3, True, values.UNCLEAR)
    assert (inner.value, inner.flagged) == (None, True)


def test_a_name_of_digits_is_no_row() -> None:
    result = Result(data={"0": {"1": "x"}, "rows": ["y"]})
    everything = of(result)
    assert list(everything) == ["0.1", "rows", "rows.0"]
    assert values.plain(result, ("0",), everything) == {"1": "x"}


def test_what_a_person_says_replaces_what_was_read_and_settles_it() -> None:
    all_ = of(FOUND, {"paid": True, "merchant": None})
    assert (all_["paid"].value, all_["paid"].read, all_["paid"].is_open) == (True, None, False)
    assert (all_["merchant"].value, all_["merchant"].read) == (None, "Grüße & Co.")


def test_plain_json_has_null_for_what_was_not_found() -> None:
    all_ = of(FOUND)
    assert values.plain(FOUND, ("paid",), all_) is None
    assert values.plain(FOUND, ("items",), all_) == [{"price": 4.8}]


def test_a_result_that_is_no_object_is_one_value() -> None:
    result = Result(data=["a", "b"])
    assert values.tops(result) == {"data": ()}
    assert values.plain(result, (), of(result)) == ["a", "b"]


def test_a_result_without_data_has_no_values() -> None:
    assert of(Result()) == {}
    assert values.tops(Result()) == {}


@settings(deadline=None)
@given(TEMPLATES)
def test_all_paths_differ_and_nothing_on_a_blank_page_is_a_value(template: dict[str, Any]) -> None:
    extraction = matching.extract(schema.parse(template), [BLANK])
    result = Result(data=extraction.data, fields=extraction.fields)
    everything = list(values.every(result, {}))
    assert len({value.path for value in everything}) == len(everything)
    assert all(value.value is None and value.is_open for value in everything)
    for names in values.tops(result).values():
        values.plain(result, names, {value.path: value for value in everything})
