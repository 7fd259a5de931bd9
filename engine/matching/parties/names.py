"""Finds what may be the name of a company or of a person."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from engine.matching.candidates import Candidate, Scene, stripped
from engine.matching.parties.words import SEPARATOR, is_legal, words_of
from engine.matching.sheet import Cell
from engine.matching.spots import PROSE_REACH

NAME_WORDS, NAME_LETTERS = 12, 90
"""Words and characters of a name, at most."""

MOST_LABELS = 4
"""Of a cell that a name is looked for behind or before."""

_ONLINE = re.compile(r"\w@\w|://|\bwww\.", re.I)


def names(scene: Scene) -> Iterator[Candidate]:
    """Cells, parts of cells, and two cells one below the other, that may be a name."""
    for cell in scene.sheet.cells:
        long = len(cell.words) > NAME_WORDS and not SEPARATOR.search(cell.text)
        if long or scene.sheet.rows[cell.row].prose:
            yield from _in_prose(cell, scene)
            continue
        if not is_wordy(cell.text) or scene.is_heading(cell):
            continue
        for start, end in _parts(cell, scene):
            yield from _named(cell, start, end)
            if number := _IN_BRACKETS.search(cell.text, start, end):
                yield from _named(cell, start, number.start())
        below = scene.below.get(cell.key)
        if below and not (scene.is_label(cell) or scene.is_label(below)):
            text = f"{cell.text} {below.text}"
            if len(text) <= NAME_LETTERS and is_namelike(text):
                yield Candidate(cell, 0, len(cell.text), text, more=(below,))


_IN_BRACKETS = re.compile(r"\s*\([^()]*\d[^()]*\)\W*$")
"""A number of registration behind a company's name."""


def _in_prose(cell: Cell, scene: Scene) -> Iterator[Candidate]:
    """Runs of capitalised words in running text: soon after a label, with a legal form, or where
    the text says what they are called from now on; also up to the next label in them."""
    spots = scene.spots.by_cell.get(cell.key, ())
    ends, starts = sorted(spot.end for spot in spots), sorted(spot.start for spot in spots)
    for match in _FULL_NAME.finditer(cell.text):
        at = bisect_right(ends, match.start()) - 1
        near = at >= 0 and match.start() - ends[at] <= PROSE_REACH and " " in match.group()
        legal = any(map(is_legal, words_of(match.group())[1:]))
        if near or legal or is_introduced(cell.text, match.end()):
            yield from _named(cell, match.start(), match.end())
            after = bisect_right(starts, match.start())
            if after < len(starts) and starts[after] < match.end():
                yield from _named(cell, match.start(), starts[after])


def is_introduced(text: str, end: int) -> bool:
    """Whether what ends there is called a party: ``Oak Ltd, a company``, ``Ann (the "Buyer")``."""
    return bool(_INTRODUCED.match(text, end))


_INTRODUCED = re.compile(
    r"\W{0,3}(?:an? [\w ]{0,40}(?:corporation|company|partnership|individual|entity|person)"
    r"|\((?:the |collectively|hereinafter|nachfolgend|im folgenden|ci-apr|en adelante|di seguito|"
    r"hierna|doravante)?[^)]{0,20}[\"\u201c\u201d\u201e\u00ab'])",
    re.I,
)
_FULL_NAME = re.compile(
    r"[A-ZÀ-Þ][\w.&'\u2019-]*(?:(?:,? (?:&|of|de|von|van|der|di|da"
    r"|and (?=[A-Z][\w&'\u2019-]* (?:Inc|LLC|LP|Ltd)))|,)? [A-ZÀ-Þ][\w.&'\u2019-]*){0,8}"
)
"""Of a person or a company: capitalised words, with what may stand between and behind them."""


def _parts(cell: Cell, scene: Scene) -> Iterator[tuple[int, int]]:
    size = len(cell.text)
    behind = scene.labels_end(cell)
    edges = [(m.start(), m.end()) for m in SEPARATOR.finditer(cell.text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), size]
    spans = list(zip(starts, ends, strict=True))
    first = scene.value_starts(cell)
    found = [(first, size), *((start, end) for start, end in spans if start >= first)]
    found += [(behind, size), *scene.behind(cell), *_beside_labels(cell, scene)]
    if behind and edges:
        found.append((behind, next((end for end in ends if end > behind), size)))
    comma = cell.text.find(",", behind)
    if comma > 0:
        found.append((behind, comma))
    if not behind and (colon := _COLON.match(cell.text)):
        found.append((colon.end(), size))
    return (span for span in dict.fromkeys(found) if not _splits(cell.text, span[0]))


def _splits(text: str, at: int) -> bool:
    """Whether a word goes on there: labels may be parts of one."""
    return at > 0 and text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()


_COLON = re.compile(r"[^:]{1,30}:\s")
"""What may be a label that no table knows."""


def _beside_labels(cell: Cell, scene: Scene) -> Iterator[tuple[int, int]]:
    """From a label to the end, since a later one may belong to the name ("Bank Oak Bank"), and up
    to the one after the next."""
    spots = scene.spots.by_cell.get(cell.key, ())[:MOST_LABELS]
    if len(spots) > 1:
        yield from ((spot.end, len(cell.text)) for spot in spots)
        yield from ((spot.end, later.start) for spot, later in zip(spots, spots[2:], strict=False))


def _named(cell: Cell, start: int, end: int) -> Iterator[Candidate]:
    for candidate in stripped(cell, start, end):
        if len(candidate.text) <= NAME_LETTERS and is_namelike(candidate.text):
            yield candidate


def is_wordy(text: str) -> bool:
    """Whether a part of it may be a name: numbers alone are none."""
    letters = sum(map(str.isalpha, text))
    return letters > 1 and 4 * letters >= len(text)


@lru_cache(maxsize=20_000)
def is_namelike(text: str) -> bool:
    """Whether it has mostly letters, few words, more than a legal form, and is no e-mail or URL."""
    letters = sum(map(str.isalpha, text))
    if letters < 2 or letters < 0.5 * len(text) or len(text.split()) > NAME_WORDS:
        return False
    if text.count("(") != text.count(")") or _ONLINE.search(text):
        return False
    return any(len(word) > 1 and not is_legal(word) for word in words_of(text))
