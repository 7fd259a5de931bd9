"""What makes a run of lines look like a whole address, no line too few or too many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.matching import parties, values
from engine.matching.candidates import Candidate, Scene
from engine.matching.features.frame import Vector

NAMES = ("lines", "likeness", "least", "more_above", "more_below", "legal_first", "postcode")


def features(found: Sequence[Candidate], scene: Scene) -> Vector:
    out = np.zeros((len(found), len(NAMES)))
    for place, candidate in enumerate(found):
        lines = (
            [candidate.text]
            if not candidate.more
            else [
                candidate.cell.text[candidate.start :],
                *(cell.text for cell in candidate.more),
            ]
        )
        likeness = [parties.addressness(line) for line in lines]
        above, below = scene.above.get(candidate.cell.key), scene.below.get(candidate.last.key)
        out[place] = (
            len(lines) / 4,
            min(1.5, sum(likeness) / 3),
            min(likeness),
            max(-1.0, min(1.0, parties.addressness(above.text))) if above else -1.0,
            max(-1.0, min(1.0, parties.addressness(below.text))) if below else -1.0,
            float(any(map(parties.is_legal, parties.words_of(lines[0])[1:]))),
            float(any(r.certainty >= 0.4 for line in lines for r in values.find("postcode", line))),
        )
    return out
