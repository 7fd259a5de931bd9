"""What a candidate looks like, in numbers: by itself, and as the value of one wanted field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from engine.matching import candidates, parties, values
from engine.matching.candidates import Candidate, Scene, Source
from engine.matching.features import amounts, companies, frame, postal
from engine.matching.features.frame import Frame, Vector
from engine.matching.labels import Label
from engine.matching.sheet import Key
from engine.matching.spots import UNBOUNDED, Kind, Link, Spot
from engine.matching.wanted import Want

PAIR = (
    *(f"label_{kind.name.lower()}" for kind in Kind),
    "label",
    "contested",
    "other_row",
    "other_column",
    "own_party",
    "other_party",
)
"""Of a candidate and a field: how strongly the field's labels, those of others, and the headings
of parties speak for it."""

_LABEL, _CONTESTED = PAIR.index("label"), PAIR.index("contested")
_OWN_PARTY = PAIR.index("own_party")
_OTHER_ROW, _OTHER_COLUMN = PAIR.index("other_row"), PAIR.index("other_column")

GIVING = frozenset(
    ("seller", "payee", "sender", "employer", "doctor", "insurer", "landlord", "lender")
)
"""Parties on the side of who issues a document; all others are on the other side."""

WORDY, WEAK = {"name", "text", "address", "street", "city"}, 0.4
"""Types whose values may begin with a word that is a label elsewhere, and what it counts then."""

NAMED, MONEY, ADDRESSES = {"name"}, {"amount", "integer", "percent"}, {"address", "street"}

SOURCES: dict[str, Source] = {
    "name": parties.names,
    "address": parties.addresses,
    "street": parties.streets,
    "city": parties.cities,
    "state": parties.regions,
    "text": candidates.texts,
    "quantity": candidates.read("amount"),
    "code": candidates.codes,
    "vat_id": candidates.either("vat_id", "code"),
}


def source(type: str) -> Source:  # noqa: A002
    """Where the candidates of this type come from; plain text for a type that is not known."""
    if type in SOURCES:
        return SOURCES[type]
    known = next((name for name in get_args(values.Type) if name == type), None)
    return candidates.read(known) if known else candidates.texts


def names(type: str) -> tuple[str, ...]:  # noqa: A002
    """The names of the features of a type, in the order of the columns."""
    own: tuple[str, ...] = ()
    if type in MONEY:
        own = amounts.NAMES
    elif type in NAMED:
        own = companies.NAMES
    elif type in ADDRESSES:
        own = postal.NAMES
    return (*frame.NAMES, *own, *PAIR)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and the candidates that they speak for, a pair in each place of the arrays."""

    labels: Sequence[tuple[Label, frozenset[str], frozenset[str], bool]]
    """What labels say: their phrases, the parties that are named beside them, those in whose blocks
    they stand, and whether they are headings of parties themselves."""

    label: NDArray[np.int_]
    candidate: NDArray[np.int_]
    kind: NDArray[np.int_]
    strength: Vector


