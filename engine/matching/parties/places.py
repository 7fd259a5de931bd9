"""Finds the parts of addresses, and the places whose law or courts rule a contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from engine.matching import values
from engine.matching.candidates import PADDING, Candidate, Scene, stripped
from engine.matching.parties.addresses import HOUSE_NUMBER, NUMBERED, addressness
from engine.matching.parties.words import known, words_of
from engine.matching.sheet import Cell

CITY_WORDS = 5
"""Of the name of a city, at most."""

RULED, KNOWN, UNKNOWN = 1.0, 0.8, 0.3
"""How sure a region is: the text says that its law or courts rule; it is a known one; neither."""


def streets(scene: Scene) -> Iterator[Candidate]:
    """Pieces with a street or a house number; with a postcode they are more than the street."""
    for cell, start, end in _pieces(scene):
        text = cell.text[start:end]
        likeness = addressness(text)
        if NUMBERED.match(text) or HOUSE_NUMBER.search(text) or likeness > 0.3:
            whole = any(code.certainty >= 0.6 for code in values.find("postcode", text))
            yield from stripped(cell, start, end, 0.3 if whole else max(0.5, min(0.9, likeness)))


def cities(scene: Scene) -> Iterator[Candidate]:
    """What stands beside a postcode, and short pieces of letters in an address; with their state
    where they are printed with one."""
    for cell, start, end in _pieces(scene):
        text = cell.text[start:end]
        codes = values.find("postcode", text)
        if codes:
            code = max(codes, key=lambda reading: reading.certainty)
            yield from _letters(cell, start + code.end, end, 0.9)
            yield from _letters(cell, start, start + code.start, 0.8)
        else:
            yield from _letters(cell, start, end, 0.4)
            if _CITY_OF.fullmatch(text.strip(PADDING)):
                yield from stripped(cell, start, end, 0.5)


_CITY_OF = re.compile(
    r"[^\W\d_][^\d,;:|()]{1,40}(?:, ?[A-Z][A-Za-z]{1,3}\.?| [A-Z]{2,3}| \([^\d()]{2,20}\)"
    r"| ?[-/] ?[A-Z]{2}| \d{1,2}(?:er?|e?me)?)"
)
"""A city and its state, province or district: "Tampa, FL", "Verona (VR)", "Dublin 8"."""

_STATE = re.compile(r"(?:,? [A-Z]{2,3}|,? ?\([A-Z]{2}\)| ?[-/] ?[A-Z]{2})\W*$")
"""Behind a city."""


def _letters(cell: Cell, start: int, end: int, certainty: float) -> Iterator[Candidate]:
    text = cell.text[start:end]
    name = re.search(r"[^\W\d_][^\d,;:|]*", text)
    if name and len(name.group().split()) <= CITY_WORDS and name.group().strip(PADDING):
        first, last = start + name.start(), start + name.end()
        state = _STATE.search(name.group())
        if state and state.start():
            yield from stripped(cell, first, first + state.start(), certainty)
            certainty -= 0.1
        yield from stripped(cell, first, last, certainty)


def regions(scene: Scene) -> Iterator[Candidate]:
    """States, provinces and countries that are known, others behind a label or where the text says
    that their law or their courts rule."""
    for cell in scene.sheet.cells:
        ends = {spot.end for spot in scene.spots.by_cell.get(cell.key, ())}
        ruled = {match.end() for match in _RULED_BY.finditer(cell.text)} if " " in cell.text else ()
        for match in _PROPER.finditer(cell.text):
            prefix = _STATE_OF.match(match.group())
            start = match.start() + (prefix.end() if prefix else 0)
            rules = match.start() in ruled or start in ruled
            labelled = any(0 <= match.start() - end <= 3 for end in ends)
            for first, last in _regions_in(cell.text, start, match.end()):
                if first is not None:
                    yield from stripped(cell, first, last, RULED if rules else KNOWN)
                elif rules or labelled:
                    last -= bool(_FULL_STOP.search(cell.text, start, last))
                    yield from stripped(cell, start, last, RULED if rules else UNKNOWN)


_FULL_STOP = re.compile(r"[^\W\d_]{4}\.$")
"""Behind a word that is too long for an abbreviation."""


_RULED_BY = re.compile(
    r"(?i:\blaws? of|\blaws? and courts of|\bcourts? (?:of|in|at)"
    r"|\bGerichtsstand(?:[^.;:]{0,50}? (?:ist|sind|wird)|:)|\bRecht(?: von| der| des)"
    r"|\b(?:tribuna(?:l|ux|les|is|le)|juridictions?|juzgados?|fuero|foro|corte|rechtbank|rechter"
    r"|arrondissement|comarca|lois?|leyes|leis|leggi|recht)"
    r"(?: (?:competente?s?|exclusivo|esclusivo))?(?: (?:de|di|du|da|do|te|van|in)|:)?)"
    r" (?i:the |der |la |el |o |a )?(?i:(?:State|Commonwealth|Province|Republic) of (?:the )?)?"
    r"(?=[^\W\d_a-zß-ÿ])"
)
"""What is printed before the place whose law or whose courts rule."""


def _regions_in(text: str, start: int, end: int) -> Iterator[tuple[int | None, int]]:
    """The known regions in a run of words that begin with capitals; else the run as a whole."""
    words = [(m.start(), m.end()) for m in re.finditer(r"[^\W\d_]+", text[start:end])]
    known_words = [
        text[start + a : start + b] in known().us_states
        or any(word in known().regions for word in words_of(text[start + a : start + b]))
        for a, b in words
    ]
    if not any(known_words):
        yield None, end
        return
    spans = []
    for at, ((_, b), fits) in enumerate(zip(words, known_words, strict=True)):
        if fits:
            while at and text[start + words[at - 1][0] : start + words[at - 1][1]] in _FIRST_WORDS:
                at -= 1
            spans.append((start + words[at][0], start + b))
    yield from spans
    if len(spans) > 1:
        yield spans[0][0], spans[-1][1]


_FIRST_WORDS = ("New", "North", "South", "West", "Rhode", "British", "Nova", "Northern", "Tamil")
_STATE_OF = re.compile(
    r"(?:(?:State|Commonwealth|Province|Republic|Federal|Kingdom|District) of )?", re.I
)
_PROPER = re.compile(
    r"[^\W\d_a-zß-ÿ][^\W\d_]*\.?(?: (?:of |and (?=Wales))?[^\W\d_a-zß-ÿ][^\W\d_]*\.?){0,5}"
)
"""A run of words that begin with a capital."""


def _pieces(scene: Scene) -> Iterator[tuple[Cell, int, int]]:
    """Cells behind their labels, and their parts between commas and the like."""
    for cell in scene.sheet.cells:
        if scene.sheet.rows[cell.row].prose:
            continue
        behind = scene.labels_end(cell)
        yield cell, behind, len(cell.text)
        cuts = [m.span() for m in re.finditer(r"\s*[,|•·]\s*|\s+[-\u2013—]\s+", cell.text)]
        edges = [behind, *(x for cut in cuts if cut[0] > behind for x in cut), len(cell.text)]
        if len(edges) > 2:
            yield from ((cell, a, b) for a, b in list(pairwise(edges))[::2])
