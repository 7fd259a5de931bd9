"""Turns the recognition network's class probabilities, column by column, into placed characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANK = 0
SURE_BLANK = 0.9
"""Columns where nothing is seen at least as surely hide no letter."""


@dataclass(frozen=True, slots=True)
class Char:
    """One character and the columns it was seen in, as fractions of the strip's width."""

    text: str
    x0: float
    x1: float
    confidence: float
    space_before: float = 0.0
    """How likely the network found a space between the character before and this one."""

    lost_before: float = 0.0
    """How likely it saw another letter there, which lost against the blank."""

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Reading:
    """The characters of one line, spaces included, left to right; may be empty."""

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        return "".join(c.text for c in self.chars)

    @property
    def confidence(self) -> float:
        """Mean over the characters; 0 when there are none."""
        return sum(c.confidence for c in self.chars) / len(self.chars) if self.chars else 0.0


def decode(
    probabilities: NDArray[np.float32], characters: Sequence[str], used: float = 1.0
) -> Reading:
    """Best path through (columns, classes); ``used`` is the share of columns that hold the line."""
    best = probabilities.argmax(axis=1)
    space = characters.index(" ") if " " in characters else BLANK
    spaces = probabilities[:, space] if space else np.zeros(len(best))
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    width = len(best) * used
    chars: list[Char] = []
    previous, letter = 0, BLANK
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if best[start] == BLANK:
            continue
        chars.append(
            Char(
                characters[best[start]],
                min(start / width, 1.0),
                min(end / width, 1.0),
                float(probabilities[start:end, best[start]].max()),
                float(spaces[previous:start].max(initial=0.0)) if chars else 0.0,
                _lost(probabilities[previous:start], (BLANK, space, letter, best[start])),
            )
        )
        previous, letter = end, best[start]
    return Reading(tuple(chars))


def _lost(columns: NDArray[np.float32], others: Sequence[int]) -> float:
    """The probability of the likeliest class in blank columns, without these others."""
    doubtful = columns[columns[:, BLANK] < SURE_BLANK]
    doubtful[:, list(others)] = 0
    return float(doubtful.max(initial=0.0))
