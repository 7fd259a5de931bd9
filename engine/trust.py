"""Decides whether the words of a PDF's text layer can stand for what the page shows.

They can when they lie on ink and explain most of it, when their fonts map to Unicode, and when the
reader, shown a sample of every font, reads what the font claims. Fonts are tried once a document: a
page of known fonts costs no reading. Ink without words (a letterhead, a stamp) is read and added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine import ink, samples
from engine.pages.printed import PrintedLine, PrintedWord
from engine.types import Box, Image, Line, Reader

UNMAPPED_SHARE = 0.05
"""Of a page's characters; the bullets of good documents often have no Unicode."""

UNEXPLAINED_SHARE = 0.9
"""Of the ink that could be writing; above this the words are a stamp on a scan."""

LOOK_AGAIN = 150
"""Cells of unexplained ink that are worth a reading: about one word."""

SURE = 0.65
"""Confidence from which writing found in a picture is believed."""

KEPT = 16
"""Pictures whose writing is remembered: a letterhead returns on every page."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The words for a page, or why its text layer cannot give them."""

    lines: tuple[Line, ...]
    doubt: str | None = None


class Judge:
    """Judges the pages of one document, and remembers what it learns of its fonts and pictures."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._fonts = samples.Fonts(reader)
        self._pictures: dict[int, list[Line]] = {}

    def judge(self, layer: Sequence[PrintedLine], image: Image) -> Verdict:
        strokes = ink.strokes(image)
        shown = _on_ink(_picked(layer, lambda word: word.shown), image, strokes)
        words = [word for line in shown for word in line.words]
        rest = ink.clusters(ink.outside(strokes, (word.word.box for word in words)))
        doubt = _doubt(words, image, int(rest.sum()), int(strokes.sum()))
        doubt = doubt or _sideways(shown) or self._fonts.doubt(shown, image)
        found = [] if doubt or rest.sum() < LOOK_AGAIN else self._picture(words, image, rest)
        if _letters(found) > sum(len(word.word.text) for word in words):
            doubt = "most of the writing is in pictures"
        return Verdict((*_lines(shown), *found), doubt)

    def _picture(self, words: list[PrintedWord], image: Image, rest: ink.Mask) -> list[Line]:
        """What is written in the ink that no word explains."""
        key = hash((rest.shape, rest.tobytes()))
        if key not in self._pictures:
            if len(self._pictures) == KEPT:
                self._pictures.clear()
            self._pictures[key] = _beside(words, self._reader, image, rest)
        return self._pictures[key]


def visible(layer: Sequence[PrintedLine], image: Image) -> tuple[Line, ...]:
    """The words that lie on ink, also those of an invisible layer over a scan."""
    return _lines(_on_ink(layer, image, ink.strokes(image)))


def _doubt(words: list[PrintedWord], image: Image, rest: int, strokes: int) -> str | None:
    if not words:
        return None if int(image.max()) - int(image.min()) < ink.CONTRAST // 2 else "no text"
    text = "".join(word.word.text for word in words)
    if sum(map(samples.unmapped, text)) > UNMAPPED_SHARE * len(text):
        return "characters without Unicode"
    return "a scan with few words" if rest > UNEXPLAINED_SHARE * strokes else None


def _sideways(layer: Sequence[PrintedLine]) -> str | None:
    """OCR can turn a page whose words do not run from left to right."""
    level = sum(len(line.words) for line in layer if line.level)
    words = sum(len(line.words) for line in layer)
    return "the text does not stand upright" if level < words / 2 else None


def _picked(layer: Sequence[PrintedLine], keep: Callable[[PrintedWord], bool]) -> list[PrintedLine]:
    picked = (replace(line, words=tuple(filter(keep, line.words))) for line in layer)
    return [line for line in picked if line.words]


def _on_ink(layer: Sequence[PrintedLine], image: Image, strokes: ink.Mask) -> list[PrintedLine]:
    """Without words that leave no trace on the page, and without those drawn twice for boldness."""
    drawn: set[tuple[str, int, int]] = set()

    def keep(word: PrintedWord) -> bool:
        box = word.word.box
        grid = max(4.0, box.height / 2)
        place = (word.word.text, round(box.x0 / grid), round(box.y0 / grid))
        if place in drawn or not _seen(word, image, strokes):
            return False
        drawn.add(place)
        return True

    return _picked(layer, keep)


def _seen(word: PrintedWord, image: Image, strokes: ink.Mask) -> bool:
    # The mask answers for dark words at a touch; light ones may be white on white.
    if max(word.colour) < 128 and ink.any_in(strokes, word.word.box):
        return True
    colour = word.colour if word.shown else None
    return ink.stands_out(image, word.word.box, colour)


def _lines(layer: Sequence[PrintedLine]) -> tuple[Line, ...]:
    """Bullets and the like, that stand for no character, are left out."""
    mapped = _picked(layer, lambda word: not all(map(samples.unmapped, word.word.text)))
    return tuple(Line(tuple(word.word for word in line.words)) for line in mapped)


def _beside(words: list[PrintedWord], reader: Reader, image: Image, rest: ink.Mask) -> list[Line]:
    """Reads the part of the page that holds the rest of the ink; known words are painted over."""
    canvas = image.copy()
    for word in words:
        ink.paint_over(canvas, word.word.box)
    part = ink.around(rest, image)
    crop = canvas[int(part.y0) : int(part.y1), int(part.x0) : int(part.x1)]
    lines = reader.read(samples.sheet([crop]))
    dx, dy = part.x0 - samples.GAP, part.y0 - samples.GAP
    return [_moved(line, dx, dy) for line in lines if line.confidence >= SURE]


def _moved(line: Line, dx: float, dy: float) -> Line:
    return Line(tuple(replace(word, box=_shifted(word.box, dx, dy)) for word in line.words))


def _shifted(box: Box, dx: float, dy: float) -> Box:
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def _letters(lines: Sequence[Line]) -> int:
    return sum(len(word.text) for line in lines for word in line.words)
