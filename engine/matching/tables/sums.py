"""Knows the lines that close a table: sums, taxes, payments, carried-forward amounts."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.matching.labels import Lexicon, Meaning
from engine.matching.tables.phrases import Phrases
from engine.matching.tables.strips import Strip, is_number, is_sign

CLOSING = (
    "subtotal",
    "total",
    "tax_total",
    "tax_base",
    "tax_rate",
    "amount_due",
    "amount_paid",
    "cash",
    "change",
    "discount",
    "shipping",
    "tip",
    "service_charge",
    "rounding",
    "deposit",
    "prepayment",
    "savings",
    "item_count",
    "previous_balance",
    "payment_method",
    "card_type",
)
"""Concepts whose label begins a line that is no item."""

SUMS = frozenset(("subtotal", "total", "amount_due"))
"""Concepts that do so wherever they stand on a line."""

SURE = 0.75
"""Likeness of a line's label and such a concept."""

MOST_WORDS = 6
"""Of a label."""

MOST_NAMED = 3
"""Of a label in which one word is enough."""

_DIGITS = re.compile(r"\d+")
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


class Sums:
    """Tells such lines by the lexicon; remembers what it was asked."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._concepts, self._phrases = _closing(lexicon)
        self._lexicon = lexicon
        self._lines: dict[Strip, str] = {}
        self._labels: dict[str, str] = {}

    def is_sum(self, strip: Strip) -> bool:
        return bool(self.concept(strip))

    def concept(self, strip: Strip) -> str:
        """What the line's label announces, "" if it is none of these."""
        if strip not in self._lines:
            found = [self._concept(label) for label in labels(strip)]
            later = (name for name in found[1:] if name in SUMS)
            self._lines[strip] = (found[0] if found else "") or next(later, "")
        return self._lines[strip]

    def _concept(self, label: str) -> str:
        if label not in self._labels:
            rates = self._phrases.rates(label)
            number, _ = max(rates, key=lambda pair: pair[1], default=(None, 0))
            self._labels[label] = self._named(label) if number is None else self._concepts[number]
        return self._labels[label]

    def _named(self, label: str) -> str:
        """A sum named by a word of a short label that is known from nowhere else."""
        words = [token.word for token in self._lexicon.tokens(label)]
        if len(words) > MOST_NAMED:
            return ""
        return next(
            (name for name in ("subtotal", "total") if name in (*words[:1], *words[-1:])), ""
        )


@lru_cache(maxsize=2)
def _closing(lexicon: Lexicon) -> tuple[list[str], Phrases]:
    """The names of the concepts, and their phrases."""
    concepts = [concept for name in CLOSING if (concept := lexicon.concepts.get(name))]
    meanings = [Meaning(each.name, None, each.type, each.phrases, 1.0) for each in concepts]
    return [each.name for each in concepts], Phrases(meanings, lexicon, SURE)


def labels(strip: Strip) -> list[str]:
    """The texts of a line that stand before its numbers."""
    if strip.prose:
        return []
    found: list[str] = []
    for chunk in strip.chunks:
        words: list[str] = []
        for word in chunk:
            if is_number(word.text):
                if words:
                    break
                continue
            if not is_sign(word.text):
                words.append(word.text)
        if 0 < len(words) <= MOST_WORDS:
            # Without digits the labels of numbered items are one label.
            label = _EDGE.sub("", _DIGITS.sub("", " ".join(words)))
            found += [label] if label else []
    return found
