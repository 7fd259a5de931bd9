"""The names of the months in the languages of Latin script that forms and bills come in."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal

from babel.dates import get_month_names

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "da", "nb", "sv", "ms", "id")
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
_UNLISTED = {"mrz": 3, "sett": 9}


@functools.cache
def numbers() -> Mapping[str, int]:
    """The number of the month by its name or short form, casefolded, without a dot; with and
    without accents. Where two languages disagree, the first of the list counts."""
    found = dict(_UNLISTED)
    for name, number in _names():
        for form in (name, _plain(name), name.replace("ä", "ae")):
            found.setdefault(form, number)
    return found


def _names() -> Iterator[tuple[str, int]]:
    for language in _LANGUAGES:
        for width in _WIDTHS:
            for context in _CONTEXTS:
                for number, name in get_month_names(width, context, language).items():
                    yield str(name).casefold().rstrip("."), number


def _plain(name: str) -> str:
    marked = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in marked if not unicodedata.combining(letter))
