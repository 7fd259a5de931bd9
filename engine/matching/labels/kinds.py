"""The type of value that a field asks for: its format and pattern, its concept, its kind."""

from __future__ import annotations

import re

from engine.matching.labels.words import Label
from engine.schema import Leaf

_FORMATS = {
    "date": "date",
    "date-time": "date",
    "datetime": "date",
    "time": "time",
    "duration": "duration",
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "hostname": "url",
    "phone": "phone",
    "tel": "phone",
    "iban": "iban",
    "bic": "bic",
    "uuid": "code",
    "currency": "currency",
    "percent": "percent",
    "credit-card": "card",
}

_PATTERNS = (
    (
        re.compile(
            r"d\{4\}\)?\\?[-/.]\(?(?:\\d|\[0-9\])\{2\}|\{2\}\)?\\?[-/.]\(?(?:\\d|\[0-9\])\{4\}"
        ),
        "date",
    ),
    (re.compile(r"\{(?:1,)?2\}\)?:"), "time"),
    (re.compile(r"@"), "email"),
    (re.compile(r"https\?|https?:"), "url"),
    (re.compile(r"%"), "percent"),
    (re.compile(r"(?:\\[.,]|\[[.,]+\]|,)\)?(?:\\d|\[0-9\])"), "amount"),
)
"""What the text of a pattern gives away; a user's pattern is never run here."""

_CODE_PATTERN = re.compile(r"[\^$\\dwA-Z0-9\[\](){}?:*+|\-/# _a-z]{1,200}")

_CURRENCY = re.compile(r"[A-Z]{3}")

_LAST: dict[str, str] = {
    "date": "date",
    "day": "date",
    "number": "code",
    "id": "code",
    "code": "code",
    "reference": "code",
    "identifier": "code",
    "amount": "amount",
    "total": "amount",
    "subtotal": "amount",
    "price": "amount",
    "fee": "amount",
    "cost": "amount",
    "charge": "amount",
    "sum": "amount",
    "tax": "amount",
    "balance": "amount",
    "salary": "amount",
    "gross": "amount",
    "net": "amount",
    "income": "amount",
    "payment": "amount",
    "value": "amount",
    "name": "name",
    "email": "email",
    "mail": "email",
    "phone": "phone",
    "mobile": "phone",
    "fax": "phone",
    "percent": "percent",
    "rate": "percent",
    "count": "integer",
    "quantity": "integer",
    "time": "time",
    "address": "address",
    "url": "url",
    "website": "url",
    "country": "country",
    "city": "city",
    "postcode": "postcode",
    "iban": "iban",
    "currency": "currency",
    "duration": "duration",
}
"""What the last word of a name says about a field of which nothing else is known."""

_ASKED = ("date", "amount", "code", "percent", "quantity", "duration", "time", "address", "name")
"""Types that a description may ask for, those first that are meant if it allows for many."""

_FLAG = frozenset(("is", "has", "was", "are", "can", "should"))

_NUMBERS = frozenset(("amount", "percent", "quantity", "integer"))
_CODES = frozenset(("code", "phone", "card", "postcode", "duration"))


def told(leaf: Leaf) -> str | None:
    """The type that the schema states beside the kind; None if it does not."""
    if leaf.kind != "string":
        return "flag" if leaf.kind == "boolean" else None
    hints = leaf.hints
    if hints.choices:
        texts = [choice for choice in hints.choices if isinstance(choice, str) and choice]
        return "currency" if texts and all(map(_CURRENCY.fullmatch, texts)) else "text"
    return _FORMATS.get(hints.format.casefold()) or _of_pattern(hints.pattern) or None


def fits(leaf: Leaf, kind: str, asked: frozenset[str] = frozenset()) -> bool:
    """Whether a value of this type can be the value of the leaf, and is of a type asked for."""
    if asked and kind not in asked:
        return False
    if leaf.kind in ("number", "integer"):
        return kind in _NUMBERS or kind in _CODES
    stated = told(leaf)
    if stated is None or (stated == "text" and kind not in _NUMBERS):
        return True
    return kind == stated or (stated == "code" and kind not in _NUMBERS | {"date", "time", "flag"})


def of(leaf: Leaf, concept: str | None, words: Label, asked: frozenset[str] = frozenset()) -> str:
    """The type to look for; ``concept`` is that of the concept, if there is one.

    ``words`` are those of the name; ``asked`` are the types that a description asks for.
    """
    stated = told(leaf)
    if stated and not (stated == "code" and concept):
        return stated
    by_name = _of_name(words) or next((kind for kind in _ASKED if kind in asked), None)
    if leaf.kind == "string":
        return "flag" if by_name == "flag" else concept or by_name or "text"
    guess = concept or by_name or ("integer" if leaf.kind == "integer" else "amount")
    if leaf.kind == "integer":
        return guess if guess in ("amount", "percent") else "integer"
    if guess in _CODES | {"integer"}:
        return "quantity" if guess == "duration" or not concept else "integer"
    return guess if guess in _NUMBERS else "amount"


def _of_name(words: Label) -> str | None:
    if words and words[0] in _FLAG and len(words) > 1:
        return "flag"
    return _LAST.get(words[-1]) if words else None


def _of_pattern(pattern: str) -> str:
    if not pattern:
        return ""
    for shape, kind in _PATTERNS:
        if shape.search(pattern[:200]):
            return kind
    return "code" if _CODE_PATTERN.fullmatch(pattern) else ""
