"""Finds whole numbers: counts, quantities, numbers of pages."""

from __future__ import annotations

from engine.matching.values import figures
from engine.matching.values.figures import Figure
from engine.matching.values.reading import Habits, Reading


def find(text: str, habits: Habits) -> list[Reading]:
    """The whole numbers, those with a unit such as "2 x" or "12 Stk" most surely; decimals must
    be zeros."""
    found = [
        Reading("integer", figure.start, figure.end, figure.value, _certainty(figure))
        for figure in figures.find(text, habits)
        if figure.tail != "percent" and isinstance(figure.numeral.value, int)
    ]
    return figures.settle(text, found, habits)


def _certainty(figure: Figure) -> float:
    if figure.has_currency or figure.is_round:
        return 0.2
    if figure.numeral.is_written_out:
        certainty = 0.4 if figure.numeral.decimals else 0.6
        return certainty + 0.2 if figure.tail else certainty
    return 0.95 if figure.tail else 0.8 * figure.likeness
