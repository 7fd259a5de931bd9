"""What makes a run of text look like the name of a company or of a person."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np

from engine.matching import parties
from engine.matching.candidates import Candidate, Scene
from engine.matching.features.frame import Vector

NAMES = (
    "legal",
    "trade",
    "upper",
    "words",
    "digits",
    "labelled",
    "addressy",
    "repeated",
    "echoed",
    "outgrown",
    "domain",
    "before_address",
    "address_beside",
    "no_name",
    "two_lines",
    "two_names",
    "legal_below",
    "brackets",
    "starts_legal",
    "introduced",
    "short_word",
    "name_above",
    "address_above",
)


def features(found: Sequence[Candidate], scene: Scene) -> Vector:
    words = parties.known()
    cells = Counter(_squashed(cell.text) for cell in scene.sheet.cells)
    lines = Counter(w for cell in scene.sheet.cells for w in set(parties.words_of(cell.text)))
    domains = _domains(scene)
    companies = sorted({_squashed(c.text) for c in found if not c.more and _has_legal(c.text)})
    rows: list[tuple[float, ...]] = []
    for candidate in found:
        parts = parties.words_of(candidate.text)
        bare, first = _squashed(candidate.text), parts[0] if parts else ""
        below = scene.below.get(candidate.last.key)
        above = scene.above.get(candidate.cell.key)
        row = (
            float(not words.legal_forms.isdisjoint(parts[1:])),
            float(not words.trade.isdisjoint(parts)),
            float(candidate.text.isupper()),
            min(1.0, len(parts) / 6),
            float(any(map(str.isdigit, candidate.text))),
            float(_labelled(candidate, scene)),
            max(-1.0, min(1.0, parties.addressness(candidate.text))),
            min(1.0, max(0, cells[bare] - 1) / 2),
            float(len(first) > 3 and lines[first] > 1),
            float(not _has_legal(candidate.text) and _outgrown(bare, companies)),
            float(any(domain in bare or bare in domain for domain in domains) if bare else False),
            _address_below(candidate, scene),
            max(-1.0, parties.addressness(candidate.cell.text[candidate.end :].strip(" -,|"))),
            sum(word in words.not_names for word in parts) / max(1, len(parts)),
            float(bool(candidate.more)),
            float(bool(candidate.more) and _are_two_names(candidate)),
            float(below is not None and _ends_legal(below.text)),
            float(candidate.text.endswith(")")),
            float(bool(parts) and parties.is_legal(parts[0])),
            float(parties.is_introduced(candidate.cell.text, candidate.end)),
            float(len(parts) == 1),
            float(_is_named_above(candidate, scene)),
            parties.addressness(above.text) > 0.5 if above else 0.0,
        )
        rows.append(row)
    return np.array(rows, float).reshape(-1, len(NAMES))


def _ends_legal(text: str) -> bool:
    return any(map(parties.is_legal, parties.words_of(text)[-2:]))


def _has_legal(text: str) -> bool:
    return any(map(parties.is_legal, parties.words_of(text)[1:]))


def _outgrown(bare: str, companies: Sequence[str]) -> bool:
    """Whether a company's full name begins with it."""
    at = bisect_right(companies, bare)
    return at < len(companies) and len(bare) > 3 and companies[at].startswith(bare)


def _address_below(candidate: Candidate, scene: Scene) -> float:
    """How much one of the next three lines looks like one of an address, the nearest most."""
    best, cell, weight = -1.0, candidate.last, 1.0
    for _ in range(3):
        below = scene.below.get(cell.key)
        if below is None:
            break
        best = max(best, weight * min(1.0, parties.addressness(below.text)))
        cell, weight = below, weight * 0.7
    return best


def _is_named_above(candidate: Candidate, scene: Scene) -> bool:
    """Whether the line above could be the beginning of the same name."""
    above = scene.above.get(candidate.cell.key)
    if above is None or not parties.is_namelike(above.text):
        return False
    words = parties.words_of(above.text)
    known = parties.known()
    said = any(word in known.not_names for word in words) or any(map(parties.is_legal, words[1:]))
    return not said and not any(map(str.isdigit, above.text))


def _are_two_names(candidate: Candidate) -> bool:
    """Whether one of the two lines would be a company's name without the other."""
    upper = parties.words_of(candidate.cell.text)
    lower = parties.words_of(candidate.more[0].text)
    return any(map(parties.is_legal, upper[1:])) or any(map(parties.is_legal, lower[2:]))


def _squashed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _labelled(candidate: Candidate, scene: Scene) -> bool:
    """Whether a label is printed inside of it."""
    cell = candidate.cell
    return any(
        spot.start >= candidate.start and spot.end <= candidate.end and not spot.is_role
        for spot in scene.spots.by_cell.get(cell.key, ())
    )


_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9-]{3,60})\.", re.I)


def _domains(scene: Scene) -> frozenset[str]:
    found = (match for cell in scene.sheet.cells for match in _DOMAIN.finditer(cell.text))
    return frozenset(_squashed(match.group(1)) for match in islice(found, 20)) - _MAIL


_MAIL = {"gmail", "hotmail", "yahoo", "outlook", "gmx", "web", "icloud", "aol"}
