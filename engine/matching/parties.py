"""Names of companies and people, and postal addresses: what has no form of its own.

What words give them away stands in ``parties.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from engine.matching import values
from engine.matching.candidates import PADDING, Candidate, Scene, stripped
from engine.matching.sheet import Cell
from engine.matching.spots import PROSE_REACH

NAME_WORDS, NAME_LETTERS = 12, 90
"""Words and characters of a name, at most."""

MOST_LETTERS = 500
"""Of a text that is looked at."""

ADDRESS_LINES = 6
"""Of an address, at most."""

_SEPARATOR = re.compile(r"\s+[-\u2013—|•·]\s+|\s*[|•·]\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.][^\W\d_]+)*\.?|\d+", re.U)
_NUMBERED = re.compile(r"^\W*(?:no|nr|lot|unit|n°|#)?\W{0,3}\d+[a-z]?(?:[-/,&]|\s|$)", re.I)
_HOUSE_NUMBER = re.compile(r"\s\d{1,4} ?[a-z]?(?:[-/]\d{1,4} ?[a-z]?)?[,.]?$", re.I)
_STATE_ZIP = re.compile(r"\b([A-Z]{2,3})[.,]? +\d{4,5}(?:-\d{4})?\b")
_SHORT_LINE = re.compile(
    r"\d{4,6}(?:[ ,]+[A-Z]{2,3})?\W*|\W*(?:no|nr|n°)\W{0,3}\d{1,4}[a-z]?\W*", re.I
)
_HOUSE = re.compile(r"^\W*(?:no|nr|lot|unit|block|blk)\W*:", re.I)
_NOT_ADDRESS = re.compile(r"@|www\.|https?:|\d{1,2}:\d{2}|\b\d+[.,]\d{2}\b(?!\d)|%|\$|€|£", re.I)


@dataclass(frozen=True, slots=True)
class Words:
    legal_forms: frozenset[str]
    trade: frozenset[str]
    streets: frozenset[str]
    street_endings: tuple[str, ...]
    regions: frozenset[str]
    us_states: frozenset[str]
    not_names: frozenset[str]


@cache
def known() -> Words:
    data = tomllib.loads(resources.files(__package__).joinpath("parties.toml").read_text("utf-8"))
    lists = {name: frozenset(map(plain, entries)) for name, entries in data.items()}
    return Words(
        legal_forms=lists["legal_forms"],
        trade=lists["trade"],
        streets=lists["streets"],
        street_endings=tuple(sorted(lists["street_endings"])),
        regions=lists["regions"],
        us_states=frozenset(data["us_states"]),
        not_names=lists["not_names"],
    )


def plain(text: str) -> str:
    """Lower case, no accents, no full stops."""
    if text.isascii():
        return text.lower().replace(".", "")
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in parts if not unicodedata.combining(char) and char != ".")
    return bare.casefold()


def words_of(text: str) -> tuple[str, ...]:
    return _words_of(text[:MOST_LETTERS])


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in _WORD.findall(text))


def is_legal(word: str) -> bool:
    return word in known().legal_forms


# ---- names


def names(scene: Scene) -> Iterator[Candidate]:
    """Cells, parts of cells, and two cells one below the other, that may be a name."""
    for cell in scene.sheet.cells:
        if scene.sheet.rows[cell.row].prose or len(cell.words) > NAME_WORDS:
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
    the text says what they are called from now on."""
    ends = sorted(spot.end for spot in scene.spots.by_cell.get(cell.key, ()))
    for match in _FULL_NAME.finditer(cell.text):
        at = bisect_right(ends, match.start()) - 1
        near = at >= 0 and match.start() - ends[at] <= PROSE_REACH and " " in match.group()
        legal = any(map(is_legal, words_of(match.group())[1:]))
        if near or legal or is_introduced(cell.text, match.end()):
            yield from _named(cell, match.start(), match.end())


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
    behind = scene.labels_end(cell)
    edges = [(m.start(), m.end()) for m in _SEPARATOR.finditer(cell.text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(cell.text)]
    spans = list(zip(starts, ends, strict=True))
    first = scene.value_starts(cell)
    found = [(first, len(cell.text)), *((start, end) for start, end in spans if start >= first)]
    found += [(behind, len(cell.text)), *scene.behind(cell)]
    if behind and edges:
        found.append((behind, next((end for end in ends if end > behind), len(cell.text))))
    comma = cell.text.find(",", behind)
    if comma > 0:
        found.append((behind, comma))
    return iter(dict.fromkeys(found))


def _named(cell: Cell, start: int, end: int) -> Iterator[Candidate]:
    for candidate in stripped(cell, start, end):
        if len(candidate.text) <= NAME_LETTERS and is_namelike(candidate.text):
            yield candidate


def is_wordy(text: str) -> bool:
    """Whether a part of it may be a name: numbers alone are none."""
    letters = sum(map(str.isalpha, text))
    return letters > 1 and 4 * letters >= len(text)


def is_namelike(text: str) -> bool:
    """Whether it has mostly letters, few words, and more than a legal form."""
    letters = sum(map(str.isalpha, text))
    if letters < 2 or letters < 0.5 * len(text) or len(text.split()) > NAME_WORDS:
        return False
    if text.count("(") != text.count(")"):
        return False
    return any(len(word) > 1 and not is_legal(word) for word in words_of(text))


# ---- addresses


def addresses(scene: Scene) -> Iterator[Candidate]:
    """Runs of lines one below the other, and of parts of a line, that may be an address."""
    for stack in stacks(scene):
        likeness = [line_likeness(cell, scene) for cell in stack]
        for first in range(len(stack)):
            if likeness[first] <= 0:
                continue
            for last in range(first, min(len(stack), first + ADDRESS_LINES)):
                if likeness[last] > 0 or (last > first and _is_open(stack[last - 1])):
                    lines = stack[first : last + 1], likeness[first : last + 1]
                    for begin in {0, scene.labels_end(stack[first])}:
                        yield from _address(*lines, begin)
    for cell in scene.sheet.cells:
        yield from _in_line(cell)


def line_likeness(cell: Cell, scene: Scene) -> float:
    """How much the line looks like one of an address, with or without its label."""
    behind = scene.labels_end(cell)
    whole = addressness(cell.text)
    return max(whole, addressness(cell.text[behind:])) if behind else whole


def _is_open(cell: Cell) -> bool:
    """Whether a line says itself that another one follows."""
    return cell.text.rstrip().endswith((",", "-", "/", "&"))


def _address(cells: Sequence[Cell], likeness: Sequence[float], begin: int) -> Iterator[Candidate]:
    first, *more = cells
    for head in stripped(first, begin, len(first.text)):
        text = joined([first.text[head.start :], *(cell.text for cell in more)])
        sure = max(0.0, min(1.0, sum(likeness) / 4))
        yield Candidate(first, head.start, len(first.text), text, None, sure, tuple(more))


def _in_line(cell: Cell) -> Iterator[Candidate]:
    """The parts of a cell such as "Oak Ltd - 1 High Street - Harbury" that are an address."""
    edges = [(m.start(), m.end()) for m in _SEPARATOR.finditer(cell.text)]
    if not edges:
        return
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(cell.text)]
    good = [addressness(cell.text[a:b]) > 0 for a, b in zip(starts, ends, strict=True)]
    for first, fits in enumerate(good):
        last = first
        while fits and last < len(good) and good[last]:
            yield from stripped(cell, starts[first], ends[last], 0.6)
            last += 1


