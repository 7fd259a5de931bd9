"""Finds answers: yes and no, and boxes that are ticked or empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.matching.values.reading import Habits, Reading

_YES = frozenset(("yes", "ja", "oui", "s\u00ed", "s\u00ec", "si", "sim", "true", "checked"))
_NO = frozenset(("no", "nein", "non", "nee", "n\u00e3o", "false", "unchecked"))
_LETTERS = {"y": True, "j": True, "x": True, "n": False}
"""They answer where they stand alone."""

_BOX_LETTERS = {"y": True, "j": True, "s": True, "o": True, "n": False}
"""They answer where there is nothing beside them but boxes."""

_TICK = r"X\u2713\u2714\u00d7\u2717\u2718"
_BOX = (
    r"(?P<ticked>[\u2713\u2714\u2611\u2612\u2705\u2717\u2718\u25a0\u25a3\u25fc\u2b1b]"
    rf"|\[ ?[xvV{_TICK}] ?\]|\( ?[{_TICK}] ?\)|(?P<small>\( ?x ?\)))"
    r"|(?P<empty>[\u2610\u25a1\u25fb\u2b1c\u25a2]|\[[ _]{0,3}\]|\([ _]{1,3}\))"
)

_TOKEN = re.compile(rf"{_BOX}|(?<![^\W_])(?<!['\u2019-])[^\W\d_]{{1,9}}(?![^\W_]|['\u2019-]\w)")
_NUMBER = re.compile(r"\.[ ]*[^\s.]|[ ]?[:#\u00ba\u00b0]|[ ]{1,2}[0-9]")
_ANY_BOX = re.compile(_BOX)
_BLANK = re.compile(r"\([ _]{1,3}\)")
_FAR, _STATEMENT = 3, 45
"""Characters between a box and its word, and of a statement that a small x may tick."""

_AROUND = " .,;:!()"


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    is_box: bool
    answer: bool


def find(text: str, _habits: Habits) -> list[Reading]:
    """The answers. A ticked box and the yes or no beside it are one; an empty box unsays it."""
    tokens = list(_tokens(text))
    if any(token.is_box for token in tokens):
        return list(_boxes(text, tokens))
    return [
        Reading("flag", token.start, token.end, token.answer, _certainty(text, token))
        for token in tokens
    ]


def _tokens(text: str) -> Iterator[_Token]:
    small_ticks = _BLANK.search(text) is not None
    letters = _BOX_LETTERS if _are_answers(text) else _LETTERS
    for match in _TOKEN.finditer(text):
        if match["small"] and not (small_ticks or _is_statement(text, match)):
            continue
        if match["ticked"] or match["empty"]:
            yield _Token(*match.span(), True, match["empty"] is None)
            continue
        answer = _answer(text, match, letters)
        if answer is not None:
            yield _Token(*match.span(), False, answer)


def _is_statement(text: str, match: re.Match[str]) -> bool:
    """Whether a small x in round brackets ticks what follows: it also counts sections."""
    if match.start() or len(text) > _STATEMENT:
        return False
    rest = text[match.end() :].strip()
    return not rest or rest[0].isupper()


def _are_answers(text: str) -> bool:
    """Whether there is nothing beside boxes but letters that answer."""
    others = _ANY_BOX.sub(" ", text)
    return others != text and _BOX_LETTERS.keys() >= set(others.casefold().split())


def _answer(text: str, match: re.Match[str], letters: Mapping[str, bool]) -> bool | None:
    word = match[0].casefold()
    if word in _YES:
        return True
    if word in _NO:
        return None if word == "no" and _is_number(text, match) else False
    alone = letters is _BOX_LETTERS or text.strip(_AROUND) == match[0]
    return letters.get(word) if alone else None


def _is_number(text: str, match: re.Match[str]) -> bool:
    """ "No." behind other words, or before a number, is short for number."""
    follows = match.start() > 0 and text[match.end() : match.end() + 1] == "."
    return follows or _NUMBER.match(text, match.end()) is not None


def _certainty(text: str, token: _Token) -> float:
    """A word answers where it is all of the text; further in, it is a word like others."""
    if text.strip(_AROUND) == text[token.start : token.end]:
        return 0.95 if token.end - token.start > 1 else 0.6
    before = text[: token.start].rstrip(" .(")
    if before.endswith((":", "?", "=")):
        return 0.8
    return 0.15 if before else 0.5


def _boxes(text: str, tokens: list[_Token]) -> Iterator[Reading]:
    """Boxes with their words; whether the words come first shows at the first of the text."""
    box_first = tokens[0].is_box
    at = 0
    while at < len(tokens):
        pair = tokens[at : at + 2]
        at += 1
        if _are_one(text, pair, box_first=box_first):
            at += 1
            box, word = pair if box_first else (pair[1], pair[0])
            if box.answer:
                yield Reading("flag", pair[0].start, pair[1].end, word.answer, 0.95)
        elif pair[0].is_box:
            yield Reading("flag", pair[0].start, pair[0].end, pair[0].answer, 0.9)


def _are_one(text: str, pair: list[_Token], *, box_first: bool) -> bool:
    """Whether two tokens are a box and its word; one that a comma follows begins a statement."""
    if len(pair) < 2 or pair[0].is_box is not box_first or pair[1].is_box is box_first:
        return False
    follows = text[pair[1].end : pair[1].end + 1]
    return pair[1].start - pair[0].end <= _FAR and not (box_first and follows == ",")
