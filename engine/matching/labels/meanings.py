"""What a wanted field means, from its names, title and description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from engine.matching.labels import kinds
from engine.matching.labels.index import Entry, Index
from engine.matching.labels.sentences import SMALL, Sentences
from engine.matching.labels.words import GLUE, Label, Vocabulary
from engine.schema import Leaf

MOST_PHRASES = 120
"""Of one meaning."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something a document can state: its name, the type of its value, how it is printed."""

    name: str
    type: str
    phrases: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody on a document: a seller, a patient, a tenant, and how they are named there."""

    name: str
    phrases: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a wanted field is, as far as it can be told.

    ``type`` is the type of value to look for. ``phrases`` may be printed beside it, the best
    first: its own words, its title, what its concept is called. ``certainty`` is 0 to 1.
    """

    concept: str | None
    role: str | None
    type: str
    phrases: tuple[Label, ...]
    certainty: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the tables say, ready for looking up.

    ``columns`` and ``party_words`` tell what words mean at the head of a column and where a party
    is meant; ``heads`` are the words that concepts have only there. ``role_words`` are the phrases
    of the roles as written; ``stems`` are those of their addresses without "address":
    shipping, billing.
    """

    concepts: Mapping[str, Concept]
    roles: Mapping[str, Role]
    party: frozenset[str]
    columns: Mapping[frozenset[str], str]
    party_words: Mapping[frozenset[str], str]
    heads: Mapping[str, tuple[Label, ...]]
    role_words: Mapping[Label, str]
    stems: Mapping[Label, str]


@dataclass(frozen=True, slots=True)
class _Guess:
    concept: str | None
    role: str | None
    certainty: float


_NOTHING = _Guess(None, None, 0.0)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A field and the types of value that its words ask for; none if they do not say."""

    leaf: Leaf
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field is: the words of the groups around it, from the nearest outwards."""

    groups: tuple[Label, ...]
    in_rows: bool
    role: str | None


class Reader:
    """Tells what fields mean."""

    def __init__(
        self, vocabulary: Vocabulary, index: Index, knowledge: Knowledge, sentences: Sentences
    ) -> None:
        self._vocabulary, self._index, self._known = vocabulary, index, knowledge
        self._sentences = sentences

    def read(self, path: Sequence[str], leaf: Leaf) -> Meaning:
        names = _names(path)
        name = self._label(names[-1])
        place = self._place(names[:-1])
        title = self._label(leaf.hints.title)
        sentence = self._sentences.words(leaf.hints.description[:_LONGEST_TEXT])
        asked = self._asked(sentence, leaf)
        named = self._named(name, place, _Wanted(leaf, _of_percent(name)))
        titled = _weaker(self._named(title, place, _Wanted(leaf, _of_percent(title))), 0.95)
        described = self._described(sentence, place, _Wanted(leaf, asked), named)
        guess = max(named, titled, described, key=lambda each: each.certainty)
        if guess.role is None:
            role = self._role_beside(guess, place, (title, sentence))
            guess = _Guess(guess.concept, role, guess.certainty)
        concept = self._known.concepts.get(guess.concept or "")
        return Meaning(
            guess.concept,
            guess.role,
            kinds.of(leaf, concept.type if concept else None, name, asked),
            tuple(islice(self._phrases(guess, name, title, place), MOST_PHRASES)),
            guess.certainty,
        )

    def _asked(self, sentence: Label, leaf: Leaf) -> frozenset[str]:
        """The types that a sentence asks for and the leaf can hold."""
        asked = self._sentences.types(sentence)
        return frozenset(kind for kind in asked if kinds.fits(leaf, kind))

    def _label(self, text: str) -> Label:
        words = [token.word for token in self._vocabulary.tokens(text[:_LONGEST_TEXT])]
        telling = [word for word in words if word not in UNITS or word == "percent"]
        return tuple(telling or words)

    def _place(self, names: Sequence[str]) -> _Place:
        groups = tuple([self._label(name) for name in names[::-1] if name.lower() not in _EMPTY])
        role = next((role for group in groups if (role := self._role_of(group))), None)
        in_rows = any(not _ROWS.isdisjoint(group) for group in groups[:2])
        return _Place(groups, in_rows, role)

    def _role_of(self, words: Label) -> str | None:
        entry = self._index.exactly(words)
        if entry and entry.kind == "role":
            return entry.name
        found = self._known.stems.get(words)
        return found or next((role for role, _ in self._without_roles(words)), None)

    def _named(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess:
        if not name:
            return _NOTHING
        ways = (
            self._in_rows,
            self._in_group,
            self._of_party,
            self._exact,
            self._said,
            self._of_role,
            self._like,
        )
        return next((guess for way in ways if (guess := way(name, place, wanted))), _NOTHING)

    def _in_rows(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        """What the name means at the head of a column."""
        concept = self._known.columns.get(frozenset(name)) if place.in_rows else None
        return _Guess(concept, None, 0.94) if self._fits(concept, wanted) else None

    def _in_group(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        for group in place.groups[:3]:
            entry = self._index.exactly(group + name) if set(name) - set(group) else None
            guess = self._meant(entry, group + name, wanted, 0.96)
            if guess:
                return guess
        return None

    def _of_party(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        """What the name means of the party that the groups around it are about."""
        concept = self._party_concept(name) if place.role else None
        return _Guess(concept, place.role, 0.94) if self._fits(concept, wanted) else None

    def _exact(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        certainty = 0.65 if self._is_vague(name) else 0.95
        return self._first_meant(name, wanted, certainty)

    def _is_vague(self, name: Label) -> bool:
        return len(name) == 1 and self._index.weight(name[0]) < _TELLING

    def _of_role(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        """A role and what is asked of it: ``customer_vat_no``, ``shipping_city``."""
        for role, rest in self._without_roles(name):
            concept = self._party_concept(rest) or self._concept(rest)
            if self._fits(concept, wanted):
                return _Guess(concept, role if concept in self._known.party else None, 0.92)
        for cut in range(1, len(name)):
            stem = self._known.stems.get(name[:cut])
            concept = self._party_concept(name[cut:]) or self._concept(name[cut:])
            if stem and concept in self._known.party and self._fits(concept, wanted):
                return _Guess(concept, stem, 0.9)
        return None

    def _like(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        if _BLANK.issuperset(word for word in name if not word.isdigit()):
            return None
        if self._is_vague(name) and wanted.leaf.kind != "boolean":
            return None
        best = _NOTHING
        for entry, likeness in self._index.alike(frozenset(name)).items():
            certainty = 0.85 * likeness
            if certainty > best.certainty and likeness >= _LIKE:
                best = self._meant(entry, name, wanted, certainty) or best
        return best if best.certainty else None

    def _described(self, sentence: Label, place: _Place, wanted: _Wanted, named: _Guess) -> _Guess:
        """What the most telling words of the description mean; nothing if it bears out the name.

        Earlier words tell more: "Total of the invoice, without shipping".
        """
        words = tuple([word for word in sentence if word not in GLUE])
        plain = tuple([word for word in words if word not in SMALL or word == "with"])
        told = [*self._told(words, wanted), *self._told(plain, wanted)]
        if told and told[0][1].concept == named.concept:
            return _NOTHING
        opened = bool(told) and _opens_with_two(sentence)
        if opened:
            told[0] = (_OPENING * told[0][0], told[0][1])
        told += self._by_clues(sentence, wanted)
        best = max(told, key=lambda each: each[0], default=(0.0, _NOTHING))[1]
        whole = self._like(plain[:4], place, wanted) or _NOTHING
        if not told or (whole.certainty > 0.8 and not opened):
            return _weaker(whole, 0.8)
        return best

    def _told(self, words: Label, wanted: _Wanted) -> Iterator[tuple[float, _Guess]]:
        """What each phrase in running text means, from left to right, and how much it tells."""
        at = 0
        while at < len(words):
            ends = range(min(at + _LONGEST_PHRASE, len(words)), at, -1)
            found = ((end, self._meant_by(words[at:end], wanted)) for end in ends)
            end, guess = next(((end, guess) for end, guess in found if guess), (at + 1, None))
            if guess:
                telling = sum(map(self._index.weight, words[at:end])) * 0.93**at
                certainty = 0.7 if telling > _TELLING else 0.5
                role_only = 0.6 if guess.role else 1.0
                yield telling * role_only, _Guess(guess.concept, guess.role, certainty)
            at = end

    def _by_clues(self, sentence: Label, wanted: _Wanted) -> Iterator[tuple[float, _Guess]]:
        """What words mean together that stand apart, and how much they tell."""
        for words, entry, at in self._sentences.told(sentence):
            telling = _clue_weight(words) * 0.98**at
            guess = self._meant(entry, (), wanted, 0.7 if telling > _TELLING else 0.5)
            if guess:
                yield telling, guess

    def _said(self, name: Label, place: _Place, wanted: _Wanted) -> _Guess | None:
        """What a name asks for that is a sentence: ``who_issued_it``."""
        words = self._sentences.spoken(name)
        wanted = _Wanted(wanted.leaf, wanted.types or self._asked(words, wanted.leaf))
        told = [each for each in self._sentences.told(words) if _covers(each.words, words)]
        meant = (self._meant(each.entry, (), wanted, 0.8) for each in told)
        return next(filter(None, meant), None)

    def _meant_by(self, words: Label, wanted: _Wanted) -> _Guess | None:
        return self._first_meant(words, wanted, 1.0)

    def _first_meant(self, words: Label, wanted: _Wanted, certainty: float) -> _Guess | None:
        """The first of what exactly these words mean that the field can hold."""
        entries = self._index.every(words)
        meant = (self._meant(entry, words, wanted, certainty) for entry in entries)
        return next(filter(None, meant), None)

    def _role_beside(self, guess: _Guess, place: _Place, hints: tuple[Label, Label]) -> str | None:
        """The role of the party that has what is asked for, told by the groups or the hints."""
        if guess.concept not in self._known.party or place.role:
            return place.role if guess.concept in self._known.party else None
        clues = [each for each in self._sentences.told(hints[1]) if each.entry.kind == "role"]
        best = max(clues, key=lambda each: _clue_weight(each.words), default=None)
        if best:
            return best.entry.name
        return next((role for words in hints for role, _ in self._without_roles(words)), None)

    def _meant(
        self, entry: Entry | None, words: Label, wanted: _Wanted, certainty: float
    ) -> _Guess | None:
        if entry is None:
            return None
        if entry.kind == "concept":
            fitting = self._fits(entry.name, wanted)
            return _Guess(entry.name, None, certainty) if fitting else None
        concept = "address" if self._asks_address(words, wanted) else "party_name"
        return _Guess(concept, entry.name, certainty) if self._fits(concept, wanted) else None

    def _asks_address(self, words: Label, wanted: _Wanted) -> bool:
        """Whether of a party more than its name is asked for: ``billing address``."""
        if wanted.types:
            return "address" in wanted.types and "name" not in wanted.types
        return "address" in words and len(words) > 1

    def _party_concept(self, words: Label) -> str | None:
        return self._known.party_words.get(frozenset(words)) if words else "party_name"

    def _concept(self, words: Label) -> str | None:
        entry = self._index.exactly(words)
        return entry.name if entry and entry.kind == "concept" else None

    def _fits(self, concept: str | None, wanted: _Wanted) -> bool:
        found = self._known.concepts.get(concept or "")
        return found is not None and kinds.fits(wanted.leaf, found.type, wanted.types)

    def roles_in(self, words: Label) -> set[str]:
        """The roles that are named among the words."""
        return {role for role, _ in self._without_roles(words)}

    def _without_roles(self, words: Label) -> Iterator[tuple[str, Label]]:
        """Each role named among the words, the longest names first, and the words beside it."""
        for length in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                part = words[start : start + length]
                role = None if SMALL.issuperset(part) else self._known.role_words.get(part)
                if role:
                    yield role, words[:start] + words[start + length :]

    def _phrases(self, guess: _Guess, name: Label, title: Label, place: _Place) -> Iterator[Label]:
        """Without repeating any."""
        seen: set[Label] = {()}
        for phrase in self._all_phrases(guess, name, title, place):
            if phrase not in seen:
                seen.add(phrase)
                yield phrase

    def _all_phrases(
        self, guess: _Guess, name: Label, title: Label, place: _Place
    ) -> Iterator[Label]:
        known = self._known
        role = known.roles.get(guess.role or "")
        concept = known.concepts.get(guess.concept or "")
        if place.groups and not place.in_rows:
            yield _joined(place.groups[0], name)
        vague = concept is not None and concept.name in known.party and role is not None
        if not (vague and len(name) == 1):
            yield name
        yield title[:6]
        if role:
            yield from _of_party(role, concept)
        if concept:
            if place.in_rows:
                yield from known.heads.get(concept.name, ())
            yield from concept.phrases
            if vague:
                yield from known.heads.get(concept.name, ())
        yield name


def _of_party(role: Role, concept: Concept | None) -> Iterable[Label]:
    """What the concept is called where it is this party's."""
    if concept is None:
        return ()
    if concept.name == "party_name":
        return role.phrases[:60]
    pairs = product(role.phrases[:8], concept.phrases[:4])
    return [_joined(party, phrase) for party, phrase in pairs]


