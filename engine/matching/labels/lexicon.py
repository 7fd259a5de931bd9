"""What labels mean: the words, concepts and roles of all languages together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from engine.matching.labels.index import Entry, Index
from engine.matching.labels.meanings import UNITS, Concept, Knowledge, Meaning, Reader, Role
from engine.matching.labels.sentences import Clue, Sentences
from engine.matching.labels.tables import Phrases, Tables
from engine.matching.labels.words import GLUE, Label, Token, Vocabulary
from engine.schema import Leaf

LONGEST_LABEL = 12
"""Words of a printed label that are compared."""


class Lexicon:
    """Reads names of fields and printed labels in many languages."""

    def __init__(self, tables: Tables) -> None:
        self._vocabulary = Vocabulary(tables.words)
        labels = {name: self._learned(texts) for name, texts in tables.labels.items()}
        roles = {name: self._learned(texts) for name, texts in tables.roles.items()}
        heads = {name: self._learned(texts) for name, texts in tables.columns.items()}
        party = {name: self._learned(texts) for name, texts in tables.party_labels.items()}
        taken = {phrase for each in (labels, roles) for of in each.values() for phrase in of}
        self.concepts: Mapping[str, Concept] = {
            name: Concept(name, kind, _both_ways(labels.get(name, ()), taken))
            for name, kind in tables.types.items()
        }
        self.kin: Mapping[str, Sequence[str]] = tables.kin
        self.roles: Mapping[str, Role] = {
            name: Role(name, _both_ways(phrases, taken)) for name, phrases in roles.items()
        }
        self._index = Index((phrase, Entry(kind, name)) for phrase, name, kind in self.phrases())
        knowledge = Knowledge(
            concepts=self.concepts,
            roles=self.roles,
            party=frozenset(tables.party),
            columns=_meant(heads),
            party_words=_meant(party),
            heads={name: heads.get(name, ()) + party.get(name, ()) for name in {*heads, *party}},
            role_words={phrase: name for name in roles for phrase in roles[name]},
            stems={
                phrase[:-1]: name
                for name in reversed(roles)
                for phrase in roles[name]
                if len(phrase) > 1 and phrase[-1] == "address"
            },
        )
        sentences = Sentences(
            self._vocabulary,
            tables.speech,
            tables.asks,
            [*_clues(tables.clues, "concept"), *_clues(tables.role_clues, "role")],
        )
        self._reader = Reader(self._vocabulary, self._index, knowledge, sentences)

    @property
    def vocabulary(self) -> Iterable[str]:
        """Every printed form of a word that is known, in lower case."""
        return iter(self._vocabulary)

    def phrases(self) -> Iterator[tuple[Label, str, Literal["concept", "role"]]]:
        """All printed phrases and the name of the concept or the role that each of them means."""
        for concept in self.concepts.values():
            for phrase in concept.phrases:
                yield phrase, concept.name, "concept"
        for role in self.roles.values():
            for phrase in role.phrases:
                yield phrase, role.name, "role"

    def tokens(self, text: str) -> list[Token]:
        """The canonical words of a field's name or a printed text, with their places in it."""
        return self._vocabulary.tokens(text)

    def meaning(self, path: Sequence[str], leaf: Leaf) -> Meaning:
        """What the field at the end of a path of names asks for; path[-1] is its own name."""
        return self._reader.read(path, leaf)

    def likeness(self, meaning: Meaning, text: str) -> float:
        """How much a short printed label means this field, from 0 to 1.

        1 is for one of the meaning's own phrases, in any order and with any unit. It is less the
        more telling the words are that one has and the other lacks, and less again if another
        meaning explains the text better.
        """
        tokens = self.tokens(text[:_LONGEST_TEXT])[:LONGEST_LABEL]
        words = tuple([token.word for token in tokens])
        words = tuple([word for word in words if word not in UNITS]) or words
        telling = frozenset(words)
        alike = [self._index.likeness(telling, phrase) for phrase in meaning.phrases]
        own = max(alike, default=0.0)
        if not own or words in meaning.phrases:
            return own
        return own * self._doubt(meaning, words, own)

    def _doubt(self, meaning: Meaning, words: Label, own: float) -> float:
        """What is left of a likeness after asking what else the words may mean: 0 to 1."""
        mine = (Entry("concept", meaning.concept or ""), Entry("role", meaning.role or ""))
        said = self._index.every(words)
        left = 1.0 if not said or any(entry in mine for entry in said) else 0.6
        others = self._index.alike(frozenset(words)).items()
        rival = max((alike for entry, alike in others if entry not in mine), default=0.0)
        if rival > own:
            left *= (own / rival) ** 2
        elsewhere = meaning.role and self._reader.roles_in(words) - {meaning.role}
        return 0.5 * left if elsewhere else left

    def _learned(self, texts: Iterable[str]) -> tuple[Label, ...]:
        phrases = map(self._vocabulary.learn, texts)
        return tuple(dict.fromkeys([phrase for phrase in phrases if not GLUE.issuperset(phrase)]))


_LONGEST_TEXT = 200


def _both_ways(phrases: tuple[Label, ...], taken: set[Label]) -> tuple[Label, ...]:
    """Also from the back: "invoice number" is "numéro de facture" in other languages."""
    turned = [phrase[::-1] for phrase in phrases if len(phrase) == 2 and _LINKS.isdisjoint(phrase)]
    free = [phrase for phrase in turned if phrase not in taken]
    taken.update(free)
    return (*phrases, *free)


def _clues(texts: Phrases, kind: Literal["concept", "role"]) -> Iterator[Clue]:
    for name, clues in texts.items():
        for clue in clues:
            yield frozenset(clue.split()), Entry(kind, name)


def _meant(phrases: Mapping[str, tuple[Label, ...]]) -> dict[frozenset[str], str]:
    found: dict[frozenset[str], str] = {}
    for name, labels in phrases.items():
        for label in labels:
            found.setdefault(frozenset(label), name)
    return found


_LINKS = frozenset(
    [
        "to",
        "from",
        "by",
        "for",
        "at",
        "on",
        "in",
        "as",
        "until",
        "and",
        "or",
        "is",
        "with",
        "per",
        "a",
        "the",
    ]
)
