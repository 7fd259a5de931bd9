"""Learns from the whole of a document how it prints what could be read in two ways."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from engine.matching.values import dates
from engine.matching.values.reading import Habits

Key = TypeVar("Key", str, bool)

_MOST_TEXTS = 5_000
_DECIMAL = re.compile(
    r"(?<![\w.,/:-])[0-9]{1,3}(?:[.,'\u2019 \u00a0\u202f][0-9]{3}){0,4}([.,])[0-9]{2}"
    r"(?![\w.,/:%]|-[0-9]| [ap]m| ?%)"
)
_GROUPED = re.compile(
    r"(?<![\w.,/:-])[1-9][0-9]{0,2}(?:(\.)[0-9]{3}(?:\.[0-9]{3})+|(,)[0-9]{3}(?:,[0-9]{3})+)"
    r"(?![\w.,/:-])"
)
_DIGITS = re.compile(r"[0-9].*[0-9]")


def habits(texts: Iterable[str]) -> Habits:
    """What most of the first 5,000 texts say that can be read in one way only."""
    decimals: Counter[str] = Counter()
    orders: Counter[bool] = Counter()
    named = 0
    for text in itertools.islice(texts, _MOST_TEXTS):
        if not _DIGITS.search(text):
            continue
        for match in _DECIMAL.finditer(text):
            decimals[match[1]] += 1
        for match in _GROUPED.finditer(text):
            decimals["," if match[1] else "."] += 1
        order = dates.order(text)
        if order is not None:
            orders[order] += 1
        elif dates.names_month_first(text):
            named += 1
    day_first = _most(orders)
    if day_first is None and not orders and named:
        day_first = False
    return Habits(_most(decimals), day_first)


def _most(votes: Counter[Key]) -> Key | None:
    """What has at least twice the votes of all else."""
    winner = max(votes, key=lambda key: votes[key], default=None)
    return winner if winner is not None and 3 * votes[winner] >= 2 * votes.total() else None
