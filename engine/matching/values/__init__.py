"""Finds typed values in runs of text: where they are printed, their normal form, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.matching.values import (
    accounts,
    amounts,
    codes,
    contact,
    currencies,
    dates,
    document,
    durations,
    flags,
    integers,
    percents,
    places,
    tax,
    times,
)
from engine.matching.values.reading import TYPES, UNKNOWN, Habits, Reading, Type

__all__ = ["TYPES", "UNKNOWN", "Habits", "Reading", "Type", "find", "habits"]

_FINDERS: Mapping[Type, Callable[[str, Habits], list[Reading]]] = {
    "date": dates.find,
    "time": times.find,
    "amount": amounts.find,
    "integer": integers.find,
    "percent": percents.find,
    "code": codes.find,
    "iban": accounts.ibans,
    "bic": accounts.bics,
    "vat_id": tax.find,
    "card": accounts.cards,
    "phone": contact.phones,
    "email": contact.emails,
    "url": contact.urls,
    "currency": currencies.find,
    "duration": durations.find,
    "postcode": places.postcodes,
    "country": places.countries,
    "flag": flags.find,
}
_MOST_CHARACTERS = 2_000


def habits(texts: Iterable[str]) -> Habits:
    """How a document prints numbers and dates, from the first 5,000 of its lines of text."""
    return document.habits(text[:_MOST_CHARACTERS] for text in texts)


def find(wanted: Type, text: str, habits: Habits = UNKNOWN) -> list[Reading]:
    """The values of this type in the first 2,000 characters of a text, from left to right, none
    overlapping another. Never raises."""
    return _FINDERS[wanted](text[:_MOST_CHARACTERS], habits)
