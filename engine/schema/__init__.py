"""What a client wants extracted: turns a template or a JSON Schema into one tree of fields, refuses
what cannot be extracted, and gives any answer exactly the shape that was asked for."""

from __future__ import annotations

import json
from typing import Any

from engine.schema.conversion import MAX_STEPS, Conversion
from engine.schema.faults import InvalidSchema, Place
from engine.schema.spot import MAX_DEPTH, Spot
from engine.schema.tree import (
    SURROGATE,
    Group,
    Hints,
    Json,
    Kind,
    Leaf,
    Node,
    Rows,
    Scalar,
    conform,
    sentinel,
    template,
)

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_STEPS",
    "Group",
    "Hints",
    "InvalidSchema",
    "Json",
    "Kind",
    "Leaf",
    "Node",
    "Rows",
    "Scalar",
    "conform",
    "parse",
    "sentinel",
    "template",
]

MAX_BYTES = 64 * 1024
"""Of the template a schema converts to, as compact JSON in UTF-8."""


def parse(schema: object) -> Node:
    """The fields that a schema, as decoded from JSON, asks for. Raises ``InvalidSchema``."""
    root = Place()
    if not isinstance(schema, dict):
        advice = "must be a JSON object: a template or a JSON Schema."
        raise InvalidSchema(root, "not_an_object", advice)
    _check_text(schema, root)
    spot = Spot(schema, root)
    if _is_json_schema(schema):
        node = Conversion(schema).node(spot)
    else:
        _check_names(schema, root)
        node = Conversion(schema).example(spot)
    if isinstance(node, Group) and not node.fields:
        raise InvalidSchema(root, "no_fields", "has no fields; name at least one to extract.")
    _check_size(node, root)
    return node


def _check_text(schema: object, root: Place) -> None:
    """Refuses half a surrogate pair anywhere: it could be neither stored nor sent."""
    waiting = [(schema, root)]
    while waiting:
        value, place = waiting.pop()
        children = _children(value)
        for text in (value, *(step for step, _ in children)):
            if isinstance(text, str) and SURROGATE.search(text):
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
