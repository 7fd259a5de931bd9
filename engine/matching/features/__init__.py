"""What a candidate looks like, in numbers: by itself, and as the value of one wanted field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
from engine.matching.spots import UNBOUNDED, Kind, Link, Spot, words_between
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


Reach = tuple[Spot, NDArray[np.int_], NDArray[np.int_], Vector]
"""A label, and of the candidates that it speaks for: their numbers, the kinds, the strengths."""


Name = tuple[Label, frozenset[str]]
"""What a label says: its phrase, and the parties that are named beside it."""

Claims = tuple[Vector, NDArray[np.int_], Sequence[Name]]
"""For each candidate, in descending order: how strongly labels speak for it, and their numbers
among the names."""


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
        own = self._own(want, out)
        row, column = (self._others(want, claims) for claims in self._claims)
        out[:, len(Kind)] = own
        out[:, len(Kind) + 1] = np.maximum(0.0, np.maximum(row, column) - own)
        out[:, len(Kind) + 2], out[:, len(Kind) + 3] = row, column
        for role, strength in self._zones.items():
            place = len(Kind) + (4 if role == want.meaning.role else 5)
            np.maximum(out[:, place], strength, out=out[:, place])
        return out

    def _others(self, want: Want, claims: Claims) -> Vector:
        """How strongly the labels of other fields speak for each candidate."""
        strengths, numbers, names = claims
        mine = np.array([self._fits(want, name) for name in names] + [True])
        return np.where(mine[numbers], 0.0, strengths).max(axis=0, initial=0.0)

    def _own(self, want: Want, out: Vector) -> Vector:
        best = np.zeros(len(self.candidates))
        for phrase in want.phrases & self._links.keys():
            for spot, places, kinds, strengths in self._links[phrase]:
                fit = _role_fit(want, spot)
                np.maximum.at(out, (places, kinds), fit * strengths)
                np.maximum.at(best, places, fit * strengths)
        return best

    def _fits(self, want: Want, name: Name) -> bool:
        phrase, roles = name
        return phrase in want.phrases and (
            not roles or want.meaning.role is None or want.meaning.role in roles
        )

    @cached_property
    def _by_cell(self) -> Mapping[Key, Sequence[int]]:
        found: dict[Key, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.candidates):
            found[candidate.cell.key].append(place)
        return found

    @cached_property
    def _links(self) -> Mapping[Label, Sequence[Reach]]:
        found: dict[Label, list[Reach]] = defaultdict(list)
        for spot, links in self.scene.spots.linked:
            weak = self.type in WORDY and not spot.is_plain
            reached = list(self._reached(links, WEAK if weak else 1.0))
            if reached:
                places, kinds, strengths = zip(*reached, strict=True)
                found[spot.phrase].append(
                    (spot, np.array(places), np.array(kinds), np.array(strengths))
                )
        return found

    def _reached(self, links: Sequence[Link], weight: float) -> Iterator[tuple[int, int, float]]:
        """Numbers of the candidates that a label speaks for, from where, and how strongly."""
        for link in links:
            for place in self._by_cell.get(link.cell.key, ()):
                candidate = self.candidates[place]
                if candidate.start >= link.start and candidate.end <= link.end:
                    strength = weight * link.strength * _nearness(link, candidate)
                    yield place, int(link.kind), strength

    @cached_property
    def _claims(self) -> tuple[Claims, Claims]:
        """The labels that speak most for each candidate: those in its row, those above it."""
        return self._claimed(_ROW), self._claimed(_COLUMN)

    def _claimed(self, weights: Mapping[int, float]) -> Claims:
        best: dict[int, dict[Name, float]] = defaultdict(dict)
        for found in self._links.values():
            for spot, places, kinds, strengths in found:
                if spot.is_role:
                    continue
                name = spot.phrase, spot.roles
                for place, kind, strength in zip(
                    places.tolist(), kinds.tolist(), strengths.tolist(), strict=True
                ):
                    claim = weights.get(kind, 0.0) * strength
                    if claim > best[place].get(name, 0.0):
                        best[place][name] = claim
        names = sorted({name for claims in best.values() for name in claims}, key=repr)
        number = {name: at for at, name in enumerate(names)}
        strengths = np.zeros((MOST_CLAIMS, len(self.candidates)))
        numbers = np.full((MOST_CLAIMS, len(self.candidates)), len(names))
        for place, claims in best.items():
            top = sorted(claims.items(), key=lambda claim: -claim[1])[:MOST_CLAIMS]
            for at, (name, claim) in enumerate(top):
                strengths[at, place], numbers[at, place] = claim, number[name]
        return strengths, numbers, names

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
    if link.kind == Kind.PROSE:
        return math.exp(-(candidate.start - link.start) / PROSE_FADES)
    if link.kind == Kind.BEFORE and link.end < UNBOUNDED:
        return float(0.75 ** min(8, words_between(cell, candidate.end + 1, link.end)))
    return float(0.75 ** min(8, words_between(cell, link.start, candidate.start)))


PROSE_FADES = 40.0
"""Characters after which a label in running text speaks with 1/e of its strength."""

_ROW = {int(Kind.INSIDE): 1.0, int(Kind.RIGHT): 0.9, int(Kind.FAR): 0.7, int(Kind.PROSE): 0.6}
_COLUMN = {int(Kind.BELOW): 0.5, int(Kind.COLUMN): 0.4}
"""How much the labels of other fields count, by where the candidate stands."""

MOST_CLAIMS = 3
"""Labels of others that are kept for a candidate."""


def _role_fit(want: Want, spot: Spot) -> float:
    """A label that names another party beside it is not the wanted one's."""
    wanted = want.meaning.role
    if not spot.roles or spot.is_role or wanted in spot.roles:
        return 1.0
    return 0.6 if wanted is None else 0.15
