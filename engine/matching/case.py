"""A schema and a document brought together: the fields asked for, and every candidate for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from engine.matching import scoring, values, wanted
from engine.matching.candidates import Scene
from engine.matching.features import Field
from engine.matching.features.frame import Frame
from engine.matching.features.pairs import Claims
from engine.matching.labels import Lexicon
from engine.matching.scoring import Ranking, Weights
from engine.matching.sheet import Sheet
from engine.matching.spots import Spots
from engine.matching.wanted import Want
from engine.schema import Node
from engine.types import Page

HABIT_CELLS = 5_000
"""Cells that are looked at to learn how a document writes dates and numbers."""


class Case:
    """One extraction, up to the point where weights are needed."""

    def __init__(self, node: Node, pages: Sequence[Page], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.sheet = Sheet(pages)
        self.wants = tuple(wanted.wants(node, lexicon))
        self.arrays = tuple(wanted.arrays(node))
        self.habits = values.habits(cell.text for cell in islice(self.sheet.cells, HABIT_CELLS))
        own = {phrase for want in self.wants for phrase in want.phrases}
        scene = Scene(self.sheet, Spots(self.sheet, lexicon, own), self.habits)
        self._scene, self._frame, self._claims = scene, Frame(scene), Claims(scene.spots)
        self._fields: dict[str, Field] = {}

    def field(self, want: Want) -> Field:
        """All candidates of the wanted type."""
        if want.type not in self._fields:
            self._fields[want.type] = Field(want.type, self._scene, self._frame, self._claims)
        return self._fields[want.type]

    def amounts(self) -> frozenset[float]:
        """The sizes of all amounts that are printed anywhere."""
        read = (candidate.value for candidate in self._scene.readings("amount"))
        return frozenset(abs(value) for value in read if isinstance(value, int | float))

    def rank(self, want: Want, weights: Weights) -> Ranking:
        return scoring.rank(self.field(want), want, weights)
