"""The fields that a schema asks for, one by one, with what each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.matching.labels import Label, Lexicon, Meaning
from engine.matching.spots import key, shortened
from engine.schema import Group, Leaf, Node, Rows

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """A single value that is asked for; ``group`` are the fields that share weights with it.

    ``phrases`` are the labels to look for, and how well each fits: 1, or less for those of a
    concept that may be printed instead. The ``bare`` ones among them do not say whose value it is,
    and where nothing else says it, it is hardly the wanted party's.
    """

    path: Path
    leaf: Leaf
    meaning: Meaning
    phrases: Mapping[Label, float]
    bare: frozenset[Label]
    group: str
    many: bool = False
    """Whether it is the item of an array: there may be several."""

    @property
    def type(self) -> str:
        return self.meaning.type

    @property
    def name(self) -> str:
        return dotted(self.path)


def wants(node: Node, lexicon: Lexicon, path: Path = ()) -> Iterator[Want]:
    """The leaves outside of arrays, and arrays of nothing but values, in the schema's order."""
    if isinstance(node, Leaf):
        yield want(path, node, lexicon)
    elif isinstance(node, Group):
        for name, field in node.fields:
            yield from wants(field, lexicon, (*path, name))
    elif isinstance(node.item, Leaf):
        yield want(path, node.item, lexicon, many=True)


def arrays(node: Node, path: Path = ()) -> Iterator[tuple[Path, Rows]]:
    """The arrays that are in no other array."""
    if isinstance(node, Rows):
        yield path, node
    elif isinstance(node, Group):
        for name, field in node.fields:
            yield from arrays(field, (*path, name))


def want(path: Path, leaf: Leaf, lexicon: Lexicon, *, many: bool = False) -> Want:
    meaning = lexicon.meaning(path, leaf)
    role = f"/{meaning.role}" if meaning.role else ""
    group = f"{meaning.type}:{meaning.concept or ''}{role}"
    kin = [lexicon.concepts[name] for name in lexicon.kin.get(meaning.concept or "", ())]
    phrases = dict.fromkeys(_printed(phrase for concept in kin for phrase in concept.phrases), KIN)
    phrases.update(dict.fromkeys(_printed(meaning.phrases), 1.0))
    concept = lexicon.concepts.get(meaning.concept or "")
    bare = concept.phrases if concept and meaning.role in CUSTOMERS else ()
    return Want(path, leaf, meaning, phrases, frozenset(_printed(bare)), group, many)


def _printed(phrases: Iterable[Label]) -> Iterator[Label]:
    return (key(each) for phrase in phrases for each in shortened(phrase))


CUSTOMERS = frozenset(("buyer", "recipient", "payer"))
"""Parties that are named where they are meant: a "VAT No." alone is that of the seller."""

KIN = 0.8
"""How well a label of a related concept fits: an invoice's number where a receipt's is wanted."""


def dotted(path: Path) -> str:
    return ".".join(path)
