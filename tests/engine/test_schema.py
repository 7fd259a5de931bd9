"""The tree of fields: both forms of a schema give it, and every answer takes its shape."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import schema
from engine.schema import Group, Hints, Kind, Leaf, Node, Rows
from tests.contract_examples import (
    INVOICE,
    INVOICE_DATA,
    RECEIPT,
    RECEIPT_DATA,
    SHORT_INVOICE,
    SHORT_INVOICE_JSON_SCHEMA,
)

TEXT, NUMBER, WHOLE, FLAG = (
    Leaf("string"),
    Leaf("number"),
    Leaf("integer"),
    Leaf("boolean"),
)
T = TypeVar("T")
KINDS: tuple[Kind, ...] = ("string", "number", "integer", "boolean")

# ---- any tree, any JSON

names = st.text(max_size=6)
leaves = st.sampled_from([Leaf(kind) for kind in KINDS])


def groups(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Group]:
    return st.dictionaries(names, nodes, max_size=4).map(lambda d: Group(tuple(d.items())))


def rows_or_groups(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return nodes.map(Rows) | groups(nodes)


trees: st.SearchStrategy[Node] = st.recursive(leaves, rows_or_groups, max_leaves=12)
roots = st.dictionaries(
    names.filter(lambda name: not name.startswith("$") and name != "definitions"),
    trees,
    min_size=1,
    max_size=4,
).map(lambda fields: Group(tuple(fields.items())))

any_text = st.text(st.characters(), max_size=5)  # half surrogate pairs too
scalars = st.none() | st.booleans() | st.integers() | st.floats() | any_text
junk: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=15,
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Node, object]:
    """A tree, and something that resembles an answer to it."""
    node = draw(trees)
    return node, draw(resembling(node))


def resembling(node: Node) -> st.SearchStrategy[Any]:
    if isinstance(node, Leaf):
        return scalars
    if isinstance(node, Rows):
        return st.lists(resembling(node.item), max_size=3) | junk
    fields = {name: resembling(field) for name, field in node.fields}
    return st.fixed_dictionaries({}, optional=fields) | junk


def as_json_schema(node: Node) -> dict[str, Any]:
    if isinstance(node, Leaf):
        return {"type": node.kind}
    if isinstance(node, Rows):
        return {"type": "array", "items": as_json_schema(node.item)}
    properties = {name: as_json_schema(field) for name, field in node.fields}
    return {"type": "object", "properties": properties}


def without_integers(node: Node) -> Node:
    if isinstance(node, Leaf):
        return NUMBER if node.kind == "integer" else Leaf(node.kind)
    if isinstance(node, Rows):
        return Rows(without_integers(node.item))
    return Group(tuple((name, without_integers(field)) for name, field in node.fields))


def has_shape(node: Node, value: object) -> bool:
    if isinstance(node, Rows):
        return type(value) is list and all(has_shape(node.item, row) for row in value)
    if isinstance(node, Group):
        return (
            type(value) is dict
            and list(value) == [name for name, _ in node.fields]
            and all(has_shape(field, value[name]) for name, field in node.fields)
        )
    wanted = {"string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,)}
    return type(value) in wanted[node.kind] and not (
        isinstance(value, float) and (math.isnan(value) or value.is_integer())
    )


class TestTree:
    def test_a_template_shows_the_types_of_its_leaves(self) -> None:
        given = {"patient_name": "", "visit_fee": 0, "visit_count": 0, "insured": False}
        assert schema.parse(given) == Group(
            (
                ("patient_name", TEXT),
                ("visit_fee", NUMBER),
                ("visit_count", NUMBER),
                ("insured", FLAG),
            )
        )

    def test_a_filled_out_template_shows_the_same_types(self) -> None:
        given = {"name": "Ann", "fee": 12.5, "count": 3, "insured": True, "tags": ["a"]}
        empty = {"name": "", "fee": 0, "count": 0, "insured": False, "tags": [""]}
        assert schema.parse(given) == schema.parse(empty)

    def test_objects_nest(self) -> None:
        given = {"customer_name": "", "address": {"line1": "", "city": "", "postcode": ""}}
        address = Group((("line1", TEXT), ("city", TEXT), ("postcode", TEXT)))
        assert schema.parse(given) == Group((("customer_name", TEXT), ("address", address)))

    def test_the_one_element_of_an_array_describes_its_items(self) -> None:
        given = {"line_items": [{"description": "", "quantity": 0, "amount": 0}]}
        item = Group((("description", TEXT), ("quantity", NUMBER), ("amount", NUMBER)))
        assert schema.parse(given) == Group((("line_items", Rows(item)),))

    def test_both_forms_of_the_short_invoice_ask_for_the_same(self) -> None:
        from_schema = schema.parse(SHORT_INVOICE_JSON_SCHEMA)
        assert without_integers(from_schema) == schema.parse(SHORT_INVOICE)
        assert schema.template(from_schema) == SHORT_INVOICE

    @given(roots)
    def test_a_template_and_its_json_schema_give_the_same_tree(self, node: Group) -> None:
        from_template = schema.parse(schema.template(node))
        assert schema.parse(as_json_schema(node)) == node
        assert from_template == without_integers(node)

    @given(trees)
    def test_a_root_marked_as_json_schema_may_be_of_any_type(self, node: Node) -> None:
        if node != Group(()):
            assert schema.parse({"$schema": "", **as_json_schema(node)}) == node

    def test_fields_keep_their_order(self) -> None:
        node = schema.parse(dict.fromkeys("zebra", ""))
        assert list(schema.conform(node, {"a": "1", "z": "2"})) == list("zebra")  # type: ignore[arg-type]


class TestSentinel:
    def test_stands_for_each_type_as_the_contract_has_it(self) -> None:
        node = schema.parse(INVOICE)
        assert schema.sentinel(node) == {**INVOICE, "line_items": []}

    @given(trees)
    def test_is_of_the_shape_it_stands_for(self, node: Node) -> None:
        empty = schema.sentinel(node)
        assert has_shape(node, empty)
        assert schema.conform(node, empty) == empty

    @given(trees)
    def test_is_what_nothing_becomes(self, node: Node) -> None:
        assert schema.conform(node, None) == schema.sentinel(node)


class TestTemplate:
    @pytest.mark.parametrize("given", [RECEIPT, INVOICE, SHORT_INVOICE])
    def test_of_a_template_is_that_template(self, given: object) -> None:
        assert schema.template(schema.parse(given)) == given

    @given(trees)
    def test_is_of_the_shape_and_holds_one_element_in_every_array(self, node: Node) -> None:
        made = schema.template(node)
        assert has_shape(node, made)
        assert schema.template(Rows(node)) == [made]


class TestConform:
    @pytest.mark.parametrize(("given", "data"), [(RECEIPT, RECEIPT_DATA), (INVOICE, INVOICE_DATA)])
    def test_leaves_the_answers_of_the_contract_alone(self, given: object, data: object) -> None:
        assert schema.conform(schema.parse(given), data) == data

    def test_fills_in_what_is_missing_and_drops_what_was_not_asked_for(self) -> None:
        node = schema.parse(RECEIPT)
        value = {"total": 3, "tip": 1, "items": [{"name": "Tea"}]}
        assert schema.conform(node, value) == {
            "merchant": "",
            "date": "",
            "items": [{"name": "Tea", "price": 0}],
            "total": 3,
        }

    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            ("string", "Ann", "Ann"),
            ("string", 5, ""),
            ("string", "a\ud800b", "a\ufffdb"),
            ("number", 42.6, 42.6),
            ("number", 10.0, 10),
            ("number", -0.0, 0),
            ("number", "10", 0),
            ("number", True, 0),
            ("number", math.nan, 0),
            ("number", math.inf, 0),
            ("number", 10**400, 0),
            ("integer", 7, 7),
            ("integer", 7.0, 7),
            ("integer", 7.5, 0),
            ("integer", False, 0),
            ("boolean", True, True),
            ("boolean", 1, False),
            ("boolean", "true", False),
        ],
    )
    def test_keeps_only_what_is_of_the_type(
        self, kind: Kind, value: object, expected: object
    ) -> None:
        found = schema.conform(Leaf(kind), value)
        assert (type(found), found) == (type(expected), expected)

    @given(answers())
    def test_always_gives_the_shape(self, pair: tuple[Node, object]) -> None:
        node, value = pair
        found = schema.conform(node, value)
        assert has_shape(node, found)
        assert schema.conform(node, found) == found

    @given(answers())
    def test_always_gives_what_can_be_sent(self, pair: tuple[Node, object]) -> None:
        found = schema.conform(*pair)
        sent = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
        assert json.loads(sent) == found

    @given(trees)
    def test_survives_what_is_no_json_at_all(self, node: Node) -> None:
        assert schema.conform(node, {1, 2}) == schema.sentinel(node)
        assert schema.conform(node, {None: object()}) == schema.sentinel(node)


class TestHints:
    def test_are_kept_for_the_matcher(self) -> None:
        field = {
            "type": "string",
            "title": "Issued",
            "description": "Day of issue",
            "format": "date",
            "pattern": "^[0-9]",
        }
        assert hints_of(field) == Hints("Issued", "Day of issue", "date", "^[0-9]")

    def test_include_the_choices_but_not_null(self) -> None:
        assert hints_of({"enum": [None, "a", "b"]}).choices == ("a", "b")
        assert hints_of({"const": 3}).choices == (3,)

    def test_of_the_wrong_type_are_passed_over(self) -> None:
        assert hints_of({"type": "string", "title": 5, "description": ["x"]}) == Hints()

    def test_beside_a_ref_go_before_those_of_its_target(self) -> None:
        target = {"type": "string", "title": "Party", "description": "Who", "format": "name"}
        field = {"$ref": "#/$defs/party", "title": "Seller"}
        assert hints_of(field, party=target) == Hints("Seller", "Who", "name")

    def test_beside_branches_go_before_those_of_the_branch(self) -> None:
        field = {"title": "Fee", "anyOf": [{"type": "number", "title": "x", "format": "money"}]}
        assert hints_of(field) == Hints(title="Fee", format="money")

    def test_belong_to_objects_and_arrays_too(self) -> None:
        field = {"type": "array", "title": "Goods", "items": {"properties": {}, "title": "Good"}}
        assert field_of(field) == Rows(Group((), Hints("Good")), Hints("Goods"))


def field_of(field: object, **defs: object) -> Node:
    node = schema.parse({"type": "object", "properties": {"f": field}, "$defs": defs})
    assert isinstance(node, Group)
    ((_, found),) = node.fields
    return found


def hints_of(field: object, **defs: object) -> Hints:
    return field_of(field, **defs).hints


class TestDepth:
    def test_256_levels_can_be_converted_and_used_deep_in_a_call_stack(self) -> None:
        for made in (nested_template(256), nested_json_schema(256)):
            node, data = far_down(200, partial(round_trip, made))
            assert schema.template(node) == data
            assert depth(data) == 256

    @pytest.mark.parametrize("levels", [257, 5000])
    def test_more_levels_are_refused_wherever_they_are(self, levels: int) -> None:
        deep = nested_template(levels)
        branches: dict[str, Any] = {"type": "string"}
        for _ in range(levels):
            branches = {"anyOf": [branches]}
        for made in (
            deep,
            {"a": [deep]},
            nested_json_schema(levels),
            {"$schema": "", **branches},
            {"$schema": "", "const": deep},
            {"$schema": "", "anyOf": [nested_json_schema(levels), {"type": "string"}]},
        ):
            with pytest.raises(schema.InvalidSchema) as fault:
                schema.parse(made)
            assert fault.value.reason == "too_deep"
            assert len(str(fault.value)) < 1000

    def test_a_long_chain_of_references_is_no_depth(self) -> None:
        defs: dict[str, Any] = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(1500)}
        defs["d1500"] = {"type": "string"}
        assert schema.parse({"$ref": "#/$defs/d0", "$defs": defs}) == TEXT


def nested_template(levels: int) -> dict[str, Any]:
    node: Any = ""
    for _ in range(levels):
        node = {"a": node}
    return node  # type: ignore[no-any-return]


def nested_json_schema(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        node = {"type": "object", "properties": {"a": node}}
    return node


def round_trip(given: object) -> tuple[Node, schema.Json]:
    node = schema.parse(given)
    return node, schema.conform(node, schema.template(node))


def depth(data: object) -> int:
    found = 0
    while isinstance(data, dict):
        data, found = data["a"], found + 1
    return found


def far_down(calls: int, work: Callable[[], T]) -> T:
    """What work gives at the bottom of so many calls more than pytest itself makes."""
    assert sys.getrecursionlimit() == 1000
    return far_down(calls - 1, work) if calls > 0 else work()
