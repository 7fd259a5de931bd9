"""What a PDF page says about its own text: words with their font, place and visibility."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pymupdf

from engine.types import Box, Word

# Glyphs are filled or stroked; with neither flag they are invisible (render mode 3).
_INKED = 16 | 32

_ASCENT, _DESCENT = 0.9, 0.25
"""Of the size of the letters."""


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word of the text layer. ``shown`` is false for text that is drawn without ink."""

    word: Word
    font: str
    colour: tuple[int, int, int]
    shown: bool


@dataclass(frozen=True, slots=True)
class PrintedLine:
    words: tuple[PrintedWord, ...]
    level: bool
    """Runs from left to right on the rendered page."""


_Char = tuple[dict[str, Any], dict[str, Any]]
"""A character and the span it is in, as PyMuPDF describes them."""


def lines(page: pymupdf.Page, zoom: float) -> tuple[PrintedLine, ...]:
    """All lines of the page's text layer, in pixels of the page rendered at ``zoom``."""
    frame = page.rotation_matrix * pymupdf.Matrix(zoom, zoom)
    flags = pymupdf.TEXTFLAGS_RAWDICT & ~pymupdf.TEXT_PRESERVE_IMAGES
    blocks = page.get_text("rawdict", flags=flags)["blocks"]
    found = (_line(line, frame) for block in blocks for line in block.get("lines", ()))
    return tuple(line for line in found if line.words)


def _line(line: dict[str, Any], frame: pymupdf.Matrix) -> PrintedLine:
    x, y = line["dir"]
    right, down = x * frame.a + y * frame.c, x * frame.b + y * frame.d
    chars = ((char, span) for span in line["spans"] for char in span["chars"])
    words = tuple(_word(run, frame) for run in _runs(chars))
    return PrintedLine(words, level=right > 0 and abs(down) < 0.1 * right)


def _runs(chars: Iterable[_Char]) -> Iterator[list[_Char]]:
    """The characters between spaces."""
    run: list[_Char] = []
    for char in chars:
        if not char[0]["c"].isspace():
            run.append(char)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _word(run: list[_Char], frame: pymupdf.Matrix) -> PrintedWord:
    span = run[0][1]
    colour = span["color"]
    return PrintedWord(
        Word("".join(char["c"] for char, _ in run), _box(run, frame), 1.0),
        font=span["font"],
        colour=(colour >> 16 & 255, colour >> 8 & 255, colour & 255),
        shown=all(s["char_flags"] & _INKED and s["alpha"] > 0 for _, s in run),
    )


def _box(run: list[_Char], frame: pymupdf.Matrix) -> Box:
    x0, y0, x1, y1 = zip(*(_bounds(char, span) for char, span in run), strict=True)
    rect = pymupdf.Rect(min(x0), min(y0), max(x1), max(y1)) * frame
    return Box(rect.x0, rect.y0, rect.x1, rect.y1)


def _bounds(char: dict[str, Any], span: dict[str, Any]) -> tuple[float, float, float, float]:
    """A character's box. Fonts claim much room above and below their letters: no more than letters
    need is kept of it."""
    x0, y0, x1, y1 = char["bbox"]
    base, size = char["origin"][1], span["size"]
    if y0 < base - _ASCENT * size < base + _DESCENT * size < y1:
        return x0, base - _ASCENT * size, x1, base + _DESCENT * size
    return x0, y0, x1, y1
