"""Where labels are printed, and which cells of the sheet each of them speaks for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from engine.matching import values
from engine.matching.labels import Label, Lexicon
from engine.matching.sheet import Cell, Key, Sheet
from engine.types import Box, union

MOST_SPOTS = 20_000
"""In a document: a bound that no honest document comes near."""

FAINT, MOST_LABELS = 0.04, 40
"""Strength of a label that speaks for a cell, at least, and how many of them, at most."""

RIGHT_CELLS, BELOW_ROWS, ZONE_ROWS = 6, 12, 8
"""How far a label speaks: cells to its right, rows below it, rows of the block of a party."""

NEAR, OTHER_WAY, MANY = 1.5, 0.4, 3
"""How far above a label its value may be, in heights of a word; what is left of a label's strength
where others have their values on the other side; labels that make a habit."""

UNBOUNDED = 1_000_000
"""A place behind every character of a cell."""

PROSE_REACH = 90
"""Characters after a label in running text."""


class Kind(IntEnum):
    """Where a cell stands, seen from a label that may speak for it."""

    INSIDE = 0  # right behind the label, in its own cell
    RIGHT = 1  # the next cell of the row
    FAR = 2  # a cell further right
    BELOW = 3  # the cell under the label
    COLUMN = 4  # further down
    BEFORE = 5  # left of the label
    PROSE = 6  # behind the label in running text
    ABOVE = 7  # the cell over the label


@dataclass(frozen=True, slots=True)
class Spot:
    """A label that is printed somewhere: from one character of a cell to another.

    ``phrase`` are its canonical words; ``clear`` is how much the cell looks as if it held a label
    and nothing else, from 0 to 1.
    """

    phrase: Label
    cell: Cell
    start: int
    end: int
    clear: float
    is_role: bool = False
    roles: frozenset[str] = frozenset()
    """Of the parties that are named right beside it."""

    @property
    def box(self) -> Box:
        words = self.cell.span(self.start, self.end)
        return self.cell.box if words is self.cell.words else union([word.box for word in words])

    @property
    def is_plain(self) -> bool:
        """Whether it must be a label: a colon follows, it has several words, or nothing else is
        in the cell. "Restaurant" alone may as well be a part of a name."""
        if len(self.phrase) > 1 or self.end - self.start > 0.6 * len(self.cell.text):
            return True
        return self.is_parted

    @property
    def is_parted(self) -> bool:
        """Whether a mark parts it from what follows."""
        return bool(_MARK.match(self.cell.text, self.end))


class Link(NamedTuple):
    """A label speaks for what stands in a cell from a character on, with a strength of 0 to 1."""

    cell: Cell
    kind: Kind
    strength: float
    start: int = 0
    end: int = UNBOUNDED


class Index:
    """Phrases to look for, in any order of their words."""

    def __init__(self, phrases: Iterable[Label]) -> None:
        self._known = {key(phrase) for phrase in phrases if phrase}
        self._words = {word for phrase in self._known for word in phrase}
        self._longest = max(map(len, self._known), default=0)

    def __contains__(self, phrase: Label) -> bool:
        return phrase in self._known

    def knows(self, words: Iterable[str]) -> bool:
        """Whether one of the words is in a phrase."""
        return not self._words.isdisjoint(words)

    def longest(self, words: Sequence[str], at: int) -> Label | None:
        """The phrase of the most words that begins at this word."""
        if words[at] not in self._words:
            return None
        end, most = at + 1, min(at + self._longest, len(words))
        while end < most and words[end] in self._words:
            end += 1
        phrases = (key(words[at:stop]) for stop in range(end, at, -1))
        return next((phrase for phrase in phrases if phrase in self._known), None)


def key(words: Iterable[str]) -> Label:
    """What is the same for all orders of the words: "date of invoice", "invoice date"."""
    return tuple(sorted(words))


class Spots:
    """All labels of a document."""

    def __init__(self, sheet: Sheet, lexicon: Lexicon, own: Iterable[Label] = ()) -> None:
        """``own`` are further phrases to look for, those that only this schema knows."""
        self._sheet = sheet
        self._roles = roles_of(lexicon)
        known = lexicon_index(lexicon)
        self._indexes = (Index(phrase for phrase in own if key(phrase) not in known), known)
        self._lexicon = lexicon
        self.all = tuple(self._found())

    @cached_property
    def by_cell(self) -> Mapping[Key, Sequence[Spot]]:
        found: dict[Key, list[Spot]] = defaultdict(list)
        for spot in self.all:
            found[spot.cell.key].append(spot)
        return found

    @cached_property
    def _boxed(self) -> frozenset[Key]:
        """The cells that are a box to tick with a label of its own."""
        return frozenset(cell.key for cell in self._sheet.cells if _is_boxed(cell.text))

    @cached_property
    def reach(self) -> Mapping[Key, Sequence[tuple[Spot, Link]]]:
        """The labels that may speak for what stands in each cell, not more than ``MOST_LABELS``."""
        found: dict[Key, list[tuple[Spot, Link]]] = defaultdict(list)
        for spot in self.all:
            for link in self.links(spot):
                if link.strength >= FAINT:
                    found[link.cell.key].append((spot, link))
        for key, labels in found.items():
            if len(labels) > MOST_LABELS:
                found[key] = sorted(labels, key=lambda label: -label[1].strength)[:MOST_LABELS]
        return found

    @cached_property
    def blocks(self) -> Mapping[Key, frozenset[str]]:
        """The parties in whose blocks cells surely stand."""
        found: dict[Key, set[str]] = defaultdict(set)
        for spot, zone in self.zones:
            for cell, sure in zone:
                if sure > 0.8:
                    found[cell.key] |= spot.roles
        return {key: frozenset(roles) for key, roles in found.items()}

    @cached_property
    def zones(self) -> Sequence[tuple[Spot, Sequence[tuple[Cell, float]]]]:
        """What is surely the heading of a party, and its block."""
        headings = (spot for spot in self.all if spot.is_role and spot.clear > 0.5)
        return [(spot, tuple(self.zone(spot))) for spot in headings if spot.is_plain]

    def links(self, spot: Spot) -> Iterator[Link]:
        """The cells that the label may speak for, those nearest first."""
        cell = spot.cell
        if self._sheet.rows[cell.row].prose:
            yield Link(cell, Kind.PROSE, spot.clear, spot.end, spot.end + PROSE_REACH)
            return
        yield Link(cell, Kind.INSIDE, spot.clear, spot.end)
        yield Link(cell, Kind.BEFORE, spot.clear, 0, spot.start)
        yield from self._beside(spot)
        yield from self._below(spot)
        yield from self._above(spot)

    def zone(self, spot: Spot) -> Iterator[tuple[Cell, float]]:
        """The block of cells that the heading of a party opens, and how surely each is in it.

        It goes on below the heading, or below the first value where that is printed beside it.
        """
        cell = spot.cell
        right = self._sheet.rows[cell.row].cells[cell.number + 1 : cell.number + 2]
        if cell.text[spot.end :].strip(" :-."):
            yield cell, 1.0
            yield from self._block(cell, spot.box, 0.6)
        elif right and spot.is_parted and not self._heads(right[0]):
            yield right[0], 1.0
            yield from self._block(right[0], right[0].box, 0.95)
        else:
            yield from self._block(cell, spot.box, 1.0)

    def _block(self, cell: Cell, box: Box, sure: float) -> Iterator[tuple[Cell, float]]:
        """The cells below without a gap, up to the next heading."""
        bottom = box.y1
        for below in self._sheet.under(_wider(box), cell.row, ZONE_ROWS):
            if below.box.y0 - bottom > 2.2 * cell.height or self._heads(below):
                return
            yield below, sure
            if below.text.rstrip().endswith(":"):
                beside = self._sheet.rows[below.row].cells[below.number + 1 : below.number + 2]
                yield from ((other, sure) for other in beside)
            bottom, sure = max(bottom, below.box.y1), sure * 0.95

    def _heads(self, cell: Cell) -> bool:
        return any(
            spot.is_role and spot.start == 0 and spot.clear > 0.6
            for spot in self.by_cell.get(cell.key, ())
        )

    def _beside(self, spot: Spot) -> Iterator[Link]:
        cells = self._sheet.rows[spot.cell.row].cells
        number = spot.cell.number
        if number:
            yield Link(cells[number - 1], Kind.BEFORE, 0.5 * spot.clear)
        strength = spot.clear * _tail(spot.cell.text[spot.end :])
        for place, cell in enumerate(cells[number + 1 : number + 1 + RIGHT_CELLS]):
            if cell.key in self._boxed and spot.cell.key in self._boxed:
                return
            yield Link(cell, Kind.FAR if place else Kind.RIGHT, strength)
            strength *= 0.4 if cell.key in self.by_cell else 0.8

    def _below(self, spot: Spot) -> Iterator[Link]:
        box, height = spot.box, spot.cell.height
        strength = spot.clear * (OTHER_WAY if self._hang else 1.0)
        kind, bottom = Kind.BELOW, box.y1
        for cell in self._sheet.under(box, spot.cell.row, BELOW_ROWS):
            gap = (cell.box.y0 - bottom) / max(1.0, height)
            if gap > 4 or cell.key in self._boxed:
                return
            yield Link(cell, kind, strength * (1 - gap / 5 if gap > 0 else 1.0))
            strength, kind, bottom = strength * 0.85, Kind.COLUMN, cell.box.y1

    def _above(self, spot: Spot) -> Iterator[Link]:
        cell = self._sheet.over(spot.box, spot.cell.row)
        if cell is not None and cell.key not in self._boxed:
            gap = _gap(cell.box, spot.box, spot.cell)
            strength = spot.clear * (1.0 if self._hang else OTHER_WAY)
            if gap < NEAR:
                yield Link(cell, Kind.ABOVE, strength * (1 - gap / 5))

    @cached_property
    def _hang(self) -> bool:
        """Whether labels stand under their values, as on many forms: most of those that have a row
        for themselves are nearer to what is above them than to what is below."""
        votes = [vote for spot in self.all if (vote := self._hangs(spot)) is not None]
        return sum(votes) > max(MANY, 0.6 * len(votes))

    def _hangs(self, spot: Spot) -> bool | None:
        """Whether the label belongs to what is above it; None where that cannot be said."""
        cell = spot.cell
        if spot.is_role or len(self._sheet.rows[cell.row].cells) > 3 or spot.clear < 0.9:
            return None
        if cell.text[spot.end :].strip(" :*.") or cell.text[: spot.start].strip(" *"):
            return None
        above = self._sheet.over(cell.box, cell.row)
        below = next(self._sheet.under(cell.box, cell.row, 2), None)
        values = [each and each.key not in self.by_cell for each in (above, below)]
        if above is None or below is None or not any(values):
            return None
        if not all(values):
            return bool(values[0])
        return _gap(above.box, cell.box, cell) < _gap(cell.box, below.box, cell)

    def _found(self) -> Iterator[Spot]:
        count = 0
        for row in self._sheet.rows:
            for cell in row.cells:
                for spot in self._in_cell(cell, row.prose):
                    yield spot
                    count += 1
                    if count >= MOST_SPOTS:
                        return

    def _is_preposition(self, phrase: Label, cell: Cell) -> bool:
        """Whether a short word that would name a party is only one of many in the cell."""
        short = len(phrase) == 1 and len(phrase[0]) <= _PREPOSITION and phrase in self._roles
        return short and len(cell.text.strip(" :.-")) > _PREPOSITION

    def _in_cell(self, cell: Cell, prose: bool) -> list[Spot]:
        tokens = [t for t in self._lexicon.tokens(cell.text) if t.word not in _CURRENCIES]
        words = [token.word for token in tokens]
        if not any(index.knows(words) for index in self._indexes):
            return []
        runs: list[tuple[Label, int, int]] = []
        at = 0
        while at < len(words):
            found = [phrase for each in self._indexes if (phrase := each.longest(words, at))]
            phrase = max(found, key=len, default=())
            if phrase:
                start, end = tokens[at].start, tokens[at + len(phrase) - 1].end
                if not (_GLUED.match(cell.text, end) or self._is_preposition(phrase, cell)):
                    runs.append((phrase, start, end))
            at += max(1, len(phrase))
        if not runs:
            return []
        roles = {role for phrase, _, _ in runs for role in self._roles.get(phrase, ())}
        named = [(start, end) for phrase, start, end in runs if phrase in self._roles]
        return [
            Spot(
                phrase,
                cell,
                start,
                end,
                1.0 if prose else _clear(cell, start, end, named),
                phrase in self._roles,
                frozenset() if prose else frozenset(roles),
            )
            for phrase, start, end in runs
        ]


_PREPOSITION = 4
"""Letters of a word that is the heading of a party only where nothing else is printed: To."""


@lru_cache(maxsize=8)
def _known(lexicon: Lexicon) -> tuple[Index, Mapping[Label, frozenset[str]]]:
    roles: dict[Label, set[str]] = defaultdict(set)
    for role in lexicon.roles.values():
        for phrase in role.phrases:
            roles[key(phrase)].add(role.name)
    index = Index(each for phrase, _, _ in lexicon.phrases() for each in shortened(phrase))
    return index, {phrase: frozenset(names) for phrase, names in roles.items()}


def lexicon_index(lexicon: Lexicon) -> Index:
    return _known(lexicon)[0]


def roles_of(lexicon: Lexicon) -> Mapping[Label, frozenset[str]]:
    return _known(lexicon)[1]


def shortened(phrase: Label) -> Iterator[Label]:
    """The phrase, and without the word that it can do without: the number of a customer's reference
    is the customer's reference."""
    yield phrase
    if len(phrase) > 2 and "number" in phrase:
        yield tuple(word for word in phrase if word != "number")


