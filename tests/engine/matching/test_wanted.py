"""A schema as a list of single values and of arrays."""

from __future__ import annotations

import pytest
from hypothesis import given

from engine import schema
from engine.matching import labels, wanted
from engine.matching.spots import key
from engine.matching.wanted import Want
from engine.schema import Group, Leaf, Node, Rows
from tests.engine.test_schema import trees

LEXICON = labels.load()


def wants(template: object) -> dict[str, Want]:
    return {want.name: want for want in wanted.wants(schema.parse(template), LEXICON)}


def test_leaves_are_wanted_in_the_order_of_the_schema() -> None:
    template = {"total": 0, "supplier": {"name": "", "address": {"city": ""}}, "date": ""}
    assert list(wants(template)) == ["total", "supplier.name", "supplier.address.city", "date"]


def test_arrays_of_objects_are_left_to_the_tables() -> None:
    template = {"items": [{"name": ""}], "tags": [""], "log": {"entries": [{"day": ""}]}}
    assert {name: want.many for name, want in wants(template).items()} == {"tags": True}
    paths = [path for path, _ in wanted.arrays(schema.parse(template))]
    assert paths == [("items",), ("tags",), ("log", "entries")]


def test_arrays_in_arrays_belong_to_the_outer_one() -> None:
    node = Group((("pages", Rows(Group((("words", Rows(Leaf("string"))),)))),))
    assert [path for path, _ in wanted.arrays(node)] == [("pages",)]
    assert not list(wanted.wants(node, LEXICON))


def test_a_root_may_be_a_value_or_an_array() -> None:
    (want,) = wanted.wants(Leaf("number"), LEXICON)
    assert (want.path, want.name, want.many) == ((), "", False)
    (want,) = wanted.wants(Rows(Leaf("string")), LEXICON)
    assert want.many


@pytest.mark.parametrize(
    ("one", "other"),
    [("supplier", "seller"), ("supplier", "vendor"), ("buyer", "customer")],
)
def test_fields_that_mean_the_same_share_weights(one: str, other: str) -> None:
    template = {one: {"name": ""}, other: {"name": ""}}
    groups = {want.group for want in wants(template).values()}
    assert len(groups) == 1


def test_parties_do_not_share_weights() -> None:
    found = wants({"supplier": {"name": ""}, "buyer": {"name": ""}, "total": 0})
    assert len({want.group for want in found.values()}) == 3


def test_phrases_are_compared_in_any_order_and_may_be_shortened() -> None:
    want = wants({"customer_reference_number": ""})["customer_reference_number"]
    assert key(("reference", "customer", "number")) in want.phrases
    assert key(("customer", "reference")) in want.phrases


def test_labels_of_a_related_concept_fit_less_well() -> None:
    want = wants({"receipt_number": ""})["receipt_number"]
    assert want.phrases[key(("receipt", "number"))] == 1
    assert 0.5 < want.phrases[key(("invoice", "number"))] < 1
    assert key(("order", "number")) not in want.phrases


def test_labels_that_name_no_party_are_hardly_a_customers() -> None:
    found = wants({"customer": {"vat_id": ""}, "supplier": {"vat_id": ""}})
    customers = found["customer.vat_id"]
    assert key(("vat", "number")) in customers.bare
    assert key(("customer", "vat", "number")) in set(customers.phrases) - customers.bare
    assert not found["supplier.vat_id"].bare


@given(trees)
def test_every_leaf_is_wanted_once(node: Node) -> None:
    found = list(wanted.wants(node, LEXICON))
    tables = [path for path, _ in wanted.arrays(node)]
    assert len({want.path for want in found}) == len(found)
    assert all(want.many == (want.path in tables) for want in found)
    assert all(set(want.phrases) == set(map(key, want.phrases)) for want in found)
