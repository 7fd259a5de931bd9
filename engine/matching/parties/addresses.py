"""Finds what may be a postal address: lines one below the other, or parts of a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from engine.matching import values
from engine.matching.candidates import Candidate, Scene, stripped
from engine.matching.parties.words import SEPARATOR, is_legal, known, words_of
from engine.matching.sheet import Cell

ADDRESS_LINES = 6
"""Of an address, at most."""

LONGEST_LINE = 150

LETTERHEAD_WORDS = 5
"""Of a line that holds an address and more, at least."""

STREET_WORDS = 5
"""Of a street that no word gives away, its number among them, at most."""

HELPED = 0.35
"""What its neighbours add to a line that could be one of an address."""

WIDEST_GAP = 3.0
"""Between a street and its town in one line, in heights of a word."""

LIKELY, ONLY = 0.4, 0.7
"""How sure a postcode is that counts as one, and one beside which an address has no other."""

AGAINST = -1.05
"""How much a line looks like one of an address that ends one, at most: a company's name."""

LEAST = 0.25
"""How much one line of an address looks like it, at least: numbers alone are none."""

NEUTRAL = -0.65
"""How much a line looks like one of an address that has nothing against it, at least."""

NUMBERED = re.compile(r"^\W*(?:no|nr|lot|unit|n°|#)?\W{0,3}\d+[a-z]?(?:[-/,&]|\s|$)", re.I)
HOUSE_NUMBER = re.compile(
    r"[\s,]\d{1,4} ?[a-z]?(?:[-/] ?(?:\d{1,4} ?[a-z]?|[a-z]{1,4})){0,3}"
    r"(?: (?:bis|ter|hs|huis|(?:bus|bte|boîte|int|top|app) ?\.? ?\d{1,4}))?[,.]?$",
    re.I,
)
_PLAIN_STREET = re.compile(
    r"[^\W\d_][^\d:;]{3,40}[\s,]\d{1,4} ?[a-z]?(?:[-/] ?[\da-zA-Z]{1,4}){0,3}[,.]?"
    r"|\d{1,4}[a-z]?(?:[-/]\d{1,4}[a-z]?)?,? [^\W\d_][^\d:;]{3,40}"
)
"""Words and a house number: a street where the next line says so."""

_PREPOSED = re.compile(
    r"(?:zu[mr]|am|im|beim|vor|(?:an|in|auf|unter|hinter) de[rnm]|op|achter|aan de|oude|nieuwe|"
    r"alte[rs]?|gro(?:ß|ss)e[rs]?) [^\W\d_][^\d,]{2,40},? \d{1,4} ?[a-z]?(?![^\W_]|[.,]\d)",
    re.I,
)
"""A street that is named by where it lies: "Am Mühlbach 12"."""

_SHORT = re.compile(r"(?:C|R|V|P|Av|Bd|Pl|Vl)(?:/ ?|\. )[^\W\d_]{2}|Flat \d")
"""A word for a street that is cut down to a letter or two, or one that is another without its
number."""

_STATE_ZIP = re.compile(r"\b([A-Z]{2,3})[.,]? +\d{4,5}(?:-\d{4})?\b")
_MORE_THAN_LEGAL = re.compile(r"\d|[^\W\d_] ?[-/] ?[A-Z]{2}$")
"""A number, or a state behind its city, which may look like a legal form: "Campinas - SP"."""

_SHORT_LINE = re.compile(
    r"\d{4,6}(?:[ ,]+[A-Z]{2,3})?\W*|\W*(?:no|nr|n°)\W{0,3}\d{1,4}[a-z]?\W*"
    r"|#\d{1,3}-\d{1,4}[a-z]?|\d{1,2}\W{0,2}(?:OG|EG|DG|º|ª)(?: ?[A-Z])?",
    re.I,
)
_HOUSE = re.compile(r"^\W*(?:no|nr|lot|unit|block|blk|cep)\W*:", re.I)
_NOT_ADDRESS = re.compile(
    r"@|www\.|https?:|\d{1,2}:\d{2}|\d[.,]\d{2}(?![\w])|%|\$|€|£"
    r"|(?<![^\W_])[tfpm][:.]? ?[+(]?\d[\d ()/.-]{6}",
    re.I,
)
_NOT_ITS_LABEL = re.compile(
    r"\b(?:tel|tele[fp]\w{2,6}|ph|fax|phone|fernruf|mobil|gst|vat|ust|tva|reg|registered|hrb|hra|rcs"
    r"|siret|siren|kvk|acn|abn|uen|amtsgericht|handelsregister)\b",
    re.I,
)
_CARE_OF = re.compile(r"c/o\b", re.I)


