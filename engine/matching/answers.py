"""Turns what is printed into the value of a field: its type, its format, its choices."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from engine.schema import Leaf, Scalar

ALIKE = 85.0
"""Percent in which a printed text and a choice of an ``enum`` agree, at least."""

ISO_DATES = frozenset(("date", "date-time"))
_ISO_PATTERN = re.compile(r"\\d\{4\}-|\[0-9\]\{4\}-")
_MOST_DIGITS = 15


def answer(leaf: Leaf, type: str, text: str, value: Scalar | None = None) -> Scalar | None:  # noqa: A002
    """The value of this field for a printed text, None where it cannot be one.

    ``type`` and ``value`` are what the text was read as: a type of ``engine.matching.values`` with
    its normal form, or a type of text without one.
    """
    if leaf.hints.choices:
        return _choice(leaf, text, value)
    if leaf.kind == "string":
        return _printed(leaf, type, text, value)
    if leaf.kind == "boolean":
        return value if isinstance(value, bool) else None
    return _number(leaf, text, value)


def wants_iso(leaf: Leaf) -> bool:
    """Whether a date is asked for as ``2026-03-18`` and not as printed."""
    return leaf.hints.format in ISO_DATES or bool(_ISO_PATTERN.search(leaf.hints.pattern))


def _printed(leaf: Leaf, type: str, text: str, value: Scalar | None) -> str | None:  # noqa: A002
    if type == "date" and wants_iso(leaf) and isinstance(value, str):
        return f"{value}T00:00:00" if leaf.hints.format == "date-time" else value
    if type == "duration" and isinstance(value, str) and "(" in text:
        return value  # in words and in digits: "three (3) years"
    return " ".join(text.split()) or None


def _number(leaf: Leaf, text: str, value: Scalar | None) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        digits = re.sub(r"\s", "", text)
        if not digits.isdecimal() or len(digits) > _MOST_DIGITS:
            return None
        value = int(digits)
    if leaf.kind == "integer":
        return int(value) if value == int(value) else None
    return value


def _choice(leaf: Leaf, text: str, value: Scalar | None) -> Scalar | None:
    """The choice that the text says; a number or a date is compared as such."""
    if any(type(value) is type(choice) and value == choice for choice in leaf.hints.choices):
        return value
    words = [choice for choice in leaf.hints.choices if isinstance(choice, str) and choice]
    ranked = sorted(words, key=lambda choice: -_likeness(choice, text))
    return ranked[0] if ranked and _likeness(ranked[0], text) >= ALIKE else None


def _likeness(choice: str, text: str) -> float:
    return fuzz.ratio(_plain(choice), _plain(text))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
