"""The words of a document in rows and cells, and what stands around a label in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from engine.matching import labels
from engine.types import Box, Page, Word

MOST_ROWS, MOST_SPOTS, MOST_WORDS = 200, 100, 200
"""Rows that one label is looked up in, places where it is found, and words of a row: bounds that
no honest document comes near, so that no other one can make a search long."""

WIDE = 1.0
"""Of a word's height: a gap between two cells, no longer between two words."""

BELOW = 2.5
"""Of a label's height: how far below it its value may begin."""

Cell = list[Word]


@dataclass(frozen=True, slots=True)
class Row:
    """Words side by side on a page, from left to right.

    ``tokens`` are what labels are compared with: the word, the number of the printed word it is
    in, and where in that it ends.
    """

    page: int
    words: tuple[Word, ...]
    tokens: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a label stands: from one word of a row to another, of which it ends inside."""

    row: int
    first: int
    last: int
    end: int
    rank: int
    """How little it looks like a label: 0 begins a cell and ends in a colon, 1 begins a cell, 2
    ends in a colon, 3 is in the middle of something."""


class Sheet:
    """All rows of a document, indexed by their words."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._rows = [row for page in pages for row in _rows(page)]
        self._found: dict[labels.Label, list[Spot]] = {}
        self._index: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows):
            for word in {token[0] for token in row.tokens}:
                self._index.setdefault(word, []).append(number)

    def find(self, label: labels.Label) -> list[Spot]:
        """Where the label stands: by rank, then in reading order."""
        if label not in self._found:
            rows = min((self._index.get(word, []) for word in label), key=len)
            spots = (spot for number in rows[:MOST_ROWS] for spot in self._spots(number, label))
            self._found[label] = sorted(islice(spots, MOST_SPOTS), key=lambda spot: spot.rank)
        return self._found[label]

    def right(self, spot: Spot) -> list[str]:
        """The texts of the cells right of the label, the nearest first; one may be empty."""
        words = self._rows[spot.row].words
        own, *rest = cells(words[spot.last :])
        text = " ".join([own[0].text[spot.end :], *(word.text for word in own[1:])])
        return [text, *map(_text, rest)]

    def left(self, spot: Spot) -> str:
        """The text of the word left of the label, "" where it is the first."""
        return self._rows[spot.row].words[spot.first - 1].text if spot.first else ""

    def below(self, spot: Spot) -> str:
        """The text of the cell that begins under the label, "" where there is none."""
        row = self._rows[spot.row]
        under = self._rows[spot.row + 1] if spot.row + 1 < len(self._rows) else row
        start, stop = row.words[spot.first].box, row.words[spot.last].box
        if under.page != row.page:
            return ""
        for cell in cells(under.words):
            left, right = cell[0].box, cell[-1].box
            beside = left.x0 >= stop.x1 or right.x1 <= start.x0
            if not beside and 0 <= left.y0 - start.y0 - start.height / 2 <= BELOW * start.height:
                return _text(cell)
        return ""

    def _spots(self, number: int, label: labels.Label) -> Iterator[Spot]:
        row = self._rows[number]
        for start, (word, first, _) in enumerate(row.tokens):
            run = row.tokens[start : start + len(label)] if word == label[0] else ()
            if tuple(token[0] for token in run) == label:
                opens = start == 0 or row.tokens[start - 1][1] != first
                _, last, end = run[-1]
                rank = _rank(row.words, first if opens else -1, last, end)
                yield Spot(number, first, last, end, rank)


def cells(words: Sequence[Word]) -> list[Cell]:
    """Words, parted where the gap between two is wide."""
    found = [[words[0]]]
    for left, right in pairwise(words):
        if _is_apart(left.box, right.box):
            found.append([])
        found[-1].append(right)
    return found


def _rank(words: Sequence[Word], first: int, last: int, end: int) -> int:
    """Of the label in these words; ``first`` is -1 if it begins inside a word."""
    begins = first == 0 or (first > 0 and _is_apart(words[first - 1].box, words[first].box))
    rest = [words[last].text[end:], *(word.text for word in cells(words[last:])[0][1:])]
    colon = "".join(rest).startswith(":")
    if not colon and any(text.endswith(":") for text in rest):
        return 3  # the beginning of a longer label
    return 3 - 2 * begins - colon


def _rows(page: Page) -> Iterator[Row]:
    rows: list[list[Word]] = []
    for line in page.lines:
        if rows and _is_beside(rows[-1][-1].box, line.words[0].box):
            rows[-1].extend(line.words)
        else:
            rows.append(list(line.words))
    short = (row[i : i + MOST_WORDS] for row in rows for i in range(0, len(row), MOST_WORDS))
    for words in short:
        tokens = [
            (word, number, end)
            for number, printed in enumerate(words)
            for word, end in labels.words(printed.text)
        ]
        yield Row(page.number, tuple(words), tuple(tokens))


def _is_beside(left: Box, right: Box) -> bool:
    height = min(left.height, right.height)
    overlap = min(left.y1, right.y1) - max(left.y0, right.y0)
    return overlap >= height / 2 and right.x0 >= left.x1 - height / 2


def _is_apart(left: Box, right: Box) -> bool:
    return right.x0 - left.x1 > WIDE * max(left.height, right.height)


def _text(cell: Cell) -> str:
    return " ".join(word.text for word in cell)
