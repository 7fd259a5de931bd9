"""The tree of fields that a schema asks for, and what has its shape."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

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


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value."""

    kind: Kind
    hints: Hints = NO_HINTS


@dataclass(frozen=True, slots=True)
class Group:
    """An object: named fields, in the order they were asked for."""

    fields: tuple[tuple[str, Node], ...]
    hints: Hints = NO_HINTS


@dataclass(frozen=True, slots=True)
class Rows:
    """An array: any number of items of one shape."""

    item: Node
    hints: Hints = NO_HINTS


Node: TypeAlias = Leaf | Group | Rows


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


SURROGATE = re.compile("[\ud800-\udfff]")


def _text(value: object) -> str:
    return SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_finite(value):
        return 0
    return int(value) if value == int(value) else float(value)


def _integer(value: object) -> int:
    number = _number(value)
    return number if isinstance(number, int) else 0


def is_finite(number: float) -> bool:
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
