"""What a sentence asks for: how it opens tells the type of the value, the rest tells which one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.matching.labels.index import Entry
from engine.matching.labels.words import Label, Vocabulary

Clue = tuple[frozenset[str], Entry]
"""Words that mean something wherever they stand in a sentence."""

_SMALL = """
    a an and are as at be been by for from has have had in is it its of on or that the this these
    to was were which who whom with if any when how shown printed full complete stated given la de
    you one we they their there so
"""
SMALL = frozenset(_SMALL.split())
"""Words that say little of themselves."""


class Told(NamedTuple):
    """What some words of a sentence mean; ``at`` is the place of the first of them."""

    words: frozenset[str]
    entry: Entry
    at: int


class Sentences:
    """Reads descriptions of fields, and names that are sentences: ``who_issued_it``."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        speech: Mapping[str, str],
        asks: Mapping[str, Iterable[str]],
        clues: Iterable[Clue],
    ) -> None:
        self._vocabulary, self._speech = vocabulary, speech
        self._asks: dict[str, set[str]] = defaultdict(set)
        for kind, words in asks.items():
            for word in words:
                self._asks[word].add(kind)
        self._clues: dict[str, list[Clue]] = defaultdict(list)
        for clue in clues:
            self._clues[min(clue[0], key=_rarest)].append(clue)

    def words(self, text: str) -> Label:
        """Its words, those that only sentences have too; examples at its end left out."""
        found: list[str] = []
        for run in _RUN.findall(_OWNED.sub("", _EXAMPLES.split(text)[0]))[:_MOST_WORDS]:
            found += self._spoken(run)
        for at, word in enumerate(found[1:-1], 1):
            if word == "of" and found[at - 1] == "number" and found[at + 1] != "the":
                found[at - 1] = "count"
        return tuple(found)

    def spoken(self, name: Label) -> Label:
        """The words of a name, those of sentences among them understood."""
        return tuple([self._speech.get(word, word) for word in name])

    def types(self, words: Label) -> frozenset[str]:
        """The types of value that the sentence asks for; empty if it does not say.

        "The last day for paying it" asks for a date, whatever else it speaks of.
        """
        if words[:1] == ("how",) and words[1:2] and words[1] not in self._asks:
            return frozenset(self._asks.get("how", ()))
        heads = ([word for word in chunk if word in self._asks] for chunk in _chunks(words))
        return frozenset(self._asks.get(next(filter(None, map(_head, heads)), ""), ()))

    def told(self, words: Label) -> Iterator[Told]:
        """What the words mean by the clues among them, in no order."""
        places = {word: at for at, word in reversed(list(enumerate(words)))}
        for word in places:
            for clue, entry in self._clues.get(word, ()):
                if clue <= places.keys():
                    yield Told(clue, entry, min(places[each] for each in clue))

    def _spoken(self, run: str) -> list[str]:
        word = self._speech.get(run.casefold())
        return [word] if word else self._vocabulary.spelt(run)


def _rarest(word: str) -> tuple[bool, str]:
    return word in SMALL, word


def _head(words: list[str]) -> str:
    """Of words that ask for something, the one that counts: a question, else the last noun."""
    if not words or words[0] in _QUESTIONS:
        return words[0] if words else ""
    return words[0] if words[0] == "much" and "long" not in words else words[-1]


def _chunks(words: Label) -> Iterator[list[str]]:
    """The words up to the next small one, again and again; a question word stands alone."""
    chunk: list[str] = []
    for word in words:
        if word in _QUESTIONS:
            yield [*chunk, word]
            chunk = []
        elif word not in SMALL:
            chunk.append(word)
        elif chunk != ["much"] or word != "de":  # Combien de temps
            yield chunk
            chunk = []
    yield chunk


_QUESTIONS = frozenset(("who", "when", "where", "long", "many", "often"))
_MOST_WORDS = 40
_RUN = re.compile(r"[^\W_]+|[%#№]")
_OWNED = re.compile(r"['\u2019]s\b")
_EXAMPLES = re.compile(r"\b(?:e\.g|for example|for instance|such as|z\. ?B\.|par exemple)", re.I)
