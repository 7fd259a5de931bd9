"""From a template or a JSON Schema to the tree of fields."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from engine.schema import examples, keywords
from engine.schema.faults import InvalidSchema, Place
from engine.schema.spot import Spot
from engine.schema.tree import Group, Leaf, Node, Rows

MAX_STEPS = 100_000
"""Keywords and entries looked at. A few lines of ``$ref`` can describe a tree without end."""

_FINAL = ("too_deep", "too_large")
"""Reasons that are no fault of one branch: trying the next would only take longer."""

_REFUSED_REFS = {
    "external_ref": "does not point into #/$defs/ or #/definitions/; only such local references "
    "are supported, so copy what it points to into the schema.",
    "unresolved_ref": "points to nothing in the schema; correct it or add what it points to.",
}


class Conversion:
    """One schema on its way to a tree.

    ``node`` and ``example`` come back to themselves through one comprehension or method at most:
    two calls a level are what ``MAX_DEPTH`` allows for.
    """

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._steps = 0
        self._open: set[str] = set()
        self._targets: dict[str, tuple[object, Place] | str] = {}

    def node(self, spot: Spot) -> Node:
        """What a JSON Schema, or a part of one, describes."""
        followed: list[str] = []
        try:
            spot = self._follow(spot, followed)
            shape = keywords.shape(spot)
            if shape == "value":
                return self._value(spot)
            if shape == "object":
                parts = keywords.properties(spot)
                return Group(tuple([(name, self.node(part)) for name, part in parts]), spot.hints)
            if shape == "array":
                return Rows(self.node(keywords.items(spot)), spot.hints)
            return self._first(spot) if shape == "branches" else Leaf(shape, spot.hints)
        finally:
            self._open.difference_update(followed)

    def example(self, spot: Spot, *, lenient: bool = False) -> Node:
        """What a template is like, or, leniently, the value of a ``const``."""
        self._spend(spot)
        if isinstance(spot.value, dict):
            parts = examples.members(spot, lenient)
            fields = [(name, self.example(part, lenient=lenient)) for name, part in parts]
            return Group(tuple(fields), spot.hints)
        if isinstance(spot.value, list):
            return Rows(self.example(examples.element(spot, lenient), lenient=lenient), spot.hints)
        return Leaf(examples.kind(spot), spot.hints)

    def _follow(self, spot: Spot, followed: list[str]) -> Spot:
        """Where the chain of ``$ref`` that starts here ends; what is said on the way is kept."""
        while True:
            if not isinstance(spot.value, dict):
                raise spot.refused("not_a_schema", "must be a schema: a JSON object.")
            self._spend(spot)
            keywords.check_compositions(spot)
            spot = replace(spot, hints=keywords.hints(spot))
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

    def _target(self, spot: Spot, ref: object) -> tuple[object, Place]:
        found: tuple[object, Place] | str = "external_ref"
        if isinstance(ref, str):
            # Looked up once only: a short schema can come by a long pointer very often.
            found = self._targets.get(ref) or _lookup(self._root, ref)
            self._targets[ref] = found
        if isinstance(found, str):
            raise spot.refused(found, _REFUSED_REFS[found], "$ref")
        return found

    def _value(self, spot: Spot) -> Node:
        """What the value of ``const``, or the first of ``enum``, is like."""
        word = "const" if "const" in spot.value else "enum"
        values = [spot.value[word]] if word == "const" else spot.value[word]
        first = examples.first_entry(values)
        if first is None:
            advice = "holds no value to derive a type from; give one that is not null."
            raise spot.refused("no_value", advice, word)
        choices = tuple([value for value in values if examples.is_scalar(value)])
        hints = replace(spot.hints, choices=choices)
        node = self.example(Spot(first, Place(word, spot.place), spot.level, hints), lenient=True)
        whole = (
            isinstance(node, Leaf) and node.kind == "number" and keywords.type_of(spot) == "integer"
        )
        return Leaf("integer", hints) if whole else node

    def _first(self, spot: Spot) -> Node:
        """What the first branch that converts describes."""
        spot.check_depth()
        faults: list[InvalidSchema] = []
        for word in keywords.COMPOSITIONS:
            for number, branch in enumerate(spot.value.get(word, ())):
                try:
                    return self.node(replace(spot.inner(branch, word, number), hints=spot.hints))
                except InvalidSchema as fault:
                    if fault.reason in _FINAL:
                        raise
                    faults = faults or [fault]
        raise faults[0]

    def _spend(self, spot: Spot) -> None:
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