def addresses(scene: Scene) -> Iterator[Candidate]:
    """Runs of lines one below the other, and of parts of a line, that may be an address."""
    for stack in stacks(scene):
        alike = [likeness(cell, scene) for cell in stack]
        for first, end in _runs(stack, alike):
            for begin in _begins(stack[first], scene):
                yield from _address(stack[first:end], alike[first:end], begin)
    for row in scene.sheet.rows:
        for left, right in pairwise(row.cells):
            yield from _beside(left, right)
    for cell in scene.sheet.cells:
        yield from _in_line(cell)
        yield from _before_contact(cell, scene)


def likeness(cell: Cell, scene: Scene) -> float:
    """How much the line looks like one of an address, among the lines above and below it."""
    own = _line_likeness(cell, scene)
    if not NEUTRAL < own <= 0:
        return own
    below, above = scene.below.get(cell.key), scene.above.get(cell.key)
    lower = _line_likeness(below, scene) if below else -1.0
    if below and NEUTRAL < lower <= 0 and (next_one := scene.below.get(below.key)):
        lower = max(lower, 0.1 * has_postcode(next_one.text))
    upper = _line_likeness(above, scene) if above else -1.0
    plain = len(cell.words) <= STREET_WORDS and _PLAIN_STREET.fullmatch(cell.text)
    if lower > 0 and own > -0.3 and plain:
        return own + HELPED
    return own + HELPED / 2 if upper > 0 and lower > 0 else own


def _line_likeness(cell: Cell, scene: Scene) -> float:
    """How much the line looks like one of an address, with or without its label."""
    behind = scene.labels_end(cell)
    whole = addressness(cell.text)
    return max(whole, addressness(cell.text[behind:])) if behind else whole


def _runs(stack: Sequence[Cell], alike: Sequence[float]) -> Iterator[tuple[int, int]]:
    """The first line and the end of what may be an address among lines one below the other."""
    for first, start in enumerate(alike):
        if start > 0:
            for end in range(first + 1, _furthest(stack, alike, first) + 1):
                closed = alike[end - 1] > 0 or (end > first + 1 and _is_open(stack[end - 2]))
                if closed and max(alike[first:end]) >= LEAST:
                    yield first, end


def _furthest(stack: Sequence[Cell], alike: Sequence[float], first: int) -> int:
    """Where an address that begins with this line ends at the latest: before a name, before a
    second postcode."""
    most = min(len(stack), first + ADDRESS_LINES)
    coded = 0
    for at in range(first, most):
        coded += has_postcode(stack[at].text, ONLY)
        if coded > 1 or (at > first and alike[at] < AGAINST):
            return at
    return most


def _is_open(cell: Cell) -> bool:
    """Whether a line says itself that another one follows."""
    return cell.text.rstrip().endswith((",", "-", "/", "&"))


def _begins(cell: Cell, scene: Scene) -> Iterator[int]:
    """Where in its first line an address may begin: with it, behind labels, behind a name."""
    behind = scene.labels_end(cell)
    yield from {0, behind}
    comma = cell.text.find(",", behind)
    if comma > 0 and any(map(is_legal, words_of(cell.text[behind:comma])[1:])):
        yield comma + 1


def _address(cells: Sequence[Cell], alike: Sequence[float], begin: int) -> Iterator[Candidate]:
    first, *more = cells
    for head in stripped(first, begin, len(first.text)):
        text = joined([first.text[head.start :], *(cell.text for cell in more)])
        sure = max(0.0, min(1.0, sum(alike) / 4))
        yield Candidate(first, head.start, len(first.text), text, None, sure, tuple(more))


def _beside(left: Cell, right: Cell) -> Iterator[Candidate]:
    """A street and its town in one line with a wide gap between them."""
    near = right.box.x0 - left.box.x1 < WIDEST_GAP * left.height
    parted = near and has_postcode(right.text) and not has_postcode(left.text)
    if parted and addressness(left.text) > 0 and addressness(right.text) > 0:
        yield from _address((left, right), (0.6, 0.6), 0)


def _in_line(cell: Cell) -> Iterator[Candidate]:
    """The parts of a cell such as "Oak Ltd - 1 High Street - Harbury" that are an address."""
    edges = [(m.start(), m.end()) for m in SEPARATOR.finditer(cell.text)]
    if not edges:
        return
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(cell.text)]
    alike = [addressness(cell.text[a:b]) for a, b in zip(starts, ends, strict=True)]
    for first, fits in enumerate(alike):
        if fits <= 0 and not (fits > -0.3 and max(alike[first + 1 : first + 2], default=0) > 0):
            continue
        for last in range(first, min(len(alike), first + ADDRESS_LINES)):
            if alike[last] > 0:
                yield from stripped(cell, starts[first], ends[last], 0.6)
            elif alike[last] <= NEUTRAL:
                break


