"""What quantity times price and the sum of the amounts show."""

from __future__ import annotations

import pytest

from engine.matching.tables import arithmetic
from engine.matching.tables.readings import Readings
from engine.matching.values import UNKNOWN
from engine.types import Box, FieldValue, Word
from tests.engine.matching.tables_paper import LINE_ITEMS, found, items

TRIO = arithmetic.Trio(("q",), ("p",), ("a",))
READINGS = Readings(UNKNOWN)


def _row(*printed: tuple[str, float]) -> arithmetic.Row:
    return {
        (name,): FieldValue(value, 0.9, words=(Word(text, Box(0, 0, 9, 9), 1),))
        for name, (text, value) in zip("qpa", printed, strict=True)
    }


def _read(row: arithmetic.Row) -> list[object]:
    return [row[(name,)].value for name in "qpa"]


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ((("2", 2), ("4.00", 4), ("8.00", 8)), [2, 4, 8]),
        ((("2", 2), ("4.00", 4), ("800", 800)), [2, 4, 8]),
        ((("2", 2), ("400", 400), ("8.00", 8)), [2, 4, 8]),
        ((("2,000", 2000), ("4.00", 4), ("8.00", 8)), [2, 4, 8]),
        ((("3", 3), ("0.333", 0.333), ("1.00", 1)), [3, 0.333, 1]),
    ],
    ids=["right", "amount_without_point", "price_without_point", "three_decimals", "rounded"],
)
def test_a_lost_point_is_put_in_again(
    printed: tuple[tuple[str, float], ...], wanted: list[float]
) -> None:
    (row,) = arithmetic.multiplied([_row(*printed)], TRIO, READINGS)
    assert _read(row) == wanted
    assert not any(value.flag for value in row.values())


def test_a_wrong_product_is_flagged_with_a_reason() -> None:
    row = _row(("2", 2), ("4.00", 4), ("7.00", 7))
    (checked,) = arithmetic.multiplied([row], TRIO, READINGS)
    assert all(value.flag and value.reason for value in checked.values())
    assert all(value.confidence < 0.9 for value in checked.values())


def test_a_discount_or_a_tax_explains_another_amount() -> None:
    less, more = (_row(("2", 2), ("4.00", 4), (text, float(text))) for text in ("7.00", "9.60"))
    reduced = arithmetic.Trio(("q",), ("p",), ("a",), is_reduced=True)
    for row, trio in ((less, reduced), (more, TRIO)):
        (checked,) = arithmetic.multiplied([row], trio, READINGS)
        assert not checked[("a",)].flag


def test_price_and_amount_are_swapped_back() -> None:
    rows = [_row(("2", 2), ("8.00", 8), ("4.00", 4)), _row(("3", 3), ("9.00", 9), ("3.00", 3))]
    assert [_read(row) for row in arithmetic.multiplied(rows, TRIO, READINGS)] == [
        [2, 4, 8],
        [3, 3, 9],
    ]


@pytest.mark.parametrize(
    ("sizes", "totals", "run"),
    [
        ([1, 2, 3], [6], (0, 3)),
        ([1, 2, 3], [5], (1, 3)),
        ([1, 2, 3], [3], (0, 2)),
        ([1, 2, 3], [7], None),
        ([0.1] * 3, [0.3], (0, 3)),
        ([], [1], None),
        ([1, 2], [0], None),
    ],
    ids=["all", "not_the_first", "the_longest", "none", "cents", "nothing", "zero_is_no_sum"],
)
def test_the_longest_run_that_adds_up(
    sizes: list[float], totals: list[float], run: tuple[int, int] | None
) -> None:
    assert arithmetic.fitting(sizes, totals) == run


def test_lines_that_the_total_does_not_count_are_no_items() -> None:
    page = """\
Description               Quantity   Unit price      Amount
Oak shelf                        2        40.00       80.00
Brass hinge                     10         1.50       15.00
Gift voucher                     1         5.00        5.00

Total                                                 95.00
"""
    assert [item[0] for item in items(LINE_ITEMS, page)] == ["Oak shelf", "Brass hinge"]


def test_a_flag_names_the_cell_in_a_table() -> None:
    page = """\
Description               Quantity   Unit price      Amount
Oak shelf                        2        40.00       70.00
Brass hinge                     10         1.50       15.00
"""
    flags = [item[("amount",)].flag for item in found(LINE_ITEMS, page).items]
    assert flags == [True, False]
