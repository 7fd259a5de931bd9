"""Text to canonical words: spellings, compounds, words run together and misread letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

Label = tuple[str, ...]

LONGEST = 40
"""Letters of a word that may be a compound or misread; a longer one is taken as it is."""

LONGEST_RUN = 160
"""Letters and digits without a break; of a longer run the beginning must do."""

MOST = 4000
"""Words of a text that are looked at: no label and no line of a document has more."""

GLUE = frozenset(("the", "of", "la", "de"))
"""Inside a label they say nothing: Date of issue, data de emissão. The last two stand for the
articles and the "of" of all languages but English."""


class Token(NamedTuple):
    """A canonical word and where in the text it stands: ``text[start:end]``."""

    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """In lower case and without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join([part for part in parts if not unicodedata.combining(part)]).casefold()


_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


_Way = tuple[int, int, int, str]
"""Into a compound: words so far, those of three letters, where the last one starts, that word."""

_MOST_PARTS = 4
_LONG = 10
"""Letters of a word in the tables that may be a compound of others."""


class Vocabulary:
    """All words known, from each printed form to its canonical word."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words: dict[str, str] = {}
        for form, word in words.items():
            self._words.setdefault(form, word)
        for form, word in words.items():
            self._words.setdefault(word, word)
            if not form.isascii():
                self._words.setdefault(fold(form), word)
                self._words.setdefault(fold(form.translate(_UMLAUTS)), word)
        self.split = lru_cache(maxsize=32_768)(self._split)

    def learn(self, text: str) -> Label:
        """The canonical words of a phrase from the tables; words never seen become known."""
        found: list[str] = []
        for part in text.split():
            word = self._words.get(part)
            if word:
                found.append(word)
            else:
                for run in _RUN.findall(part):
                    found += self._learned(run)
        if GLUE.isdisjoint(found):
            return tuple(found)
        return tuple([word for _, word in _unglued(found)])

    def tokens(self, text: str) -> list[Token]:
        """The words of a field's name or of a printed text, at most ``MOST``."""
        found: list[Token] = []
        split = self.split
        for match in _RUN.finditer(_without_addresses(text)):
            at = match.start()
            run = match[0]
            parts = split(run) if len(run) <= LONGEST_RUN else _whole(run)
            for word, start, end in parts:
                found.append(_token(Token, (word, at + start, at + end)))
            if len(found) >= MOST:
                break
        words = [token[0] for token in found]
        if GLUE.isdisjoint(words):
            return found
        return [
            found[place] if words[place] == word else found[place]._replace(word=word)
            for place, word in _unglued(words)
        ]

    def spelt(self, run: str) -> list[str]:
        """The words of a run of letters that somebody wrote: nothing in it is misread."""
        run = run[:LONGEST_RUN]
        word = self.known(run)
        pieces = [] if word else [piece.group() for piece in _PIECE.finditer(run)]
        found = [self._known_parts(piece, 0) or [Token(fold(piece), 0, 0)] for piece in pieces]
        return [word] if word else [part.word for parts in found for part in parts]

    def known(self, form: str) -> str | None:
        """The canonical word of a form that is in the tables, or the plural of one."""
        form = form.casefold()
        return self._exactly(form) or (None if form.isascii() else self._exactly(fold(form)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def _exactly(self, form: str) -> str | None:
        word = self._words.get(form)
        if word is None and len(form) > 3 and form[-1] == "s":
            word = self._words.get(form[:-1])
            return None if word in GLUE else word
        return word

    def _learned(self, run: str) -> list[str]:
        word = self.known(_plain(run))
        parts = [] if word or len(run) < _LONG else self._compound(run, 0)
        if parts:
            return [part.word for part in parts]
        form = fold(_plain(run))
        return [word or self._words.setdefault(form, form)]

    def _split(self, run: str) -> tuple[Token, ...]:
        """The words of a run of letters and digits; their offsets are offsets in the run."""
        whole = self.known(_plain(run)) or self._misread_digit(run)
        if whole:
            return (Token(whole, 0, len(run)),)
        pieces = list(_PIECE.finditer(run))
        parts = [self._known_parts(piece.group(), piece.start()) for piece in pieces]
        if len(pieces) > 1 and not all(parts) and run.isalpha():
            misread = self._misread(run)
            if misread:
                return (Token(misread, 0, len(run)),)
        found: list[Token] = []
        for piece, known in zip(pieces, parts, strict=True):
            found += known or self._unknown_parts(piece.group(), piece.start())
        return tuple(found)

    def _known_parts(self, piece: str, at: int) -> list[Token]:
        word = self.known(piece) or (piece if piece[0].isdigit() else None)
        if word:
            return [Token(word, at, at + len(piece))]
        return self._compound(piece, at)

    def _unknown_parts(self, piece: str, at: int) -> list[Token]:
        """Misread as a whole or in one part of a compound, or a word that nobody knows."""
        if len(piece) <= LONGEST:
            misread = self._misread(piece)
            if misread:
                return [Token(misread, at, at + len(piece))]
            for wrong, right in _LOOKALIKES:
                place = piece.find(wrong, 1)
                mended = piece.replace(wrong, right)
                parts = self._compound(mended, at) if place > 0 else []
                if parts:
                    return _stretched(parts, at, len(mended), len(piece))
            parts = self._half_misread(piece, at)
            if parts:
                return parts
        return [Token(fold(piece), at, at + len(piece))]

    def _half_misread(self, piece: str, at: int) -> list[Token]:
        for middle in range(5, len(piece) - 4):
            left, right = piece[:middle], piece[middle:]
            first, second = self.known(left), self.known(right)
            if bool(first) != bool(second):
                first, second = first or self._misread(left), second or self._misread(right)
            if first and second:
                end = at + len(piece)
                return [Token(first, at, at + middle), Token(second, at + middle, end)]
        return []

    def _compound(self, piece: str, at: int) -> list[Token]:
        """The fewest known words that cover the piece wholly; none if there are no such."""
        if not 6 <= len(piece) <= LONGEST:
            return []
        folded, places = _folded(piece)
        short = _MOST_PARTS if piece.isupper() else 1
        best: dict[int, _Way] = {0: (0, 0, 0, "")}
        for start in range(len(folded) - 1):
            if start in best and best[start][0] < _MOST_PARTS:
                for end, way in self._ways(folded, start, best[start]):
                    if way[1] <= short:
                        best[end] = min(way, best.get(end, way))
        found: list[Token] = []
        end = len(folded)
        while end and end in best:
            _, _, start, word = best[end]
            found.append(Token(word, at + places[start], at + places[end]))
            end = start
        return found[::-1] if len(found) > 1 else []

    def _ways(self, text: str, start: int, so_far: _Way) -> list[tuple[int, _Way]]:
        """On from start by each known word, and to where."""
        found: list[tuple[int, _Way]] = []
        words = self._words
        for end in range(start + 3, len(text) + 1):
            part = text[start:end]
            word = words.get(part) or (self._exactly(part) if part[-1] == "s" else None)
            if word and word not in GLUE and part not in _NO_PARTS:
                found.append((end, (so_far[0] + 1, so_far[1] + (end - start == 3), start, word)))
        if (start >= 5 and text[start:] in ("nr", "no")) and "number" in words:
            found.append((len(text), (so_far[0] + 1, so_far[1], start, "number")))
        return found

    def _misread_digit(self, run: str) -> str | None:
        if run.isalpha() or len(run) > LONGEST or not _DIGIT_INSIDE.fullmatch(run):
            return None
        readings = (run.translate(letters) for letters in _LETTERS_FOR_DIGITS)
        return next((word for form in readings if (word := self.known(form))), None)

    def _misread(self, form: str) -> str | None:
        """The known word that it is but for one letter that OCR takes for another, or loses."""
        form = fold(form)
        if not 5 <= len(form) <= 24:
            return None
        for wrong, right in _LOOKALIKES:
            if wrong in form and (word := self._exactly(form.replace(wrong, right))):
                return word
        near = {word for left in _shortened(form) for word in self._shortened.get(left, ())}
        return next((self._words[word] for word in sorted(near) if _looks_like(form, word)), None)

    @cached_property
    def _shortened(self) -> Mapping[str, list[str]]:
        """Words by what is left of them without one letter."""
        found: dict[str, list[str]] = {}
        for word in self._words:
            if len(word) >= 5 and word.isalpha():
                for left in _shortened(word):
                    found.setdefault(left, []).append(word)
        return found


_token = tuple.__new__  # A token without the detour over its class: there are many.

_RUN = re.compile(
    r"[^\W_]+"
    r"(?:[\u0300-\u036f°][^\W_]*"  # accents on their own, n°
    r"|[./][^\W_](?![^\W_]))*"  # P.O., d.o.b, D/O
    r"|[#№%&]"
)
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w.-]{2,253}|(?:https?://|\bwww\.)\S{1,253}"
    r"|\b[\w-]{2,63}\.(?:com|net|org|info)\b",
    re.I,
)
_PIECE = re.compile(r"\d+|[A-Z]+(?=[A-Z][a-z])|[A-Z]?(?:(?![A-Z])[^\W\d_]|[\u0300-\u036f])+|[A-Z]+")
_DIGIT_INSIDE = re.compile(r"[A-Za-z1][A-Za-z]*[0158][A-Za-z]+|1[A-Za-z]{4,}")
_LETTERS_FOR_DIGITS = (str.maketrans("0158", "olsb"), str.maketrans("0158", "oisb"))
_LOOKALIKES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))
_THIN = frozenset("iljtrf")
_NO_PARTS = frozenset(("and", "for", "per", "von", "out", "una", "via", "del", "der", "des"))
_NO_PARTS |= {"land", "port"}
_MARKS = re.compile("[./]")


