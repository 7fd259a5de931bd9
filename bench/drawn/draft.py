"""A document on its way: what is known about it, what was printed of that, and its paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.drawn.house import House, value
from bench.drawn.lands import Dice
from bench.drawn.paper import Paper, Pen

Row = tuple[str, str]
"""A label and what is printed for it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One document with its ground truth.

    ``truth`` has strings as they are printed (a line break between the lines of an address),
    amounts and quantities as numbers, days also as ``<field>_iso``, ``line_items`` with the
    printed columns only, and None for what was left blank. ``asked`` are the fields printed, and
    ``printed`` has the text on the paper for each. Documents of the same ``vendor`` look alike.
    """

    name: str
    kind: str
    language: str
    vendor: str
    pdf: bytes
    truth: Mapping[str, Any]
    asked: tuple[str, ...]
    printed: Mapping[str, str]


class Draft:
    """Facts are told to the paper one by one; only those told become part of the truth."""

    def __init__(self, house: House, dice: Dice, size: tuple[float, float]) -> None:
        self.house, self.dice = house, dice
        self.paper = Paper(size)
        margin = house.pick("margin", (36, 42, 48, 54, 60)) if size[0] > 300 else 14
        self.x0, self.x1 = float(margin), size[0] - margin
        self.pen: Pen = house.pen
        self._facts: dict[str, tuple[str, Any]] = {}
        self._told: dict[str, None] = {}
        self._blank: list[str] = []
        self._labels: dict[str, str] = {}

    def know(self, field: str, text: str, what: Any = None) -> None:
        """A fact as it would be printed; the data is the text itself where none is given."""
        self._facts[field] = (text, text if what is None else what)

    def know_day(self, field: str, when: date) -> None:
        self.know(field, self.house.day(when, field))
        self._facts[f"{field}_iso"] = ("", when.isoformat())

    def know_sum(self, field: str, cents: int, *, signed: bool = True) -> None:
        money = self.house.money
        self.know(field, money.signed(cents) if signed else money.plain(cents), value(cents))

    def text(self, field: str) -> str:
        return self._facts[field][0]

    def tells(self, field: str) -> bool:
        """Whether it is on the paper already."""
        return field in self._told

    def tell(self, field: str) -> str:
        """What to print; from now on the document has this field."""
        self._told[field] = None
        return self._facts[field][0]

    def leave(self, field: str) -> None:
        """The paper has a place for it, and nothing stands there."""
        self._blank.append(field)

    def reserve(self, field: str) -> None:
        """Print no wording of this field for another one."""
        for label in self.house.words("labels", field):
            self._labels[label.casefold()] = field

    def label(self, field: str, wording: str = "", **gaps: str) -> str:
        """This vendor's label for the field, which no other field here has."""
        label = self.house.label(wording or field, **gaps)
        others = (each for each in self.house.words("labels", wording or field) if "{" not in each)
        while self._labels.get(label.casefold(), field) != field:
            label = next(others, f"{label} *")
        self._labels[label.casefold()] = field
        return label

    def row(self, field: str, wording: str = "", **gaps: str) -> Row:
        """The label of the field, and what to print for it."""
        return self.label(field, wording, **gaps), self.tell(field)

    def done(self, name: str) -> Drawn:
        house = self.house
        isos = [f"{field}_iso" for field in self._told if f"{field}_iso" in self._facts]
        return Drawn(
            name=name,
            kind=house.kind,
            language=house.language,
            vendor=house.seller.name,
            pdf=self.paper.pdf(),
            truth=dict.fromkeys(self._blank)
            | {field: self._facts[field][1] for field in [*self._told, *isos]},
            asked=tuple(self._told),
            printed={field: self._facts[field][0] for field in self._told},
        )
