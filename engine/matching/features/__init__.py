"""What a candidate looks like, in numbers: by itself, and as the value of one wanted field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from engine.matching import candidates, parties, values
from engine.matching.candidates import Scene, Source
from engine.matching.features import amounts, companies, frame, postal
from engine.matching.features.frame import Frame, Vector
from engine.matching.features.pairs import Claims, Numbers, Pairs, Said
from engine.matching.sheet import Key
from engine.matching.spots import Kind
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


class Field:
    """The candidates of one type in a document with their features."""

    def __init__(self, type: str, scene: Scene, frame: Frame, claims: Claims) -> None:  # noqa: A002
        self.type = type
        self.scene = scene
        self.candidates = tuple(islice(source(type)(scene), candidates.MOST))
        self._frame = frame
        self._claims = claims

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
        """Features of each candidate as the value of this field: (candidates, PAIR).

        Of a field that nobody knows the meaning of, no label can be said to mean another one."""
        out = np.zeros((len(self.candidates), len(PAIR)))
        pairs = self._pairs
        fits = self._fits(want)
        mine = pairs.of(np.flatnonzero(fits))
        candidate, claims = pairs.candidate[mine], fits[pairs.label[mine]] * pairs.strength[mine]
        np.maximum.at(out, (candidate, pairs.kind[mine]), claims)
        np.maximum.at(out[:, _LABEL], candidate, claims)
        own = candidate[fits[pairs.label[mine]] >= NEARLY]
        if want.meaning.concept:
            out[:, _OTHER_ROW : _OTHER_COLUMN + 1] = self._contested(own, fits)
            out[:, _CONTESTED] = np.maximum(0.0, out[:, _OTHER_ROW] - out[:, _LABEL])
        if want.meaning.role:
            self._parties(want.meaning.role, out[:, _OWN_PARTY : _OWN_PARTY + 2])
        return out

    def _fits(self, want: Want) -> Vector:
        """How well each label of the document fits a field."""
        found = np.zeros(len(self._claims.labels))
        for phrase, fit in want.phrases.items():
            for number in self._claims.by_phrase.get(phrase, ()):
                found[number] = fit * _fit(want, self._claims.labels[number])
        return found

    def _contested(self, own: Numbers, fits: Vector) -> Vector:
        """How strongly labels that do not fit speak for each candidate: (candidates, 2).

        Nearly all labels are those of other fields, so only the candidates that a fitting one
        speaks for, its ``own``, are looked at again."""
        pairs = self._pairs
        is_own = np.zeros(len(self.candidates), bool)
        is_own[own] = True
        others = np.flatnonzero(is_own[pairs.candidate])
        others = others[fits[pairs.label[others]] < NEARLY]
        best = self._strongest.copy()
        best[own] = 0.0
        np.maximum.at(best, pairs.candidate[others], self._rivalry[others])
        return best

    @cached_property
    def _strongest(self) -> Vector:
        """The most that any label speaks for each candidate as the value of another field."""
        best = np.zeros((len(self.candidates), 2))
        np.maximum.at(best, self._pairs.candidate, self._rivalry)
        return best

    @cached_property
    def _rivalry(self) -> Vector:
        """What each pair counts against other fields, in the row and in the column."""
        pairs = self._pairs
        in_row = _ROW_OF_MARKS if self.type == "flag" else _ROW
        found = np.column_stack([in_row, _COLUMN])[pairs.kind] * pairs.strength[:, None]
        if self.type not in NAMED:
            is_role = np.array([label.is_role for label in self._claims.labels], bool)
            found[is_role[pairs.label]] = 0.0
        return found

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
        return self._claims.pairs(self.candidates, WEAK if self.type in WORDY else 1.0)

    @cached_property
    def _zones(self) -> Mapping[str, Vector]:
        """How surely each candidate stands in the block of each party."""
        found: dict[str, Vector] = {}
        for spot, zone in self.scene.spots.zones:
            for cell, strength in zone:
                places = self._by_cell.get(cell.key, ())
                for role in spot.roles:
                    sure = found.setdefault(role, np.zeros(len(self.candidates)))
                    for place in places:
                        sure[place] = max(sure[place], strength * spot.clear)
        return found


_ROW = np.array([1.0, 0.9, 0.7, 0.0, 0.0, 0.0, 0.9, 0.0])
_ROW_OF_MARKS = np.array([1.0, 0.9, 0.7, 0.0, 0.0, 1.0, 0.9, 0.0])
_COLUMN = np.array([0.0, 0.0, 0.0, 0.5, 0.4, 0.0, 0.0, 0.3])
"""How much the labels of other fields count, by the kind of place; a mark is often printed before
its label."""

NEARLY = 0.5
"""A label that fits less speaks for another field."""


def _fit(want: Want, label: Said) -> float:
    """How well a label of one of its phrases fits the field: one that names another party, or
    stands in the block of one on the other side, is not the wanted one's, and one that stands in
    no block is hardly a customer's."""
    wanted, roles, block = want.meaning.role, label.roles, label.block
    if wanted in roles or (not roles and wanted is None):
        return 1.0
    if roles:
        return 0.6 if wanted is None else 0.15
    if not block:
        return 0.6 if label.phrase in want.bare else 1.0
    giving = wanted in GIVING
    return 0.3 if all((party in GIVING) != giving for party in block) else 1.0
