"""Finds percentages."""

from __future__ import annotations

import re

from engine.matching.values import figures
from engine.matching.values.figures import Figure
from engine.matching.values.reading import Habits, Reading

_MARK = re.compile(r"%|cent|cient|pct|rozent|v\. ?h", re.IGNORECASE)
_MILLION = 1_000_000


def find(text: str, habits: Habits) -> list[Reading]:
    """The percentages as numbers: 19 for "19 %"."""
    if not _MARK.search(text):
        return []
    return [
        Reading("percent", figure.start, figure.end, _share(figure), 0.95)
        for figure in figures.find(text, habits)
        if figure.tail == "percent"
    ]


def _share(figure: Figure) -> int | float:
    """Three digits behind a point are decimals here: nobody prints 4,167 per cent."""
    if figure.numeral.grouped and abs(figure.value) < _MILLION:
        return figure.value / 1_000
    return figure.value
