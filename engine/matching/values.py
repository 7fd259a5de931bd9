"""Reads what is printed beside or below a label as a value of the field's type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.schema import Kind, Scalar

TRUE = frozenset(("yes", "y", "true", "x", "checked", "on", "ja", "oui", "si", "✓", "✔", "☑", "☒"))
FALSE = frozenset(("no", "n", "false", "unchecked", "off", "nein", "non", "☐", "[]"))

_PADDING = re.compile(r"(?:[\s:;=_\u2026]|\.{2,}|\.(?!\d)|[-\u2013\u2014](?!\S))+")
"""What stands between a label and its value, dotted lines included."""

_MINUS = "[-\u2212\u2013]"
_CURRENCY = r"(?:US\$|[$£€¥₹₩₽₺฿]|USD|EUR|GBP|CHF|AUD|CAD|NZD|JPY|SGD|MYR|INR|RM|Rs\.?|kr)"
_NUMBER = re.compile(
    rf"""(?<![\w.,/-])(?<!\d:)              # not the end of a word, a date or a time of day
    (?P<open>\()? (?P<minus>{_MINUS}?) (?:{_CURRENCY}\ ?)? (?P<minus_too>{_MINUS}?)
    (?P<digits>[0-9][0-9.,'\u2019]*)
    (?:\ ?{_CURRENCY})? (?P<after>(?:{_MINUS}|[)%]){{0,3}})
    (?![\w/\u2013-])(?!:\d)                 # nor the beginning of one
    """,
    re.VERBOSE,
)
_SHAPES = (
    (re.compile(r"[1-9]\d{0,2}(?:[,'\u2019]\d{2,3})*[,'\u2019]\d{3}(?:\.\d+)?"), "."),
    (re.compile(r"\d+(?:\.\d+)?"), "."),
    (re.compile(r"\d+,\d+"), ","),
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"), ","),
)
"""How digits are grouped, and the decimal point that goes with it; the first that fits counts:
``1,234`` is a thousand and more, ``1.234`` is not, ``1.234,5`` is again."""

_MOST_DIGITS = 40


def read(kind: Kind, text: str) -> Scalar | None:
    """The first value of this type in a run of text; None if there is none."""
    padding = _PADDING.match(text)
    text = text[padding.end() if padding else 0 :].strip()
    if kind == "string":
        return text or None
    if kind == "boolean":
        return _flag(text)
    numbers = _numbers(text)
    if kind == "integer":
        numbers = (number for number in numbers if number == int(number))
    return next(numbers, None)


def _flag(text: str) -> bool | None:
    word = text.casefold().partition(" ")[0].strip("()[].,;") or text
    if word in TRUE:
        return True
    return False if word in FALSE else None


def _numbers(text: str) -> Iterator[int | float]:
    """Percentages come last: they stand before the amount they lead to."""
    found = [(match, _size(match["digits"])) for match in _NUMBER.finditer(text)]
    for match, size in sorted(found, key=lambda pair: "%" in pair[0]["after"]):
        if size is not None:
            yield -size if _is_negative(match) else size


def _size(digits: str) -> int | float | None:
    digits = digits.rstrip(".,'\u2019")
    for shape, point in _SHAPES:
        if len(digits) <= _MOST_DIGITS and shape.fullmatch(digits):
            whole, _, rest = digits.rpartition(point) if point in digits else (digits, "", "")
            whole = re.sub(r"\D", "", whole)
            return float(f"{whole}.{rest}") if rest else int(whole)
    return None


def _is_negative(match: re.Match[str]) -> bool:
    signs = match["minus"] + match["minus_too"] + match["after"].replace("%", "").rstrip(")")
    return bool(signs) or bool(match["open"] and ")" in match["after"])
