"""Finds typed values in the texts of one document, each text once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from engine.matching import values
from engine.matching.values import Habits, Reading, Type

MOST = 4096
"""Texts that are remembered."""


class Readings:
    """The values in texts of a document with these habits."""

    def __init__(self, habits: Habits) -> None:
        self._find = lru_cache(maxsize=MOST)(lambda type_, text: values.find(type_, text, habits))

    def find(self, wanted: Type, text: str) -> Sequence[Reading]:
        """The values of this type in a text, from left to right."""
        return self._find(wanted, text)
