"""The words that give a company's name or an address away, and how texts are compared with them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

MOST_LETTERS = 500
"""Of a text that is looked at."""

SEPARATOR = re.compile(r"\s+[-\u2013—|•·]\s+|\s*[|•·]\s*")
"""Between a name and an address, or the lines of an address, that are printed in one line."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.][^\W\d_]+)*\.?|\d+", re.U)


@dataclass(frozen=True, slots=True)
class Words:
    legal_forms: frozenset[str]
    trade: frozenset[str]
    streets: frozenset[str]
    street_endings: tuple[str, ...]
    premises: frozenset[str]
    regions: frozenset[str]
    us_states: frozenset[str]
    not_names: frozenset[str]


@cache
def known() -> Words:
    text = resources.files("engine.matching").joinpath("parties.toml").read_text("utf-8")
    data = tomllib.loads(text)
    lists = {name: frozenset(map(plain, entries)) for name, entries in data.items()}
    return Words(
        legal_forms=lists["legal_forms"],
        trade=lists["trade"],
        streets=lists["streets"],
        street_endings=tuple(sorted(lists["street_endings"])),
        premises=lists["premises"],
        regions=lists["regions"],
        us_states=frozenset(data["us_states"]),
        not_names=lists["not_names"],
    )


def plain(text: str) -> str:
    """Lower case, no accents, no full stops."""
    if text.isascii():
        return text.lower().replace(".", "")
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in parts if not unicodedata.combining(char) and char != ".")
    return bare.casefold()


def words_of(text: str) -> tuple[str, ...]:
    return _words_of(text[:MOST_LETTERS])


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in _WORD.findall(text))


def is_legal(word: str) -> bool:
    return word in known().legal_forms
