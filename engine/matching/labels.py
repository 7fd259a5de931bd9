"""The labels a field may have on paper, as words that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Label = tuple[str, ...]

SYNONYMS = {
    "#": "number",
    "№": "number",
    "no": "number",
    "nr": "number",
    "num": "number",
    "nummer": "number",
    "numero": "number",
    "amt": "amount",
    "qty": "quantity",
    "ref": "reference",
    "tel": "phone",
    "telephone": "phone",
    "zip": "postcode",
}
"""Words on the left count as the word on the right."""

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+|[#№]")


def words(text: str) -> Iterator[tuple[str, int]]:
    """The words of a field's name or of a printed line, and where in the text each ends.

    ``invoice_no``, ``invoiceNumber`` and ``Invoice #`` have the same words.
    """
    for match in _WORD.finditer(text.lower() if text.isupper() else text):
        word = match.group().casefold()
        yield SYNONYMS.get(word, word), match.end()


def of(path: Sequence[str], title: str = "") -> list[Label]:
    """The labels of the field at the end of a path of names, those that say most first."""
    *groups, name = ["", *path]
    group, own = _label(groups[-1] if groups else ""), _label(name)
    found = [group + own, _label(title), own]
    if own == ("name",):
        found[1:1] = [group]
    return [label for label in dict.fromkeys(found) if label]


def _label(text: str) -> Label:
    return tuple(word for word, _ in words(text))
