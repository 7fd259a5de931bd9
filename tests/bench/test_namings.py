"""The schemas that the fields are measured with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bench import namings
from bench.namings import Naming, Wish
from engine import schema
from engine.schema import Group, Leaf, Node, Rows

ALL: dict[str, Sequence[Naming]] = {
    "sroie": namings.SROIE,
    "wild": namings.WILD,
    "invoices": namings.INVOICES,
    "nda": namings.NDA,
}
EACH = [
    pytest.param(naming, id=f"{name}-{number}")
    for name, several in ALL.items()
    for number, naming in enumerate(several)
]


def at(node: Node, path: str) -> Node:
    for step in path.split("."):
        node = node.item if isinstance(node, Rows) else node
        assert isinstance(node, Group)
        node = dict(node.fields)[step]
    return node


@pytest.mark.parametrize("naming", EACH)
def test_every_wish_is_where_its_path_says(naming: Naming) -> None:
    node = schema.parse(namings.schema(naming))
    for wish in naming.values():
        found = at(node, wish.path)
        if wish.type in ("rows", "strings"):
            assert isinstance(found, Rows)
        else:
            assert isinstance(found, Leaf)
            assert found.kind == wish.type


@pytest.mark.parametrize("several", ALL.values(), ids=ALL)
def test_a_corpus_is_asked_for_the_same_by_all_namings(several: Sequence[Naming]) -> None:
    assert len(several) >= 4
    for naming in several:
        assert naming.keys() == several[0].keys()
        assert all(key == wish.path for key, wish in several[0].items())


def test_hints_become_keywords_and_dots_become_objects() -> None:
    naming: dict[str, Wish] = {
        "total": Wish("sums.all", "number", {"description": "Everything."}),
        "lines": Wish("items", "rows"),
        "lines.what": Wish("items.what"),
        "party": Wish("who", "strings"),
    }
    row: dict[str, Any] = {"type": "object", "properties": {"what": {"type": "string"}}}
    assert namings.schema(naming)["properties"] == {
        "sums": {
            "type": "object",
            "properties": {"all": {"type": "number", "description": "Everything."}},
        },
        "items": {"type": "array", "items": row},
        "who": {"type": "array", "items": {"type": "string"}},
    }
