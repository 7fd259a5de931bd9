"""Finds the fields of a schema on the pages of a document: the door to all that does so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.matching import confidence, doubts, labels, scoring, tables, wanted
from engine.matching.case import Case
from engine.matching.labels import Lexicon
from engine.matching.scoring import Weights
from engine.matching.tables import Listed
from engine.matching.wanted import Path, Want
from engine.schema import Group, Json, Leaf, Node, Rows, conform
from engine.types import FieldValue, Page

__all__ = ["Extraction", "extract"]


PARTY = "party"
"""Of a contract: the parties are named in its text, and never in a list."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found: ``data`` has exactly the schema's shape, sentinels where nothing was found.

    ``fields`` has the evidence of every value by its dotted path: ``total``, ``supplier.name``,
    ``line_items.0.amount``; an array has an entry of its own, ``line_items``, for all of it.
    """

    data: Json
    fields: Mapping[str, FieldValue]


def extract(
    node: Node,
    pages: Sequence[Page],
    lexicon: Lexicon | None = None,
    weights: Weights | None = None,
    *,
    check: bool = False,
) -> Extraction:
    """The values of the fields and where they come from; never raises, whatever the pages hold.

    ``check`` doubts values that arithmetic or their check digits speak against. Words that were
    read in two ways make a value doubtful in any case.
    """
    case = Case(node, pages, lexicon or labels.load())
    weights = weights or scoring.shipped()
    found = {want.path: value for want, value in singles(case, weights, check=check)}
    lists = {path: _list(case, path, rows, weights) for path, rows in case.arrays}
    for path, listed in lists.items():
        found.update(_entries(listed, path))
    return Extraction(
        conform(node, _data(node, (), found, lists)),
        {wanted.dotted(path): value for path, value in found.items()},
    )


def singles(
    case: Case, weights: Weights, *, check: bool = False
) -> Iterator[tuple[Want, FieldValue]]:
    """The fields that are no arrays, with what was found."""
    wants = [want for want in case.wants if not want.many]
    rankings = [case.rank(want, weights) for want in wants]
    chosen = scoring.assign(rankings)
    values = list(confidence.judged(rankings, chosen, weights))
    if check:
        values = doubts.checked(rankings, chosen, values, case.amounts())
    yield from zip(wants, values, strict=True)


def _list(case: Case, path: Path, rows: Rows, weights: Weights) -> Listed:
    """A table; for an array of plain values also what stands about in the text."""
    want = next((want for want in case.wants if want.many and want.path == path), None)
    if want is None or want.meaning.concept != PARTY:
        listed = tables.find(rows, path, case.sheet, case.lexicon, case.habits)
        if listed.items or want is None:
            return _reread(listed)
    several = tuple(confidence.several(case.rank(want, weights), weights))
    sure = min((value.confidence for value in several), default=0.0)
    reason = next((value.reason for value in several if value.flag), "")
    return Listed(tuple({(): value} for value in several), sure, reason, frozenset())


def _reread(listed: Listed) -> Listed:
    """The list with its values doubted where two readings differ, and with the first reason why."""
    items = tuple(
        {path: doubts.reread(value) for path, value in item.items()} for item in listed.items
    )
    changed = (
        new.reason
        for item, was in zip(items, listed.items, strict=True)
        for path, new in item.items()
        if new is not was[path]
    )
    return replace(listed, items=items, reason=listed.reason or next(changed, ""))


def _entries(listed: Listed, path: Path) -> Iterator[tuple[Path, FieldValue]]:
    flag = not listed.items or bool(listed.reason)
    reason = listed.reason or ("" if listed.items else "No rows were found for this list.")
    yield path, FieldValue(None, listed.confidence, flag, reason)
    for number, item in enumerate(listed.items):
        for inner, value in item.items():
            yield (*path, str(number), *inner), value


def _data(
    node: Node, path: Path, found: Mapping[Path, FieldValue], lists: Mapping[Path, Listed]
) -> object:
    """The values in objects and lists, as the schema has them."""
    if isinstance(node, Group):
        return {name: _data(field, (*path, name), found, lists) for name, field in node.fields}
    if isinstance(node, Leaf):
        return found[path].value if path in found else None
    items = lists[path].items if path in lists else ()
    return [_data(node.item, (), item, {}) for item in items]
