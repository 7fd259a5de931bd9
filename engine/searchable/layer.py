"""The words of a page as PDF text that is there and not to be seen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, zip_longest
from statistics import median

from engine.searchable.font import ADVANCE, ASCENT, DESCENT
from engine.types import Box, Line, Page, Word

Frame = tuple[float, float, float, float, float, float]
"""A PDF matrix."""

Encode = Callable[[str], bytes]

_ESCAPES = str.maketrans({char: f"\\{ord(char):03o}" for char in "()\\\r\n"})

THINNEST = 1.0
"""Pixels between two words, at least: what touches on the page are still two words."""


def content(page: Page, frame: Frame, font: str, encode: Encode) -> bytes:
    """A content stream that leaves everything as it was.

    ``frame`` leads from the page's pixels, but counted from its bottom, to where they belong.
    """
    lines = (_text(line, page, font, encode) for line in page.lines)
    body = "\n".join(line for line in lines if line)
    return f"q\n{' '.join(map(exact, frame))} cm\n3 Tr\n{body}\nQ\n".encode("latin-1")


def _text(line: Line, page: Page, font: str, encode: Encode) -> str:
    """One text object: letters of one size, each word as wide as its box."""
    words = [(word, box) for word in line.words if (box := _inside(word.box, page))]
    if not words:
        return ""
    size = median(box.height for _, box in words)
    shown = [_shown(word, box, size, page, encode) for word, box in words]
    gaps = [_space(before, after, size, encode) for (_, before), (_, after) in pairwise(words)]
    parts = (part for pair in zip_longest(shown, gaps, fillvalue="") for part in pair if part)
    return "\n".join(("BT", f"/{font} {_short(size)} Tf", *parts, "ET"))


def _shown(word: Word, box: Box, size: float, page: Page, encode: Encode) -> str:
    # The middle of the letters comes to lie on the middle of the box.
    base = page.height - box.center[1] - size * (ASCENT + DESCENT) / 2000
    place = f"1 0 0 1 {_short(box.x0)} {_short(base)} Tm"
    return f"{place}\n{_drawn(word.text, box.width, size, encode)}"


def _space(before: Box, after: Box, size: float, encode: Encode) -> str:
    return _drawn(" ", max(after.x0 - before.x1, THINNEST), size, encode)


def _drawn(text: str, width: float, size: float, encode: Encode) -> str:
    stretch = 100 * width / (size * len(text) * ADVANCE / 1000)
    return f"{_short(stretch)} Tz ({_literal(encode(text))}) Tj"


def _inside(box: Box, page: Page) -> Box | None:
    """The part of the box on the page: viewers ignore letters beyond its edge."""
    x0, y0 = max(box.x0, 0.0), max(box.y0, 0.0)
    x1, y1 = min(box.x1, float(page.width)), min(box.y1, float(page.height))
    return Box(x0, y0, x1, y1) if x1 - x0 >= 1 and y1 - y0 >= 1 else None


def _literal(codes: bytes) -> str:
    """Half as long as hexadecimal digits."""
    return codes.decode("latin-1").translate(_ESCAPES)


def _short(number: float) -> str:
    """Whole pixels and percents are exact enough, and small."""
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


def exact(number: float) -> str:
    """As PDF writes numbers: it knows no exponents."""
    return f"{number:.8f}".rstrip("0").rstrip(".")
