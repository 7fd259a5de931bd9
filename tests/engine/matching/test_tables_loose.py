"""Receipts: lists of names and amounts without a heading."""

from __future__ import annotations

import pytest

from tests.engine.matching.tables_paper import ITEMS, found, items

FULL = {"items": [{"name": "", "quantity": 0, "unit_price": 0, "amount": 0}]}
TILL = """\
The Corner Shop
12 High Street

Green tea                4.20
Lemon cake               3.80

Total                    8.00
Cash                    10.00
Change                   2.00
"""


def test_names_and_amounts_above_the_total_are_items() -> None:
    assert items(ITEMS, TILL) == [("Green tea", 4.2), ("Lemon cake", 3.8)]


def test_a_list_that_does_not_add_up_is_doubtful() -> None:
    wrong = found(ITEMS, TILL.replace("8.00", "9.00"))
    assert wrong.confidence < found(ITEMS, TILL).confidence
    assert "do not add up" in wrong.reason


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("2 x Green tea              8.40", ("Green tea", 2, None, 8.4)),
        ("2 Green tea                8.40", ("Green tea", 2, None, 8.4)),
        ("Green tea    2 @ 4.20      8.40", ("Green tea", 2, 4.2, 8.4)),
        ("Green tea    2 x 4.20      8.40", ("Green tea", 2, 4.2, 8.4)),
        ("Green tea\n  2 x 4.20      8.40 A", ("Green tea", 2, 4.2, 8.4)),
        ("Green tea 250G             8.40", ("Green tea 250G", None, None, 8.4)),
    ],
    ids=["times", "count_first", "at", "times_behind", "two_lines", "a_size_is_no_count"],
)
def test_quantities_are_told_from_names(lines: str, wanted: tuple[object, ...]) -> None:
    page = TILL.replace("Green tea                4.20", lines).replace("8.00", "12.20")
    assert items(FULL, page)[0] == wanted


def test_leading_numbers_that_count_the_items_are_no_quantities() -> None:
    page = """\
1 Green tea              4.00
2 Lemon cake             3.00
3 Apple pie              2.00
Total                    9.00
"""
    assert [item[:2] for item in items(FULL, page)] == [
        ("Green tea", None),
        ("Lemon cake", None),
        ("Apple pie", None),
    ]


def test_sums_and_payments_are_no_items() -> None:
    names = [name for name, _ in items(ITEMS, TILL)]
    assert not {"Total", "Cash", "Change"} & set(names)


def test_who_asks_for_no_amounts_gets_no_receipt_lines() -> None:
    assert items({"guests": [{"first_name": "", "birth_date": ""}]}, TILL) == []
