"""Whatever stands on a page, tables are found in bounded time and nothing raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.matching import labels, tables, values
from engine.matching.sheet import Sheet
from engine.matching.tables import Listed
from engine.matching.tables.strips import is_number, is_sign
from engine.schema import Group, Rows, parse
from engine.types import Box, Line, Page, Word
from tests import speed
from tests.engine.matching.tables_paper import ITEMS, LINE_ITEMS, items

SCHEMAS: list[dict[str, Any]] = [
    LINE_ITEMS,
    ITEMS,
    {"tags": [""]},
    {"dates": [{"when": {"date": ""}, "paid": False}]},
]
PRINTED = st.sampled_from(
    ["Description", "Quantity", "Price", "Amount", "Total", "Subtotal", "Name:"]
)
PRINTED |= st.sampled_from(["2", "x", "4.50", "1,234.00", "-", "A-17", "tea", "²", "٣"])
PRINTED |= st.text(min_size=1, max_size=12).filter(str.strip)
SPOT = st.tuples(st.floats(0, 900), st.floats(0, 900), st.floats(0, 90), st.floats(0, 40))


def _find(schema: dict[str, Any], pages: list[Page]) -> Listed:
    node = parse(schema)
    assert isinstance(node, Group)
    (name, rows) = node.fields[0]
    assert isinstance(rows, Rows)
    return tables.find(rows, (name,), Sheet(pages), labels.load(), values.UNKNOWN)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PRINTED, SPOT), max_size=40), st.sampled_from(SCHEMAS))
def test_words_anywhere_never_raise(
    words: list[tuple[str, tuple[float, float, float, float]]], schema: dict[str, Any]
) -> None:
    lines = [
        Line((Word(text, Box(x, y, x + wide, y + high), 0.5),))
        for text, (x, y, wide, high) in words
    ]
    listed = _find(schema, [Page(1, 1000, 1000, tuple(lines), "")])
    assert 0 <= listed.confidence <= 1
    for item in listed.items:
        assert item.keys() == listed.items[0].keys()
        assert all(0 <= value.confidence <= 1 for value in item.values())
        assert all((value.value is None) == (value.box is None) for value in item.values())


def test_an_item_without_any_leaf_finds_nothing() -> None:
    assert items({"rows": [{"inner": [""]}]}, "Rows: 1, 2") == []


def test_a_long_table_takes_time_in_proportion() -> None:
    row = "Oak shelf {at}                      2        40.00       80.00\n"
    top = "Description                   Quantity   Unit price      Amount\n"
    whole = top + "".join(row.format(at=at) for at in range(60))
    assert len(items(LINE_ITEMS, *[whole] * 20)) == 60 * 20
    work = speed.lines(lambda: items(LINE_ITEMS, *[whole] * 2))
    assert speed.lines(lambda: items(LINE_ITEMS, *[whole] * 8)) < 6 * work


@pytest.mark.parametrize(
    ("word", "number", "sign"),
    [
        ("1,234.50", True, False),
        ("-20,48", True, False),
        ("(12.00)", True, False),
        ("RM9.00", True, False),
        ("5.00€", True, False),
        ("9.00SR", True, False),
        ("12.05.2026", False, False),
        ("33CL", False, False),
        ("A-17", False, False),
        ("€", False, True),
        ("EUR", False, True),
        ("CAR", False, False),
        ("9" * 10_000, False, False),
    ],
    ids=lambda value: str(value)[:12],
)
def test_numbers_and_signs(word: str, number: bool, sign: bool) -> None:
    assert is_number(word) is number
    assert is_sign(word) is sign
