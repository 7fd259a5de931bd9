"""What a client wants extracted: turns a template or a JSON Schema into one tree of fields, refuses
what cannot be extracted, and gives any answer exactly the shape that was asked for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias
from urllib.parse import unquote

MAX_BYTES = 64 * 1024
"""Of the template a schema converts to, as compact JSON in UTF-8."""

MAX_DEPTH = 256
"""Objects, arrays and compositions inside each other; an interpreter's stack holds no 1,000 calls,
and every level takes two."""

MAX_STEPS = 100_000
"""Keywords and entries looked at. A few lines of ``$ref`` can describe a tree without end."""

Kind = Literal["string", "number", "integer", "boolean"]
Scalar = str | int | float | bool
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json]"


@dataclass(frozen=True, slots=True)
class Hints:
    """What a JSON Schema says beside the type, for the matcher; "" and () where it says nothing."""

    title: str = ""
    description: str = ""
    format: str = ""
    pattern: str = ""
    choices: tuple[Scalar, ...] = ()
    """The values of ``const`` or ``enum``."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value."""

    kind: Kind
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class Group:
    """An object: named fields, in the order they were asked for."""

    fields: tuple[tuple[str, Node], ...]
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class Rows:
    """An array: any number of items of one shape."""

    item: Node
    hints: Hints = Hints()


Node: TypeAlias = Leaf | Group | Rows


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Place:
    """Where in the schema; ``str()`` gives ``schema.line_items[0]``, shortened if it is long."""

    step: str | int = "schema"
    up: Place | None = None

    def __str__(self) -> str:
        steps = [_written(step) for step in self._steps()][::-1]
        if len(steps) > 16:
            steps = [*steps[:8], ".…", *steps[-8:]]
        return "".join(steps).removeprefix(".")

    def _steps(self) -> Iterator[str | int]:
        place: Place | None = self
        while place:
            yield place.step
            place = place.up


class InvalidSchema(Exception):
    """The schema cannot be used; ``str()`` tells its author where and what to do about it."""

    def __init__(self, place: Place, reason: str, advice: str) -> None:
        super().__init__(place, reason, advice)
        self.reason = reason
        """One word, for programs."""
        self._place, self._advice = place, advice

    @property
    def path(self) -> str:
        return str(self._place)

    def __str__(self) -> str:
        return f"{self.path} {self._advice}"


def parse(schema: object) -> Node:
    """The fields that a schema, as decoded from JSON, asks for. Raises ``InvalidSchema``."""
    root = Place()
    if not isinstance(schema, dict):
        advice = "must be a JSON object: a template or a JSON Schema."
        raise InvalidSchema(root, "not_an_object", advice)
    _check_text(schema, root)
    spot = _Spot(schema, root)
    if _is_json_schema(schema):
        node = _Conversion(schema).node(spot)
    else:
        _check_names(schema, root)
        node = _Conversion(schema).example(spot)
    if isinstance(node, Group) and not node.fields:
        raise InvalidSchema(root, "no_fields", "has no fields; name at least one to extract.")
    _check_size(node, root)
    return node


# ---- what a tree gives


def sentinel(node: Node) -> Json:
    """What stands for a value that was not found: "", 0, False, no items, or an object of these."""
    if isinstance(node, Leaf):
        return _EMPTY[node.kind]
    if isinstance(node, Rows):
        return []
    return {name: sentinel(field) for name, field in node.fields}


def template(node: Node) -> Json:
    """The tree as a template: sentinels, and exactly one element in every array."""
    if isinstance(node, Leaf):
        return _EMPTY[node.kind]
    if isinstance(node, Rows):
        return [template(node.item)]
    return {name: template(field) for name, field in node.fields}


def conform(node: Node, value: object) -> Json:
    """The value in exactly the node's shape, whatever it was.

    What is missing or of a wrong type becomes a sentinel, what was not asked for is left out. The
    answer can always be written as JSON in UTF-8.
    """
    if isinstance(node, Leaf):
        return _CONFORM[node.kind](value)
    if isinstance(node, Rows):
        rows = value if isinstance(value, list | tuple) else ()
        return [conform(node.item, row) for row in rows]
    parts = value if isinstance(value, dict) else {}
    return {name: conform(field, parts.get(name)) for name, field in node.fields}


_SURROGATE = re.compile("[\ud800-\udfff]")


def _text(value: object) -> str:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        return 0
    return int(value) if value == int(value) else float(value)


