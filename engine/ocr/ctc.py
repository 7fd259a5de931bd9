"""Turns the recognition network's class probabilities, column by column, into placed characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANK = 0


@dataclass(frozen=True, slots=True)
class Char:
    """One character and the columns it was seen in, as fractions of the strip's width."""

    text: str
    x0: float
    x1: float
    confidence: float
    space_before: float = 0.0
    """How likely the network found a space between the character before and this one."""

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
    space = probabilities[:, characters.index(" ")] if " " in characters else np.zeros(len(best))
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    width = len(best) * used
    chars: list[Char] = []
    previous = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if best[start] == BLANK:
            continue
        chars.append(
            Char(
                characters[best[start]],
                min(start / width, 1.0),
                min(end / width, 1.0),
                float(probabilities[start:end, best[start]].max()),
                float(space[previous:start].max(initial=0.0)) if chars else 0.0,
            )
        )
        previous = end
    return Reading(tuple(chars))
