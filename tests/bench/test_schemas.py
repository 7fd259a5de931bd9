"""Large schemas of other people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import schemas
from tests.bench.shelf import lay

WANTED = {"type": "object", "properties": {"quorum": {"type": "string"}}}


def report(wanted: dict[str, Any], gold: dict[str, Any]) -> list[str]:
    entry = {"id": "a", "file": "a.pdf", "ground_truth": {"schema": "s.json", "gold": "g.json"}}
    truths = {"s.json": wanted, "g.json": gold}
    lay(schemas.CATEGORY, [entry], truths, {"a.pdf": ["nothing of the kind"]})
    return list(schemas.report())


@pytest.mark.parametrize("wanted", [WANTED, {"schema_definition": WANTED}], ids=["bare", "wrapped"])
def test_what_is_reached_is_told(shared: Path, wanted: dict[str, Any]) -> None:
    (line,) = report(wanted, {"quorum": "seven of twelve", "empty": None})
    assert line.startswith("a, pages 1: 0 of 1 leaves reached (0.0000)")


def test_a_schema_that_is_refused_is_told(shared: Path) -> None:
    (line,) = report({"type": "object", "properties": {"a": {"type": "null"}}}, {})
    assert line.startswith("a: schema refused, ")


@pytest.mark.parametrize(
    ("got", "want", "same"),
    [
        (True, True, True),
        (1, True, False),
        ("12.0", 12, True),
        ("the 02/03/2026", "02/03/2026", True),
        ("NORTH-AM", "Northam", True),
        ("", "Northam", False),
    ],
)
def test_values_are_the_same_by_their_kind(
    shared: Path, got: object, want: object, same: bool
) -> None:
    assert schemas.same(got, want) is same
