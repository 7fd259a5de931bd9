"""Finds answers: yes and no, and boxes that are ticked or empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.matching.values.reading import Habits, Reading

_YES = frozenset(("yes", "ja", "oui", "s\u00ed", "s\u00ec", "si", "sim", "true", "checked"))
_NO = frozenset(("no", "nein", "non", "nee", "n\u00e3o", "false", "unchecked"))
_LETTERS = {"y": True, "j": True, "x": True, "n": False}
"""They answer where they stand alone."""

_TICK = r"X\u2713\u2714\u00d7\u2717\u2718"
_BOX = (
    r"(?P<ticked>[\u2713\u2714\u2611\u2612\u2705\u2717\u2718\u25a0\u25a3\u25fc\u2b1b]"
    rf"|\[ ?[xvV{_TICK}] ?\]|\( ?[{_TICK}] ?\)|(?<![\s\S])\( ?x ?\)(?!.))"
    r"|(?P<empty>[\u2610\u25a1\u25fb\u2b1c\u25a2]|\[[ _]{0,3}\]|\([ _]{1,3}\))"
)
"""A small x in round brackets ticks where it stands alone; in running text it counts sections."""

_TOKEN = re.compile(rf"{_BOX}|(?<![^\W_])(?<!['\u2019-])[^\W\d_]{{1,9}}(?![^\W_]|['\u2019-]\w)")
_NUMBER = re.compile(r"\.[ ]*[^\s.]|[ ]?[:#\u00ba\u00b0]|[ ]{1,2}[0-9]")
_FAR = 3
"""Characters between a box and its word."""

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
        return list(_boxes(tokens))
    return [
        Reading("flag", token.start, token.end, token.answer, _certainty(text, token))
        for token in tokens
    ]


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match["ticked"] or match["empty"]:
            yield _Token(*match.span(), True, match["empty"] is None)
            continue
        answer = _answer(text, match)
        if answer is not None:
            yield _Token(*match.span(), False, answer)


def _answer(text: str, match: re.Match[str]) -> bool | None:
    word = match[0].casefold()
    if word in _YES:
        return True
    if word in _NO:
        return None if word == "no" and _is_number(text, match) else False
    return _LETTERS.get(word) if text.strip(_AROUND) == match[0] else None


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


def _boxes(tokens: list[_Token]) -> Iterator[Reading]:
    """Boxes with their words; whether the words come first shows at the first of the text."""
    box_first = tokens[0].is_box
    at = 0
    while at < len(tokens):
        pair = tokens[at : at + 2]
        at += 1
        if len(pair) == 2 and pair[0].is_box is box_first is not pair[1].is_box and _near(*pair):
            at += 1
            box, word = pair if box_first else (pair[1], pair[0])
            if box.answer:
                yield Reading("flag", pair[0].start, pair[1].end, word.answer, 0.95)
        elif pair[0].is_box:
            yield Reading("flag", pair[0].start, pair[0].end, pair[0].answer, 0.9)


def _near(first: _Token, second: _Token) -> bool:
    return second.start - first.end <= _FAR
