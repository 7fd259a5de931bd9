"""Reads lines of a page a second time where that can show an error, and says where the two readings
differ. The words stay what they were read as first.

On a scan these are the lines with a doubtful word. On a page with a text layer they are the lines
with a digit; there the picture has to say the same thing twice to be heard.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein, Opcode

from engine.ocr import crops
from engine.ocr.orientation import LineReader
from engine.types import DIFFERING, Image, Line, Page, Reader, Word

# Measured on till receipts and forms: these are 15 of 100 lines, and reading all of them again
# finds little more.
DOUBTFUL, DOUBTFUL_DIGITS = 0.9, 0.97
"""Confidence of a word below which its line is read again; the second for a word with a digit."""

MOST = 300
"""Lines of a page that are read again: a text layer can have any number of them."""

BESIDE, ABOVE = 0.2, 0.15
"""Margins around the words of a line, in heights of a word: other ones than detection gave it."""

SOFTENED = 1 / 48
"""How far a strip is blurred, in its heights: fine grain that decided a letter is gone."""

SLANTED = 0.01
"""Pixels down per pixel to the right from which a line is cut out aslant."""


def checked(page: Page, image: Image, reader: Reader) -> Page:
    """The page with what a second reading says in the ``other`` of its words, and less confidence
    in these.

    ``image`` is the page upright. A reader that cannot read single lines is taken at its word.
    """
    if not isinstance(reader, LineReader):
        return page
    is_printed = page.source == "text"
    lines = list(page.lines)
    chosen = (
        place
        for place, line in enumerate(lines)
        if (_has_digit(line.text) if is_printed else _is_doubtful(line))
    )
    for place in islice(chosen, MOST):
        found = _others(lines[place], image, reader, twice=is_printed)
        lines[place] = _doubted(lines[place], found)
    return replace(page, lines=tuple(lines))


def _is_doubtful(line: Line) -> bool:
    return any(
        word.confidence < (DOUBTFUL_DIGITS if _has_digit(word.text) else DOUBTFUL)
        for word in line.words
    )


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _others(line: Line, image: Image, reader: LineReader, *, twice: bool) -> Mapping[int, str]:
    """By the number of the word: what else is read in its place."""
    strip = _strip(image, line)
    said = [word.text for word in line.words]
    found = differences(said, _read(reader, _soft(strip)))
    if not (twice and found):
        return found
    again = differences(said, _read(reader, strip))
    return {
        place: other
        for place, other in found.items()
        if _has_digit(said[place]) and _compared(other) == _compared(again.get(place, ""))
    }


def _read(reader: LineReader, strip: Image) -> str:
    (reading,) = reader.recognize([strip])
    return " ".join("".join(char.text for char in reading.chars).split())


def _doubted(line: Line, others: Mapping[int, str]) -> Line:
    return Line(
        tuple(
            replace(word, other=others[place], confidence=DIFFERING * word.confidence)
            if place in others
            else word
            for place, word in enumerate(line.words)
        )
    )


# ---- the picture of a line


def _strip(image: Image, line: Line) -> Image:
    box, height = line.box, median(word.box.height for word in line.words)
    slope = _slope(line.words, height)
    middle_x, middle_y = box.center
    half = (height if slope else box.height) / 2 + ABOVE * height
    left, right = box.x0 - BESIDE * height, box.x1 + BESIDE * height
    corners = (
        (x, middle_y + (x - middle_x) * slope + side * half)
        for x, side in ((left, -1), (right, -1), (right, 1), (left, 1))
    )
    return crops.cut(image, np.array(list(corners), np.float32)).image


def _slope(words: Sequence[Word], height: float) -> float:
    (x0, y0), (x1, y1) = words[0].box.center, words[-1].box.center
    slope = (y1 - y0) / (x1 - x0) if x1 - x0 > 2 * height else 0.0
    return slope if abs(slope) >= SLANTED else 0.0


def _soft(strip: Image) -> Image:
    blurred = cv2.GaussianBlur(strip, (0, 0), max(SOFTENED * strip.shape[0], 0.1))
    return blurred.astype(np.uint8, copy=False)


# ---- two readings compared


@dataclass(frozen=True, slots=True)
class _Sign:
    """A letter, a digit, or a mark between digits: what readings are compared by."""

    char: str
    place: int
    """In the text, its words parted by single spaces."""

    word: int
    """The number of the word it is in."""


def differences(words: Sequence[str], other: str) -> dict[int, str]:
    """By the number of the word: what another reading of the whole line says in its place.

    Case, spaces and marks outside numbers do not count, nor does a word that the other reading
    leaves out.
    """
    ours, theirs = _signs(words), _signs(other.split())
    changed: set[int] = set()
    places: dict[int, list[int]] = {}
    for edit in Levenshtein.opcodes([sign.char for sign in ours], [sign.char for sign in theirs]):
        for word, place in _sides(edit, ours, theirs):
            if edit.tag != "equal":
                changed.add(word)
            if place is not None:
                places.setdefault(word, []).append(place)
    return {
        word: _text(other, theirs[min(places[word])], theirs[max(places[word])])
        for word in sorted(changed & places.keys())
    }


def _signs(words: Sequence[str]) -> list[_Sign]:
    found, start = [], 0
    for number, word in enumerate(words):
        for at, letter in enumerate(word):
            if letter.isalnum() or _is_within_number(word, at):
                found += [_Sign(char, start + at, number) for char in _plain(letter)]
        start += len(word) + 1
    return found


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter).casefold()


def _is_within_number(word: str, at: int) -> bool:
    """Whether a point or a comma stands between two digits."""
    return word[at] in ".," and word[at - 1 : at].isdigit() and word[at + 1 : at + 2].isdigit()


def _sides(
    edit: Opcode, ours: Sequence[_Sign], theirs: Sequence[_Sign]
) -> Iterator[tuple[int, int | None]]:
    """The numbers of our words that an edit touches, each with a place in their reading."""
    if edit.tag == "insert":
        word = _taker(edit, ours, theirs)
        if word is not None:
            yield from ((word, place) for place in range(edit.dest_start, edit.dest_end))
        return
    for step, sign in enumerate(ours[edit.src_start : edit.src_end]):
        yield sign.word, None if edit.tag == "delete" else edit.dest_start + step


def _taker(edit: Opcode, ours: Sequence[_Sign], theirs: Sequence[_Sign]) -> int | None:
    """The number of our word that lacks what is inserted: what it is glued to over there."""
    start, end = edit.dest_start, edit.dest_end
    if edit.src_start and start and theirs[start - 1].word == theirs[start].word:
        return ours[edit.src_start - 1].word
    goes_on = end < len(theirs) and theirs[end - 1].word == theirs[end].word
    return ours[edit.src_start].word if goes_on and edit.src_start < len(ours) else None


def _text(other: str, first: _Sign, last: _Sign) -> str:
    """The part of the reading between two signs, with the marks that are glued to it."""
    start, end = first.place, last.place + 1
    while start and _is_mark(other[start - 1]):
        start -= 1
    while end < len(other) and _is_mark(other[end]):
        end += 1
    return other[start:end]


def _is_mark(char: str) -> bool:
    return not (char.isalnum() or char.isspace())


def _compared(text: str) -> str:
    return "".join(sign.char for sign in _signs(text.split()))
