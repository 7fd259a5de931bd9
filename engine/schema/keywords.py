"""What the keywords at one place of a JSON Schema say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from engine.schema.spot import Spot
from engine.schema.tree import Hints, Kind

COMPOSITIONS = ("anyOf", "oneOf", "allOf")

Type = Kind | Literal["object", "array"]
TYPES: dict[object, Type] = {
    "object": "object",
    "array": "array",
    "string": "string",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}


def shape(spot: Spot) -> Type | Literal["value", "branches"]:
    schema = spot.value
    kind = type_of(spot)
    composed = not schema.keys().isdisjoint(COMPOSITIONS)
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


def _implied(schema: dict[str, Any]) -> Type | None:
    if "properties" in schema:
        return "object"
    return None if schema.keys().isdisjoint(("items", "prefixItems")) else "array"


def type_of(spot: Spot) -> Type | None:
    """The type it names; of several the first that is not null."""
    if "type" not in spot.value:
        return None
    name = spot.value["type"]
    if isinstance(name, list):
        name = next((entry for entry in name if entry != "null"), "null")
    if not isinstance(name, str) or name not in TYPES:
        advice = "is not a supported type; " + _ONE_OF
        raise spot.refused("unsupported_type", advice, "type")
    return TYPES[name]


_ONE_OF = "use one of " + ", ".join(map(str, TYPES)) + "."


def properties(spot: Spot) -> list[tuple[str, Spot]]:
    spot.check_depth()
    properties = spot.value.get("properties", {})
    if not isinstance(properties, dict):
        advice = "must be an object that gives each field's schema by its name."
        raise spot.refused("not_an_object", advice, "properties")
    return [(name, spot.inner(part, "properties", name)) for name, part in properties.items()]


def items(spot: Spot) -> Spot:
    spot.check_depth()
    if "prefixItems" in spot.value or isinstance(spot.value.get("items"), list):
        word = "prefixItems" if "prefixItems" in spot.value else "items"
        advice = "describes a tuple, which is not supported; give one schema for every item."
        raise spot.refused("tuple_items", advice, word)
    if "items" not in spot.value:
        advice = 'is an array of unknown items; describe them by one schema under "items".'
        raise spot.refused("missing_items", advice)
    return spot.inner(spot.value["items"], "items")


def check_compositions(spot: Spot) -> None:
    for word in COMPOSITIONS:
        if word in spot.value and not (isinstance(spot.value[word], list) and spot.value[word]):
            advice = "must list at least one schema; add one or leave it out."
            raise spot.refused("empty_composition", advice, word)


def hints(spot: Spot) -> Hints:
    """What is said around it comes before what it says itself."""
    said = {word: spot.value[word] for word in _TOLD if isinstance(spot.value.get(word), str)}
    told = {word: getattr(spot.hints, word) or said[word] for word in said}
    return replace(spot.hints, **told) if told else spot.hints


_TOLD = ("title", "description", "format", "pattern")
