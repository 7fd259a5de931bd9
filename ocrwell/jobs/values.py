"""The values of a structured result one by one: what was read, what a person made of it, and what
is left to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from engine.schema import Group, Leaf, Node, Rows
from engine.types import FieldValue
from ocrwell.jobs.results import Result

Scalar: TypeAlias = "str | int | float | bool"
Json: TypeAlias = "Scalar | list[Json] | dict[str, Json] | None"
Names = tuple[str, ...]
Kind = Literal["text", "number", "boolean", "list"]

WHOLE = "data"
"""What a result is called that is no object with fields of its own."""
NOT_FOUND = "No value was found for this field."
NO_ROWS = "No rows were found for this list."
EMPTY = "No row has a value for {}."
UNCLEAR = "Two fields share the path of this one: where it was read is not known."
_NOTHING = FieldValue(None, 0.0)
_SENTINELS = ("", 0, False)


@dataclass(frozen=True, slots=True)
class Value:
    """A single value, or a list as a whole, which only has a flag and a reason.

    ``read`` and ``value`` are None where nothing was found, or where a person says that there is
    nothing. ``flagged`` is what the machine said; a person who corrects or confirms a value settles
    that. ``names`` lead to it, the rows of lists counted from 0; ``leaf`` is what was asked for,
    where that is known.
    """

    names: Names
    kind: Kind
    read: Scalar | None
    value: Scalar | None
    evidence: FieldValue
    flagged: bool
    reason: str
    settled: bool
    leaf: Leaf | None = None

    @property
    def path(self) -> str:
        return path(self.names)

    @property
    def choices(self) -> tuple[Scalar, ...]:
        """All that the schema allows here; none where it allows anything of this kind."""
        if self.leaf is None or self.kind not in ("text", "number"):
            return ()
        same = (str,) if self.kind == "text" else (int, float)
        return tuple(each for each in self.leaf.hints.choices if type(each) in same and each != "")

    @property
    def is_open(self) -> bool:
        """Whether a person still has to look at it."""
        return self.flagged and not self.settled


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the data, and what was asked for there if that is known."""

    names: Names
    node: object
    wanted: Node | None = None
    in_row: bool = False


def path(names: Names) -> str:
    """Dots between the names; a dot that is part of a name has a backslash before it."""
    return ".".join(name.replace("\\", "\\\\").replace(".", "\\.") for name in names)


def tops(result: Result) -> dict[str, Names]:
    """The names of the properties at the top of the schema, and how to get to each."""
    if isinstance(result.data, dict):
        return {name: (name,) for name in result.data}
    return {} if result.data is None else {WHOLE: ()}


def every(
    result: Result, settled: Mapping[str, Scalar | None], wanted: Node | None = None
) -> Iterator[Value]:
    """All values in the schema's order, a list before its rows; ``settled`` by their paths. What
    each should be is known if ``wanted`` is, the fields that were asked for.
    """
    if result.data is not None:
        for spot in _walk(Spot((), result.data, wanted)):
            yield _value(result, settled, spot)


def plain(result: Result, names: Names, values: Mapping[str, Value]) -> Json:
    """What stands there, in the shape of the schema, with null for what was not found."""
    node: object = result.data
    for name in names:
        node = node[int(name)] if isinstance(node, list) else node[name]  # type: ignore[index]
    return _plain(node, names, values)


def _plain(node: object, names: Names, values: Mapping[str, Value]) -> Json:
    if isinstance(node, dict):
        return {name: _plain(part, (*names, name), values) for name, part in node.items()}
    if isinstance(node, list):
        return [_plain(part, (*names, str(at)), values) for at, part in enumerate(node)]
    return values[path(names)].value


def _walk(spot: Spot) -> Iterator[Spot]:
    """The leaves and the lists."""
    wanted = spot.wanted
    if isinstance(spot.node, dict):
        fields = dict(wanted.fields) if isinstance(wanted, Group) else {}
        for name, part in spot.node.items():
            yield from _walk(Spot((*spot.names, name), part, fields.get(name), spot.in_row))
        return
    yield spot
    if isinstance(spot.node, list):
        item = wanted.item if isinstance(wanted, Rows) else None
        for at, part in enumerate(spot.node):
            yield from _walk(Spot((*spot.names, str(at)), part, item, in_row=True))


def _value(result: Result, settled: Mapping[str, Scalar | None], spot: Spot) -> Value:
    names, node = spot.names, spot.node
    found = result.fields.get(".".join(names))
    where = path(names)
    if isinstance(node, list):
        evidence = found or _NOTHING
        reason = evidence.reason or ("" if spot.in_row else _lacks(result, names, node))
        flagged = evidence.flag or bool(reason)
        return Value(names, "list", None, None, evidence, flagged, reason, where in settled)
    read, evidence = _read(node, found)
    missing = read is None and not spot.in_row
    flagged = evidence.flag or missing
    return Value(
        names,
        _kind(node),
        read,
        settled.get(where, read),
        evidence,
        flagged,
        evidence.reason or (NOT_FOUND if missing else ""),
        where in settled,
        spot.wanted if isinstance(spot.wanted, Leaf) else None,
    )


def _read(node: object, found: FieldValue | None) -> tuple[Scalar | None, FieldValue]:
    """The value of a leaf of the data, whose sentinels may stand for nothing, and its evidence."""
    if not isinstance(node, str | int | float):
        return None, _NOTHING
    same = found is not None and found.value is not None and found.value == node
    if found is not None and same:
        return node, found
    if node in _SENTINELS:
        return None, found if found is not None and found.value is None else _NOTHING
    # Names with dots in them: the evidence of another field has the same path.
    return node, _NOTHING if found is None else FieldValue(None, 0.0, True, UNCLEAR)


def _kind(node: object) -> Kind:
    if isinstance(node, bool):
        return "boolean"
    return "number" if isinstance(node, int | float) else "text"


def _lacks(result: Result, names: Names, rows: list[object]) -> str:
    """What nobody found in a list: any row, or a value for some column in any of them. A single
    cell may well be empty.
    """
    if not rows:
        return NO_ROWS
    cells = sorted(_cells(result, names, rows))
    columns = groupby(cells, key=lambda cell: cell[0])
    empty = [column for column, group in columns if not any(filled for _, filled in group)]
    return EMPTY.format(", ".join(empty)) if empty else ""


def _cells(result: Result, names: Names, rows: list[object]) -> Iterator[tuple[str, bool]]:
    """The columns of all cells, and whether there is something in each."""
    for at, row in enumerate(rows):
        start = (*names, str(at))
        for spot in _walk(Spot(start, row, in_row=True)):
            column = path(spot.names[len(start) :])
            if isinstance(spot.node, list):
                yield column, bool(spot.node)
            else:
                read, _ = _read(spot.node, result.fields.get(".".join(spot.names)))
                yield column, read is not None
