"""Finds amounts of money and other numbers with a size."""

from __future__ import annotations

from engine.matching.values import figures
from engine.matching.values.figures import Figure
from engine.matching.values.reading import Habits, Reading

_SURE = 0.5
"""From here on digits cannot be parts of dates and phone numbers."""


def find(text: str, habits: Habits) -> list[Reading]:
    """The amounts; negative with a minus before or behind, in brackets, or with CR behind."""
    found = [
        Reading("amount", figure.start, figure.end, figure.value, _certainty(figure))
        for figure in figures.find(text, habits)
        if figure.tail == "" or (figure.tail == "count" and not figure.is_bare)
    ]
    if any(reading.certainty < _SURE for reading in found):
        return figures.settle(text, found, habits)
    return found


def _certainty(figure: Figure) -> float:
    numeral = figure.numeral
    if numeral.decimals == 2 or figure.is_round:
        certainty = 0.97 if figure.has_currency else 0.9
        certainty = certainty - 0.5 if numeral.doubtful else certainty
    elif figure.has_currency:
        certainty = 0.8 if numeral.doubtful else 0.85
    elif numeral.grouped:
        certainty = 0.45 if numeral.doubtful else 0.65
    elif numeral.decimals:
        certainty = 0.5
    else:
        certainty = 0.3 * figure.likeness
    if figure.mended and not numeral.doubtful:
        certainty *= 0.7
    return certainty * 0.6 if figure.tail else certainty
