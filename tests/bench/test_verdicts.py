"""What became of each wanted value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bench import verdicts
from bench.examples import Example, Truth
from bench.verdicts import Verdict
from engine import schema

SCHEMA = {"total": 0, "shop": {"name": ""}, "parties": [""], "items": [{"what": "", "price": 0}]}


def example(truth: Mapping[str, Truth], *lines: Mapping[str, Truth]) -> Example:
    node = schema.parse(SCHEMA)
    return Example("sroie", "a.png", "northam", (), SCHEMA, node, truth, lines)


def told(found: Iterable[Verdict]) -> list[tuple[str, object, bool, bool]]:
    return [(verdict.path, verdict.got, verdict.right, verdict.flag) for verdict in found]


def row(data: dict[str, Any], *flagged: str) -> dict[str, Any]:
    return {"data": data, "fields": {path: {"flag": True} for path in flagged}}


@pytest.mark.parametrize(
    ("values", "got", "right"),
    [(("5",), 5, True), (("4", "5"), 5, True), (("4",), 5, False), ((), 0, True), ((), 5, False)],
)
def test_a_value_is_right_or_rightly_not_there(
    shared: Path, values: tuple[str, ...], got: float, right: bool
) -> None:
    found = list(verdicts.fields(example({"total": ("number", values)}), row({"total": got})))
    assert told(found) == [("total", got, right, False)]
    assert found[0].absent == (not values)


def test_a_nested_value_brings_the_evidence_of_its_path(shared: Path) -> None:
    wanted = example({"shop.name": ("text", ("Northam",))})
    found = verdicts.fields(wanted, row({"shop": {"name": "York"}}, "shop.name"))
    assert told(found) == [("shop.name", "York", False, True)]


def test_without_a_result_everything_is_wrong(shared: Path) -> None:
    found = verdicts.fields(example({"total": ("number", ("5",))}), {"error": "broken"})
    assert told(found) == [("total", None, False, False)]


def test_of_a_list_each_wanted_value_counts_and_each_invented_one(shared: Path) -> None:
    wanted = example({"parties": ("text", ("Harwood", "Northam"))})
    found = list(verdicts.fields(wanted, row({"parties": ["York", "Harwood"]}, "parties")))
    assert told(found) == [
        ("parties.1", "Harwood", True, False),
        ("parties", None, False, True),
        ("parties.0", "York", False, False),
    ]
    assert [verdict.absent for verdict in found] == [False, False, True]


def test_line_items_are_compared_cell_by_cell_in_any_order(shared: Path) -> None:
    first: dict[str, Truth] = {"items.what": ("text", ("Tea",)), "items.price": ("number", ("2",))}
    other: dict[str, Truth] = {"items.what": ("text", ("Pie",))}
    items = [{"what": "Jam", "price": 0}, {"what": "Tea", "price": 3}]
    found = verdicts.cells(
        example({}, first, other), row({"items": items}, "items", "items.1.price")
    )
    assert told(found) == [
        ("items.1.what", "Tea", True, False),
        ("items.1.price", 3, False, True),
        ("items.what", None, False, True),
        ("items.0.what", "Jam", False, False),
    ]


def test_a_document_without_known_line_items_has_no_cells(shared: Path) -> None:
    assert not list(verdicts.cells(example({}), row({"items": [{"what": "Tea", "price": 2}]})))
