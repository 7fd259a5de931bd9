"""Narrows down what a printed text may mean before it is compared in earnest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from engine.matching.labels import Label, Lexicon, Meaning

NEAR = 0.45
"""Share of the words that a text and a phrase have in common, at least."""

MOST_TEXTS, LONGEST = 2048, 200
"""Texts that are remembered, and the characters of the longest of them."""

Rates = tuple[tuple[int, float], ...]
"""Meanings by their numbers, and how much a text means each of them."""


class Phrases:
    """The phrases of some meanings by their words; labels and headings recur from document to
    document, so it remembers texts that it was asked about."""

    def __init__(self, meanings: Sequence[Meaning], lexicon: Lexicon, least: float) -> None:
        self._meanings = meanings
        self._lexicon = lexicon
        self._least = least
        self._all = [(at, each) for at, meaning in enumerate(meanings) for each in meaning.phrases]
        self._places: dict[str, list[int]] = {}
        self._numbers: dict[str, set[int]] = {}
        for place, (number, phrase) in enumerate(self._all):
            for word in dict.fromkeys(phrase):
                self._places.setdefault(word, []).append(place)
                self._numbers.setdefault(word, set()).add(number)
        self._remembered = lru_cache(maxsize=MOST_TEXTS)(self._rates)

    def __contains__(self, word: str) -> bool:
        return word in self._places

    def holding(self, words: Iterable[str]) -> set[int]:
        """The meanings that have one of the words in a phrase."""
        return set().union(*[self._numbers.get(word, ()) for word in words])

    def rates(self, text: str) -> Rates:
        """The meanings that a text may have and their likeness, where it is not too little."""
        return self._remembered(text) if len(text) <= LONGEST else self._rates(text)

    def _rates(self, text: str) -> Rates:
        words = {token.word for token in self._lexicon.tokens(text)}
        rated = [
            (number, self._lexicon.likeness(meaning, text)) for number, meaning in self._near(words)
        ]
        return tuple([pair for pair in rated if pair[1] >= self._least])

    def _near(self, words: set[str]) -> Iterator[tuple[int, Meaning]]:
        """The meanings with phrases that share enough words with a text, and only those phrases:
        comparing it with all would take most of the time."""
        shared: Counter[int] = Counter()
        for word in words:
            shared.update(self._places.get(word, ()))
        found: dict[int, list[Label]] = {}
        for place, count in sorted(shared.items()):
            number, phrase = self._all[place]
            if 2 * count >= NEAR * (len(phrase) + len(words)):
                found.setdefault(number, []).append(phrase)
        for number, phrases in found.items():
            yield number, replace(self._meanings[number], phrases=tuple(phrases))
