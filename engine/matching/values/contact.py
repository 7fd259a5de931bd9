"""Finds phone numbers, e-mail addresses and addresses of the web."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException

from engine.matching.values import accounts, dates
from engine.matching.values.reading import Habits, Reading, outside

_PHONE = re.compile(
    r"(?<![\w/+#])(?<![0-9][.,:])(?<![^\W_]-)(?:\+ ?)?\(?[0-9][0-9() ./\u2011\u2013-]{4,24}[0-9]"
    r"(?!\w|[.,:/%-][0-9]|[ ]?%)"
)
_MAYBE = re.compile(r"[0-9][^A-Za-z]{4,}[0-9]")
_SHAPES = (
    (re.compile(r"[0-9]{5}-[0-9]{4}"), 0.2),
    (re.compile(r"\(?[2-9][0-9]{2}[) .-]{1,2}[2-9][0-9]{2}[ .-][0-9]{4}"), 0.85),
    (re.compile(r"(?=(?:[^0-9]?[0-9]){8}|\()\(?0[0-9]{1,5}\)?[ ./-]{1,3}[0-9]{2}[0-9 ./-]*"), 0.7),
    (re.compile(r".*[0-9]\.[0-9]{2}(?:[^0-9.].*)?"), 0.0),
    (re.compile(r"0[0-9]{8,}"), 0.4),
    (re.compile(r"[0-9]+|[0-9] .*"), 0.15),
)
"""How national numbers are printed, decimals and other numbers among them."""

_BROKEN = re.compile(r"  |[./-]{2}|[./-] [./-]")
_FEWEST, _LIKELY, _MOST = 6, 7, 15

_TLDS = (
    "com|net|org|info|biz|edu|gov|eu|io|co|app|dev|shop|online|at|au|be|br|ca|ch|cn|cz|de|dk|es|fi|fr"
    "|gr|hk|hu|id|ie|il|in|it|jp|kr|lu|mx|my|nl|no|nz|pl|pt|ro|ru|se|sg|si|sk|th|tr|tw|uk|us|za"
)
_EMAIL = re.compile(
    rf"""(?<![\w.+-])[\w+-](?:[\w.+-]{{0,62}}[\w+-])?[ ]?@[ ]?
    (?:\w[\w-]{{0,62}}(?:\.\w[\w-]{{0,62}}){{0,4}}[ ]?\.[ ]?(?:{_TLDS})(?![\w-]|\.\w)
    |\w[\w-]{{0,62}}(?:\.\w[\w-]{{0,62}}){{0,4}}\.[^\W\d_]{{2,20}}(?![\w-]))""",
    re.VERBOSE | re.IGNORECASE,
)
_URL = re.compile(
    rf"""(?<![\w@.-])(?:
    (?P<scheme>https?://|www\.)[^\s<>"']{{2,300}}
    |(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_TLDS})(?![\w@-]|\.[^\W_])(?:/[^\s<>"']{{0,300}})?)""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}\u2019'\""


def phones(text: str, habits: Habits) -> list[Reading]:
    """The phone numbers as printed: those with their country as a library judges them, others by
    how many digits they have and how these are grouped."""
    if not _MAYBE.search(text):
        return []
    found = []
    for match in _PHONE.finditer(text):
        printed = match[0]
        certainty = _phone_certainty(printed)
        if certainty:
            found.append(Reading("phone", *match.span(), printed, certainty))
    if not found:
        return []
    others = [*dates.find(text, habits), *accounts.ibans(text, habits)]
    return outside(found, (other.span for other in others if other.certainty > 0.3))


def emails(text: str, _habits: Habits) -> list[Reading]:
    """The e-mail addresses without spaces."""
    if "@" not in text:
        return []
    return [
        Reading("email", *match.span(), match[0].replace(" ", ""), 0.8 if " " in match[0] else 0.98)
        for match in _EMAIL.finditer(text)
    ]


def urls(text: str, _habits: Habits) -> list[Reading]:
    """The addresses of the web as printed; bare domains with less certainty."""
    if "." not in text:
        return []
    found = []
    for match in _URL.finditer(text):
        printed = match[0].rstrip(_TRAILING)
        certainty = 0.98 if match["scheme"] else 0.7
        found.append(
            Reading("url", match.start(), match.start() + len(printed), printed, certainty)
        )
    return found


def _phone_certainty(printed: str) -> float:
    digits = sum(letter.isdigit() for letter in printed)
    if not _FEWEST <= digits <= _MOST or _BROKEN.search(printed):
        return 0.0
    if printed.startswith(("+", "00")):
        return _international(printed)
    for shape, certainty in _SHAPES:
        if shape.fullmatch(printed):
            return certainty
    return 0.4 if digits >= _LIKELY else 0.25


def _international(printed: str) -> float:
    number = printed.replace("(0)", "").lstrip("+ ")
    number = number[2:] if printed.startswith("00") else number
    try:
        parsed = phonenumbers.parse("+" + number)
    except NumberParseException:
        return 0.2
    if phonenumbers.is_valid_number(parsed):
        return 0.97 if printed[0] == "+" else 0.8
    possible = phonenumbers.is_possible_number(parsed)
    return (0.7 if possible else 0.3) if printed[0] == "+" else 0.3
