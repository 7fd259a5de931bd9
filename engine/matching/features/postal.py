"""What makes a run of lines look like a whole address, no line too few or too many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.matching import parties
from engine.matching.candidates import Candidate, Scene
from engine.matching.features.frame import Vector

NAMES = ("lines", "likeness", "least", "more_above", "more_below", "legal_first", "postcode")


def features(found: Sequence[Candidate], scene: Scene) -> Vector:
    out = np.zeros((len(found), len(NAMES)))
    for place, candidate in enumerate(found):
        first = candidate.cell.text[candidate.start : candidate.end]
        lines = [first, *(cell.text for cell in candidate.more)]
        alike = [parties.addressness(first)]
        if not candidate.start:
            alike = [max(*alike, parties.likeness(candidate.cell, scene))]
        alike += [parties.likeness(cell, scene) for cell in candidate.more]
        above, below = scene.above.get(candidate.cell.key), scene.below.get(candidate.last.key)
        out[place] = (
            len(lines) / 4,
            min(1.5, sum(alike) / 3),
            min(alike),
            max(-1.0, min(1.0, parties.likeness(above, scene))) if above else -1.0,
            max(-1.0, min(1.0, parties.likeness(below, scene))) if below else -1.0,
            float(any(map(parties.is_legal, parties.words_of(first)[1:]))),
            float(any(map(parties.has_postcode, lines))),
        )
    return out
