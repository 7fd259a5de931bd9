"""Everything on a document that could be the value of a field, by type."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, groupby, islice

from engine.matching import values
from engine.matching.sheet import Cell, Key, Sheet
from engine.matching.spots import Spots
from engine.matching.values import Habits
from engine.schema import Scalar
from engine.types import Box, Word, union

MOST = 30_000
"""Candidates of one type in a document: a bound that no honest document comes near."""

SECOND = 0.5
"""Of its certainty: what a code counts where a number of some form is wanted."""

PADDING = " \t:;=_.…-\u2013—|*•·#>"
"""Between a label and its value, and around a value that stands alone."""

BETWEEN = 3
"""Rows in which the next line of a text is looked for: those of another column lie between."""

WIDE_GAP, NARROW_GAP = 1.1, 0.8
"""Between two lines of a text, in heights of a word, at most; the second where rows lie between."""

SHORT = 12
"""Letters of a cell that is no more than a yes or a no."""

SHORTEST = 7
"""Letters and digits of a number that may be a tax number, at least."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of text in a cell, or in several cells one below the other, that may be a value.

    ``start`` and ``end`` are places in the text of the first cell; ``certainty`` says how surely
    it is of its type, from 0 to 1; ``value`` is its normal form, None for plain text. ``more`` are
    the cells below that belong to it as a whole.
    """

    cell: Cell
    start: int
    end: int
    text: str
    value: Scalar | None = None
    certainty: float = 1.0
    more: tuple[Cell, ...] = ()
    words: tuple[Word, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = self.cell.span(self.start, self.end)
        if self.more:
            words += tuple(word for cell in self.more for word in cell.words)
        object.__setattr__(self, "words", words)

    @property
    def last(self) -> Cell:
        """The lowest of its cells."""
        return self.more[-1] if self.more else self.cell

    @property
    def box(self) -> Box:
        if len(self.words) == len(self.cell.words) and not self.more:
            return self.cell.box
        return union([word.box for word in self.words])


class Scene:
    """A document as candidates are looked for in it: its cells, labels and habits of writing."""

    def __init__(self, sheet: Sheet, spots: Spots, habits: Habits) -> None:
        self.sheet = sheet
        self.spots = spots
        self.habits = habits
        self._readings: dict[str, Sequence[Candidate]] = {}

    def labels_end(self, cell: Cell) -> int:
        """Where in the cell's text the labels end that it begins with; 0 if there is none.

        A single word without a colon behind it may as well belong to the value: "No. 5".
        """
        end = 0
        for spot in self.spots.by_cell.get(cell.key, ()):
            if cell.text[end : spot.start].strip(PADDING + "(/"):
                break
            if spot.is_plain:
                end = spot.end
        plural = _PLURAL.match(cell.text, end) if end else None
        return plural.end() if plural else end

    def value_starts(self, cell: Cell) -> int:
        """Where a value in the cell begins at the earliest: behind a label that a mark parts from
        what follows."""
        spots = self.spots.by_cell.get(cell.key, ())
        end = self.labels_end(cell)
        return end if any(spot.end <= end and spot.is_parted for spot in spots) else 0

    def behind(self, cell: Cell) -> Iterator[tuple[int, int]]:
        """The parts of the cell's text from a label in it to the next one or the end."""
        spots = self.spots.by_cell.get(cell.key, ())
        starts = [spot.start for spot in spots[1:]]
        for spot, end in zip(spots, [*starts, len(cell.text)], strict=False):
            if cell.text[spot.end : end].strip(PADDING):
                yield spot.end, end

    def readings(self, wanted: values.Type) -> Sequence[Candidate]:
        """What reads as a value of this type, anywhere."""
        if wanted not in self._readings:
            self._readings[wanted] = tuple(islice(self._read(wanted), MOST))
        return self._readings[wanted]

    def _read(self, wanted: values.Type) -> Iterator[Candidate]:
        apart = self._answers_apart() if wanted == "flag" else {}
        for cell in self.sheet.cells:
            if cell.key in apart:
                yield from apart[cell.key]
                continue
            for found in values.find(wanted, cell.text, self.habits):
                text = cell.text[found.start : found.end]
                yield Candidate(cell, found.start, found.end, text, found.value, found.certainty)

    def _answers_apart(self) -> Mapping[Key, Sequence[Candidate]]:
        """What cells say together that hold a box or an answer each: wide gaps part them."""
        found: dict[Key, list[Candidate]] = {}
        for row in self.sheet.rows:
            for is_short, group in groupby(row.cells, self._is_box_or_answer):
                cells = list(group)
                if is_short and any(_LONE_BOX.fullmatch(cell.text) for cell in cells):
                    found |= {cell.key: [] for cell in cells}
                    for candidate in self._together(cells):
                        found[candidate.cell.key].append(candidate)
        return found

    def _is_box_or_answer(self, cell: Cell) -> bool:
        read = values.find("flag", cell.text, self.habits) if len(cell.text) <= SHORT else ()
        return any(each.start == 0 and each.end == len(cell.text) for each in read)

    def _together(self, cells: Sequence[Cell]) -> Iterator[Candidate]:
        starts = list(accumulate((len(cell.text) + 1 for cell in cells), initial=0))
        text = " ".join(cell.text for cell in cells)
        for found in values.find("flag", text, self.habits):
            cell = cells[bisect_right(starts, found.start) - 1]
            end = len(cell.text)
            yield Candidate(cell, 0, end, cell.text, found.value, found.certainty)

    def is_label(self, cell: Cell) -> bool:
        """Whether labels are most of what the cell holds."""
        spots = self.spots.by_cell.get(cell.key, ())
        return 2 * sum(spot.end - spot.start for spot in spots) > len(cell.text)

    def is_heading(self, cell: Cell) -> bool:
        """Whether it only says what comes next: "Bill to", "To:"."""
        if cell.text.rstrip().endswith(":"):
            return True
        spots = self.spots.by_cell.get(cell.key, ())
        behind = cell.text[self.labels_end(cell) :].strip(PADDING)
        return not behind and any(spot.is_role and spot.is_plain for spot in spots)

    @cached_property
    def below(self) -> Mapping[Key, Cell]:
        """The cell right under each cell, where both could be parts of the same text."""
        found: dict[Key, Cell] = {}
        taken: set[Key] = set()
        for rows, gap in ((1, WIDE_GAP), (BETWEEN, NARROW_GAP)):
            for cell in self.sheet.cells:
                if cell.key in found:
                    continue
                under = self.sheet.under(cell.box, cell.row, rows)
                follower = next((other for other in under if _goes_on(cell, other, gap)), None)
                if follower and follower.key not in taken:
                    found[cell.key] = follower
                    taken.add(follower.key)
        return found

    @cached_property
    def above(self) -> Mapping[Key, Cell]:
        cells = {cell.key: cell for cell in self.sheet.cells}
        return {lower.key: cells[upper] for upper, lower in self.below.items()}


