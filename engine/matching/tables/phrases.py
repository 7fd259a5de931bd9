"""Narrows down what a printed text may mean before it is compared in earnest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from engine.matching.labels import Label, Lexicon, Meaning


class Phrases:
    """The phrases of some meanings by their words; remembers every text it was asked about."""

    def __init__(self, meanings: Sequence[Meaning], lexicon: Lexicon, least: float) -> None:
        self._meanings = meanings
        self._lexicon = lexicon
        self._least = least
        self._words: dict[str, frozenset[str]] = {}
        self._known: dict[str, tuple[tuple[int, float], ...]] = {}
        self._by_word: dict[str, list[tuple[int, Label]]] = {}
        for number, meaning in enumerate(meanings):
            for phrase in meaning.phrases:
                self._learn(number, phrase)

    def words(self, text: str) -> frozenset[str]:
        """The canonical words of a text."""
        if text not in self._words:
            tokens = self._lexicon.tokens(text)
            self._words[text] = frozenset(token.word for token in tokens)
        return self._words[text]

    def holding(self, words: Iterable[str]) -> set[int]:
        """The meanings that have one of the words in a phrase."""
        return {number for word in words for number, _ in self._by_word.get(word, ())}

    def knows(self, word: str) -> bool:
        return word in self._by_word

    def rates(self, text: str) -> tuple[tuple[int, float], ...]:
        """The meanings that a text may have and their likeness, where it is not too little."""
        if text not in self._known:
            rated = (
                (number, self._lexicon.likeness(meaning, text))
                for number, meaning in self._near(self.words(text))
            )
            self._known[text] = tuple(pair for pair in rated if pair[1] >= self._least)
        return self._known[text]

    def _near(self, words: frozenset[str]) -> Iterator[tuple[int, Meaning]]:
        """The meanings with phrases that share enough words with a text, and only those phrases:
        comparing it with all would take most of the time."""
        found: dict[int, dict[Label, None]] = {}
        for word in sorted(words):
            for number, phrase in self._by_word.get(word, ()):
                shared = len(words.intersection(phrase))
                if 2 * shared >= NEAR * (len(phrase) + len(words)):
                    found.setdefault(number, {})[phrase] = None
        for number, phrases in sorted(found.items()):
            yield number, replace(self._meanings[number], phrases=tuple(phrases))

    def _learn(self, number: int, phrase: Label) -> None:
        for word in dict.fromkeys(phrase):
            self._by_word.setdefault(word, []).append((number, phrase))


NEAR = 0.45
"""Share of the words that a text and a phrase have in common, at least."""
