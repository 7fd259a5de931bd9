"""Knows the lines that close a table: sums, taxes, payments, carried-forward amounts."""

from __future__ import annotations

import re

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
        self._concepts = [concept for name in CLOSING if (concept := lexicon.concepts.get(name))]
        meanings = [
            Meaning(concept.name, None, concept.type, concept.phrases, 1.0)
            for concept in self._concepts
        ]
        self._phrases = Phrases(meanings, lexicon, SURE)
        self._lexicon = lexicon

    def is_sum(self, strip: Strip) -> bool:
        return bool(self.concept(strip))

    def concept(self, strip: Strip) -> str:
        """What the line's label announces, "" if it is none of these."""
        found = [self._concept(label) for label in labels(strip)]
        later = (name for name in found[1:] if name in SUMS)
        return (found[0] if found else "") or next(later, "")

    def _concept(self, label: str) -> str:
        rates = self._phrases.rates(label)
        if not rates:
            return self._named(label)
        number, _ = max(rates, key=lambda pair: pair[1])
        return self._concepts[number].name

    def _named(self, label: str) -> str:
        """A sum named by a word of a short label that is known from nowhere else."""
        words = [token.word for token in self._lexicon.tokens(label)]
        if len(words) > MOST_NAMED:
            return ""
        return next(
            (name for name in ("subtotal", "total") if name in (*words[:1], *words[-1:])), ""
        )


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
        # Without digits the labels of numbered items are one label.
        label = _EDGE.sub("", _DIGITS.sub("", " ".join(words)))
        if label and len(words) <= MOST_WORDS:
            found.append(label)
    return found