def _before_contact(cell: Cell, scene: Scene) -> Iterator[Candidate]:
    """The part of a letterhead in one line that stands before telephone, e-mail and the like."""
    if len(cell.words) < LETTERHEAD_WORDS or not has_postcode(cell.text):
        return
    at = min(_contacts(cell, scene), default=0)
    if at and addressness(cell.text[:at]) > 0:
        for begin in _begins(cell, scene):
            if begin < at:
                yield from stripped(cell, begin, at, 0.6)


def _contacts(cell: Cell, scene: Scene) -> Iterator[int]:
    """Where telephone numbers, e-mails and the like begin, with their labels."""
    spots = sorted(scene.spots.by_cell.get(cell.key, ()), key=lambda spot: -spot.end)
    for kind in KINDS_OF_CONTACT:
        for found in values.find(kind, cell.text, scene.habits):
            at = found.start
            for spot in spots:
                at = spot.start if 0 <= at - spot.end <= BETWEEN_LABELS else at
            twin = _TWIN.search(cell.text, max(0, at - MOST_TWIN), at)
            at = twin.start() if twin else at
            if at < found.start or kind != "phone":
                yield at


KINDS_OF_CONTACT: tuple[values.Type, ...] = ("phone", "email", "url")

BETWEEN_LABELS = 4
"""Characters between two labels, or a label and its value, at most."""

MOST_TWIN = 18
_TWIN = re.compile(r"(?<![^\W_])(?:[A-Z][:.]? ?|[^\W\d_]{1,14}[:.]? ?/ ?)$")
"""A label of one letter, "T 0113 4960 018", or in another language: "Fernruf / Phone"."""


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


def has_postcode(text: str, sure: float = LIKELY) -> bool:
    """Whether something in it is a postcode, as surely as this."""
    return len(text) <= LONGEST_LINE and _postcode(text) >= sure


@lru_cache(maxsize=20_000)
def _postcode(text: str) -> float:
    """How sure the surest postcode in it is; 0 without one."""
    return max((found.certainty for found in values.find("postcode", text)), default=0.0)


@lru_cache(maxsize=20_000)
def _addressness(text: str) -> float:
    found = words_of(text)
    if not found:
        return -1.0
    if sum(map(str.isalpha, text)) < 3:
        return 0.2 if _SHORT_LINE.fullmatch(text) else -1.0
    score = -0.6 + _places(text, found)
    score += 0.5 * bool(NUMBERED.match(text)) + 0.4 * bool(HOUSE_NUMBER.search(text))
    score += 0.3 * text.rstrip().endswith(",") + 0.2 * ("," in text[:-1])
    score -= 1.2 * bool(_NOT_ADDRESS.search(text)) + 0.5 * (":" in text and not _HOUSE.match(text))
    score -= 0.6 * any(map(is_legal, found[-2:])) * (not _MORE_THAN_LEGAL.search(text))
    score -= 1.0 * any(r.certainty > 0.5 for r in values.find("date", text))
    score -= 1.5 * bool(_NOT_ITS_LABEL.search(text))
    return score - 0.3 * (len(found) > 12)


def _places(text: str, found: Sequence[str]) -> float:
    """What the words for streets, buildings, regions and countries say, and the postcode."""
    words = known()
    is_street = any(word in words.streets or _is_compound(word) for word in found)
    is_street &= len(found) > 1 or found[0] not in words.streets
    score = 1.0 * (is_street or bool(_SHORT.match(text)))
    if not score:
        inside = any(word in words.premises for word in found) or bool(_CARE_OF.match(text))
        score = 0.7 * inside or 0.5 * bool(_PREPOSED.match(text))
    score += 0.7 * any(word in words.regions for word in found)
    score += 0.8 * bool(_STATE_ZIP.search(text) and _is_state(text))
    score += 0.7 * (_postcode(text) >= LIKELY)
    countries = values.find("country", text)
    return (
        score
        + 0.2 * bool(countries)
        + 0.8 * any(_stands_alone(text, r.start, r.end) for r in countries)
    )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether it is all between two commas, or all of the text."""
    before, after = text[:start].rstrip(), text[end:].lstrip(" .")
    return (not before or before.endswith((",", "-"))) and not after.strip(",")


def _is_compound(word: str) -> bool:
    return len(word) > 6 and word.endswith(known().street_endings)


def _is_state(text: str) -> bool:
    return any(match.group(1) in known().us_states for match in _STATE_ZIP.finditer(text))
