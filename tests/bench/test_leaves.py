"""Nested data, compared leaf by leaf."""

from __future__ import annotations

import operator
from typing import Any

import pytest

from bench import leaves


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("a", 1),
        (0, 0),
        ("", 0),
        (None, 0),
        (False, 0),
        ({"a": 1, "b": {"c": "x", "d": None}}, 2),
        ([{"a": 1}, {"a": 0}, "x"], 2),
    ],
)
def test_only_leaves_that_say_something_count(value: object, count: int) -> None:
    assert leaves.count(value) == count


@pytest.mark.parametrize(
    ("want", "got", "reached"),
    [
        ("a", "a", 1),
        ("a", "b", 0),
        ("", "", 0),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, 1),
        ({"a": 1}, None, 0),
        ({"a": {"b": 1}}, {"a": [1]}, 0),
        ([1, 2], [2, 1, 3], 2),
        ([1, 1], [1], 1),
        ([{"a": 1, "b": 2}], [{"a": 1, "b": 0}, {"a": 1, "b": 2}], 2),
        ([1], "1", 0),
    ],
)
def test_leaves_are_reached_where_they_belong(want: object, got: object, reached: int) -> None:
    assert leaves.reached(want, got, operator.eq) == reached


def test_each_item_is_taken_once_and_by_the_first_that_fits() -> None:
    want: list[Any] = [{"a": 1, "b": 2}, {"a": 1, "b": 3}, {"a": 9}]
    got: list[Any] = [{"a": 1, "b": 3}, {"a": 1, "b": 2}]
    assert leaves.aligned(want, got, operator.eq) == [1, 0, None]
