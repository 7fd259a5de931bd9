"""Reads the words of a cell as the value of its column, with the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_args

from engine.matching.answers import answer
from engine.matching.tables.columns import Column
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import is_number, written
from engine.matching.values import Reading, Type
from engine.types import FieldValue, Word, union

NOTHING = FieldValue(None, 0.0)

TEXT_CERTAINTY = 0.9
LOOSE_CERTAINTY = 0.4
"""Of a text in a column of another type."""

MOST_CHARACTERS = 2000
"""Of a cell's text."""

_TYPES: dict[str, Type] = {name: name for name in get_args(Type)}


def read(
    column: Column, words: Sequence[Word], readings: Readings, page: int, fit: float = 1.0
) -> FieldValue:
    """The value in a cell; ``fit`` says from 0 to 1 how surely the cell is of this column."""
    words = _bare(words)
    text = written(words)[:MOST_CHARACTERS]
    if not text:
        return NOTHING
    reading = typed(column, text, readings)
    if reading:
        value = answer(column.leaf, reading.type, text[reading.start : reading.end], reading.value)
        if value is not None:
            return _found(value, reading.certainty * fit, _touched(words, reading), page)
    if column.leaf.kind != "string":
        return NOTHING
    certainty = TEXT_CERTAINTY if column.is_whole else LOOSE_CERTAINTY
    return _found(answer(column.leaf, "text", text), certainty * fit, words, page)


def typed(column: Column, text: str, readings: Readings) -> Reading | None:
    """The surest value of the column's type in a text; None if it is a column of text or of codes:
    these are the whole cell."""
    if column.is_whole:
        return None
    type_ = _TYPES.get(column.meaning.type, "amount" if column.is_numeric else None)
    if type_ is None:
        return None
    found = readings.find(type_, text)
    if not found and column.is_numeric:
        found = list(alone(text, readings)) or readings.find("percent", text)
    return max(found, key=lambda reading: reading.certainty, default=None)


def alone(text: str, readings: Readings) -> Iterator[Reading]:
    """Numbers with a unit or another word beside them: 5 Unit(s), 3 Stk."""
    for word in re.finditer(r"\S+", text):
        if is_number(word.group()):
            for found in readings.find("amount", word.group()):
                yield replace(found, start=word.start() + found.start, end=word.start() + found.end)


def _bare(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without bullets and other signs at either end, unless there is nothing else."""
    for at, word in enumerate(words):
        if _is_said(word.text):
            return tuple(words if words[0].text.strip() in _CURRENCIES else words[at:])
    return ()


def _is_said(text: str) -> bool:
    return text.isalnum() or any(map(str.isalnum, text))


_CURRENCIES = frozenset("$\u20ac\u00a3\u00a5(-\u2212\u2013")


def _touched(words: Sequence[Word], reading: Reading) -> tuple[Word, ...]:
    found, at = [], 0
    for word in words:
        if at < reading.end and at + len(word.text) > reading.start:
            found.append(word)
        at += len(word.text) + 1
    return tuple(found)


def _found(
    value: str | int | float | bool | None, certainty: float, words: Sequence[Word], page: int
) -> FieldValue:
    if value is None or not words:
        return NOTHING
    letters = sum([len(word.text) for word in words]) or 1
    surely = sum([word.confidence * len(word.text) for word in words]) / letters
    confidence = min(1.0, max(0.0, certainty * surely))
    box = union([word.box for word in words])
    return FieldValue(value, confidence, page=page, box=box, words=tuple(words))