_BOX = re.compile(r"(?:[☐☑☒□■✓✔✗✘]|\[[ xX]?\]) ?(?=[^\W\d_]{2}|[^\W\d_] [^\W\d_])")
"""A box to tick with words behind it."""

_MARK = re.compile(r"[ .)]*(?:[:=]|[-\u2013\u2014] )| ?[._\u2026]{2,}")
_CURRENCIES = frozenset(
    ("rm", "myr", "eur", "euro", "usd", "gbp", "chf", "inr", "aud", "cad", "nzd", "sgd", "rs", "kr")
)
"""They may stand inside of a label: "Total RM incl. GST"."""

_GLUED = re.compile(r"\d")
"""What makes a word part of a code rather than a label: PO445."""

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_FILLER = re.compile(
    r"\([^)]{0,12}\)|[\d.,]+ ?%|\b(?:rm|eur|usd|gbp|chf|inr|myr|sgd|aud|kr"
    r"|is|of|the|in|for|at|on|to|by|our|your|incl|excl|plus|zzgl|inkl|zu|von|vom|am|auf|der|die|das|den"
    r"|de|du|des|la|le|les|en|sur|au|del|el|los|al|il|lo|di|della|su|van|het|op|do|da|dos|no|sobre)\b",
    re.I,
)
_PARTED = re.compile(r"[/|()\[\]]")
"""What parts a label from the same label in another language, or from a remark."""


