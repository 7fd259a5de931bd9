"""Finds boxes to tick that are drawn on a page, and puts them among its words as ☐ or ☑.

A box is a hollow square about as high as the writing, with a label in its row. A reader may have
taken it for a letter or glued it to its label; a letter that looks like a box stays a letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.types import Box, Image, Line, Word

EMPTY, TICKED = "☐", "☑"

LEAST, SMALLEST, LARGEST = 9, 0.6, 2.2
"""The side of a box: pixels, and heights of a usual word."""

MOST, MOST_WORDS = 400, 20_000
"""Boxes and words of a page: bounds that no honest page comes near."""

CONTRAST = 40
"""Steps of 255 between paper and ink."""

STRAIGHT = 0.85
"""Of each side, within a pixel of a straight line: letters are rounder."""

UNEVEN = 0.8
"""The shorter side, in lengths of the longer one, at least."""

WHOLE = 1.6
"""Widths of a box: a wider word is more than what was read in its place."""

CORNER = 0.45
"""How dark the corners are, of the lines that meet there: in round letters they are white."""

RIM, TOUCHED = 0.45, 0.75
"""Ink in the emptiest line along the inside of a side, at most; and of one that a tick touches."""

CROWD = 0.25
"""Ink beside a side; more on three sides is a picture or a code to scan."""

GOING_ON = 3
"""Lines that leave the corners of a cell of a table; the stroke of a tick may leave one or two."""

TICK = 0.06
"""Of the inside: more ink is a tick."""

APART, FAR_APART, SHARP = 0.2, 0.3, 0.9
"""Blank paper beside a box, in sides, at least; the same, and how sure the box is, where there may
stand a letter that is much like one."""

REACH = 8.0
"""Heights of a usual word between a box and the next word of its row, at most."""

ROOM = 0.7
"""Sides between two boxes of a row, at least: no label has room between boxes for letters."""

Grey = NDArray[np.uint8]

_TICKS = frozenset("xXvV\u2713\u2714\u2717\u2718\u00d7\u2715\u2716\u2611\u2612")
_ROUND = frozenset("oOdD0Q")
_FRAMES = frozenset(("[]", "()", "[", "]", "|", "\u00a8", "\u00fe", "\u00fd", "q"))
"""What readers and fonts of symbols make of a box."""

_SQUARISH = _ROUND | frozenset("GCUBREFPabeghnpqu689@")
"""Letters and digits that are much like one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to tick; ``sure`` says how surely it is one, and ticked or not, from 0 to 1.

    ``room`` is the blank paper left and right of it, whichever is less, in sides.
    """

    box: Box
    ticked: bool
    sure: float
    room: float = 0.5

    @property
    def word(self) -> Word:
        return Word(TICKED if self.ticked else EMPTY, self.box, self.sure)


def marked(image: Image, lines: Sequence[Line], *, exact: bool = False) -> list[Line]:
    """The lines of an upright page image (height, width, 3) with the boxes that are drawn on it.

    A box replaces what was read in its place, joins the line it stands in, or is a line of its own.
    Lines are exact where no reader may have overlooked a box in a word: those of a text layer.
    """
    words = [word for line in lines for word in line.words]
    if not words or len(words) > MOST_WORDS:
        return list(lines)
    height = median(word.box.height for word in words)
    found = _roomy(squares(image, height))
    if not found:
        return list(lines)
    sheet = _Sheet(lines, exact=exact)
    for mark in found:
        if sheet.has_label(mark.box, height):
            sheet.put(mark)
    return sheet.lines()


# ---- squares in the ink


def squares(image: Image, height: float) -> list[Mark]:
    """Hollow squares about as high as words of this height, from the top."""
    low, high = max(LEAST, round(SMALLEST * height)), round(LARGEST * height)
    if high <= low or min(image.shape[:2]) <= 2 * low:
        return []
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    found: list[Mark] = []
    for x, y, right, bottom in _frames(grey, low, high):
        box = Box(x, y, right, bottom)
        if any(_touch(box, mark.box) for mark in found):
            continue
        mark = _judged(grey, x, y, right, bottom)
        if mark:
            found.append(mark)
            if len(found) == MOST:
                break
    return found


def _frames(grey: Grey, low: int, high: int) -> Iterator[tuple[int, int, int, int]]:
    """Four straight lines that may meet, from the top: left, top, right and bottom of each."""
    # Closed, thin lines are gone, and only they: what is left is lighter where they were.
    thick = max(5, low // 2 | 1)
    lines = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, _bar(thick, thick))
    ink = cv2.threshold(lines, CONTRAST, 1, cv2.THRESH_BINARY)[1]
    level = np.asarray(cv2.dilate(ink, _bar(1, 3)), np.uint8)
    upright = np.asarray(cv2.dilate(ink, _bar(3, 1)), np.uint8)
    for x, y, side in _tops(level, upright, low, high):
        least, most = int(UNEVEN * side), int(side / UNEVEN) + 1
        bottoms = level[y + least : y + most, x : x + side].mean(axis=1)
        if not bottoms.size:
            continue
        full = bottoms >= 0.95 * bottoms.max()
        first = int(full.argmax())
        bottom = y + least + first + max(0, _run(full[first:]) - 2)
        ends = upright[y : bottom + 1, [x, x + side - 1]].mean(axis=0)
        if min(bottoms.max(), *ends) >= STRAIGHT:
            yield x, y, x + side, bottom + 1


def _tops(level: Grey, upright: Grey, low: int, high: int) -> list[tuple[int, int, int]]:
    """Level strokes with an upright one below each end: left, top and length."""
    shortest = low - 1
    cores = cv2.erode(level, _bar(shortest, 1))
    contours, _ = cv2.findContours(cores, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return []
    strokes = np.array([cv2.boundingRect(contour) for contour in contours])
    x, y, side = strokes[:, 0] - shortest // 2, strokes[:, 1] + 1, strokes[:, 2] + shortest - 1
    last_row, last_column = level.shape[0] - 1, level.shape[1] - 1
    down = y[:, None] + (side[:, None] * np.linspace(0.1, UNEVEN - 0.1, 8)).astype(int)
    ends = np.clip([x, x + side - 1], 0, last_column)
    sides = upright[np.minimum(down, last_row), ends[:, :, None]].mean(axis=2).min(axis=0)
    inside = (x >= 0) & (x + side - 1 <= last_column)
    fit = np.flatnonzero((sides >= STRAIGHT) & (side >= low) & (side <= high) & inside)
    order = fit[np.argsort(y[fit], kind="stable")]
    return [(int(x[at]), int(y[at]), int(side[at])) for at in order]


def _bar(width: int, height: int) -> Grey:
    return np.ones((height, width), np.uint8)


def _judged(grey: Grey, x: int, y: int, right: int, bottom: int) -> Mark | None:
    """The box with these edges, None where they are those of a letter, a cell or a code."""
    side = right - x
    margin = side // 2 + 3
    top, left = max(0, y - margin), max(0, x - margin)
    crop = grey[top : bottom + margin, left : right + margin]
    paper = int(np.partition(crop, int(0.9 * crop.size), axis=None)[int(0.9 * crop.size)])
    dark = np.maximum(paper - crop.astype(np.int16), 0)
    edges = (x - left, y - top, right - left, bottom - top)
    ink = np.asarray(dark > CONTRAST)
    corner = _corner(dark, *edges)
    room = _room(ink, *edges)
    if corner < CORNER or room < APART or _crowded(ink, *edges):
        return None
    part = ink[edges[1] : edges[3], edges[0] : edges[2]]
    rims = [_rim(turn) for turn in (part, part[::-1], part.T, part.T[::-1])]
    above, below, before, behind = (at for at, _ in rims)
    inside = part[above:-below, before:-behind]
    *others, fullest = sorted(share for _, share in rims)
    if max(others) > RIM or fullest > TOUCHED or 2 * min(inside.shape) < side:
        return None
    share = float(inside.mean())
    sure = min(1.0, 0.5 + corner / 2) * (0.6 + 0.4 * min(1.0, abs(share - TICK) / TICK))
    return Mark(Box(x, y, right, bottom), share > TICK, round(sure, 4), room)


def _room(ink: NDArray[np.bool_], x: int, y: int, right: int, bottom: int) -> float:
    """Blank paper left and right of a box, whichever is less, in sides; a tick may reach out of it
    at the top."""
    beside = np.asarray(ink[(y + bottom) // 2 : bottom].any(axis=0))
    return min(_run(~beside[right + 1 :]), _run(~beside[: max(0, x - 1)][::-1])) / (right - x)


def _run(cells: NDArray[np.bool_]) -> int:
    """How many cells are set before the first that is not."""
    return len(cells) if cells.all() else int((~cells).argmax())


def _corner(dark: NDArray[np.int16], x: int, y: int, right: int, bottom: int) -> float:
    """The darkness of the lightest corner, in that of the lighter of its lines."""
    quarter = (right - x) // 4
    rows = _darkest(dark[:, x + quarter : right - quarter].mean(axis=1), y, bottom - 1)
    columns = _darkest(dark[y + quarter : bottom - quarter].mean(axis=0), x, right - 1)
    return min(
        float(dark[row, column]) / max(1.0, min(row_dark, column_dark))
        for row, row_dark in rows
        for column, column_dark in columns
    )


def _darkest(profile: NDArray[np.float64], *edges: int) -> list[tuple[int, float]]:
    """The middle of what is darkest of the profile near each edge, and how dark it is there."""
    found = []
    for edge in edges:
        start = max(0, edge - 2)
        near = profile[start : edge + 3]
        most = float(near.max())
        darkest = np.flatnonzero(near >= 0.9 * most)
        found.append((start + int(darkest[len(darkest) // 2]), most))
    return found


def _rim(part: NDArray[np.bool_]) -> tuple[int, float]:
    """The emptiest row near the top of the inside, and its share of ink."""
    shares = part[1 : max(5, len(part) // 4), 2:-2].mean(axis=1)
    at = int(shares.argmin())
    return at + 1, float(shares[at])


def _crowded(ink: NDArray[np.bool_], x: int, y: int, right: int, bottom: int) -> bool:
    """Whether three sides have much ink beside them, or lines go on beyond the corners."""
    gap, deep = 3, (right - x) // 2
    above, below = slice(max(0, y - deep), max(0, y - gap)), slice(bottom + gap, bottom + deep)
    before, behind = slice(max(0, x - deep), max(0, x - gap)), slice(right + gap, right + deep)
    level, upright = slice(x, right), slice(y, bottom)
    strips = (ink[above, level], ink[below, level], ink[upright, before], ink[upright, behind])
    full = sum(bool(strip.size) and float(strip.mean()) > CROWD for strip in strips)
    going = sum(
        bool(ink[max(0, row - 1) : row + 2, columns].all(axis=1).any())
        for row in (y, bottom - 1)
        for columns in (slice(max(0, x - gap - 2), x - gap), slice(right + gap, right + gap + 2))
        if ink[row : row + 1, columns].size
    ) + sum(
        bool(ink[rows, max(0, column - 1) : column + 2].all(axis=0).any())
        for column in (x, right - 1)
        for rows in (slice(max(0, y - gap - 2), y - gap), slice(bottom + gap, bottom + gap + 2))
        if ink[rows, column : column + 1].size
    )
    return full >= 3 or going >= GOING_ON


def _touch(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


# ---- boxes among the words


class _Sheet:
    """The lines of a page while boxes are put among their words."""

    def __init__(self, lines: Sequence[Line], *, exact: bool) -> None:
        self._exact = exact
        self._words = [word for line in lines for word in line.words]
        self._line_of = [number for number, line in enumerate(lines) for _ in line.words]
        boxes = [(w.box.x0, w.box.y0, w.box.x1, w.box.y1) for w in self._words]
        self._x0, self._y0, self._x1, self._y1 = np.array(boxes).T
        self._now: dict[int, list[Word]] = {}
        self._alone: list[Line] = []

    def lines(self) -> list[Line]:
        """The lines as they are now; those that hold a box only are the last ones."""
        parts: dict[int, list[Word]] = {}
        for place, word in enumerate(self._words):
            parts.setdefault(self._line_of[place], []).extend(self._now.get(place, [word]))
        return [*(Line(tuple(words)) for words in parts.values() if words), *self._alone]

    def has_label(self, box: Box, height: float) -> bool:
        """Whether a word stands in the row of the box, not too far away."""
        near = (self._x1 > box.x0 - REACH * height) & (self._x0 < box.x1 + REACH * height)
        return bool((near & self._abreast(box)).any())

    def put(self, mark: Mark) -> None:
        """Put the box among the words, unless they say that it is a letter or frames one."""
        held = [int(place) for place in np.flatnonzero(self._holding(mark.box))]
        rests = [_rest(self._words[place], mark, exact=self._exact) for place in held]
        if not held:
            self._join(mark)
        elif not any(rest is None for rest in rests) and self._now.keys().isdisjoint(held):
            said = any(self._words[place].text in _TICKS for place in held)
            word = replace(mark, ticked=True).word if said else mark.word
            for place, rest in zip(held, rests, strict=True):
                before, behind = rest or ([], [])
                self._now[place] = [*before, *([word] if place == held[0] else ()), *behind]

    def _join(self, mark: Mark) -> None:
        """Put the box between two words of a line, or on a line of its own."""
        row = np.flatnonzero(self._abreast(mark.box))
        left = [int(place) for place in row if self._x1[place] <= mark.box.center[0]]
        right = [int(place) for place in row if self._x1[place] > mark.box.center[0]]
        last = max(left, key=lambda place: self._x1[place], default=-1)
        if last + 1 in right and self._line_of[last] == self._line_of[last + 1] and left:
            self._now.setdefault(last, [self._words[last]]).append(mark.word)
        else:
            self._alone.append(Line((mark.word,)))

    def _abreast(self, box: Box) -> NDArray[np.bool_]:
        """Which words stand in the row of the box."""
        middle = box.center[1]
        return np.asarray((self._y0 < middle) & (middle < self._y1))

    def _holding(self, box: Box) -> NDArray[np.bool_]:
        """Which words hold the middle of the box, or have theirs in the box."""
        x, middles = box.center[0], (self._x0 + self._x1) / 2
        over = (self._x0 <= x) & (x <= self._x1)
        inside = (box.x0 <= middles) & (middles <= box.x1)
        return np.asarray((over | inside) & self._abreast(box))


Rest = tuple[list[Word], list[Word]]
"""What is left of a word before a box and behind it."""


def _rest(word: Word, mark: Mark, *, exact: bool) -> Rest | None:
    """What is left of the word when the box that it holds is taken out; None if it is no box."""
    box, place = mark.box, word.box
    if place.width <= WHOLE * box.width:
        is_box = word.text in _TICKS or _is_frame(word.text)
        is_round = word.text in _ROUND and not mark.ticked and not _is_letter(word.text, mark)
        return ([], []) if is_box or is_round else None
    if box.x0 - place.x0 < box.width / 2:
        text = _behind(word.text, None if exact else mark)
        rest = Box(box.x1, place.y0, max(box.x1, place.x1), place.y1)
        return ([], [replace(word, text=text, box=rest)]) if text else None
    if place.x1 - box.x1 < box.width / 2:
        text = _before(word.text, None if exact else mark)
        rest = Box(min(box.x0, place.x0), place.y0, box.x0, place.y1)
        return ([replace(word, text=text, box=rest)], []) if text else None
    return None


def _behind(text: str, mark: Mark | None) -> str | None:
    """The text without a box that was read as its first letter; None where that is a letter.

    A box that may have been overlooked is given."""
    first, rest = text[:1], text[1:]
    glued = first in _TICKS | _ROUND and rest[:1].isupper() and rest[1:2].islower()
    if glued or _is_frame(first):
        return rest
    return None if mark is None or _is_letter(first, mark) else text


def _before(text: str, mark: Mark | None) -> str | None:
    """The same for its last letter."""
    rest, last = text[:-1], text[-1:]
    if _is_frame(last):
        return rest
    return None if mark is None or _is_letter(last, mark) else text


def _is_letter(text: str, mark: Mark) -> bool:
    """Whether what looks like a box may be this character after all."""
    return text in _SQUARISH and (mark.room < FAR_APART or mark.sure < SHARP)


def _is_frame(text: str) -> bool:
    """Whether it is what readers make of a box: brackets, a symbol, a letter of another script."""
    if text in _FRAMES:
        return True
    return len(text) == 1 and text > "\u2000" and unicodedata.category(text) in ("So", "Lo", "Sm")


def _roomy(found: Sequence[Mark]) -> list[Mark]:
    """Without the boxes that stand in a row for the letters of a word."""
    boxes = [mark.box for mark in found]
    return [
        mark
        for mark in found
        if not any(_adjoin(mark.box, box) for box in boxes if box != mark.box)
    ]


def _adjoin(one: Box, other: Box) -> bool:
    gap = max(one.x0, other.x0) - min(one.x1, other.x1)
    return gap < ROOM * one.width and abs(one.center[1] - other.center[1]) < one.height / 2