def _goes_on(cell: Cell, other: Cell, gap: float) -> bool:
    """Whether the text goes on in a lower cell that is at most so many heights away."""
    alike = 0.5 < other.height / max(1.0, cell.height) < 2.0
    reach = 2.5 * cell.height
    left = abs(other.box.x0 - cell.box.x0) < reach
    middle = abs(other.box.center[0] - cell.box.center[0]) < reach
    shared = min(other.box.x1, cell.box.x1) - max(other.box.x0, cell.box.x0)
    over = shared > 0.8 * min(other.box.width, cell.box.width)
    lower = other.box.center[1] - cell.box.center[1] > 0.6 * cell.height
    near = other.box.y0 - cell.box.y1 < gap * cell.height
    return lower and near and alike and (left or middle or over)


_PLURAL = re.compile(r" ?\(\w{1,3}\)")
"""As in "First name(s)"."""

Source = Callable[[Scene], Iterator[Candidate]]


def read(wanted: values.Type) -> Source:
    """The candidates of a type that is read from characters alone."""
    return lambda scene: iter(scene.readings(wanted))


def either(first: values.Type, second: values.Type) -> Source:
    """The candidates of two types; those of the second are less sure, not too short, and do not
    overlap others."""

    def source(scene: Scene) -> Iterator[Candidate]:
        taken: dict[Key, list[Candidate]] = defaultdict(list)
        for candidate in scene.readings(first):
            taken[candidate.cell.key].append(candidate)
            yield candidate
        for candidate in scene.readings(second):
            if sum(map(str.isalnum, candidate.text)) < SHORTEST:
                continue
            others = taken.get(candidate.cell.key, ())
            if all(candidate.end <= o.start or candidate.start >= o.end for o in others):
                yield replace(candidate, certainty=SECOND * candidate.certainty)

    return source


