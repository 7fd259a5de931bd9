"""Pages typed with a fixed pitch, for the tests of tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.matching import labels, tables, values
from engine.matching.sheet import Sheet
from engine.matching.tables import Listed
from engine.schema import Group, Rows, parse
from engine.types import Box, Line, Page, Word

PITCH, HEIGHT, LEADING = 10, 18, 26
LINE_ITEMS = {"line_items": [{"description": "", "quantity": 0, "unit_price": 0, "amount": 0}]}
ITEMS = {"items": [{"name": "", "price": 0}]}


def typed(*texts: str) -> list[Page]:
    """One page for each text; a line is a line, an empty one a gap."""
    return [_page(number, text.splitlines()) for number, text in enumerate(texts, 1)]


def found(schema: dict[str, Any], *texts: str) -> Listed:
    """What is found for the only array of a schema."""
    node = parse(schema)
    assert isinstance(node, Group)
    (name, rows) = node.fields[0]
    assert isinstance(rows, Rows)
    sheet = Sheet(typed(*texts))
    habits = values.habits(row.text for row in sheet.rows)
    return tables.find(rows, (name,), sheet, labels.load(), habits)


def items(schema: dict[str, Any], *texts: str) -> list[Any]:
    """The items as tuples of their values, in the schema's order; single values as they are."""
    rows = [tuple(value.value for value in item.values()) for item in found(schema, *texts).items]
    return [row[0] if len(row) == 1 else row for row in rows]


def _page(number: int, lines: Sequence[str]) -> Page:
    words = (_words(line, 40 + at * LEADING) for at, line in enumerate(lines))
    return Page(number, 1400, 2000, tuple(Line(tuple(line)) for line in words if line), "")


def _words(line: str, y: float) -> list[Word]:
    return [
        Word(
            match.group(),
            Box(40 + PITCH * match.start(), y, 38 + PITCH * match.end(), y + HEIGHT),
            0.99,
        )
        for match in re.finditer(r"\S+", line)
    ]
