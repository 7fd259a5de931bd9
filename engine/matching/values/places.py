"""Finds what stands in addresses: postcodes and countries."""

from __future__ import annotations

import re

from engine.matching.values import currencies, territories
from engine.matching.values.reading import Habits, Reading

_POSTCODE = re.compile(
    r"""(?:(?<![\w.,/-])|(?<=(?<![^\W_])[A-Z]-)|(?<=(?<![^\W_])[A-Z]{2}-)|(?<=,))(?:
    (?P<letters>[A-Z]{1,2}[0-9][A-Z0-9]?[ ]?[0-9][A-Z]{2}
        |[ABCEGHJ-NPRSTVXY][0-9][A-Z][ ]?[0-9][A-Z][0-9]
        |[AC-FHKNPRTV-Y][0-9][0-9W][ ](?=[A-Z]{0,3}[0-9])(?=[0-9]{0,3}[A-Z])[0-9A-Z]{4})
    |(?P<dutch>[1-9][0-9]{3}[ ]?(?P<tail>[A-Z]{2}))
    |(?P<dashed>[0-9]{5}-[0-9]{3,4}|[0-9]{4}-[0-9]{3}|[0-9]{2}-[0-9]{3}|[0-9]{3}-[0-9]{4})
    |(?P<named>(?:(?<=[Ss]ingapore[ ])|(?<=SINGAPORE[ ]))[0-9]{6})
    |(?P<five>[0-9]{5})|(?P<four>[1-9][0-9]{3})|(?P<six>[1-9][0-9]{5}|[1-9][0-9]{2}[ ][0-9]{3})
    )(?![^\W_]|[.,/:-][0-9]|[ ]?[%\u20ac$\u00a3])""",
    re.VERBOSE,
)
_TOWN = re.compile(r",? [A-Z\u00c0-\u00de][^\W\d_]{2}")
_CODE = re.compile(r" ?([A-Z]{2,3})(?![^\W_])")
_LAND = re.compile(r"(?<![^\W_])[A-Z]{1,2}-\Z")
"""Letters of a country before a postcode."""

_STATE = re.compile(r"(?<![^\W_])[A-Z]{2}[ -]\Z")
_BARE = {"five": 0.45, "four": 0.15, "six": 0.25}
_ANY = re.compile(r"[0-9]")

_WORDS_TOO = frozenset(("jersey", "jordan", "georgia", "chad", "turkey", "togo", "wales", "mali"))
"""Names of countries that are as often names of people, of states or of things."""


def postcodes(text: str, _habits: Habits) -> list[Reading]:
    """The postcodes as printed, without the letters of a country before a dash."""
    if not _ANY.search(text):
        return []
    found = []
    for match in _POSTCODE.finditer(text):
        group = match.lastgroup if match.lastgroup != "tail" else "dutch"
        after = _CODE.match(text, match.end())
        if currencies.code(match["tail"] or (after[1] if after else "")):
            continue
        certainty = _certainty(match, group or "")
        found.append(Reading("postcode", *match.span(), match[0], certainty))
    return found


def _certainty(match: re.Match[str], group: str) -> float:
    certainty = _BARE.get(group)
    if certainty is None:
        return 0.9 if group in ("letters", "named") else 0.8 if group == "dutch" else 0.6
    if _LAND.search(match.string, max(0, match.start() - 4), match.start()):
        certainty += 0.3
    if _TOWN.match(match.string, match.end()):
        certainty += 0.3
    if group == "five" and _STATE.search(match.string, max(0, match.start() - 4), match.start()):
        certainty += 0.2
    return certainty


def countries(text: str, _habits: Habits) -> list[Reading]:
    """The countries by their names as printed, in seven languages."""
    words = [
        (word[0].casefold().replace("\u2019", "'"), word)
        for word in territories.WORD.finditer(text)
    ]
    names = territories.names()
    found: list[Reading] = []
    end = 0
    for at, (first, word) in enumerate(words):
        if first not in names or word.start() < end or not word[0][0].isupper():
            continue
        for name in names[first]:
            if tuple(other for other, _ in words[at : at + len(name)]) == name:
                end = words[at + len(name) - 1][1].end()
                certainty = 0.5 if first in _WORDS_TOO else 0.9
                found.append(
                    Reading("country", word.start(), end, text[word.start() : end], certainty)
                )
                break
    return found