def _joined(first: Label, second: Label) -> Label:
    return (*[word for word in first if word not in second], *second)


def _names(path: Sequence[str]) -> list[str]:
    """Without the places in arrays; ``total.value`` is ``total``."""
    names = [name for name in path if not name.isdigit()]
    while len(names) > 1 and names[-1].lower() in _VALUES:
        names.pop()
    return names or [""]


def _of_percent(name: Label) -> frozenset[str]:
    return _PERCENT if "percent" in name and "amount" not in name else frozenset()


def _opens_with_two(sentence: Label) -> bool:
    start = 1 if sentence[0] in GLUE else 0
    return sentence[start + 1 : start + 2] in (("of",), ("de",))


def _clue_weight(words: frozenset[str]) -> float:
    """What the words of a clue tell, as much as words of labels do."""
    return sum(0.8 if word in SMALL else 3.0 for word in words)


def _covers(clue: frozenset[str], words: Label) -> bool:
    """Whether nothing is said beside the clue."""
    return len(clue) > 1 and (clue | SMALL).issuperset(words)


def _weaker(guess: _Guess, share: float) -> _Guess:
    return _Guess(guess.concept, guess.role, share * guess.certainty)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TELLING = 3.3
"""Weight below which a single word names a field too vaguely to overrule its description."""

_PERCENT = frozenset(("percent",))
_LIKE = 0.62
_OPENING = 2.0
"""How much more the first words of a sentence tell if they are of the form "amount of tax"."""

_LONGEST_PHRASE = 6
_LONGEST_TEXT = 600

_EMPTY = _set(
    "data fields document doc header info details result results root output extracted content "
    "properties attributes general main meta metadata"
)
_BLANK = _set("field value data key column attribute property parameter entry element")
_VALUES = frozenset(("value", "text", "content", "raw", "val", "raw_value", "#text"))
_ROWS = _set("item line position entry row good purchase service detail")

UNITS = _set(
    "eur euro euros usd gbp chf rm myr sgd cad aud nzd jpy cny inr rs sek dkk nok pln czk huf brl "
    "mxn zar idr thb php vnd hkd krw try aed sar dollar dollars pound pounds percent in"
)
"""They say in what a value is given, not what it is."""