def _integer(value: object) -> int:
    number = _number(value)
    return number if isinstance(number, int) else 0


def _is_finite(number: float) -> bool:
    """Also no to an integer so long that JSON readers take it for infinity."""
    return abs(number) <= sys.float_info.max


def _flag(value: object) -> bool:
    return value is True


_EMPTY: dict[Kind, Scalar] = {"string": "", "number": 0, "integer": 0, "boolean": False}
_CONFORM: dict[Kind, Callable[[object], Scalar]] = {
    "string": _text,
    "number": _number,
    "integer": _integer,
    "boolean": _flag,
}


# ---- what a schema must be, whatever its form


def _check_text(schema: object, root: Place) -> None:
    """Refuses half a surrogate pair anywhere: it could be neither stored nor sent."""
    waiting = [(schema, root)]
    while waiting:
        value, place = waiting.pop()
        children = _children(value)
        for text in (value, *(step for step, _ in children)):
            if isinstance(text, str) and _SURROGATE.search(text):
                advice = "holds half of a surrogate pair; use whole characters only."
                raise InvalidSchema(place, "not_unicode", advice)
        waiting += [(child, Place(step, place)) for step, child in children]


def _children(value: object) -> list[tuple[str | int, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _is_json_schema(schema: dict[str, Any]) -> bool:
    if not schema.keys().isdisjoint(("$schema", "$defs", "definitions", "$ref")):
        return True
    return schema.get("type") == "object" and isinstance(schema.get("properties"), dict)


def _check_names(schema: dict[str, Any], root: Place) -> None:
    """Of a template; its ``definitions`` would have made it a JSON Schema."""
    for name in schema:
        if name.startswith("$"):
            advice = 'is a reserved name: a field at the root must not start with "$"; rename it.'
            raise InvalidSchema(Place(name, root), "reserved_name", advice)


def _check_size(node: Node, root: Place) -> None:
    size = 0
    for chunk in _COMPACT.iterencode(template(node)):
        size += len(chunk.encode())
        if size > MAX_BYTES:
            advice = f"must be {MAX_BYTES // 1024} KB or less as a template; ask for fewer fields."
            raise InvalidSchema(root, "too_large", advice)


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


# ---- conversion


@dataclass(frozen=True, slots=True)
class _Spot:
    """A part of the schema, inside of so many levels; ``hints`` come from around it."""

    value: Any
    place: Place
    level: int = 0
    hints: Hints = Hints()

    def inner(self, value: object, *steps: str | int) -> _Spot:
        return _Spot(value, self._at(steps), self.level + 1)

    def refused(self, reason: str, advice: str, *steps: str | int) -> InvalidSchema:
        return InvalidSchema(self._at(steps), reason, advice)

    def _at(self, steps: tuple[str | int, ...]) -> Place:
        place = self.place
        for step in steps:
            place = Place(step, place)
        return place


_COMPOSITIONS = ("anyOf", "oneOf", "allOf")

_FINAL = ("too_deep", "too_large")
"""Reasons that are no fault of one branch: trying the next would only take longer."""

_Type = Kind | Literal["object", "array"]
_TYPES: dict[object, _Type] = {
    "object": "object",
    "array": "array",
    "string": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}

_REFUSED_REFS = {
    "external_ref": "does not point into #/$defs/ or #/definitions/; only such local references "
    "are supported, so copy what it points to into the schema.",
    "unresolved_ref": "points to nothing in the schema; correct it or add what it points to.",
}


class _Conversion:
    """One schema on its way to a tree.

    ``node`` and ``example`` come back to themselves through one comprehension or method at most:
    two calls a level are what ``MAX_DEPTH`` allows for.
    """

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._steps = 0
        self._open: set[str] = set()
        self._targets: dict[str, tuple[object, Place] | str] = {}

    def node(self, spot: _Spot) -> Node:
        """What a JSON Schema, or a part of one, describes."""
        followed: list[str] = []
        try:
            spot = self._follow(spot, followed)
            shape = _shape(spot)
            if shape == "value":
                return self._value(spot)
            if shape == "object":
                parts = _properties(spot)
                return Group(tuple([(name, self.node(part)) for name, part in parts]), spot.hints)
            if shape == "array":
                return Rows(self.node(_items(spot)), spot.hints)
            return self._first(spot) if shape == "branches" else Leaf(shape, spot.hints)
        finally:
            self._open.difference_update(followed)

    def example(self, spot: _Spot, *, lenient: bool = False) -> Node:
        """What a template is like, or, leniently, the value of a ``const``."""
        self._spend(spot)
        if isinstance(spot.value, dict):
            parts = _members(spot, lenient)
            fields = [(name, self.example(part, lenient=lenient)) for name, part in parts]
            return Group(tuple(fields), spot.hints)
        if isinstance(spot.value, list):
            return Rows(self.example(_element(spot, lenient), lenient=lenient), spot.hints)
        return Leaf(_kind(spot), spot.hints)

    def _follow(self, spot: _Spot, followed: list[str]) -> _Spot:
        """Where the chain of ``$ref`` that starts here ends; what is said on the way is kept."""
        while True:
            if not isinstance(spot.value, dict):
                raise spot.refused("not_a_schema", "must be a schema: a JSON object.")
            self._spend(spot)
            _check_compositions(spot)
            spot = replace(spot, hints=_hints(spot))
            if "$ref" not in spot.value:
                return spot
            ref = spot.value["$ref"]
            target, place = self._target(spot, ref)
            if ref in self._open:
                advice = "leads back to itself; a circular $ref is not supported."
                raise spot.refused("circular_ref", advice, "$ref")
            self._open.add(ref)
            followed.append(ref)
            spot = replace(spot, value=target, place=place)

    def _target(self, spot: _Spot, ref: object) -> tuple[object, Place]:
        found: tuple[object, Place] | str = "external_ref"
        if isinstance(ref, str):
            # Looked up once only: a short schema can come by a long pointer very often.
            found = self._targets.get(ref) or _lookup(self._root, ref)
            self._targets[ref] = found
        if isinstance(found, str):
            raise spot.refused(found, _REFUSED_REFS[found], "$ref")
        return found

    def _value(self, spot: _Spot) -> Node:
        """What the value of ``const``, or the first of ``enum``, is like."""
        word = "const" if "const" in spot.value else "enum"
        values = [spot.value[word]] if word == "const" else spot.value[word]
        first = _first_entry(values)
        if first is None:
            advice = "holds no value to derive a type from; give one that is not null."
            raise spot.refused("no_value", advice, word)
        choices = tuple([value for value in values if _is_scalar(value)])
        hints = replace(spot.hints, choices=choices)
        node = self.example(_Spot(first, Place(word, spot.place), spot.level, hints), lenient=True)
        whole = isinstance(node, Leaf) and node.kind == "number" and _type(spot) == "integer"
        return Leaf("integer", hints) if whole else node

    def _first(self, spot: _Spot) -> Node:
        """What the first branch that converts describes."""
        _check_depth(spot)
        faults: list[InvalidSchema] = []
        for word in _COMPOSITIONS:
            for number, branch in enumerate(spot.value.get(word, ())):
                try:
                    return self.node(replace(spot.inner(branch, word, number), hints=spot.hints))
                except InvalidSchema as fault:
                    if fault.reason in _FINAL:
                        raise
                    faults = faults or [fault]
        raise faults[0]

    def _spend(self, spot: _Spot) -> None:
        value = spot.value
        if isinstance(value, dict):
            self._steps += sum(len(part) for part in value.values() if isinstance(part, list))
        self._steps += 1 + (len(value) if isinstance(value, dict | list) else 0)
        if self._steps > MAX_STEPS:
            advice = "is where the schema grows too large; repeat less by $ref or ask for less."
            raise spot.refused("too_large", advice)


def _lookup(root: dict[str, Any], ref: str) -> tuple[object, Place] | str:
    """What a local JSON pointer points to, and where that is; else the reason for refusing it."""
    pointer = unquote(ref)
    if not pointer.startswith(("#/$defs/", "#/definitions/")):
        return "external_ref"
    found: object = root
    place = Place()
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found, place = found[name], Place(name, place)
        elif isinstance(found, list) and _INDEX.fullmatch(name) and int(name) < len(found):
            found, place = found[int(name)], Place(int(name), place)
        else:
            return "unresolved_ref"
    return found, place


_INDEX = re.compile("0|[1-9][0-9]{0,6}")


# ---- one node of a JSON Schema


def _shape(spot: _Spot) -> _Type | Literal["value", "branches"]:
    schema = spot.value
    kind = _type(spot)
    composed = not schema.keys().isdisjoint(_COMPOSITIONS)
    if "const" in schema or "enum" in schema:
        return "value"
    if kind == "object" and composed and not schema.get("properties"):
        return "branches"
    kind = kind or _implied(schema)
    if kind:
        return kind
    if composed:
        return "branches"
    why = "is read as a JSON Schema but " if spot.place.up is None else ""
    raise spot.refused("unsupported_type", f"{why}has no type; {_ONE_OF}")


def _implied(schema: dict[str, Any]) -> _Type | None:
    if "properties" in schema:
        return "object"
    return None if schema.keys().isdisjoint(("items", "prefixItems")) else "array"


def _type(spot: _Spot) -> _Type | None:
    """The type it names; of several the first that is not null."""
    if "type" not in spot.value:
        return None
    name = spot.value["type"]
    if isinstance(name, list):
        name = next((entry for entry in name if entry != "null"), "null")
    if not isinstance(name, str) or name not in _TYPES:
        advice = "is not a supported type; " + _ONE_OF
        raise spot.refused("unsupported_type", advice, "type")
    return _TYPES[name]


_ONE_OF = "use one of " + ", ".join(map(str, _TYPES)) + "."


def _properties(spot: _Spot) -> list[tuple[str, _Spot]]:
    _check_depth(spot)
    properties = spot.value.get("properties", {})
    if not isinstance(properties, dict):
        advice = "must be an object that gives each field's schema by its name."
        raise spot.refused("not_an_object", advice, "properties")
    return [(name, spot.inner(part, "properties", name)) for name, part in properties.items()]


def _items(spot: _Spot) -> _Spot:
    _check_depth(spot)
    if "prefixItems" in spot.value or isinstance(spot.value.get("items"), list):
        word = "prefixItems" if "prefixItems" in spot.value else "items"
        advice = "describes a tuple, which is not supported; give one schema for every item."
        raise spot.refused("tuple_items", advice, word)
    if "items" not in spot.value:
        advice = 'is an array of unknown items; describe them by one schema under "items".'
        raise spot.refused("missing_items", advice)
    return spot.inner(spot.value["items"], "items")


def _check_compositions(spot: _Spot) -> None:
    for word in _COMPOSITIONS:
        if word in spot.value and not (isinstance(spot.value[word], list) and spot.value[word]):
            advice = "must list at least one schema; add one or leave it out."
            raise spot.refused("empty_composition", advice, word)


def _check_depth(spot: _Spot) -> None:
    if spot.level >= MAX_DEPTH:
        raise spot.refused("too_deep", f"is more than {MAX_DEPTH} levels deep; nest less.")


def _hints(spot: _Spot) -> Hints:
    """What is said around it comes before what it says itself."""
    said = {word: spot.value[word] for word in _TOLD if isinstance(spot.value.get(word), str)}
    told = {word: getattr(spot.hints, word) or said[word] for word in said}
    return replace(spot.hints, **told) if told else spot.hints


_TOLD = ("title", "description", "format", "pattern")


# ---- one node of an example


def _kind(spot: _Spot) -> Kind:
    if isinstance(spot.value, bool):
        return "boolean"
    if isinstance(spot.value, int | float):
        return "number"
    if isinstance(spot.value, str):
        return "string"
    advice = 'must show its type by a value: use "", 0, true or false.'
    raise spot.refused("null_leaf", advice)


def _members(spot: _Spot, lenient: bool) -> list[tuple[str, _Spot]]:
    _check_depth(spot)
    return [
        (name, spot.inner(value, name))
        for name, value in spot.value.items()
        if value is not None or not lenient
    ]


def _element(spot: _Spot, lenient: bool) -> _Spot:
    _check_depth(spot)
    elements = spot.value
    if lenient:
        elements = [value for value in elements if value is not None][:1]
    if len(elements) != 1:
        advice = "must hold exactly one element, which describes every item; it holds "
        raise spot.refused("array_length", f"{advice}{len(elements)}.")
    return spot.inner(elements[0], 0)


def _first_entry(values: object) -> object:
    """None if there is none but null."""
    entries = values if isinstance(values, list) else []
    return next((entry for entry in entries if entry is not None), None)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int | float) and _is_finite(value))


# ---- words for people


def _written(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    name = step if len(step) <= 40 else step[:39] + "…"
    return f".{name}" if _PLAIN.fullmatch(name) else f"[{json.dumps(name)}]"


_PLAIN = re.compile(r"[\w$…-]+")
