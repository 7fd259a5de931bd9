"""The words of a page as PDF text that is there and not to be seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from statistics import median

from engine.searchable.font import ADVANCE, ASCENT, DESCENT
from engine.types import Box, Line, Page

Frame = tuple[float, float, float, float, float, float]
"""A PDF matrix."""

Encode = Callable[[str], bytes]

_ESCAPES = str.maketrans({char: f"\\{ord(char):03o}" for char in "()\\\r\n"})

THINNEST = 1.0
"""Pixels between two words, at least: what touches on the page are still two words."""

TALL = 1.5
"""Times as high as wide: from here on lines are read as running down the page."""


def content(page: Page, frame: Frame, font: str, encode: Encode) -> bytes:
    """A content stream that leaves everything as it was.

    ``frame`` leads from the page's pixels, but counted from its bottom, to where they belong.
    """
    lines = (_text(line, page, font, encode) for line in page.lines)
    body = "\n".join(line for line in lines if line)
    return f"q\n{' '.join(map(exact, frame))} cm\n3 Tr\n{body}\nQ\n".encode("latin-1")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word begins and ends along its line, and where and how thick it is across it."""

    start: float
    end: float
    middle: float
    thickness: float


def _text(line: Line, page: Page, font: str, encode: Encode) -> str:
    """One text object: letters of one size, each word as long as its box."""
    words = [(word, box) for word in line.words if (box := _inside(word.box, page))]
    if not words:
        return ""
    down = _runs_down(line)
    places = [_place(box, down) for _, box in words]
    size = median(place.thickness for place in places)
    shown = [
        f"{_matrix(place, size, page.height, down)} Tm\n"
        f"{_drawn(word.text, place.end - place.start, size, encode)}"
        for (word, _), place in zip(words, places, strict=True)
    ]
    gaps = [
        _drawn(" ", max(after.start - before.end, THINNEST), size, encode)
        for before, after in pairwise(places)
    ]
    parts = (part for pair in zip_longest(shown, gaps, fillvalue="") for part in pair if part)
    return "\n".join(("BT", f"/{font} {_short(size)} Tf", *parts, "ET"))


def _runs_down(line: Line) -> bool:
    """Along the edge of a page; for letters as narrow as "Il" the answer does not matter."""
    return len(line.text) > 1 and line.box.height > TALL * line.box.width


def _place(box: Box, down: bool) -> _Place:
    x, y = box.center
    if down:
        return _Place(box.y0, box.y1, x, box.width)
    return _Place(box.x0, box.x1, y, box.height)


def _matrix(place: _Place, size: float, page_height: int, down: bool) -> str:
    # The middle of the letters comes to lie on the middle of the box.
    rise = size * (ASCENT + DESCENT) / 2000
    if down:
        return f"0 -1 1 0 {_short(place.middle - rise)} {_short(page_height - place.start)}"
    return f"1 0 0 1 {_short(place.start)} {_short(page_height - place.middle - rise)}"


def _drawn(text: str, length: float, size: float, encode: Encode) -> str:
    codes = encode(unicodedata.normalize("NFC", text))
    stretch = 100 * length / (size * len(codes) / 2 * ADVANCE / 1000)
    return f"{_short(stretch)} Tz ({_literal(codes)}) Tj"


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
