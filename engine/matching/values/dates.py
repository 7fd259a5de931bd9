"""Finds dates as people print them, in digits or with the month's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from engine.matching.values import damage, months
from engine.matching.values.reading import Habits, Reading, apart

_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\W\d_]{3,10}")

_YEAR = r"(?:19|20)[0-9]{2}(?![0-9:]|[.][0-9]{2}(?![0-9]))"
_GLUED = r"(?:19|20)[0-9]{2}(?=[0-2]?[0-9][:.][0-5][0-9])"
_SHORT = r"[0-9]{2}(?![0-9]|:[0-9])"
_SHORT_GLUED = r"[0-9]{2}(?=[0-2][0-9]:[0-5][0-9])"
_END = r"(?![ ]?[/.][ ]?[0-9]|[ ]?[\u2013-][ ]?[0-9](?![0-9]?[./]))"

_NUMERIC = re.compile(
    rf"""(?P<one>[0-9](?<![0-9]{{2}})(?<![0-9][./:,][0-9])(?<!(?<![0-9]{{3}})[0-9]-[0-9])[0-9]?)
    (?P<gap>[ ]?(?P<sign>[./:,\u2013-])[ ]?|[ ](?=[0-9]{{2}}[ ][12]))
    (?P<two>[0-9]{{1,2}})(?P<gap_too>[ ]?(?P<sign_too>[./:,\u2013-])[ ]?|[ ])
    (?:(?P<year>{_YEAR}|{_GLUED})|(?P<short>{_SHORT}|{_SHORT_GLUED})){_END}""",
    re.VERBOSE,
)
_YEAR_FIRST = re.compile(
    rf"""(?P<year>[12](?<![0-9]{{2}})(?<![0-9][./:,-][12])(?:(?<=1)9|(?<=2)0)[0-9]{{2}})
    (?:[ ]?(?P<sign>[./:-])[ ]?(?P<month>[0-9]{{1,2}})[ ]?(?P=sign)[ ]?
       (?P<day>[0-9]{{2}}(?=T?[0-2][0-9]:|[^0-9]|$)|[0-9](?![0-9]))
    |(?<![^\W_][0-9]{{4}})(?P<month_too>[01][0-9])(?P<day_too>[0-3][0-9])(?![\w,.][0-9]|\w)){_END}""",
    re.VERBOSE,
)
_CJK = re.compile(r"((?:19|20)[0-9]{2}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日")

_ORDINAL = r"[ ]?(?:st|nd|rd|th|er|ste|de|e|[.\u00ba\u00b0\u00aa])?"
_DAY_BEFORE = re.compile(
    rf"(?<![0-9])(?<![0-9][.,/:-])([0-9]{{1,2}}){_ORDINAL}(?:[ ]days?)?"
    r"[ .,/\u2013-]{0,3}(?:(?:of|de|den|di|del|av)[ ]{1,2})?\Z",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[ .,/\u2013-]{0,3}\Z")
_LINK = r"[ .,/\u2013-]{0,3}(?:(?:de|del|of|do|di)[ ]{1,2})?['\u2019]?[ ]?"
_YEAR_AFTER = re.compile(
    rf"{_LINK}((?:19|20)[0-9]{{2}}(?=[0-2]?[0-9][:.][0-5][0-9]|[^0-9]|$)|[0-9]{{2}}(?![0-9:]|[.,][0-9]))",
    re.IGNORECASE,
)
_DAY_YEAR_AFTER = re.compile(
    rf"""[ .,/\u2013-]{{0,3}}([0-9]{{1,2}})(?:{_ORDINAL}(?:[ .,/\u2013-]{{1,3}}['\u2019]?|['\u2019])
    |[ ]?(?:st|nd|rd|th))[ ]?
    ((?:19|20)[0-9]{{2}}(?=[0-2]?[0-9][:.][0-5][0-9]|[^0-9]|$)|[0-9]{{2}}(?![0-9:]|[.,][0-9]))""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY_AFTER = re.compile(r"[ .,/\u2013-]{0,3}([0-9]{1,2})(?![0-9:])")
_FURTHEST = 24
"""Characters before a month's name in which its day or year begins."""


@dataclass(frozen=True, slots=True)
class _Parts:
    start: int
    end: int
    year: int
    month: int
    day: int
    certainty: float


def find(text: str, habits: Habits) -> list[Reading]:
    """The dates, as ``2026-03-18``. Where day and month could be either, the habit of the document
    decides, and else the day comes first, with less certainty."""
    if not _DIGIT.search(text):
        return []
    mended = damage.mend(text)
    found = [*_named(mended), *_numeric(mended, habits.day_first)]
    if "20" in mended or "19" in mended:
        found += _year_first(mended)
    if not found:
        return []
    if mended != text:
        found = [_less_if_mended(parts, text, mended) for parts in found]
    return apart(
        Reading("date", parts.start, parts.end, _iso(parts), parts.certainty) for parts in found
    )


