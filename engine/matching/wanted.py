"""The fields that a schema asks for, one by one, with what each of them means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.matching.labels import Label, Lexicon, Meaning
from engine.matching.spots import key, shortened
from engine.schema import Group, Leaf, Node, Rows

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """A single value that is asked for; ``group`` are the fields that share weights with it."""

    path: Path
    leaf: Leaf
    meaning: Meaning
    phrases: frozenset[Label]
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
    phrases = {key(each) for phrase in meaning.phrases for each in shortened(phrase)}
    return Want(path, leaf, meaning, frozenset(phrases), group, many)


def dotted(path: Path) -> str:
    return ".".join(path)
