"""Finds identifiers: the codes by which people name a document, an order or a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.matching.values import currencies, dates, months
from engine.matching.values.reading import Habits, Reading, outside

_ANY = re.compile(r"[0-9]|[A-Z][/_.-][A-Z]")
_CANDIDATE = re.compile(
    r"""(?<![^\W_])(?<![0-9][.:,])(?<![$\u20ac\u00a3\u00a5\u20b9])(?:
    (?P<prefix>[A-Z]{1,4})[ ](?P<number>[0-9][0-9/.-]{1,30}[0-9])(?![\w%]|[.:,/][0-9]|[ ][%0-9])
    |(?P<run>[0-9]{2,5}(?:[ ][0-9]{2,5}){2,6})(?![\w/:%-]|[.,][0-9])
    |[#]?[^\W_](?:(?:[\w/.&-]|,(?=[0-9])){0,60}[^\W_])?(?![\w%]|:[0-9]|[ ]%)
    )""",
    re.VERBOSE,
)
_LABEL = re.compile(r"(?:[^\W\d_]{1,12}\.){1,4}(?=[A-Z]{0,5}[0-9]{2})|(?:No|Nr)(?=[0-9]{2})")
_WEB = re.compile(r"\S{0,80}(?:@|://|www\.)\S{1,200}|\+ ?[0-9(][0-9() ./-]{5,20}")
_MONEY = re.compile(r"(?:[A-Z]{1,3}|Rs\.?)?(?:[0-9]+(?:\.[0-9]{3})*\.)?[0-9]+(?:[A-Z]{1,3})?")
_MEASURE = re.compile(r"[0-9.]+(?:[a-z]{1,3}|-[a-z]{1,9}|x[0-9.]+[a-z]{0,2})")
_STATE_AND_ZIP = re.compile(r"[A-Z]{2} [0-9]{5}")
_CAPITALS = re.compile(r"[A-Z]{2,}(?:[/_.-][A-Z]{2,}){1,5}")
_GROUPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){1,4}")

_LABEL_WORDS = (
    "ABN AT BOX BTW CIF DATE FAX FROM GST HRB ID IVA LOT MOB MWST NET NIF NIP NO NR OF ON PAGE PLZ"
    " QTY REG SIZE SST SUM TAX TEL TO TOT TVA UST VAT X ZIP"
)
_LABELS = frozenset(_LABEL_WORDS.split())
"""Words in capitals that stand before numbers and are no part of them."""

_LEAST_RUN = 9
_SHORT = (0.1, 0.1, 0.15, 0.3, 0.4)
"""How surely digits alone are a code, by their number; more than four are one more surely."""


def find(text: str, habits: Habits) -> list[Reading]:
    """The codes as printed, a leading # included, without the punctuation around them."""
    if not _ANY.search(text):
        return []
    found = list(_candidates(text))
    if not found:
        return []
    sure = [reading.span for reading in dates.find(text, habits) if reading.certainty > 0.5]
    web = (match.span() for match in _WEB.finditer(text)) if _has_web(text) else ()
    return outside(found, [*sure, *web])


def _has_web(text: str) -> bool:
    return "@" in text or "+" in text or "://" in text or "www." in text


def _candidates(text: str) -> Iterator[Reading]:
    for match in _CANDIDATE.finditer(text):
        if match[0].isalpha():
            continue
        if match["prefix"] and _is_prefix(match["prefix"]):
            certainty = 0.35 if _STATE_AND_ZIP.fullmatch(match[0]) else 0.75
            yield _reading(match[0], match.start(), certainty)
        elif match["run"]:
            yield from _groups(match["run"], match.start())
        else:
            start = match.start("number") if match["prefix"] else match.start()
            label = _LABEL.match(text, start, match.end())
            start = label.end() if label else start
            certainty = _certainty(text[start : match.end()].lstrip("#"))
            if certainty:
                yield _reading(text[start : match.end()], start, certainty)


def _reading(printed: str, start: int, certainty: float) -> Reading:
    return Reading("code", start, start + len(printed), printed, certainty)


def _is_prefix(word: str) -> bool:
    return (
        word not in _LABELS
        and word.strip("X") != ""
        and currencies.code(word) is None
        and word.casefold() not in months.numbers()
    )


def _groups(run: str, start: int) -> Iterator[Reading]:
    """Digits in groups: one long number, or short ones side by side."""
    if len(run.replace(" ", "")) >= _LEAST_RUN:
        yield _reading(run, start, 0.5)
        return
    for group in run.split(" "):
        yield _reading(group, start, _certainty(group))
        start += len(group) + 1


def _certainty(token: str) -> float:
    if token.isdigit():
        if len(token) == 4 and token[:2] in ("19", "20"):
            return 0.2
        return _SHORT[len(token)] if len(token) < len(_SHORT) else 0.65
    if "," in token or (_MONEY.fullmatch(token) and "." in token):
        return 0.3 if _GROUPS.fullmatch(token) else 0.0
    letters = sum(letter.isalpha() for letter in token)
    digits = sum(letter.isdigit() for letter in token)
    if not digits:
        return 0.25 if _CAPITALS.fullmatch(token) else 0.0
    return _mixed(token, letters, digits)


def _mixed(token: str, letters: int, digits: int) -> float:
    if not letters:
        return 0.75 if digits > 4 else 0.3
    if _MEASURE.fullmatch(token):
        return 0.1
    if token != token.upper():
        return 0.5 if digits >= 3 else 0.3
    return 0.9 if digits >= 2 and len(token) >= 4 else 0.5