def order(text: str) -> bool | None:
    """Whether the day comes first in the first date of digits that can be read in one way only."""
    for match in _NUMERIC.finditer(text):
        one, two = int(match["one"]), int(match["two"])
        if match["year"] and max(one, two) > 12 and min(one, two) <= 12:
            return one > two
    return None


def names_month_first(text: str) -> bool:
    """Whether it has a date such as March 18, 2026."""
    return any(text[parts.start].isalpha() for parts in _named(text))


def _iso(parts: _Parts) -> str:
    return f"{parts.year:04d}-{parts.month:02d}-{parts.day:02d}"


def _less_if_mended(parts: _Parts, text: str, mended: str) -> _Parts:
    if text[parts.start : parts.end] == mended[parts.start : parts.end]:
        return parts
    return replace(parts, certainty=parts.certainty * 0.8)


def _century(printed: str) -> int:
    year = int(printed)
    if len(printed) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _exists(year: int, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _numeric(text: str, day_first: bool | None) -> Iterator[_Parts]:
    for match in _NUMERIC.finditer(text):
        trust = _trust(match)
        if trust:
            yield from _ordered(match, day_first, trust)


def _trust(match: re.Match[str]) -> float:
    """How much the separators speak for a date; 0 for times and lists of numbers."""
    signs = {match["sign"], match["sign_too"]}
    if None in signs:
        return 0.6 if len(signs) == 1 and match["year"] and len(match["two"]) == 2 else 0.0
    if match["short"]:
        if len(signs) > 1 or not signs <= {"/", ".", "-"}:
            return 0.5 if signs in ({".", ","}, {".", ":"}) else 0.0
        if "." in signs and len(match["gap"] + match["gap_too"]) > 2:
            return 0.0
        whole = len(match["one"]) == 2 and len(match["two"]) == 2
        return (0.85 if whole else 0.75) if "." not in signs else (0.8 if whole else 0.55)
    if len(signs) > 1 or signs & {":", ","}:
        return 0.75
    return 0.98 if len(match["gap"]) == 1 == len(match["gap_too"]) else 0.9


def _ordered(match: re.Match[str], day_first: bool | None, trust: float) -> Iterator[_Parts]:
    one, two = int(match["one"]), int(match["two"])
    year = _century(match["year"] or match["short"])
    can = [(day, month) for day, month in ((one, two), (two, one)) if _exists(year, month, day)]
    if not can:
        return
    certainty = trust
    if len(can) == 2 and one != two:
        certainty *= 0.7 if day_first is None else 0.95
        if day_first is False:
            can.reverse()
    day, month = can[0]
    yield _Parts(match.start(), match.end(), year, month, day, certainty)


def _year_first(text: str) -> Iterator[_Parts]:
    for match in _YEAR_FIRST.finditer(text):
        year = int(match["year"])
        month = int(match["month"] or match["month_too"])
        day = int(match["day"] or match["day_too"])
        if _exists(year, month, day):
            certainty = 0.98 if match["month"] else 0.5
            yield _Parts(match.start(), match.end(), year, month, day, certainty)
    if "月" in text:
        for match in _CJK.finditer(text):
            year, month, day = (int(match[group]) for group in (1, 2, 3))
            if _exists(year, month, day):
                yield _Parts(match.start(), match.end(), year, month, day, 1.0)


def _named(text: str) -> Iterator[_Parts]:
    names = months.numbers()
    if names.keys().isdisjoint(_WORD.findall(text.casefold())):
        return
    for word in _WORD.finditer(text):
        month = names.get(word[0].casefold())
        if month:
            parts = _around(text, word.start(), word.end(), month)
            if parts and _exists(parts.year, parts.month, parts.day):
                yield parts


def _around(text: str, start: int, end: int, month: int) -> _Parts | None:
    """The date around the month's name at ``text[start:end]``; the day may not exist."""
    floor = max(0, start - _FURTHEST)
    day = _DAY_BEFORE.search(text, floor, start)
    year = _YEAR_AFTER.match(text, end)
    if day and year:
        parts = _Parts(day.start(), year.end(), _century(year[1]), month, int(day[1]), 0.98)
        if _exists(parts.year, month, parts.day):
            return parts
    after = _DAY_YEAR_AFTER.match(text, end)
    if after:
        certainty = 0.98 if len(after[2]) == 4 else 0.7
        return _Parts(start, after.end(), _century(after[2]), month, int(after[1]), certainty)
    year = _YEAR_BEFORE.search(text, floor, start)
    number = _DAY_AFTER.match(text, end)
    if year and number:
        return _Parts(year.start(), number.end(), int(year[1]), month, int(number[1]), 0.95)
    return None