def _clear(cell: Cell, start: int, end: int, roles: Sequence[tuple[int, int]]) -> float:
    """Words beside the label that it does not explain speak against it, a colon for it; those of
    parties and those in another part of a bilingual label do not count."""
    before = cell.text[max(0, start - 60) : start]
    before = _PARTED.split(before)[-1]
    after = cell.text[end : end + 60]
    label, colon, _ = after.partition(":")
    parted = _MARK.match(after)
    is_label = not parted and (colon or not any(map(str.isdigit, after)))
    behind = _PARTED.split(label)[0] if is_label else ""
    named = sum(len(_LETTERS.findall(cell.text[a:b])) for a, b in roles if b <= start or a >= end)
    unknown = _count(before) + _count(behind)
    strength = 0.7 ** max(0, min(unknown, 5) - named)
    return strength if parted or (colon and not _count(behind)) else 0.95 * strength


def _gap(upper: Box, lower: Box, cell: Cell) -> float:
    """The room between two boxes in heights of the cell's words."""
    return max(0.0, lower.y0 - upper.y1) / max(1.0, cell.height)


def _count(text: str) -> int:
    return len(_LETTERS.findall(_FILLER.sub(" ", text)))


def _is_boxed(text: str) -> bool:
    """Whether it is a box to tick with a label of its own, and not with yes or no."""
    box = _BOX.match(text)
    if box is None:
        return False
    answers = values.find("flag", text[box.end() : box.end() + 12])
    return not (answers and answers[0].start == 0)


def _tail(rest: str) -> float:
    """What the text behind a label leaves for the cells to the right of it."""
    rest = rest[:60]
    words = _count(rest)
    digits = 0.5 if re.search(r"\d", _FILLER.sub(" ", rest)) else 1.0
    return digits * 0.7 ** min(words, 4)


def _wider(box: Box) -> Box:
    """A heading and a little to its right: what stands below may be longer or further in."""
    return Box(box.x0, box.y0, box.x1 + 2 * box.height, box.y1)
