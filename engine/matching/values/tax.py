"""Finds VAT and tax numbers: those of Europe by the country before them, others by their form,
their checksum or the label right before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from stdnum.au import abn
from stdnum.br import cnpj
from stdnum.ch import uid
from stdnum.es import nif as spanish
from stdnum.eu import vat
from stdnum.gb import vat as british
from stdnum.in_ import gstin
from stdnum.it import iva
from stdnum.mx import rfc
from stdnum.nl import btw
from stdnum.no import orgnr
from stdnum.pt import nif as portuguese
from stdnum.sg import uen
from stdnum.us import ein

from engine.matching.values.reading import Habits, Reading, apart, outside

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


_NATIONAL: tuple[tuple[re.Pattern[str], Callable[[str], bool], float], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-])(?:{form})(?![\w/]|[.,-]\d)"), is_valid, certainty)
    for form, is_valid, certainty in (
        (r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]", gstin.is_valid, 0.95),
        (r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}|[0-9]{14}", cnpj.is_valid, 0.95),
        (r"[0-9]{2}(?: ?[0-9]{3}){3}", abn.is_valid, 0.9),
        (r"[0-9]{9} ?B[0-9]{2}", btw.is_valid, 0.9),
        (r"[0-9]{9} ?RT ?[0-9]{4}", bool, 0.9),
        (r"U ?[0-9]{8}", lambda number: vat.is_valid("AT" + number), 0.9),
        (r"[A-Z]-?[0-9]{7}-?[0-9A-Z]|[0-9]{8}-?[A-Z]", spanish.is_valid, 0.8),
        (r"[A-Z]{3,4}[0-9]{6}[A-Z0-9]{3}", rfc.is_valid, 0.8),
        (r"[0-9]{8,9}[A-Z]|T[0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]", uen.is_valid, 0.75),
        (r"M[0-9R]-?[0-9]{7}-?[0-9A-Z]", bool, 0.7),
        (r"[A-Z][0-9]{2}-[0-9]{4}-[0-9]{8}", bool, 0.8),
        (r"[0-9]{2}-[0-9]{7}", ein.is_valid, 0.6),
        (r"[0-9]{3} ?[0-9]{4} ?[0-9]{2}(?: ?[0-9]{3})?", british.is_valid, 0.6),
        (r"[0-9]{11}", iva.is_valid, 0.6),
        (r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}", portuguese.is_valid, 0.5),
    )
)
"""Numbers without a country: their form, their checksum, and how sure they are if it is right."""

_LABELLED = re.compile(
    r"""\b(?:VAT|GSTIN|GST|SST|HST|ABN|EIN|FEIN|TIN|UEN|TVA|BTW|IVA|MwSt|MWST|USt|UID|P\.?[ ]?IVA
    |P\.I|NIF|N\.I\.F|CIF|C\.I\.F|NIPC|CNPJ|RFC|CUIT|RUT|NIT|MVA|Moms|NIP|DIČ|Contribuinte
    |(?:Sales|Service|State)[ ][Tt]ax|Tax[ ]ID|Umsatzsteuer|[Pp]artita[ ]IVA)\b
    [^0-9:\n]{0,30}:?[ ]?(?P<number>(?:[A-Z]{1,3}[ -]?)?[0-9](?:[ ./-]?[0-9A-Z]){6,17})
    (?![\w/]|[.,-]\d|[ ]?[%€$£])""",
    re.VERBOSE,
)
"""A number that is called a tax number right before it."""

_FEWEST_DIGITS, _LEAST_DIGITS = 6, 7
"""Of a number with a form of its own, and of one that is only called a tax number."""

_CALLED = 0.85


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
    spans = [reading.span for reading in found]
    return apart([*found, *outside(_without_country(text), spans)])


def is_misprinted(number: str) -> bool:
    """Whether the check digits of a number with its country are wrong."""
    country = next((name for name in _BODIES if number.startswith(name)), "")
    body = number[len(country) :]
    known = _PATTERNS[country].fullmatch(body) if country else None
    return bool(known) and not _is_right(country, body)


def _without_country(text: str) -> list[Reading]:
    """Those that only their form or the label before them tells."""
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return []
    called = {match.start("number"): match.span("number") for match in _LABELLED.finditer(text)}
    found = [
        _reading(text, *match.span(), max(certainty, _CALLED if match.start() in called else 0))
        for form, is_valid, certainty in _NATIONAL
        for match in form.finditer(text)
        if is_valid(match[0])
    ]
    named = [
        _reading(text, *span, _CALLED)
        for span in called.values()
        if sum(map(str.isdigit, text[slice(*span)])) >= _LEAST_DIGITS
    ]
    return [*found, *outside(named, [reading.span for reading in found])]


def _reading(text: str, start: int, end: int, certainty: float) -> Reading:
    return Reading("vat_id", start, end, re.sub(r"[ .-]", "", text[start:end]), certainty)


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
