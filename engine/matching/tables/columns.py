"""The columns that an array asks for, and the words that announce the sums below a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.matching.labels import Lexicon, Meaning
from engine.schema import Group, Leaf, Node

Path = tuple[str, ...]

OTHERS = (
    "description",
    "item_name",
    "item_code",
    "quantity",
    "unit_price",
    "line_total",
    "line_net",
    "line_tax",
    "tax_rate",
    "position",
    "unit",
    "discount",
    "discount_rate",
    "weight",
    "credit",
    "debit",
    "balance",
    "transaction_date",
    "service_date",
)
"""Concepts of columns that nobody asked for, which keep their words away from the wanted ones."""

NUMERIC = frozenset(("amount", "integer", "percent", "quantity"))
TEXTS = frozenset(("name", "address", "street", "city", "state", "text"))


MOST = 1000
"""Columns of one array."""


@dataclass(frozen=True, slots=True)
class Column:
    """One leaf of an item and what it means."""

    path: Path
    leaf: Leaf
    meaning: Meaning

    @property
    def is_numeric(self) -> bool:
        return self.leaf.kind in ("number", "integer") or self.meaning.type in NUMERIC

    @property
    def is_text(self) -> bool:
        return self.leaf.kind == "string" and self.meaning.type in TEXTS


def wanted(item: Node, path: Sequence[str], lexicon: Lexicon) -> tuple[Column, ...]:
    """The leaves of an item; arrays inside it are left out."""
    columns = [
        Column(inner, leaf, lexicon.meaning((*path, *inner), leaf)) for inner, leaf in _leaves(item)
    ]
    concepts = Counter(column.meaning.concept for column in columns)
    return tuple(
        _own(column, lexicon) if concepts[column.meaning.concept] > 1 else column
        for column in columns[:MOST]
    )


def _own(column: Column, lexicon: Lexicon) -> Column:
    """A column that means the same as another, as what its name says if that is a concept."""
    concept = lexicon.concepts.get(column.path[-1]) if column.path else None
    if concept is None or concept.name == column.meaning.concept:
        return column
    meaning = replace(
        column.meaning, concept=concept.name, type=concept.type, phrases=concept.phrases
    )
    return replace(column, meaning=meaning)


def _leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    if isinstance(node, Leaf):
        yield path, node
    elif isinstance(node, Group):
        for name, child in node.fields:
            yield from _leaves(child, (*path, name))


def others(lexicon: Lexicon) -> tuple[Column, ...]:
    """The columns that tables may have beside the wanted ones."""
    found = []
    for name in OTHERS:
        concept = lexicon.concepts.get(name)
        if concept:
            leaf = Leaf("number" if concept.type in NUMERIC else "string")
            meaning = lexicon.meaning(("line_items", name), leaf)
            found.append(Column((), leaf, meaning))
    return tuple(found)
