"""All phrases with what they mean, and how alike two labels are by the words they share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from math import fsum, log
from typing import Literal, NamedTuple

from engine.matching.labels.words import Label


class Entry(NamedTuple):
    """What a phrase means: the name of a concept or of a role."""

    kind: Literal["concept", "role"]
    name: str


class Index:
    """Finds phrases by the words in them, whatever their order; built when first asked."""

    def __init__(self, phrases: Iterable[tuple[Label, Entry]]) -> None:
        self._phrases = phrases
        self.alike = lru_cache(maxsize=8192)(self._alike)

    def every(self, words: Label) -> Sequence[Entry]:
        """All that exactly these words mean: best in this order, else in any."""
        return self._entries.get(words) or self._any_order.get(frozenset(words), ())

    def exactly(self, words: Label) -> Entry | None:
        """The first of what exactly these words mean."""
        return next(iter(self.every(words)), None)

    def weight(self, word: str) -> float:
        """How telling a word is: ``iban`` is, ``number`` is not."""
        return self._weights.get(word) or (_SLIGHT if word.isdigit() else self._unknown)

    def likeness(self, words: frozenset[str], phrase: Label) -> float:
        """Of 0 to 1; 1 is for the same words in any order."""
        if words.isdisjoint(phrase):
            return 0.0
        other = set(phrase)
        shared = fsum(map(self.weight, words & other))
        return min(1.0, 2 * shared / fsum(map(self.weight, [*words, *other])))

    def _alike(self, words: frozenset[str]) -> Mapping[Entry, float]:
        """How much the words are like the best phrase of each meaning that shares one of them."""
        found: dict[Entry, float] = {}
        shared: dict[Label, float] = defaultdict(float)
        for word in words:
            weight = self.weight(word)
            for phrase in self._by_word.get(word, ()):
                shared[phrase] += weight
        own = fsum(map(self.weight, words))
        for phrase, weight in shared.items():
            likeness = min(1.0, 2 * weight / (own + self._sums[phrase]))
            for entry in self._entries[phrase]:
                found[entry] = max(found.get(entry, 0.0), likeness)
        return found

    @cached_property
    def _entries(self) -> Mapping[Label, Sequence[Entry]]:
        found: dict[Label, list[Entry]] = {}
        for phrase, entry in self._phrases:
            found.setdefault(phrase, []).append(entry)
        return found

    @cached_property
    def _any_order(self) -> Mapping[frozenset[str], Sequence[Entry]]:
        found: dict[frozenset[str], Sequence[Entry]] = {}
        for phrase, entries in self._entries.items():
            found.setdefault(frozenset(phrase), entries)
        return found

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[Label]]:
        found: dict[str, list[Label]] = defaultdict(list)
        for phrase in self._entries:
            for word in set(phrase):
                found[word].append(phrase)
        return found

    @cached_property
    def _sums(self) -> Mapping[Label, float]:
        """What the words of each phrase weigh together."""
        return {phrase: fsum(map(self.weight, set(phrase))) for phrase in self._entries}

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        """Words by how few meanings have them."""
        meanings: dict[str, set[Entry]] = defaultdict(set)
        for phrase, entries in self._entries.items():
            for word in phrase:
                meanings[word].update(entries)
        count = 1 + len({entry for entries in self._entries.values() for entry in entries})
        weights = {word: log(1 + count / len(of)) for word, of in meanings.items()}
        return weights | dict.fromkeys(_AUXILIARIES, _SLIGHT)

    @cached_property
    def _unknown(self) -> float:
        """Weight of a word in no phrase: it is about something else."""
        return max(self._weights.values(), default=1.0)


_SLIGHT = 0.5
_AUXILIARIES = ("is", "has", "was", "are")
