"""Where a wanted value stands on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import held
from engine.scripted import typed
from engine.types import Page

TEXTS = ["Date:02/03/2026 Till 4", "NORTHAM", "BAKERY Ltd.", "Total EUR 12.50", "Cash 12.50"]


def sheet(number: int, *texts: str) -> Page:
    return Page(number, 600, 400, tuple(typed(texts)), "\n".join(texts))


def found(kind: str, want: str) -> list[str]:
    runs = held.find([sheet(1, *TEXTS)], kind, want)
    return [" ".join(word.text for word in run) for _, run in runs]


@pytest.mark.parametrize(
    ("kind", "want", "places"),
    [
        ("text", "Northam Bakery", ["NORTHAM BAKERY"]),
        ("text", "2026", ["Date:02/03/2026"]),
        ("text", "Tolmere", []),
        ("text", "--", []),
        ("number", "12.5", ["12.50", "12.50"]),
        ("number", "99", []),
        ("date", "02/03/2026", ["Date:02/03/2026"]),
        ("date", "03/03/2026", []),
    ],
)
def test_every_place_of_a_value_is_found(
    shared: Path, kind: str, want: str, places: list[str]
) -> None:
    assert found(kind, want) == places


def test_the_page_is_told_with_the_words(shared: Path) -> None:
    pages = [sheet(1, "nothing"), sheet(2, "TOTAL 5")]
    ((number, run),) = held.find(pages, "number", "5")
    assert (number, run[0].text) == (2, "5")


def test_one_of_several_right_values_is_enough(shared: Path) -> None:
    pages = [sheet(1, "TOTAL 5")]
    assert held.is_held(pages, ("number", ("4", "5")))
    assert not held.is_held(pages, ("number", ("4",)))
    assert not held.is_held(pages, ("number", ()))
