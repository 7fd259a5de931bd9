"""Finds the lines that head a table: their cells, and the wanted column that each one means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from engine.matching.labels import Lexicon
from engine.matching.tables import below, guesses
from engine.matching.tables.below import Look
from engine.matching.tables.columns import Column, Columns
from engine.matching.tables.heads import Head, Heading
from engine.matching.tables.phrases import Rates
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import Strip, gap, written
from engine.matching.tables.sums import Sums
from engine.types import Word, union

SURE = 0.9
"""Likeness from which a cell is not taken apart."""

MOST_WORDS = 40
"""Of a heading's line."""

MOST_RUN = 4
"""Words of a heading that was read together with its neighbour."""

MOST_CANDIDATES = 400
"""Lines that are looked at closely."""

MOST_ABOVE, MOST_BELOW = 2, 3
"""Lines of one heading above and below the one with the most known words."""

STACK_GAP = 0.9
"""Of a word's height, between two lines of one heading."""

LINE_COST = 0.06
"""What each further line of a heading must bring in likeness."""


SPLIT_COST, STRANGE_COST = 0.2, 0.9
"""What each part of a cell that is taken apart must bring, and one that means nothing."""

KIN = {
    concept: group
    for group in (
        ("item_name", "description"),
        ("line_total", "line_net", "unit_price"),
        ("transaction_date", "service_date", "document_date"),
        ("discount", "discount_rate"),
        ("tax_rate", "line_tax"),
    )
    for concept in group
}
"""Concepts that may stand in for each other where a table has only one of them."""

KIN_RATE = 0.8
"""How surely they do."""


OTHERS_RATE, RIVAL_RATE = 0.95, 0.3
"""What a column counts that nobody asked for, and what a cell's other meaning takes away."""

LEAST_FIT = 0.3
"""Likeness of a cell and its column that is left when what stands below does not fit."""

MOST_PIECES = 16
"""Of a cell that is taken apart."""

LEAST_SCORE = 0.5
"""Of the best heading's score: one with less heads no table."""


Cell = list[tuple[Word, ...]]
"""The words of a heading's cell, line by line."""


