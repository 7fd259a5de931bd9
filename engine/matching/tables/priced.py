"""Reads a line of a receipt as an item: a name, perhaps a quantity and a unit price, an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.matching.tables.strips import Strip, is_number, is_sign
from engine.types import Word

Words = tuple[Word, ...]

TAIL = 3
"""Characters of what may stand behind an amount: a tax code, a star."""

MOST_TAIL = 2
"""Words of it."""

_MONEY = re.compile(r"[^\d]{0,5}\d[\d.,'\u2019]{0,15}[.,]\d{2}[^\d]{0,4}")
_COUNT = re.compile(r"\(?\d{1,4}(?:[.,]\d{1,3})?[xX*]?")
_TIMES = re.compile(r"[xX*@\u00d7]|at|\u00e0")
_TIMED = re.compile(r"(?:\d{1,4}[xX*@\u00d7]|[xX*@\u00d7]\d{1,4})[\d.,]*")


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with an amount at its end; what it lacks is empty."""

    strip: Strip
    name: Words
    quantity: Words
    price: Words
    amount: Words

    @property
    def is_named(self) -> bool:
        return sum(character.isalpha() for word in self.name for character in word.text) > 1


def is_money(word: str) -> bool:
    """Whether a number is printed with cents."""
    return bool(_MONEY.fullmatch(word)) and is_number(word)


def read(strip: Strip, *, whole: bool) -> Priced | None:
    """The line as an item; ``whole`` says whether amounts without cents count."""
    words = list(strip.words)
    for _ in range(MOST_TAIL):
        if len(words) > 1 and not is_number(words[-1].text) and len(words[-1].text) <= TAIL:
            words.pop()
    if not words or not _is_amount(words[-1].text, whole=whole):
        return None
    amount = [words.pop()]
    while words and is_sign(words[-1].text):
        amount.insert(0, words.pop())
    quantity, price = _multiplied(words, strip.height)
    first = _counted(words) if not quantity else ()
    name = tuple(words[len(first) :])
    if name and _TIMES.fullmatch(name[0].text):
        name = name[1:]
    return Priced(strip, name, quantity or first, price, tuple(amount))


def _is_amount(word: str, *, whole: bool) -> bool:
    return is_money(word) or (whole and is_number(word) and "%" not in word)


def _counted(words: Sequence[Word]) -> Words:
    """The quantity that begins a line."""
    if len(words) < 2 or not _COUNT.fullmatch(words[0].text):
        return ()
    return (words[0],)


def _multiplied(words: list[Word], height: float) -> tuple[Words, Words]:
    """Takes a quantity and a unit price off the end of what stands before the amount."""
    end = len(words)
    start = end
    while start and _is_figure(words[start - 1].text):
        start -= 1
    figures = words[start:end]
    numbers = [word for word in figures if is_number(word.text) or _TIMED.fullmatch(word.text)]
    price = next((word for word in reversed(numbers) if is_money(word.text)), None)
    if not numbers or not (price or _is_apart(words, start, height)):
        return (), ()
    del words[start:]
    counts = [word for word in numbers if word is not price]
    if len(numbers) > 1 and price is None:
        price = counts.pop()
    quantity = counts[-1:] if price is None or not counts else counts[:1]
    return tuple(quantity), (price,) if price else ()


def _is_figure(word: str) -> bool:
    short = is_sign(word) or bool(_TIMES.fullmatch(word)) or word.casefold() in ("ea", "each")
    return short or is_number(word) or bool(_TIMED.fullmatch(word))


def _is_apart(words: Sequence[Word], start: int, height: float) -> bool:
    """Whether figures stand too far from the name before them to be part of it."""
    return not start or words[start].box.x0 - words[start - 1].box.x1 > height
