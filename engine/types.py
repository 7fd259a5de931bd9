"""The values that travel between the stages: boxes, words, lines, pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Source = Literal["ocr", "text"]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels of the rendered page; origin top left, x1 and y1 exclusive."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"box is inside out: {self}")

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them; at least one is needed."""
    all_boxes = list(boxes)
    if len(all_boxes) == 1:
        return all_boxes[0]
    return Box(
        min([b.x0 for b in all_boxes]),
        min([b.y0 for b in all_boxes]),
        max([b.x1 for b in all_boxes]),
        max([b.y1 for b in all_boxes]),
    )


DIFFERING = 0.7
"""What is left of a word's confidence where two readings differ: 0.5 on average, and half of these
words are wrong."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space; ``confidence`` is that of its least sure character, from
    0 to 1. ``other`` is what an independent reading says instead, "" where none disagrees."""

    text: str
    box: Box
    confidence: float
    other: str = ""

    @property
    def first_confidence(self) -> float:
        """How sure the first reading was, whatever another one says."""
        return min(1.0, self.confidence / DIFFERING) if self.other else self.confidence


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side, in reading order; never empty."""

    words: tuple[Word, ...]

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a line needs at least one word")

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)

    @property
    def box(self) -> Box:
        return union(w.box for w in self.words)

    @property
    def confidence(self) -> float:
        """Mean of the words' confidences, each weighing as many characters as it has."""
        return sum(w.confidence * len(w.text) for w in self.words) / sum(
            len(w.text) for w in self.words
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read.

    ``width``, ``height`` and all boxes are pixels of the rendered page after it was turned
    clockwise by ``rotation`` degrees (0, 90, 180, 270) to stand upright. ``lines`` are in reading
    order; ``text`` is the same words laid out for a reader. ``source`` says where they come from.
    """

    number: int
    width: int
    height: int
    lines: tuple[Line, ...]
    text: str
    source: Source = "ocr"
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field as it was found, with its evidence.

    ``value`` is None where nothing was found. ``confidence`` is the share of such values that are
    right, from 0 to 1. ``reason`` says why a person should look at it, "" where ``flag`` is not
    set. ``box`` goes around the source ``words``, in pixels of the page with this number.
    """

    value: str | int | float | bool | None
    confidence: float
    flag: bool = False
    reason: str = ""
    page: int | None = None
    box: Box | None = None
    words: tuple[Word, ...] = ()


class Reader(Protocol):
    """Reads the text of an image: PaddleOCR in ``engine.ocr``, a script in tests."""

    def read(self, image: Image) -> list[Line]:
        """Lines of an upright RGB image (height, width, 3), in no particular order."""
        ...