class Finder:
    """Looks for the headings of one array's columns; ``columns`` are these and then all others."""

    def __init__(
        self,
        columns: Columns,
        others: Columns,
        lexicon: Lexicon,
        sums: Sums,
        readings: Readings,
    ) -> None:
        self.columns = (*columns.all, *others.all)
        self._wanted = len(columns.all)
        self._sums = sums
        self._readings = readings
        self._lexicon = lexicon
        self._phrases, self._others = columns.phrases, others.phrases
        self._known: dict[str, Rates] = {}
        self._kin = [_kin(column) for column in self.columns]
        self._lent = [at for at in range(self._wanted) if len(self._kin[at]) > 1]

    def find(self, strips: Sequence[Strip]) -> list[Heading]:
        """The likeliest headings, in reading order, no line in two of them."""
        found: list[Heading] = []
        for _, at in sorted(self._candidates(strips))[:MOST_CANDIDATES]:
            if any(other.first <= at <= other.last for other in found):
                continue
            best = self._best(strips, at)
            if best and not any(_overlaps(best, other) for other in found):
                found.append(best)
        least = LEAST_SCORE * max((heading.score for heading in found), default=0.0)
        strong = [heading for heading in found if heading.score >= least]
        return sorted(strong, key=lambda heading: heading.first)

    def likeness(self, text: str) -> Rates:
        """The columns that a text may mean and how much it does so."""
        if text not in self._known:
            others = [(self._wanted + number, rate) for number, rate in self._others.rates(text)]
            self._known[text] = (*self._phrases.rates(text), *others)
        return self._known[text]

    def is_wanted(self, column: int) -> bool:
        return column < self._wanted

    def _candidates(self, strips: Sequence[Strip]) -> Iterator[tuple[int, int]]:
        counts: dict[str, int] = {}
        for at, strip in enumerate(strips):
            if not _may_head(strip, self._knows):
                continue
            if strip.text not in counts:
                counts[strip.text] = self._count(strip.text)
            if counts[strip.text]:
                yield -counts[strip.text], at

    def _count(self, text: str) -> int:
        """How many wanted columns a line may head, 0 if it knows too few words."""
        words = {token.word for token in self._lexicon.tokens(text)}
        known = list(filter(self._knows, words))
        least = min(2, self._wanted)
        return min(len(known), len(self._phrases.holding(known))) if len(known) >= least else 0

    def _knows(self, word: str) -> bool:
        return word in self._phrases or word in self._others

    def _best(self, strips: Sequence[Strip], at: int) -> Heading | None:
        rated = [
            (heading.score - LINE_COST * (last - first), heading)
            for first, last in _stacks(strips, at)
            for heading in [self._heading(strips, first, last)]
        ]
        best = max(rated, key=lambda pair: pair[0])[1]
        if len(best.columns) < min(2, self._wanted):
            return None
        body = below.lines(best, strips, self._sums)
        parted = [strip for strip in body if len(strip.chunks) > 1]
        cells = [
            part
            for cell in _cells(strips[best.first : best.last + 1])
            for split in self._split(cell, parted)
            for part in self._taken_apart(split)
        ]
        best = replace(best, heads=tuple(self._assigned(cells, ())))
        rows = below.rows(best, body)
        best = replace(best, heads=tuple(self._assigned(cells, below.looks(rows))))
        return guesses.complete(best, self.columns, self._wanted, rows, self._readings)

    def _heading(self, strips: Sequence[Strip], first: int, last: int) -> Heading:
        cells = _cells(strips[first : last + 1])
        parts = [part for cell in cells for part in self._taken_apart(cell)]
        return Heading(first, last, strips[first].page, tuple(self._assigned(parts, ())))

    def _split(self, cell: Cell, body: Sequence[Strip]) -> list[Cell]:
        """The cell, parted where the lines below are."""
        pieces = _pieces(cell)
        if not 1 < len(pieces) <= MOST_PIECES:
            return [cell]
        boxes = [union(word.box for line in piece for word in line) for piece in pieces]
        found = [pieces[0]]
        gutters = below.gutters(boxes, body, wide=self._rate(cell) >= SURE)
        for is_gutter, piece in zip(gutters, pieces[1:], strict=True):
            if is_gutter:
                found.append(piece)
            else:
                found[-1] = _in_order([*found[-1], *piece])
        return found

    def _taken_apart(self, cell: Cell) -> list[Cell]:
        """The cell as the headings that were read as one: the split that means most."""
        whole = self._rate(cell)
        pieces = _pieces(cell) if whole < SURE else []
        if not 1 < len(pieces) <= MOST_PIECES:
            return [cell]
        best: list[tuple[float, list[Cell]]] = [(0.0, [])]
        for end in range(1, len(pieces) + 1):
            ways = []
            for start in range(max(0, end - MOST_RUN), end):
                part = _in_order([line for piece in pieces[start:end] for line in piece])
                rate = self._rate(part)
                before, parts = best[start]
                cost = SPLIT_COST if rate else STRANGE_COST
                ways.append((before + rate - cost, [*parts, part]))
            best.append(max(ways, key=lambda way: way[0]))
        score, parts = best[-1]
        is_better = score > max(0.0, whole - SPLIT_COST) and self._differ(parts)
        return parts if is_better else [cell]

    def _differ(self, parts: Sequence[Cell]) -> bool:
        """Whether no two parts mean the same or nearly the same column."""
        found = [
            max(rated, key=lambda pair: pair[1])[0]
            for part in parts
            if (rated := self.likeness(_text(part)))
        ]
        concepts = [self.columns[number].meaning.concept for number in found]
        groups = [
            KIN.get(concept or "", (concept or str(at),)) for at, concept in enumerate(concepts)
        ]
        return len(set(groups)) == len(groups) or len(set(found)) == len(found) > 2

    def _rate(self, cell: Cell) -> float:
        return max((rate for _, rate in self.likeness(_text(cell))), default=0.0)

    def _assigned(self, cells: Sequence[Cell], looks: Sequence[Look]) -> Iterator[Head]:
        """Each cell with its column: the likeliest pairs first, wanted columns before others."""
        pairs = sorted(
            (-self._claim(number, rate, concepts) * fit, place, number, rate * fit)
            for place, cell in enumerate(cells)
            for rates in [self.likeness(_text(cell))]
            for concepts in [self._concepts(rates)]
            for number, rate in rates
            for fit in [below.fit(self.columns[number], looks[place]) if looks else 1.0]
        )
        taken: dict[int, tuple[int, float]] = {}
        used: set[int] = set()
        for _, place, number, rate in pairs:
            if place not in taken and number not in used and rate >= LEAST_FIT:
                taken[place] = number, rate
                used.add(number)
        self._lend(taken, used)
        for place, cell in enumerate(cells):
            column, rate = taken.get(place, (None, 0.0))
            words = [word for line in cell for word in line]
            x0, x1 = min(word.box.x0 for word in words), max(word.box.x1 for word in words)
            wanted = column is not None and column < self._wanted
            yield Head(x0, x1, _text(cell), column, rate, wanted)

    def _concepts(self, rates: Rates) -> Mapping[str | None, float]:
        """The most that a text means each concept."""
        found: dict[str | None, float] = {}
        for number, rate in rates:
            concept = self.columns[number].meaning.concept
            found[concept] = max(rate, found.get(concept, 0.0))
        return found

    def _claim(self, number: int, rate: float, rates: Mapping[str | None, float]) -> float:
        """What speaks for a cell and a column: their likeness, and that it is like no other."""
        kin = self._kin[number]
        rival = max((other for concept, other in rates.items() if concept not in kin), default=0)
        return rate * (1.0 if number < self._wanted else OTHERS_RATE) - RIVAL_RATE * rival

    def _lend(self, taken: dict[int, tuple[int, float]], used: set[int]) -> None:
        """Gives the heads of columns nobody asked for to wanted ones that mean nearly the same."""
        for number in self._lent:
            kin = self._kin[number]
            for place, (other, rate) in sorted(taken.items()):
                if number in used or other < self._wanted:
                    continue
                if self.columns[other].meaning.concept in kin:
                    taken[place] = number, rate * KIN_RATE
                    used.add(number)