def _without_addresses(text: str) -> str:
    """With blanks for the addresses of mail and web pages: their words are no labels."""
    if "@" in text or "." in text:
        return _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    return text


def _plain(run: str) -> str:
    """Without the points or the stroke of an abbreviation."""
    return run if run.isalnum() else _MARKS.sub("", run)


def _whole(run: str) -> tuple[Token, ...]:
    return (Token(fold(run[:LONGEST]) or run[:1], 0, len(run)),)


def _unglued(words: list[str]) -> list[tuple[int, str]]:
    """The words that remain without glue and their places.

    "Number of items" is a count; "number of the item" and "item number" are not.
    """
    found = [(0, words[0])]
    for place, word in enumerate(words[1:], 1):
        if word not in GLUE:
            found.append((place, word))
        elif word == "of" and words[place - 1] == "number" and words[place + 1 :][:1] != ["the"]:
            found[-1] = (place - 1, "count")
    return found


def _folded(piece: str) -> tuple[str, Sequence[int]]:
    """The piece folded, and where in the piece each of its letters comes from."""
    whole = fold(piece)
    if len(whole) == len(piece):
        return whole, range(len(piece) + 1)
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(piece):
        for folded in fold(letter):
            letters.append(folded)
            places.append(place)
    return "".join(letters), [*places, len(piece)]