def joined(lines: Sequence[str]) -> str:
    """The lines of an address as one: a comma where one ends, unless it has a mark already."""
    text = lines[0].strip()
    for line in lines[1:]:
        text += (" " if text.endswith((",", "-", "/", ":", ";")) else ", ") + line.strip()
    return text.strip(" ,")


def stacks(scene: Scene) -> Iterator[list[Cell]]:
    """Cells that stand one below the other without a gap, each in one stack, from the top."""
    for cell in scene.sheet.cells:
        if cell.key not in scene.above:
            stack = [cell]
            while follower := scene.below.get(stack[-1].key):
                stack.append(follower)
            yield stack


def addressness(text: str) -> float:
    """How much a line looks like one of an address: below 0 not at all, above 1 surely."""
    return _addressness(text) if len(text) <= LONGEST_LINE else -1.0


LONGEST_LINE = 150


@lru_cache(maxsize=20_000)
def _addressness(text: str) -> float:
    found = words_of(text)
    if not found:
        return -1.0
    if sum(map(str.isalpha, text)) < 3:
        return 0.2 if _SHORT_LINE.fullmatch(text) else -1.0
    words = known()
    score = -0.6
    score += 1.0 * any(word in words.streets or _is_compound(word) for word in found)
    score += 0.7 * any(word in words.regions for word in found)
    score += 0.8 * bool(_STATE_ZIP.search(text) and _is_state(text))
    score += 0.7 * any(r.certainty >= 0.4 for r in values.find("postcode", text))
    countries = values.find("country", text)
    score += 0.2 * bool(countries) + 0.8 * any(_stands_alone(text, *c.span) for c in countries)
    score += 0.5 * bool(_NUMBERED.match(text)) + 0.4 * bool(_HOUSE_NUMBER.search(text))
    score += 0.3 * text.rstrip().endswith(",") + 0.2 * ("," in text[:-1])
    score -= 1.2 * bool(_NOT_ADDRESS.search(text)) + 0.5 * (":" in text and not _HOUSE.match(text))
    score -= 0.6 * any(map(is_legal, found[-2:])) * (not any(c.isdigit() for c in text))
    score -= 1.0 * any(r.certainty > 0.5 for r in values.find("date", text))
    score -= 1.5 * bool(re.search(r"\b(?:tel|ph|fax|phone|gst|vat|ust|tva|reg)\b", text, re.I))
    return score - 0.3 * (len(found) > 12)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether it is all between two commas, or all of the text."""
    before, after = text[:start].rstrip(), text[end:].lstrip(" .")
    return (not before or before.endswith((",", "-"))) and not after.strip(",")


def _is_compound(word: str) -> bool:
    return len(word) > 6 and word.endswith(known().street_endings)


def _is_state(text: str) -> bool:
    return any(match.group(1) in known().us_states for match in _STATE_ZIP.finditer(text))


# ---- parts of addresses


def streets(scene: Scene) -> Iterator[Candidate]:
    """Pieces with a street or a house number; with a postcode they are more than the street."""
    for cell, start, end in _pieces(scene):
        text = cell.text[start:end]
        likeness = addressness(text)
        if _NUMBERED.match(text) or _HOUSE_NUMBER.search(text) or likeness > 0.3:
            whole = any(code.certainty >= 0.6 for code in values.find("postcode", text))
            yield from stripped(cell, start, end, 0.3 if whole else max(0.5, min(0.9, likeness)))


def cities(scene: Scene) -> Iterator[Candidate]:
    """What stands beside a postcode, and short pieces of letters in an address."""
    for cell, start, end in _pieces(scene):
        text = cell.text[start:end]
        codes = values.find("postcode", text)
        if codes:
            code = max(codes, key=lambda reading: reading.certainty)
            yield from _letters(cell, start + code.end, end, 0.9)
            yield from _letters(cell, start, start + code.start, 0.8)
        else:
            yield from _letters(cell, start, end, 0.4)


def regions(scene: Scene) -> Iterator[Candidate]:
    """States, provinces and countries: those that are known, and others behind a label."""
    for cell in scene.sheet.cells:
        known_ends = {spot.end for spot in scene.spots.by_cell.get(cell.key, ())}
        for match in _PROPER.finditer(cell.text):
            prefix = _STATE_OF.match(match.group())
            start = match.start() + (prefix.end() if prefix else 0)
            for first, last in _regions_in(cell.text, start, match.end()):
                sure = 0.9 if first is not None else 0.3
                begin = start if first is None else first
                if sure > 0.5 or any(0 <= match.start() - end <= 3 for end in known_ends):
                    yield from stripped(cell, begin, last, sure)


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
    for at, ((a, b), fits) in enumerate(zip(words, known_words, strict=True)):
        if fits:
            before = at > 0 and text[start + words[at - 1][0] : start + words[at - 1][1]]
            begin = words[at - 1][0] if before in _FIRST_WORDS else a
            yield start + begin, start + b


_FIRST_WORDS = ("New", "North", "South", "West", "Rhode", "British", "Nova", "Northern", "Tamil")
_STATE_OF = re.compile(
    r"(?:(?:State|Commonwealth|Province|Republic|Federal|Kingdom|District) of )?", re.I
)
_PROPER = re.compile(r"[^\W\d_a-zß-ÿ][^\W\d_]*\.?(?: (?:of )?[^\W\d_a-zß-ÿ][^\W\d_]*\.?){0,5}")
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


def _letters(cell: Cell, start: int, end: int, certainty: float) -> Iterator[Candidate]:
    text = cell.text[start:end]
    name = re.search(r"[^\W\d_][^\d,;:|]*", text)
    if name and len(name.group().split()) <= 5 and name.group().strip(PADDING):
        yield from stripped(cell, start + name.start(), start + name.end(), certainty)
