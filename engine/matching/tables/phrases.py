"""Narrows down what a printed text may mean before it is compared in earnest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from engine.matching.labels import Label, Lexicon, Meaning

NEAR = 0.45
"""Share of the words that a text and a phrase have in common, at least."""

Rates = tuple[tuple[int, float], ...]
"""Meanings by their numbers, and how much a text means each of them."""


class Index:
    """The phrases of some meanings by their words."""

    def __init__(self, meanings: Sequence[Meaning]) -> None:
        self.meanings = meanings
        self._phrases: dict[str, list[tuple[int, Label]]] = {}
        self._numbers: dict[str, set[int]] = {}
        for number, meaning in enumerate(meanings):
            for phrase in meaning.phrases:
                for word in dict.fromkeys(phrase):
                    self._phrases.setdefault(word, []).append((number, phrase))
                    self._numbers.setdefault(word, set()).add(number)

    def __contains__(self, word: str) -> bool:
        return word in self._phrases

    def holding(self, words: Iterable[str]) -> set[int]:
        """The meanings that have one of the words in a phrase."""
        return set().union(*[self._numbers.get(word, ()) for word in words])

    def near(self, words: frozenset[str]) -> Iterator[tuple[int, Meaning]]:
        """The meanings with phrases that share enough words with a text, and only those phrases:
        comparing it with all would take most of the time."""
        found: dict[int, dict[Label, None]] = {}
        for word in sorted(words):
            for number, phrase in self._phrases.get(word, ()):
                shared = len(words.intersection(phrase))
                if 2 * shared >= NEAR * (len(phrase) + len(words)):
                    found.setdefault(number, {})[phrase] = None
        for number, phrases in sorted(found.items()):
            yield number, replace(self.meanings[number], phrases=tuple(phrases))


class Phrases:
    """What texts of a document mean; remembers every text it was asked about.

    The meanings of each index are numbered on from those of the one before.
    """

    def __init__(self, lexicon: Lexicon, least: float, *indexes: Index) -> None:
        self._lexicon = lexicon
        self._least = least
        self._indexes = indexes
        self._words: dict[str, frozenset[str]] = {}
        self._known: dict[str, Rates] = {}

    def words(self, text: str) -> frozenset[str]:
        """The canonical words of a text."""
        if text not in self._words:
            tokens = self._lexicon.tokens(text)
            self._words[text] = frozenset([token.word for token in tokens])
        return self._words[text]

    def knows(self, word: str) -> bool:
        return any(word in index for index in self._indexes)

    def rates(self, text: str) -> Rates:
        """The meanings that a text may have and their likeness, where it is not too little."""
        if text not in self._known:
            self._known[text] = tuple(self._rated(text))
        return self._known[text]

    def _rated(self, text: str) -> Iterator[tuple[int, float]]:
        words, first = self.words(text), 0
        for index in self._indexes:
            for number, meaning in index.near(words):
                rate = self._lexicon.likeness(meaning, text)
                if rate >= self._least:
                    yield first + number, rate
            first += len(index.meanings)
