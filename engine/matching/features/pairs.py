"""Labels and the candidates that they speak for: a pair in each place of some arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.matching.candidates import Candidate
from engine.matching.features.frame import Vector
from engine.matching.labels import Label
from engine.matching.sheet import Key
from engine.matching.spots import UNBOUNDED, Kind, Link, Spot, Spots

Numbers = NDArray[np.int_]

PROSE_FADES = 40.0
"""Characters after which a label in running text speaks with 1/e of its strength."""

FADED = 0.75 ** np.arange(-1.0, 9.0)
"""What is left of a label's strength after -1 to 8 words between it and the candidate."""


class Said(NamedTuple):
    """What a label says: its phrase, the parties that are named beside it, those in whose blocks
    it stands, and whether it is the heading of a party itself."""

    phrase: Label
    roles: frozenset[str]
    block: frozenset[str]
    is_role: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """By place: a label by its number, a candidate by its own, where it stands and how strongly
    the label speaks for it; the pairs of a label are side by side, ``first`` says where."""

    label: Numbers
    candidate: Numbers
    kind: Numbers
    strength: Vector
    first: Numbers

    def of(self, labels: Iterable[int]) -> Numbers:
        """The places of the pairs with one of these labels."""
        runs = [np.arange(self.first[label], self.first[label + 1]) for label in labels]
        return np.concatenate(runs) if runs else np.zeros(0, int)


class Claims:
    """All labels of a document and the cells that they speak for, a link in each place."""

    def __init__(self, spots: Spots) -> None:
        numbers: dict[Said, int] = {}
        said = [_said(spot, spots) for spot in spots.all]
        known = {
            id(spot): (numbers.setdefault(each, len(numbers)), spot.is_plain)
            for spot, each in zip(spots.all, said, strict=True)
        }
        self.labels = tuple(numbers)
        self.by_phrase: dict[Label, list[int]] = defaultdict(list)
        for label, at in numbers.items():
            self.by_phrase[label.phrase].append(at)
        self._links: dict[Key, tuple[int, int]] = {}
        links: list[Link] = []
        rows: list[tuple[float, ...]] = []
        for key, reach in spots.reach.items():
            self._links[key] = len(rows), len(rows) + len(reach)
            links += [link for _, link in reach]
            rows += [(*known[id(spot)], *link[1:]) for spot, link in reach]
        columns = np.array(rows, float).reshape(-1, 6).T
        self._strength, self._is_plain = columns[3], columns[1] > 0
        self._label, self._kind, self._start, self._end = columns[[0, 2, 4, 5]].astype(int)
        self._words = np.zeros((2, len(links)), int)  # of the cell, before the start and the end
        for at in np.flatnonzero((self._start > 0) | (self._end < UNBOUNDED)):
            self._words[:, at] = [links[at].cell.words_before(edge) for edge in links[at][3:]]

    def pairs(self, candidates: Sequence[Candidate], weak: float) -> Pairs:
        """Every candidate with the labels that speak for it; ``weak`` is what a label counts that
        may as well be no label."""
        spans = [self._links.get(candidate.cell.key, (0, 0)) for candidate in candidates]
        first, last = np.array(spans, int).reshape(-1, 2).T
        counts = last - first
        candidate = np.repeat(np.arange(len(candidates)), counts)
        link = np.arange(len(candidate)) + np.repeat(first - counts.cumsum() + counts, counts)
        places = np.array([_place(each) for each in candidates], int).reshape(-1, 4)
        inside = places[candidate, 0] >= self._start[link]
        inside &= places[candidate, 1] <= self._end[link]
        link, candidate = link[inside], candidate[inside]
        order = np.argsort(self._label[link], kind="stable")
        link, candidate = link[order], candidate[order]
        label = self._label[link]
        strength = self._strength[link] * np.where(self._is_plain[link], 1.0, weak)
        nearness = self._nearness(link, places[candidate].T)
        first = np.searchsorted(label, np.arange(len(self.labels) + 1))
        return Pairs(label, candidate, self._kind[link], strength * nearness, first)

    def _nearness(self, link: Numbers, places: Numbers) -> Vector:
        """What is left of a label's strength after the words between it and the candidate."""
        at, _, before, behind = places
        kind, start, end = self._kind[link], self._start[link], self._end[link]
        words, words_to_end = self._words[:, link]
        is_left = (kind == Kind.BEFORE) & (end < UNBOUNDED)
        between = np.where(is_left, words_to_end - behind, before - words)
        found = np.where(
            kind == Kind.PROSE,
            np.exp((start - at) / PROSE_FADES),
            FADED[np.clip(between, -1, 8) + 1],
        )
        return np.where(at == start, 1.0, found)


def _said(spot: Spot, spots: Spots) -> Said:
    """The heading of a party does not name a party beside itself."""
    roles = frozenset[str]() if spot.is_role else spot.roles
    return Said(spot.phrase, roles, spots.blocks.get(spot.cell.key, frozenset()), spot.is_role)


def _place(candidate: Candidate) -> tuple[int, int, int, int]:
    """Where a candidate begins and ends, and the words of its cell before, and up to there."""
    start, end, cell = candidate.start, candidate.end, candidate.cell
    return start, end, cell.words_before(start), cell.words_before(end + 1)