def codes(scene: Scene) -> Iterator[Candidate]:
    """Codes, and whatever else looks like one that is printed in groups."""
    yield from scene.readings("code")
    for cell in scene.sheet.cells:
        if len(cell.text) > MOST_GROUPED:
            continue
        for start, end in {(0, len(cell.text)), *scene.behind(cell)}:
            text = bared(cell.text, start, end)[1]
            if _GROUPED.fullmatch(text) and not _DECIMAL.search(text):
                yield from stripped(cell, start, end, 0.5)


MOST_GROUPED = 80
_GROUPED = re.compile(r"(?=[^\d]*\d)#?[A-Z0-9]{1,12}(?:[ ./-][A-Z0-9]{1,8}){1,6}")
_DECIMAL = re.compile(r"[.,]\d\d$|^\d\d?[./-]\d\d?[./-]\d{2,4}$")


def texts(scene: Scene) -> Iterator[Candidate]:
    """Whole cells, and what is left of them behind the labels they begin with."""
    for cell in scene.sheet.cells:
        if scene.sheet.rows[cell.row].prose:
            continue
        first = scene.value_starts(cell)
        starts = {first, scene.labels_end(cell)}
        spans = {*((start, len(cell.text)) for start in starts), *scene.behind(cell)}
        for start, end in sorted(spans):
            box = _BOX.match(cell.text, start) or _BEHIND_BOX.search(cell.text[:start])
            if not box:
                yield from stripped(cell, start, end)
        for match in _TICKED.finditer(cell.text):
            yield from stripped(cell, match.start(1), match.end(1))


def is_ticked(candidate: Candidate) -> bool:
    """Whether a ticked box stands right before it, or begins it."""
    before = _BEHIND_TICK.search(candidate.cell.text[: candidate.start])
    return bool(before or _TICKED.match(candidate.text))


_TICK = r"(?:[✓✔☑☒■⊠]|\[ ?[xX✓✔] ?\]|\( ?[xX✓✔] ?\))"
_EMPTY = r"(?:[☐□]|\[[ _]?\]|\([ _]\))"
_BEHIND_TICK = re.compile(rf"{_TICK}\s*$")
_BOX = re.compile(rf"\s*(?:{_EMPTY}|{_TICK})")
_BEHIND_BOX = re.compile(rf"{_EMPTY}\s*$")
_LONE_BOX = re.compile(rf"{_EMPTY}|{_TICK}")
_TICKED = re.compile(rf"{_TICK}([^✓✔☑☒■⊠☐□\[(]*)")
"""What stands behind a ticked box, up to the next one."""


def stripped(cell: Cell, start: int, end: int, certainty: float = 1.0) -> Iterator[Candidate]:
    """A part of a cell as a candidate, without the marks around it; none if nothing is left."""
    first, text = bared(cell.text, start, end)
    if text.strip(PADDING):
        yield Candidate(cell, first, first + len(text), text, None, certainty)


def bared(whole: str, start: int, end: int) -> tuple[int, str]:
    """A part of a text without the marks around it, and where it begins."""
    text = whole[start:end]
    begin = len(text) - len(text.lstrip(PADDING + ","))
    if begin and _MINUS.search(text, 0, begin) and text[begin : begin + 1].isdigit():
        begin -= 1
    body = text[begin:].rstrip()
    return start + begin, body if body.endswith(".") else body.rstrip(PADDING + ",")


_MINUS = re.compile(r"(?:^|\s)-$")
"""Right before the digits of a value, behind a space: its sign."""
