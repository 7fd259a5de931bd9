"""Finds what banks print: IBANs and card numbers with their checksums, and BICs."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from stdnum import iban, luhn, numdb

from engine.matching.values import territories
from engine.matching.values.reading import Habits, Reading, apart

_IBAN = re.compile(
    r"(?:(?<![^\W_])|(?<=IBAN))[A-Z]{2} ?[0-9OIl]{2}(?:[ .-]?[A-Z0-9]){11,32}(?:[a-z](?![a-z]))?"
)
_LENGTH = re.compile(r"([0-9]+)!?[nac]")
_LETTERS_FOR_DIGITS = str.maketrans("OIl", "011")
_LONGEST_IBAN = 34

_BIC = re.compile(r"(?<![^\W_])[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![^\W_])")
_BIC_LABEL = re.compile(r"BIC|SWIFT", re.IGNORECASE)

_CARD = re.compile(
    r"(?<![\w/])(?<![0-9][., -])[0-9](?:[ -]?[0-9]){12,18}(?![^\W_]|[.,/-][0-9])"
    r"|(?<![\w/])(?:[0-9]{4}[ -]?(?:[0-9]{2})?)?(?:[*\u2022#][ -]?){2,16}[0-9]{4}(?!\w|[.,/-][0-9])"
    r"|(?<![\w/])(?:[0-9]{4}[ -]?(?:[0-9]{2})?)?(?:[xX][ -]?){4,16}[0-9]{4}(?!\w|[.,/-][0-9])"
)
_GAP = re.compile(r"[ .-]")
_CARD_LENGTHS = (15, 16)


def ibans(text: str, _habits: Habits) -> list[Reading]:
    """The IBANs without spaces; a wrong checksum makes them doubtful."""
    found = []
    for match in _IBAN.finditer(text):
        length = _lengths().get(match[0][:2], _LONGEST_IBAN + 1)
        ends = [at for at, letter in enumerate(match[0], 1) if letter not in " .-"]
        if length <= len(ends):
            end = match.start() + ends[length - 1]
            number, sure = _checked(_GAP.sub("", text[match.start() : end]))
            found.append(Reading("iban", match.start(), end, number, sure))
    return found


def bics(text: str, _habits: Habits) -> list[Reading]:
    """The BICs. Words in capitals can look the same: without a digit, or BIC or SWIFT in the
    text, they are doubtful."""
    labelled = _BIC_LABEL.search(text) is not None
    found = []
    for match in _BIC.finditer(text):
        if match[1] in territories.codes() and match[0].lower() not in territories.names():
            plain = match[0].isalpha() and not match[0].endswith("XXX")
            sure = 0.95 if labelled else 0.2 if plain else 0.6
            found.append(Reading("bic", *match.span(), match[0], sure))
    return found


def cards(text: str, _habits: Habits) -> list[Reading]:
    """The card numbers without spaces and dashes, also masked ones such as ``**** 4417``."""
    found = []
    for match in _CARD.finditer(text):
        number = _GAP.sub("", match[0])
        found.append(Reading("card", *match.span(), number, _card_certainty(number)))
    return apart(found)


def _card_certainty(number: str) -> float:
    if not number.isdigit():
        return 0.9 if len(number) >= 8 else 0.6
    if luhn.is_valid(number):
        return 0.95 if len(number) in _CARD_LENGTHS else 0.4
    return 0.3 if len(number) in _CARD_LENGTHS else 0.1


def is_misprinted(number: str) -> bool:
    """Whether the check digits of an IBAN or of a whole card number are wrong."""
    if number.isdigit():
        return len(number) in _CARD_LENGTHS and not luhn.is_valid(number)
    return number[:2].isalpha() and not iban.is_valid(number)


def _checked(number: str) -> tuple[str, float]:
    """The number, with digits for letters if that makes the checksum right."""
    for form in (number, number[:2] + number[2:].translate(_LETTERS_FOR_DIGITS)):
        if iban.is_valid(form):
            return form, 1.0
    return number, 0.35


@functools.cache
def _lengths() -> Mapping[str, int]:
    """How many letters and digits the IBANs of a country have."""
    known = numdb.get("iban")
    found = {}
    for country in territories.codes():
        entries = known.info(country)
        bban = entries[0][1].get("bban", "")
        if bban:
            found[country] = 4 + sum(int(number) for number in _LENGTH.findall(bban))
    return found
