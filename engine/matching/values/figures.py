"""Finds numbers with all that is printed on them: sign, brackets, currency, per cent, units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from engine.matching.values import currencies, damage, dates, numerals
from engine.matching.values.numerals import Numeral
from engine.matching.values.reading import Habits, Reading, outside

Tail = Literal["", "percent", "count"]

_DIGIT = re.compile(r"[0-9]")
_MINUS = r"[-\u2212\u2013]"
_SPACE = r"[ \u00a0\u2009\u202f]"
_OPEN = r"(?P<open>\([ ]?)?"
_SIGN = rf"(?P<sign>(?<![^\s(:=])[-\u2212\u2013+]|(?<!.){_MINUS}[ ])?"

_CURRENCY = rf"(?P<currency>{currencies.PRINTED})"
_BEFORE = re.compile(
    rf"{_OPEN}{_SIGN}(?:(?<![^\W_]){_CURRENCY}{_SPACE}?(?P<late>{_MINUS}[ ]?)?)?\Z"
)
_SIGN_BEFORE = re.compile(rf"{_OPEN}{_SIGN}(?P<currency>(?!))?\Z")
_DASH = rf"(?P<dash>[.,] ?[-\u2013\u2014]{{1,2}}(?![0-9]))?(?P<minus>{_MINUS}(?![^\W_]))?"
_CLOSE = r"(?P<close> ?\))?(?: ?(?:(?P<credit>CR|Cr)|DR|Dr)(?!\w))?"
_AFTER = re.compile(rf"{_DASH}(?:{_SPACE}?{_CURRENCY}(?![^\W_]))?(?P<late>{_MINUS}(?!\w))?{_CLOSE}")
_SIGN_AFTER = re.compile(rf"{_DASH}(?P<currency>(?!))?(?P<late>(?!))?{_CLOSE}")
_FURTHEST = 9
"""Characters before a number in which its sign and currency begin."""

_PERCENT = re.compile(
    r" ?%| (?:percent|per cent|pct|prozent|pour ?cent|por ciento|por cento|per cento|procent)\b"
    r"| ?v\. ?H\.",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r" ?(?:x|\u00d7|st\u00fcck|st[ckg]?k|pcs?|pieces?|ea|units?|uds?|unidades|unit\u00e0|pz|pezzi"
    r"|pi\u00e8ces?|pces|stuks?|pe\u00e7as|nos|std|hrs?|hours?|days?|tage|h|kg|g|km|l|ml)"
    r"(?![^\W_]|\u00b7)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?<![^\W_])[xX\u00d7]\Z")
_JOINED_BEFORE = re.compile(r"(?:[\w/#&'\u2019+\u2212\u2013-]|\w[.,]|[0-9]:)\Z")
_JOINED_AFTER = re.compile(
    r"[a-z0-9_]|[A-Z]\w|[@#&'\u2019\u2013-]\w|[/:][0-9]| (?:[ap]\.?m\b|Uhr\b)"
)
_PLAIN = frozenset("abcdefghijklmnoquvwxyz0123456789:;, ")
"""Before a space they end no currency and no sign."""

_MINUSES = frozenset("-\u2212\u2013")
_PLAIN_AFTER = frozenset(("", *"0123456789 "))
"""After a space they begin no currency, no sign and no unit."""

_RUN = re.compile(r"(?<![0-9.,])[0-9]+(?: [0-9]+){2,}(?![.,]?[0-9])|\+ ?[0-9(][0-9() ./-]{6,20}")
_MOST_BARE = 6
"""Digits without separators that are likely a number and not the number of a thing."""

_LEAST_RUN = 9
"""Digits from which whole numbers in a row are one long number of a card, a phone, an account."""


class Figure(NamedTuple):
    """A number as printed: ``text[start:end]`` covers its sign, brackets, currency and per cent."""

    start: int
    end: int
    digits: str
    """As printed, with their separators."""

    numeral: Numeral
    negative: bool
    has_currency: bool
    is_round: bool
    """Dashes stand for the cents: ``12,--``."""

    tail: Tail
    mended: bool
    """Letters stand for some of its digits."""

    @property
    def value(self) -> int | float:
        """With its sign."""
        return -self.numeral.value if self.negative and self.numeral.value else self.numeral.value

    @property
    def is_bare(self) -> bool:
        """Digits with nothing that makes them money."""
        return not (self.has_currency or self.is_round or self.numeral.is_written_out)

    @property
    def likeness(self) -> float:
        """How much bare digits look like a number and not like a year or the number of a thing."""
        if self.digits[0] == "0" and len(self.digits) > 1:
            return 0.2
        if len(self.digits) > _MOST_BARE:
            return 0.25
        return 0.5 if len(self.digits) == 4 and self.digits[:2] in ("19", "20") else 1.0


class _Side(NamedTuple):
    """What is printed on one side of the digits, and where that ends."""

    edge: int
    minus: bool = False
    bracket: int | None = None
    """Where a bracket ends."""

    has_currency: bool = False
    is_round: bool = False
    tail: Tail = ""


def find(text: str, habits: Habits) -> Iterator[Figure]:
    """The numbers that are no part of a longer word, a time or a fraction, from left to right."""
    if not _DIGIT.search(text):
        return
    whole = damage.mend(text)
    floor = 0
    for match in numerals.PATTERN.finditer(whole):
        numeral = numerals.read(match[0], habits.decimal)
        if numeral:
            printed = match[0] if whole is text else text[match.start() : match.end()]
            figure = _figure(match, floor, numeral, printed)
            if figure:
                floor = figure.end
                yield figure


def settle(text: str, found: list[Reading], habits: Habits) -> list[Reading]:
    """The readings of figures without those that are parts of dates, phones and long numbers."""
    if not found:
        return found
    found = outside(found, (reading.span for reading in dates.find(text, habits)))
    if len(found) > 2 or "+" in text:
        found = outside(found, _runs(text))
    return found


def _figure(match: re.Match[str], floor: int, numeral: Numeral, printed: str) -> Figure | None:
    """None if the digits are a part of something longer."""
    text = match.string
    left = _left(text, floor, match.start())
    right = _right(text, match.end(), left.has_currency) if left else None
    if left is None or right is None:
        return None
    start, end, negative = left.edge, right.edge, left.minus or right.minus
    money = left.has_currency or right.has_currency
    mended, tail = printed != match[0], left.tail or right.tail
    if money or right.is_round or numeral.is_written_out:
        if left.bracket is not None and right.bracket is not None:
            start, end, negative = left.bracket, right.bracket, True
    elif mended or not (tail or _is_apart(text, end)):
        return None
    if " " in printed and mended:
        numeral = numeral._replace(doubtful=True)
    return Figure(start, end, printed, numeral, negative, money, right.is_round, tail, mended)


def _is_apart(text: str, end: int) -> bool:
    """Digits alone go on in no letter and no slash."""
    return not (text[end : end + 1].isalpha() or text[end : end + 1] == "/")


def _left(text: str, floor: int, start: int) -> _Side | None:
    """What is printed before the digits; None if they are joined to a word."""
    if start == 0 or (text[start - 1] == " " and text[max(0, start - 2)] in _PLAIN):
        return _Side(start)
    before = _before(text, max(floor, start - _FURTHEST), start)
    if before is None:
        return None
    has_currency = before["currency"] is not None
    minus = not _MINUSES.isdisjoint(before[0])
    if before["open"]:
        return _Side(before.end("open"), minus, before.start(), has_currency)
    edge = before.start()
    if edge and text[edge - 1] != " ":
        if _TIMES.search(text, max(0, edge - 2), edge):
            return _Side(edge - 1, tail="count")
        if _JOINED_BEFORE.search(text, max(0, edge - 2), edge):
            return None
    return _Side(edge, minus, None, has_currency)


def _before(text: str, floor: int, start: int) -> re.Match[str] | None:
    """Bracket, sign and currency, if a currency it is."""
    before = _BEFORE.search(text, floor, start)
    if before and before["currency"] and not currencies.code(before["currency"]):
        return _SIGN_BEFORE.search(text, floor, start)
    return before


def _right(text: str, end: int, has_currency: bool) -> _Side | None:
    """What is printed after the digits; None if they are joined to a word."""
    if end == len(text) or (text[end] == " " and text[end + 1 : end + 2] in _PLAIN_AFTER):
        return _Side(end)
    if percent := _PERCENT.match(text, end):
        return _Side(percent.end(), tail="percent")
    if _COUNTED.match(text, end):
        return _Side(end, tail="count")
    after = _after(text, end, has_currency)
    if after is None:
        return None
    edge, bracket = after.end(), None
    if after["close"]:
        edge, bracket = after.start("close"), after.end()
    if _JOINED_AFTER.match(text, edge):
        return None
    minus = bool(after["minus"] or after["late"] or after["credit"])
    return _Side(edge, minus, bracket, after["currency"] is not None, after["dash"] is not None)


def _after(text: str, end: int, has_currency: bool) -> re.Match[str] | None:
    """Dashes, sign, currency if it is one and none stands before, bracket and side."""
    after = _AFTER.match(text, end)
    if after and after["currency"] and (has_currency or not currencies.code(after["currency"])):
        return _SIGN_AFTER.match(text, end)
    return after


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where phone numbers with a plus and other long numbers in groups are."""
    for match in _RUN.finditer(text):
        if len(match[0].replace(" ", "")) >= _LEAST_RUN:
            yield match.span()
