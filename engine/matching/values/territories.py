"""Knows the countries: their ISO codes, and their names in the languages of the label tables."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*")

_COMMON = (
    "USA",
    "U.S.A",
    "United States of America",
    "UK",
    "U.K",
    "Great Britain",
    "England",
    "Scotland",
    "Wales",
    "Northern Ireland",
    "Holland",
    "UAE",
    "Korea",
    "Hong Kong",
    "Macau",
    "Czech Republic",
    "Turkey",
    "Bosnia and Herzegovina",
    "Trinidad and Tobago",
    "The Netherlands",
    "Tschechische Republik",
)


@functools.cache
def codes() -> frozenset[str]:
    """The ISO codes of two letters."""
    territories = map(str, Locale("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha())


@functools.cache
def names() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The words of the names, casefolded, by the first of them; the longest names first."""
    grouped: dict[str, set[tuple[str, ...]]] = {}
    for name in (*_printed(), *_COMMON):
        words = tuple(WORD.findall(name.casefold().replace("\u2019", "'")))
        if words:
            grouped.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(all_, key=_longest)) for first, all_ in grouped.items()}


def _longest(words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return -len(words), words


def _printed() -> Iterator[str]:
    for language in LANGUAGES:
        territories = Locale(language).territories
        for code in codes():
            if code in territories:
                yield territories[code]
