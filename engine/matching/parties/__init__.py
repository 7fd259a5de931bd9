"""Names of companies and people, and postal addresses: what has no form of its own.

What words give them away stands in ``parties.toml``.
"""

from __future__ import annotations

from engine.matching.parties.addresses import (
    ADDRESS_LINES,
    addresses,
    addressness,
    has_postcode,
    joined,
    likeness,
    stacks,
)
from engine.matching.parties.names import (
    NAME_LETTERS,
    NAME_WORDS,
    is_introduced,
    is_namelike,
    is_wordy,
    names,
)
from engine.matching.parties.places import cities, regions, streets
from engine.matching.parties.words import Words, is_legal, known, plain, words_of

__all__ = [
    "ADDRESS_LINES",
    "NAME_LETTERS",
    "NAME_WORDS",
    "Words",
    "addresses",
    "addressness",
    "cities",
    "has_postcode",
    "is_introduced",
    "is_legal",
    "is_namelike",
    "is_wordy",
    "joined",
    "known",
    "likeness",
    "names",
    "plain",
    "regions",
    "stacks",
    "streets",
    "words_of",
]
