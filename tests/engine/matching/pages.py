"""Pages of words with a fixed pitch, for the tests of the field matcher."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine import schema
from engine.matching import Extraction, extract, labels
from engine.matching.candidates import Scene
from engine.matching.labels import Label, Lexicon
from engine.matching.sheet import Sheet
from engine.matching.spots import Spots
from engine.matching.values import UNKNOWN, Habits
from engine.types import Box, FieldValue, Line, Page, Word

PITCH, HEIGHT, LEADING = 10, 20, 30
LEFT = TOP = 50

Placed = tuple[str, float, float]
"""A line's text, and the x and y where it begins."""


def line(text: str, x: float = LEFT, y: float = TOP, sure: float = 0.99) -> Line:
    """Ten pixels a letter or space: three spaces part two cells."""
    return Line(
        tuple(
            Word(
                match.group(),
                Box(x + PITCH * match.start(), y, x + PITCH * match.end(), y + HEIGHT),
                sure,
            )
            for match in re.finditer(r"\S+", text)
        )
    )


def page(*placed: Placed | str, number: int = 1) -> Page:
    """Strings stand below each other, each at the place of its number; an empty one is a gap."""
    lines = [
        line(each, LEFT, TOP + LEADING * at) if isinstance(each, str) else line(*each)
        for at, each in enumerate(placed)
        if each
    ]
    return Page(number, 1000, 1400, tuple(lines), "")


def typed(text: str, number: int = 1) -> Page:
    """The lines of a text that is written as it shall stand on the page."""
    return page(*text.splitlines(), number=number)


def sheet(*placed: Placed | str) -> Sheet:
    return Sheet([page(*placed)])


def scene(*placed: Placed | str, habits: Habits = UNKNOWN, own: tuple[Label, ...] = ()) -> Scene:
    lying = sheet(*placed)
    return Scene(lying, Spots(lying, labels.load(), own), habits)


def extracted(
    template: Mapping[str, Any], *placed: Placed | str, lexicon: Lexicon | None = None
) -> Extraction:
    return extract(schema.parse(template), [page(*placed)], lexicon)


def found(template: Mapping[str, Any], *placed: Placed | str) -> Any:
    """The data of a template or a JSON Schema on one page."""
    return extracted(template, *placed).data


def one(name: str, empty: object, *placed: Placed | str) -> Any:
    """The value of a field with this name and sentinel."""
    return found({name: empty}, *placed)[name]


def evidence(name: str, empty: object, *placed: Placed | str) -> FieldValue:
    return extracted({name: empty}, *placed).fields[name]
