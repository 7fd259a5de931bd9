"""What speaks against a value although it was found: readings that differ, amounts that do not add
up, check digits that are wrong. Said so that a person knows what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from engine.matching import scoring
from engine.matching.scoring import Option, Ranking
from engine.matching.values import accounts, tax
from engine.types import FieldValue

DOUBT, REREAD = 0.5, 0.8
"""What is left of a value's confidence; the second where two readings differ, for then it rests on
words that were hard to read, and is low already."""

HARD_TO_READ = "The text was hard to read."
UNCERTAIN = "The value is not certain."
_SAYS_LESS = ("", HARD_TO_READ, UNCERTAIN)

LONGEST = 40
"""Characters of a quotation."""

_ROUNDING = 0.051
"""Where cash is rounded to five cents."""


def reread(value: FieldValue) -> FieldValue:
    """The value, doubted where another reading says something else in its place."""
    differing = [word for word in value.words if word.other]
    if not differing:
        return value
    ours = " ".join(word.text for word in value.words)
    theirs = " ".join(word.other or word.text for word in value.words)
    if max(len(ours), len(theirs)) > LONGEST:
        ours = " ".join(word.text for word in differing)
        theirs = " ".join(word.other for word in differing)
    said = f"Two readings differ: {quoted(ours)} and {quoted(theirs)}."
    return doubted(value, said, REREAD)


def doubted(value: FieldValue, reason: str, left: float = DOUBT) -> FieldValue:
    more = "" if value.reason in _SAYS_LESS else f" {value.reason}"
    return replace(value, confidence=left * value.confidence, flag=True, reason=reason + more)


def checked(
    rankings: Sequence[Ranking],
    chosen: Sequence[Option | None],
    values: Sequence[FieldValue],
    printed: Set[float],
) -> list[FieldValue]:
    """The values, doubted where arithmetic or their format speaks against them. ``printed`` are all
    amounts of the document: one of them may be what is missing in a sum."""
    reasons = dict(_wrong_numbers(rankings, chosen))
    reasons |= dict.fromkeys(*_wrong_sum(rankings, chosen, printed))
    return [
        doubted(value, reasons[place]) if place in reasons else value
        for place, value in enumerate(values)
    ]


def quoted(text: str) -> str:
    return f"\u201c{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}\u201d"


def _wrong_numbers(
    rankings: Sequence[Ranking], chosen: Sequence[Option | None]
) -> Iterator[tuple[int, str]]:
    for place, (ranking, option) in enumerate(zip(rankings, chosen, strict=True)):
        number = option.candidate.value if option else None
        if option and isinstance(number, str) and _is_misprinted(ranking.want.type, number):
            yield place, f"The check digits of {quoted(option.candidate.text)} are wrong."


def _is_misprinted(type_: str, number: str) -> bool:
    if type_ == "vat_id":
        return tax.is_misprinted(number)
    return accounts.is_misprinted(number) if type_ in ("iban", "card") else False


def _wrong_sum(
    rankings: Sequence[Ranking], chosen: Sequence[Option | None], printed: Set[float]
) -> tuple[Sequence[int], str]:
    """The places of subtotal, tax and total where they contradict each other, and how."""
    places = scoring.sums(rankings)
    options = [option for place in places if (option := chosen[place])]
    numbers = list(scoring.sizes(options))
    if len(numbers) != 3 or _adds_up(numbers, printed):
        return (), ""
    subtotal, tax_total, total = (" ".join(option.candidate.text.split()) for option in options)
    said = f"The amounts do not add up: {subtotal} and {tax_total} are not {total}."
    return places, said


def _adds_up(numbers: Sequence[float], printed: Set[float]) -> bool:
    """Whether the last is the sum, the tax is in it already, or what is missing is printed too: a
    discount, a tip, postage."""
    subtotal, _, total = numbers
    missing = abs(sum(numbers[:2]) - total)
    others = printed - {abs(number) for number in numbers}
    is_there = any(abs(amount - missing) <= _ROUNDING for amount in others)
    return missing <= _ROUNDING or abs(subtotal - total) <= _ROUNDING or is_there
