"""Finds the VAT numbers of Europe, with their country before them and their checksums."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from stdnum.ch import uid
from stdnum.eu import vat
from stdnum.gb import vat as british
from stdnum.no import orgnr

from engine.matching.values.reading import Habits, Reading, apart

_BODIES = {
    "AT": r"U[0-9]{8}",
    "BE": r"[01]?[0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CHE": r"[0-9]{9}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{9}",
    "EL": r"[0-9]{9}",
    "ES": r"[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FI": r"[0-9]{8}",
    "FR": r"[A-Z0-9]{2}[0-9]{9}",
    "GB": r"[0-9]{12}|[0-9]{9}|(?:GD|HA)[0-9]{3}",
    "GR": r"[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}",
    "IE": r"[0-9][A-Z0-9+*][0-9]{5}[A-Z]{1,2}",
    "IT": r"[0-9]{11}",
    "LT": r"[0-9]{12}|[0-9]{9}",
    "LU": r"[0-9]{8}",
    "LV": r"[0-9]{11}",
    "MT": r"[0-9]{8}",
    "NL": r"[0-9]{9}B[0-9]{2}",
    "NO": r"[0-9]{9}(?:MVA)?",
    "PL": r"[0-9]{10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{6,10}",
    "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{10}",
    "XI": r"[0-9]{12}|[0-9]{9}",
}
"""What follows the country, without spaces and dots."""

_PATTERNS = {country: re.compile(body) for country, body in _BODIES.items()}
_COUNTRY = re.compile(rf"(?<![^\W_])({'|'.join(_BODIES)})(?=[ .:-]{{0,2}}[0-9A-Z])")
_LETTER = re.compile(r"[A-Za-z0-9+*]")
_FURTHEST = 26
"""Characters behind the country in which the number ends."""

_DOUBTFUL = 0.65


def find(text: str, _habits: Habits) -> list[Reading]:
    """The VAT numbers without spaces and dots; a wrong checksum makes them doubtful."""
    found = []
    for match in _COUNTRY.finditer(text):
        country = match[1]
        letters = list(_LETTER.finditer(text, match.end(), match.end() + _FURTHEST))
        printed = "".join(letter[0] for letter in letters)
        body = _PATTERNS[country].match(printed)
        if body and not _goes_on(text, letters[body.end() - 1].end()):
            end = letters[body.end() - 1].end()
            certainty = 0.98 if _is_right(country, body[0]) else _DOUBTFUL
            found.append(Reading("vat_id", match.start(), end, country + body[0], certainty))
    return apart(found)


def _goes_on(text: str, end: int) -> bool:
    return text[end : end + 1].isalnum()


def _british(number: str) -> bool:
    return british.is_valid(number[2:])


def _swiss(number: str) -> bool:
    return uid.is_valid(number)


def _norwegian(number: str) -> bool:
    return orgnr.is_valid(number[2:11])


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "GB": _british,
    "XI": _british,
    "CHE": _swiss,
    "NO": _norwegian,
}


def _is_right(country: str, body: str) -> bool:
    return _CHECKS.get(country, vat.is_valid)(country + body)
