"""Finds the fields of a schema on the pages of a document: the door to all that does so.

For now a label and its place decide: a value stands right of its label or below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.matching import labels, values
from engine.matching.sheet import Sheet, Spot
from engine.schema import Group, Json, Kind, Leaf, Node, Rows, Scalar, conform
from engine.types import Page

NUMBERED = frozenset(("date", "number", "phone"))
"""The last word of a label whose value has a digit in it, even if it is a string."""

MARKS = frozenset("✓✔☑☒☐") | {"[x]", "[X]", "[]"}
"""Stand left of what they say yes or no to."""


def extract(node: Node, pages: Sequence[Page]) -> Json:
    """The values of the fields, in exactly the node's shape; sentinels where nothing was found.

    Arrays stay empty: finding tables is not part of this yet.
    """
    return conform(node, _found(node, (), Sheet(pages)))


def _found(node: Node, path: tuple[str, ...], sheet: Sheet) -> object:
    if isinstance(node, Group):
        return {name: _found(field, (*path, name), sheet) for name, field in node.fields}
    return [] if isinstance(node, Rows) else _value(node, path, sheet)


def _value(leaf: Leaf, path: tuple[str, ...], sheet: Sheet) -> Scalar | None:
    found = (
        value
        for label in labels.of(path, leaf.hints.title)
        for spot in sheet.find(label)
        for text in _texts(leaf.kind, spot, sheet)
        if (value := _read(leaf.kind, label, text)) is not None
    )
    return next(found, None)


def _texts(kind: Kind, spot: Spot, sheet: Sheet) -> Iterator[str]:
    """Where the value may be, the likeliest first."""
    if kind == "string" and spot.rank == 3:
        return
    if kind == "boolean" and sheet.left(spot) in MARKS:
        yield sheet.left(spot)
    right = sheet.right(spot)
    written = [text for text in right if text.strip(" :")]
    yield from written if kind in ("number", "integer") else written[:1]
    if spot.rank < 3 and not right[0].strip(" :"):
        yield sheet.below(spot)


def _read(kind: Kind, label: labels.Label, text: str) -> Scalar | None:
    if kind == "string" and (text.endswith(":") or _lacks_digit(label, text)):
        return None
    return values.read(kind, text)


def _lacks_digit(label: labels.Label, text: str) -> bool:
    return label[-1] in NUMBERED and not any(map(str.isdigit, text))
