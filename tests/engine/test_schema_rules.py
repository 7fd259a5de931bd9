"""What a schema may say: every rule of the contract, and what breaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine import schema
from engine.schema import Group, InvalidSchema, Leaf, Node, Rows
from tests import speed
from tests.engine.test_schema import junk

TEXT, NUMBER, WHOLE, FLAG = (
    Leaf("string"),
    Leaf("number"),
    Leaf("integer"),
    Leaf("boolean"),
)


def bare(node: Node) -> Node:
    """Without its hints."""
    if isinstance(node, Leaf):
        return Leaf(node.kind)
    if isinstance(node, Rows):
        return Rows(bare(node.item))
    return Group(tuple((name, bare(field)) for name, field in node.fields))


def convert(field: object, **defs: object) -> Node:
    """A field of a JSON Schema, as it stands in the tree."""
    node = schema.parse({"type": "object", "properties": {"f": field}, "$defs": defs})
    assert isinstance(node, Group)
    ((_, found),) = node.fields
    return bare(found)


def refuse(given: object) -> InvalidSchema:
    with pytest.raises(InvalidSchema) as fault:
        schema.parse(given)
    return fault.value


def refuse_field(field: object, **defs: object) -> tuple[str, str]:
    """The place, from the field on, and the reason."""
    fault = refuse({"type": "object", "properties": {"f": field}, "$defs": defs})
    return fault.path.removeprefix("schema.properties."), fault.reason


class TestDetection:
    @pytest.mark.parametrize(
        "given",
        [
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"},
            {"$defs": {}, "type": "string"},
            {"definitions": {}, "type": "string"},
            {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}},
        ],
    )
    def test_one_keyword_at_the_root_makes_a_json_schema(self, given: object) -> None:
        assert schema.parse(given) == TEXT

    def test_so_do_the_type_object_and_properties_together(self) -> None:
        given = {"type": "object", "properties": {"a": {"type": "string"}}}
        assert schema.parse(given) == Group((("a", TEXT),))

    @pytest.mark.parametrize(
        "given",
        [
            {"type": "object"},
            {"properties": {"a": ""}},
            {"type": "object", "properties": ""},
            {"type": "", "properties": {"a": ""}},
            {"type": ["object"], "properties": {"type": ""}},
        ],
    )
    def test_one_of_the_two_is_a_template(self, given: dict[str, Any]) -> None:
        node = schema.parse(given)
        assert isinstance(node, Group)
        assert [name for name, _ in node.fields] == list(given)

    def test_names_are_reserved_at_the_root_only(self) -> None:
        given = {"a": {"$ref": "", "$schema": "", "definitions": "", "$x": ""}}
        assert schema.template(schema.parse(given)) == given
        assert refuse({"$x": "", "a": ""}).reason == "reserved_name"
        assert refuse({"definitions": "", "word": ""}).reason == "unsupported_type"


class TestSupported:
    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ({"type": "string"}, TEXT),
            ({"type": "number"}, NUMBER),
            ({"type": "integer"}, WHOLE),
            ({"type": "boolean"}, FLAG),
            ({"type": "object", "properties": {"a": {"type": "string"}}}, Group((("a", TEXT),))),
            ({"type": "object"}, Group(())),
            ({"type": "object", "properties": {}}, Group(())),
            ({"type": "array", "items": {"type": "integer"}}, Rows(WHOLE)),
            ({"properties": {"a": {"type": "string"}}}, Group((("a", TEXT),))),
            ({"items": {"type": "string"}}, Rows(TEXT)),
        ],
    )
    def test_types(self, field: object, expected: Node) -> None:
        assert convert(field) == expected

    @pytest.mark.parametrize(
        ("named", "expected"),
        [
            (["string", "null"], TEXT),
            (["null", "integer"], WHOLE),
            (["number", "string"], NUMBER),
            (["boolean"], FLAG),
        ],
    )
    def test_the_first_of_several_types_that_is_not_null(
        self, named: list[str], expected: Node
    ) -> None:
        assert convert({"type": named}) == expected

    @pytest.mark.parametrize(
        "ref",
        [
            "#/$defs/a",
            "#/definitions/b",
            "#/$defs/deep/properties/a",
            "#/$defs/list/anyOf/1",
            "#/$defs/odd~1name~0%20here",
            "#/%24defs/a",
        ],
    )
    def test_a_local_ref(self, ref: str) -> None:
        text = {"type": "string"}
        defs = {
            "a": text,
            "deep": {"properties": {"a": text}},
            "list": {"anyOf": [{}, text]},
            "odd/name~ here": text,
        }
        given = {"$schema": "", "$ref": ref, "$defs": defs, "definitions": {"b": text}}
        assert schema.parse(given) == TEXT

    def test_a_ref_to_a_ref_and_one_that_is_used_twice(self) -> None:
        address = {"properties": {"city": {"$ref": "#/$defs/text"}}}
        field = {"properties": {"a": {"$ref": "#/$defs/home"}, "b": {"$ref": "#/$defs/home"}}}
        home = Group((("city", TEXT),))
        found = convert(
            field, home={"$ref": "#/$defs/address"}, address=address, text={"type": "string"}
        )
        assert found == Group((("a", home), ("b", home)))

    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ({"const": "EUR"}, TEXT),
            ({"const": 5}, NUMBER),
            ({"const": True}, FLAG),
            ({"enum": ["a", 1]}, TEXT),
            ({"enum": [1.5, "a"]}, NUMBER),
            ({"enum": [None, False]}, FLAG),
            ({"type": "integer", "enum": [1, 2]}, WHOLE),
            ({"type": ["null", "integer"], "enum": [None, 1]}, WHOLE),
            ({"type": "number", "const": 1}, NUMBER),
            ({"type": "string", "const": "x"}, TEXT),
            ({"const": {"a": "x", "b": None, "c": [None, 1, "y"]}}, "object"),
            ({"enum": [[{"a": 1}, {}]]}, Rows(Group((("a", NUMBER),)))),
        ],
    )
    def test_const_and_enum(self, field: object, expected: object) -> None:
        if expected == "object":
            expected = Group((("a", TEXT), ("c", Rows(NUMBER))))
        assert convert(field) == expected

    @pytest.mark.parametrize("word", ["anyOf", "oneOf", "allOf"])
    def test_the_first_branch_that_converts(self, word: str) -> None:
        bad = {"type": "date"}
        branches = [{"type": "null"}, bad, True, {"type": "integer"}, {"type": "string"}]
        assert convert({word: branches}) == WHOLE

    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ({"allOf": [{"type": "string"}], "anyOf": [{"type": "integer"}]}, WHOLE),
            ({"oneOf": [{"type": "string"}], "anyOf": [{"type": "null"}]}, TEXT),
            ({"type": "string", "anyOf": [{"type": "integer"}]}, TEXT),
            ({"properties": {}, "anyOf": [{"type": "integer"}]}, Group(())),
            ({"type": "object", "allOf": [{"$ref": "#/$defs/a"}]}, Group((("x", TEXT),))),
            (
                {"type": "object", "properties": {}, "anyOf": [{"$ref": "#/$defs/a"}]},
                Group((("x", TEXT),)),
            ),
        ],
    )
    def test_what_goes_before_what(self, field: object, expected: Node) -> None:
        assert convert(field, a={"properties": {"x": {"type": "string"}}}) == expected

    def test_a_circle_in_one_branch_leaves_the_others(self) -> None:
        tree = {"properties": {"up": {"anyOf": [{"$ref": "#/$defs/tree"}, {"type": "string"}]}}}
        assert convert({"$ref": "#/$defs/tree"}, tree=tree) == Group((("up", TEXT),))

    def test_informational_keywords_change_nothing(self) -> None:
        said = {
            "description": "d",
            "title": "t",
            "format": "date",
            "required": ["nothing"],
            "default": [],
            "examples": 5,
            "minimum": "low",
            "additionalProperties": False,
            "not": {},
            "x-own": None,
        }
        assert convert({"type": "string", **said}) == TEXT
        assert convert({"properties": {}, **said}) == Group(())

    def test_definitions_that_nobody_uses_are_not_looked_at(self) -> None:
        assert convert({"type": "string"}, bad={"type": "date", "anyOf": []}) == TEXT


class TestTemplateRules:
    @pytest.mark.parametrize(
        ("given", "path", "reason"),
        [
            ([], "schema", "not_an_object"),
            (None, "schema", "not_an_object"),
            ("text", "schema", "not_an_object"),
            ({}, "schema", "no_fields"),
            ({"a": None}, "schema.a", "null_leaf"),
            ({"a": {"b": [None]}}, "schema.a.b[0]", "null_leaf"),
            ({"line_items": []}, "schema.line_items", "array_length"),
            ({"a": [{"b c": ["", ""]}]}, 'schema.a[0]["b c"]', "array_length"),
            ({"$own": ""}, "schema.$own", "reserved_name"),
            ({"a": {"b": "\ud800"}}, "schema.a.b", "not_unicode"),
            ({"a": {"\udc00": ""}}, "schema.a", "not_unicode"),
            ({"type": "object", "properties": {}}, "schema", "no_fields"),
            ({"$schema": "", "type": "object"}, "schema", "no_fields"),
        ],
    )
    def test_is_refused(self, given: object, path: str, reason: str) -> None:
        fault = refuse(given)
        assert (fault.path, fault.reason) == (path, reason)

    def test_empty_objects_and_odd_names_are_welcome_inside(self) -> None:
        given = {"a": {}, "": [{}], "\0": "", "größe": {"b.c": 0}}
        assert schema.template(schema.parse(given)) == given

    def test_the_converted_template_may_be_64_kb_and_no_more(self) -> None:
        frame = len('{"":""}')
        fits, ends = "é" * ((schema.MAX_BYTES - frame) // 2), "x" * ((schema.MAX_BYTES - frame) % 2)
        node = schema.parse({fits + ends: "a long value that is left out"})
        size = len(json.dumps(schema.template(node), ensure_ascii=False).encode()) - 1
        assert size == schema.MAX_BYTES
        fault = refuse({fits + ends + "x": ""})
        assert (fault.path, fault.reason) == ("schema", "too_large")
        assert "64 KB" in str(fault)


class TestJsonSchemaRules:
    @pytest.mark.parametrize(
        ("field", "path", "reason"),
        [
            ({"type": "array", "items": [{"type": "string"}]}, "f.items", "tuple_items"),
            ({"items": []}, "f.items", "tuple_items"),
            ({"prefixItems": [{"type": "string"}]}, "f.prefixItems", "tuple_items"),
            ({"type": "array", "prefixItems": [], "items": {}}, "f.prefixItems", "tuple_items"),
            ({"type": "array"}, "f", "missing_items"),
            ({"type": "array", "items": True}, "f.items", "not_a_schema"),
            ({"type": "array", "items": {}}, "f.items", "unsupported_type"),
            ({"$ref": "https://example.com/a.json"}, "f.$ref", "external_ref"),
            ({"$ref": "other.json#/$defs/a"}, "f.$ref", "external_ref"),
            ({"$ref": "#"}, "f.$ref", "external_ref"),
            ({"$ref": "#/properties/f"}, "f.$ref", "external_ref"),
            ({"$ref": 5}, "f.$ref", "external_ref"),
            ({"$ref": "#/$defs/nobody"}, "f.$ref", "unresolved_ref"),
            ({"$ref": "#/$defs/list/enum/01"}, "f.$ref", "unresolved_ref"),
            ({"$ref": "#/$defs/list/enum/7"}, "f.$ref", "unresolved_ref"),
            ({"anyOf": []}, "f.anyOf", "empty_composition"),
            ({"type": "string", "oneOf": []}, "f.oneOf", "empty_composition"),
            ({"$ref": "#/$defs/list", "allOf": []}, "f.allOf", "empty_composition"),
            ({"anyOf": {"type": "string"}}, "f.anyOf", "empty_composition"),
            ({"type": "null"}, "f.type", "unsupported_type"),
            ({"type": ["null"]}, "f.type", "unsupported_type"),
            ({"type": []}, "f.type", "unsupported_type"),
            ({"type": "date"}, "f.type", "unsupported_type"),
            ({"type": "date", "enum": ["a"]}, "f.type", "unsupported_type"),
            ({"type": "String"}, "f.type", "unsupported_type"),
            ({"type": None}, "f.type", "unsupported_type"),
            ({"type": [{}, "string"]}, "f.type", "unsupported_type"),
            ({}, "f", "unsupported_type"),
            (True, "f", "not_a_schema"),
            ("string", "f", "not_a_schema"),
            ({"anyOf": [{"type": "null"}, {"items": []}]}, "f.anyOf[0].type", "unsupported_type"),
            ({"const": None}, "f.const", "no_value"),
            ({"enum": []}, "f.enum", "no_value"),
            ({"enum": [None]}, "f.enum", "no_value"),
            ({"enum": "a"}, "f.enum", "no_value"),
            ({"const": [None]}, "f.const", "array_length"),
            ({"type": "object", "properties": []}, "f.properties", "not_an_object"),
            ({"properties": {"g": {"type": "x"}}}, "f.properties.g.type", "unsupported_type"),
        ],
    )
    def test_is_refused(self, field: object, path: str, reason: str) -> None:
        assert refuse_field(field, list={"enum": ["a"]}) == (path, reason)

    @pytest.mark.parametrize(
        "defs",
        [
            {"a": {"$ref": "#/$defs/a"}},
            {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
            {"a": {"properties": {"up": {"$ref": "#/$defs/a"}}}},
            {"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}},
            {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}},
            {"a": {"properties": {"x": {"$ref": "#/$defs/a/properties/x"}}}},
        ],
    )
    def test_a_circle_of_references_is_refused(self, defs: dict[str, object]) -> None:
        fault = refuse({"$ref": "#/$defs/a", "$defs": defs})
        assert fault.reason == "circular_ref"
        assert fault.path.startswith("schema.$defs.")
        assert fault.path.endswith("$ref")

    def test_the_message_names_the_place_and_what_to_do(self) -> None:
        fault = refuse({"$schema": "", "properties": {"vendor": {"type": "array", "items": []}}})
        assert str(fault) == (
            "schema.properties.vendor.items describes a tuple, which is not supported; "
            "give one schema for every item."
        )

    def test_a_place_found_through_a_ref_is_where_it_was_written(self) -> None:
        assert refuse_field({"$ref": "#/$defs/a"}, a={"properties": {"b": {}}}) == (
            "schema.$defs.a.properties.b",
            "unsupported_type",
        )


def fields(ref: object) -> dict[str, Any]:
    return {"properties": dict.fromkeys("abcdefghij", ref)}


def branches(ref: object) -> dict[str, Any]:
    return {"anyOf": [ref] * 10}


def layers(count: int, layer: Callable[[object], dict[str, Any]], last: object) -> dict[str, Any]:
    """A schema in which each layer names the next one ten times."""
    defs = {f"l{n}": layer({"$ref": f"#/$defs/l{n + 1}"}) for n in range(count)}
    return {"$ref": "#/$defs/l0", "$defs": {**defs, f"l{count}": last}}


BOMBS = {
    "fields": layers(9, fields, {"type": "string"}),
    "branches": layers(20, branches, {"type": "nothing"}),
    "long names": layers(4, fields, {"properties": {"x" * 30_000: {"type": "string"}}}),
    "long lists": layers(4, fields, {"enum": ["a"] * 10_000}),
    "large values": layers(4, fields, {"const": {str(n): [""] for n in range(5000)}}),
    "long pointers": layers(4, fields, {"anyOf": [{"$ref": "#/$defs/" + "x/" * 20_000}] * 10}),
}


class TestTime:
    @pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
    def test_a_few_lines_cannot_ask_for_endless_work(self, bomb: object) -> None:
        assert refuse(bomb).reason in ("too_large", "unresolved_ref")
        assert speed.within(2, lambda: refuse(bomb))

    def test_the_largest_honest_schema_is_converted(self) -> None:
        many = {f"f{n}": {"$ref": "#/$defs/text"} for n in range(5000)}
        text = {"type": ["string", "null"], "title": "T", "description": "D"}
        node = schema.parse({"type": "object", "properties": many, "$defs": {"text": text}})
        assert isinstance(node, Group)
        assert len(node.fields) == 5000


refs = st.sampled_from(["#/$defs/a", "#/$defs/b", "#/definitions/a", "#/$defs/a/items", "#", "x"])
types = st.sampled_from(
    ["object", "array", "string", "number", "integer", "boolean", "null", "date", 5, None]
)


def schema_like(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    listed = st.lists(inner, max_size=3)
    words: dict[str, st.SearchStrategy[Any]] = {
        "type": types | st.lists(types, max_size=3),
        "properties": named | inner,
        "items": inner | listed,
        "prefixItems": listed,
        "anyOf": listed,
        "oneOf": listed | inner,
        "allOf": listed,
        "$ref": refs,
        "$defs": named,
        "definitions": named,
        "const": junk,
        "enum": st.lists(junk, max_size=3),
        "title": junk,
    }
    return st.fixed_dictionaries({}, optional=words)


schemas = st.recursive(
    st.builds(dict, type=types) | st.builds(lambda ref: {"$ref": ref}, refs) | junk,
    schema_like,
    max_leaves=12,
)


@given(schemas | junk)
@example({"$schema": "", "type": {}})
@example({"$defs": None, "$ref": "#/$defs/a"})
@example({"$schema": "", "enum": [float("nan")], "title": None})
def test_whatever_comes_it_is_a_tree_or_refused(given: object) -> None:
    node = parsed(given)
    if isinstance(node, InvalidSchema):
        assert re.fullmatch(r"schema.*\.", str(node), re.DOTALL)
        assert str(node).encode()
    else:
        template = schema.template(node)
        assert schema.conform(node, template) == template


def parsed(given: object) -> Node | InvalidSchema:
    try:
        return schema.parse(given)
    except InvalidSchema as fault:
        return fault
