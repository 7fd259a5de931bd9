"""A reader that answers from a script: tests without models, and without waiting for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from engine.types import Box, Image, Line, Word

Script = Callable[[Image], Sequence[str]]

LINE_HEIGHT = 20
LINE_PITCH = 30
CHAR_WIDTH = 10
MARGIN = 40


class ScriptedReader:
    """Reads from ``pages`` one entry a call, in order and then from the start again, whatever the
    image shows; or, given a function, whatever that says the image shows.

    A document read with ``ocr="ocr"`` makes one call a page; ``auto`` makes more where a PDF has a
    text layer, to check it.
    """

    def __init__(
        self,
        pages: Sequence[Sequence[str]] | Script,
        *,
        confidence: float = 0.99,
        delay: float = 0.0,
    ) -> None:
        self._pages = pages
        self._confidence = confidence
        self._delay = delay
        self.calls = 0

    def read(self, image: Image) -> list[Line]:
        if self._delay:
            time.sleep(self._delay)
        self.calls += 1
        return typed(self._answer(image), self._confidence)

    def _answer(self, image: Image) -> Sequence[str]:
        if callable(self._pages):
            return self._pages(image)
        return self._pages[(self.calls - 1) % len(self._pages)] if self._pages else ()


def typed(texts: Iterable[str], confidence: float = 0.99) -> list[Line]:
    """Lines as a typewriter would set them: one below the other, words of even letters."""
    rows = (_line(text, row, confidence) for row, text in enumerate(texts))
    return [line for line in rows if line]


def _line(text: str, row: int, confidence: float) -> Line | None:
    top = MARGIN + row * LINE_PITCH
    words, x = [], MARGIN
    for part in text.split(" "):
        if part:
            box = Box(x, top, x + CHAR_WIDTH * len(part), top + LINE_HEIGHT)
            words.append(Word(part, box, confidence))
        x += CHAR_WIDTH * (len(part) + 1)
    return Line(tuple(words)) if words else None