def _may_head(strip: Strip, knows: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether it has few numbers, but for those that are names of wanted columns, such as years."""
    if strip.prose or len(strip.words) > MOST_WORDS:
        return False
    numbers = [text for text in strip.numbers if not knows(text)]
    return len(numbers) * 4 <= len(strip.words)


def _kin(column: Column) -> Sequence[str | None]:
    concept = column.meaning.concept
    return KIN.get(concept or "", (concept,))


def _stacks(strips: Sequence[Strip], at: int) -> Iterator[tuple[int, int]]:
    above = _reach(strips, at, -1, MOST_ABOVE)
    below = _reach(strips, at, 1, MOST_BELOW)
    for up, down in product(range(above + 1), range(below + 1)):
        yield at - up, at + down


def _reach(strips: Sequence[Strip], at: int, step: int, most: int) -> int:
    """How many lines in this direction may belong to the same heading."""
    for count in range(1, most + 1):
        place, near = at + step * count, at + step * (count - 1)
        if not 0 <= place < len(strips) or not _is_stacked(strips[place], strips[near], step):
            return count - 1
    return most


def _is_stacked(strip: Strip, near: Strip, step: int) -> bool:
    if strip.page != near.page or not _may_head(strip):
        return False
    above, below = (strip, near) if step < 0 else (near, strip)
    alike = 0.6 <= strip.height / near.height <= 1.7
    return alike and gap(above, below) <= STACK_GAP * near.height


def _cells(lines: Sequence[Strip]) -> list[Cell]:
    """The cells of the lines; those one above the other are one."""
    chunks = [(at, chunk) for at, strip in enumerate(lines) for chunk in strip.chunks]
    found: list[list[tuple[int, tuple[Word, ...]]]] = []
    right = 0.0
    for at, chunk in sorted(chunks, key=lambda pair: pair[1][0].box.x0):
        x0, x1 = chunk[0].box.x0, chunk[-1].box.x1
        if found and x0 < right - 0.15 * (x1 - x0):
            found[-1].append((at, chunk))
        else:
            found.append([(at, chunk)])
            right = x1
        right = max(right, x1)
    return [[chunk for _, chunk in sorted(cell, key=lambda pair: pair[0])] for cell in found]


def _pieces(cell: Cell) -> list[Cell]:
    """The smallest parts that no word of any line reaches over."""
    words = sorted(
        ((at, word) for at, line in enumerate(cell) for word in line),
        key=lambda pair: pair[1].box.x0,
    )
    found: list[list[tuple[int, Word]]] = []
    right = 0.0
    for at, word in words:
        if found and word.box.x0 < right:
            found[-1].append((at, word))
        else:
            found.append([(at, word)])
        right = max(right, word.box.x1)
    return [
        [tuple(word for at, word in piece if at == line) for line in range(len(cell))]
        for piece in found
    ]


def _in_order(lines: Sequence[tuple[Word, ...]]) -> Cell:
    """Lines of several pieces beside each other as the lines of one cell."""
    words = [word for line in lines for word in line]
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.center[1]):
        if found and word.box.center[1] - found[-1][0].box.center[1] < word.box.height / 2:
            found[-1].append(word)
        else:
            found.append([word])
    return [tuple(sorted(line, key=lambda word: word.box.x0)) for line in found]


def _text(cell: Cell) -> str:
    return " ".join(written(line) for line in cell if line)


def _overlaps(one: Heading, other: Heading) -> bool:
    return one.first <= other.last and other.first <= one.last
