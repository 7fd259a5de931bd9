"""The columns that an array asks for, and those that tables may have beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from engine.matching.labels import Lexicon, Meaning
from engine.matching.tables.phrases import Phrases
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


LEAST = 0.5
"""Likeness of a text and the column that it stands for."""

MOST = 1000
"""Columns of one array."""

MOST_SCHEMAS = 16
"""Arrays that were asked for lately and whose columns are kept."""


@dataclass(frozen=True)
class Column:
    """One leaf of an item and what it means."""

    path: Path
    leaf: Leaf
    meaning: Meaning

    @cached_property
    def is_numeric(self) -> bool:
        return self.leaf.kind in ("number", "integer") or self.meaning.type in NUMERIC

    @cached_property
    def is_text(self) -> bool:
        return self.leaf.kind == "string" and self.meaning.type in TEXTS

    @cached_property
    def is_whole(self) -> bool:
        """Whether a value is all that its cell says."""
        return self.is_text or self.meaning.type == "code"


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns, numbered in this order, and the phrases that mean them."""

    all: tuple[Column, ...]
    phrases: Phrases


@lru_cache(maxsize=MOST_SCHEMAS)
def wanted(item: Node, path: Path, lexicon: Lexicon) -> Columns:
    """The leaves of an item; arrays inside it are left out."""
    columns = [
        Column(inner, leaf, lexicon.meaning((*path, *inner), leaf)) for inner, leaf in _leaves(item)
    ]
    concepts = Counter(column.meaning.concept for column in columns)
    own = (
        _own(column, lexicon) if concepts[column.meaning.concept] > 1 else column
        for column in columns[:MOST]
    )
    return _known(own, lexicon)


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


@lru_cache(maxsize=MOST_SCHEMAS)
def others(lexicon: Lexicon) -> Columns:
    """The columns that tables may have beside the wanted ones."""
    found = []
    for name in OTHERS:
        concept = lexicon.concepts.get(name)
        if concept:
            leaf = Leaf("number" if concept.type in NUMERIC else "string")
            meaning = lexicon.meaning(("line_items", name), leaf)
            found.append(Column((), leaf, meaning))
    return _known(found, lexicon)


def _known(columns: Iterable[Column], lexicon: Lexicon) -> Columns:
    every = tuple(columns)
    return Columns(every, Phrases([column.meaning for column in every], lexicon, LEAST))