class Field:
    """The candidates of one type in a document with their features."""

    def __init__(self, type: str, scene: Scene, frame: Frame) -> None:  # noqa: A002
        self.type = type
        self.scene = scene
        self.candidates = tuple(islice(source(type)(scene), candidates.MOST))
        self._frame = frame

    @cached_property
    def alone(self) -> Vector:
        """Features that do not depend on what is asked for: (candidates, features)."""
        columns = [self._frame.features(self.candidates)]
        if self.type in MONEY:
            columns.append(amounts.features(self.candidates))
        elif self.type in NAMED:
            columns.append(companies.features(self.candidates, self.scene))
        elif self.type in ADDRESSES:
            columns.append(postal.features(self.candidates, self.scene))
        return np.hstack(columns)

    def paired(self, want: Want) -> Vector:
        """Features of each candidate as the value of this field: (candidates, PAIR)."""
        out = np.zeros((len(self.candidates), len(PAIR)))
        pairs = self._pairs
        fits = np.array([_fit(want, *label[:3]) for label in pairs.labels] or [0.0])[pairs.label]
        mine = fits > 0
        where = pairs.candidate[mine], pairs.kind[mine]
        np.maximum.at(out, where, fits[mine] * pairs.strength[mine])
        others = fits < NEARLY
        if self.type not in NAMED:
            others &= ~np.array([label[3] for label in pairs.labels] or [False])[pairs.label]
        in_row = _ROW_OF_MARKS if self.type == "flag" else _ROW
        for place, weights in ((_OTHER_ROW, in_row), (_OTHER_COLUMN, _COLUMN)):
            claims = weights[pairs.kind[others]] * pairs.strength[others]
            np.maximum.at(out[:, place], pairs.candidate[others], claims)
        out[:, _LABEL] = out[:, : len(Kind)].max(axis=1, initial=0.0)
        out[:, _CONTESTED] = np.maximum(0.0, out[:, _OTHER_ROW] - out[:, _LABEL])
        if want.meaning.role:
            self._parties(want.meaning.role, out[:, _OWN_PARTY : _OWN_PARTY + 2])
        return out

    def _parties(self, role: str, out: Vector) -> None:
        """Which candidates stand in the block of the wanted party, and which in that of one on the
        other side; who buys and who is sent the goods are often the same."""
        for party, strength in self._zones.items():
            if party == role or (party in GIVING) != (role in GIVING):
                place = 0 if party == role else 1
                np.maximum(out[:, place], strength, out=out[:, place])
        if self.type in NAMED:
            self._share(out)

    def _share(self, columns: Vector) -> None:
        """Who is a party in one place is so wherever the name is printed."""
        best = np.zeros((len(self.candidates) + 1, columns.shape[1]))
        np.maximum.at(best, self._same, columns)
        columns[:] = best[self._same]

    @cached_property
    def _same(self) -> NDArray[np.int_]:
        """For each candidate a number that it has in common with those of the same text."""
        numbers: dict[str, int] = {}
        texts = (candidate.text.casefold() for candidate in self.candidates)
        return np.array([numbers.setdefault(text, len(numbers)) for text in texts], int)

    @cached_property
    def _by_cell(self) -> Mapping[Key, Sequence[int]]:
        found: dict[Key, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.candidates):
            found[candidate.cell.key].append(place)
        return found

    @cached_property
    def _pairs(self) -> Pairs:
        numbers: dict[tuple[Label, frozenset[str], frozenset[str], bool], int] = {}
        found: list[tuple[int, int, int, float]] = []
        reach = self.scene.spots.reach
        for key, places in self._by_cell.items():
            for spot, link in reach.get(key, ()):
                block = self.scene.spots.blocks.get(spot.cell.key, frozenset())
                label = spot.phrase, _parties(spot), block, spot.is_role
                number = numbers.setdefault(label, len(numbers))
                weak = self.type in WORDY and not spot.is_plain
                strength = link.strength * (WEAK if weak else 1.0)
                for place in places:
                    candidate = self.candidates[place]
                    if candidate.start >= link.start and candidate.end <= link.end:
                        nearness = _nearness(link, candidate)
                        found.append((number, place, link.kind, strength * nearness))
        columns = np.array(found, float).reshape(-1, 4).T
        number_of, place_of, kind_of = columns[:3].astype(int)
        return Pairs(tuple(numbers), number_of, place_of, kind_of, columns[3])

    @cached_property
    def _zones(self) -> Mapping[str, Vector]:
        """How surely each candidate stands in the block of each party."""
        found: dict[str, Vector] = {}
        for spot in self.scene.spots.all:
            if spot.is_role and spot.clear > 0.5 and spot.is_plain:
                for cell, strength in self.scene.spots.zone(spot):
                    places = self._by_cell.get(cell.key, ())
                    for role in spot.roles:
                        zone = found.setdefault(role, np.zeros(len(self.candidates)))
                        for place in places:
                            zone[place] = max(zone[place], strength * spot.clear)
        return found


def _nearness(link: Link, candidate: Candidate) -> float:
    """What is left of a label's strength after the words between it and the candidate."""
    cell = link.cell
    if candidate.start == link.start:
        return 1.0
    if link.kind == Kind.PROSE:
        return math.exp(-(candidate.start - link.start) / PROSE_FADES)
    if link.kind == Kind.BEFORE and link.end < UNBOUNDED:
        return float(0.75 ** min(8, cell.words_from(candidate.end + 1, link.end)))
    return float(0.75 ** min(8, cell.words_from(link.start, candidate.start)))


PROSE_FADES = 40.0
"""Characters after which a label in running text speaks with 1/e of its strength."""

_ROW = np.array([1.0, 0.9, 0.7, 0.0, 0.0, 0.0, 0.6])
_ROW_OF_MARKS = np.array([1.0, 0.9, 0.7, 0.0, 0.0, 1.0, 0.6])
_COLUMN = np.array([0.0, 0.0, 0.0, 0.5, 0.4, 0.0, 0.0])
"""How much the labels of other fields count, by the kind of place; a mark is often printed before
its label."""

NEARLY = 0.5
"""A label that fits less speaks for another field."""


def _parties(spot: Spot) -> frozenset[str]:
    """The heading of a party does not name a party beside itself."""
    return frozenset() if spot.is_role else spot.roles


def _fit(want: Want, phrase: Label, roles: frozenset[str], block: frozenset[str]) -> float:
    """How well a label fits the field: one that names another party, or stands in the block of one
    on the other side, is not the wanted one's."""
    if phrase not in want.phrases:
        return 0.0
    wanted = want.meaning.role
    if wanted in roles or (not roles and wanted is None):
        return 1.0
    if roles:
        return 0.6 if wanted is None else 0.15
    giving = wanted in GIVING
    return 0.3 if block and all((party in GIVING) != giving for party in block) else 1.0
