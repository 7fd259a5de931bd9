"""What an amount looks like among the others of a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set

import numpy as np

from engine.matching.candidates import Candidate
from engine.matching.features.frame import Vector

NAMES = (
    "money",
    "cents",
    "bare",
    "largest",
    "rank",
    "twice",
    "sum",
    "part",
    "rounded",
    "zero",
    "negative",
    "leads",
)


def features(found: Sequence[Candidate]) -> Vector:
    sizes = [abs(float(c.value)) if isinstance(c.value, int | float) else 0.0 for c in found]
    counts = Counter(sizes)
    likely = [s for s, c in zip(sizes, found, strict=True) if c.certainty >= 0.5]
    ordered = sorted(set(likely or sizes))
    rank = {size: at / len(ordered) for at, size in enumerate(ordered, start=1)}
    largest = ordered[-1] if ordered else 0.0
    sums, parts = _sums(ordered)
    cents = [bool(_CENTS.search(candidate.text)) for candidate in found]
    usual = sum(cents) >= 0.5 * sum(candidate.certainty >= 0.3 for candidate in found)
    known = {round(size * 100) for size in ordered}
    last = {(c.cell.row): c.cell.number for c in found}
    rows: list[tuple[float, ...]] = []
    for place, (candidate, size) in enumerate(zip(found, sizes, strict=True)):
        beside = candidate.cell.text[max(0, candidate.start - 5) : candidate.end + 5]
        row = (
            float(bool(_CURRENCY.search(beside))),
            float(cents[place]),
            float(usual and not cents[place]),
            float(size == largest),
            rank.get(size, 0.0),
            float(counts[size] > 1),
            float(size in sums),
            float(size in parts),
            _roundness(size, known) if cents[place] or not usual else 0.0,
            float(size == 0),
            float(isinstance(candidate.value, int | float) and candidate.value < 0),
            float(last[candidate.cell.row] > candidate.cell.number),
        )
        rows.append(row)
    return np.array(rows, float).reshape(-1, len(NAMES))


_CURRENCY = re.compile(r"[$€£¥₹]|\b(?:RM|EUR|USD|GBP|CHF|INR|Rs)\b", re.I)
_CENTS = re.compile(r"[.,]\d\d\D*$")
MOST_SUMMED = 60


def _roundness(size: float, known: Set[int]) -> float:
    """1 for an amount that another one was rounded to, for payment in cash; -1 for the other."""
    cents = round(size * 100)
    near = [other for other in range(cents - 4, cents + 5) if other != cents and other in known]
    if cents % 5 == 0:
        return float(any(other % 5 for other in near))
    return -float(any(other % 5 == 0 for other in near))


def _sums(sizes: Sequence[float]) -> tuple[frozenset[float], frozenset[float]]:
    """Of the largest amounts, those that are the sum of two others, and the larger of the two."""
    top = np.array([round(size * 100) for size in sizes if size > 0][-MOST_SUMMED:], float)
    rest = top[:, None] - top
    found = np.isin(rest, top) & (rest < top)
    return frozenset(top[found.any(axis=1)] / 100), frozenset(top[found.any(axis=0)] / 100)