def _stretched(parts: list[Token], at: int, short: int, long: int) -> list[Token]:
    """Offsets in a mended piece as offsets in the piece, which is a little longer."""

    def place(offset: int) -> int:
        return at + round((offset - at) * long / short)

    return [Token(part.word, place(part.start), place(part.end)) for part in parts]


def _shortened(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _looks_like(form: str, word: str) -> bool:
    """Whether one letter is taken for one like it, or a thin or double letter lost or seen."""
    if Levenshtein.distance(form, word, score_cutoff=1) != 1:
        return False
    place = next((at for at, (a, b) in enumerate(zip(form, word, strict=False)) if a != b), -1)
    if len(form) == len(word):
        return form[place] in _LIKE.get(word[place], "") or word[place] in _LIKE.get(
            form[place], ""
        )
    longer = max(form, word, key=len)
    letter = longer[place]
    doubled = letter in longer[place - 1 : place] or letter == longer[-2:][:1] == longer[-1]
    return len(longer) >= 6 and (letter in _THIN or doubled)


_LIKE = {"o": "ceadq", "c": "eg", "e": "a", "i": "ltj", "l": "tjf", "t": "f", "n": "humr"}
_LIKE |= {"h": "b", "v": "uy", "g": "qyp", "s": "z"}
"""Letters that OCR takes for each other."""
