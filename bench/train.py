"""Learns the weights and the calibration of the field matcher: ``python -m bench.train``.

Each field of each document is a choice among its candidates and "nothing"; the weights make the
right choices as likely as they can (a conditional logit with shrinkage). Weights belong to a type
of value, and those of a group of fields add to them. Confidence is learned from choices made
by weights that have not seen the document's vendor.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench import examples
from bench.examples import Example, Truth
from engine.matching import confidence, features, labels, scoring
from engine.matching.case import Case
from engine.matching.confidence import FEATURES
from engine.matching.features import frame
from engine.matching.scoring import NOTHING, Option, Ranking, Weights
from engine.matching.wanted import Want

Vector = NDArray[np.float64]

OUT = Path(scoring.__file__).with_name("weights.json")
SHRINK = {"shared": 0.1, "types": 0.3, "groups": 0.5}
"""How strongly weights are drawn to zero."""

LEAST = 0.005
"""A weight that is nearer to zero is left out."""

MOST_WRONG = 120
"""Wrong candidates of a choice that are learned from."""

DRAWN_WEIGHT = 0.25
"""Of a choice on a drawn document; one on a real document counts 1."""

TRUSTED = 0.985
"""The share of unflagged values that shall be right."""

INNER_FOLDS = 4
MOST_STEPS = 150


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a field: their features, which are right, and what it counts."""

    type: str
    group: str
    rows: Vector
    right: NDArray[np.bool_]
    nothing: bool
    """Whether finding nothing is right."""

    weight: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document to learn from."""

    vendor: str
    case: Case
    truth: dict[str, Truth]
    choices: tuple[Choice, ...]
    weight: float


def fit(found: Sequence[Example], drawn: int = 0) -> Weights:
    """Weights learned from these examples and so many drawn documents."""
    lessons = [lesson(example) for example in [*found, *examples.drawn(drawn)]]
    folds = [
        (learned([x for x in lessons if _fold(x.vendor) != fold]), fold)
        for fold in range(INNER_FOLDS)
    ]
    judged = [
        (row, right, x.weight)
        for weights, fold in folds
        for x in lessons
        if _fold(x.vendor) == fold
        for row, right in outcomes(x, weights)
    ]
    return calibrated(learned(lessons), judged)


def lesson(example: Example) -> Lesson:
    case = Case(example.node, example.pages, labels.load())
    weight = DRAWN_WEIGHT if example.corpus == "drawn" else 1.0
    truth = dict(example.truth)
    found = [
        choice(case, want, truth[want.name], weight) for want in case.wants if want.name in truth
    ]
    return Lesson(example.group, case, truth, tuple(filter(None, found)), weight)


def choice(case: Case, want: Want, truth: Truth, weight: float) -> Choice | None:
    """None where the right value is on the document, but no candidate."""
    field = case.field(want)
    said = [(at, scoring.said(want, c)) for at, c in enumerate(field.candidates)]
    valid = [(at, value) for at, value in said if value is not None]
    right = np.array([_is_right(truth, value) for _, value in valid], bool)
    if truth[1] and not right.any():
        return None
    rows = np.hstack([field.alone, field.paired(want)])[[at for at, _ in valid]]
    if len(rows) > MOST_WRONG:
        hopeful = _hopeful(field.type, rows)
        keep = right | (hopeful >= np.sort(hopeful)[-MOST_WRONG])
        rows, right = rows[keep], right[keep]
    return Choice(field.type, want.group, rows, right, not truth[1], weight)


def _is_right(truth: Truth, value: object) -> bool:
    kind, accepted = truth
    return any(examples.right(kind, value, want) for want in accepted)


def _hopeful(type: str, rows: Vector) -> Vector:  # noqa: A002
    """A rough score that picks the wrong candidates worth learning from."""
    names = features.names(type)
    label, early = names.index("label"), names.index("early")
    own = names.index("own_party")
    return 3 * rows[:, label] + rows[:, early] + rows[:, own] + rows[:, names.index("top")]


# ---- weights


class _Layout:
    """Where in the vector of all parameters the weights of each level stand.

    ``places`` has for each type and group the parameters that add up to the weights of its
    features: one row for all fields, one for the type, one for the group; -1 where there is none.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.names: list[tuple[str, str, str]] = []
        self._numbers: dict[tuple[str, str, str], int] = {}
        self.places: dict[str, NDArray[np.int_]] = {}
        for found in choices:
            if found.group not in self.places:
                self.places[found.group] = self._placed(found)

    def _placed(self, found: Choice) -> NDArray[np.int_]:
        names = (*features.names(found.type), NOTHING)
        levels = (("shared", ""), ("types", found.type), ("groups", found.group))
        return np.array([[self._number(*level, name) for name in names] for level in levels])

    def _number(self, level: str, key: str, name: str) -> int:
        if level == "shared" and name not in _SHARED:
            return -1
        number = self._numbers.setdefault((level, key, name), len(self.names))
        if number == len(self.names):
            self.names.append((level, key, name))
        return number

    def shrinkage(self) -> Vector:
        return np.array([*(SHRINK[level] for level, _, _ in self.names), 0.0])


_SHARED = {*frame.NAMES, *features.PAIR, NOTHING}


def learned(lessons: Sequence[Lesson]) -> Weights:
    choices = [found for x in lessons for found in x.choices]
    layout = _Layout(choices)
    shrink = layout.shrinkage()
    padded = [(c, np.vstack([_padded(c.rows), _nothing(c.rows.shape[1])])) for c in choices]

    def loss(theta: Vector) -> tuple[float, Vector]:
        gradient = 2 * shrink * theta
        total = float(shrink @ theta**2)
        for found, rows in padded:
            places = layout.places[found.group]
            part, slope = _surprise(rows, found, theta[places].sum(axis=0))
            total += found.weight * part
            for level in places:
                gradient[level] += found.weight * slope
        gradient[-1] = 0.0
        return total, gradient

    start = np.zeros(len(layout.names) + 1)  # the last stands for weights that there are not
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS})
    return _named(layout, best.x)


def _padded(rows: Vector) -> Vector:
    return np.hstack([rows, np.zeros((len(rows), 1))])


def _nothing(width: int) -> Vector:
    row = np.zeros((1, width + 1))
    row[0, -1] = 1.0
    return row


def _surprise(rows: Vector, found: Choice, weights: Vector) -> tuple[float, Vector]:
    """Minus the log of the probability of what is right, and its gradient."""
    scores = rows @ weights
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    right = likely * np.append(found.right, found.nothing)
    hit = max(right.sum(), 1e-12)
    return -float(np.log(hit)), rows.T @ (likely - right / hit)


def _named(layout: _Layout, theta: Vector) -> Weights:
    shared: dict[str, float] = {}
    tables: dict[str, dict[str, dict[str, float]]] = {"types": {}, "groups": {}}
    for (level, key, name), weight in zip(layout.names, theta[:-1], strict=True):
        if abs(weight) >= LEAST:
            table = tables[level].setdefault(key, {}) if key else shared
            table[name] = round(float(weight), 3)
    return Weights(shared, **tables, calibration={}, flag_below=0.0)


# ---- confidence


def outcomes(x: Lesson, weights: Weights) -> Iterator[tuple[tuple[float, ...], bool]]:
    """For each value that is handed out: what speaks for it, and whether it is right."""
    wants = [want for want in x.case.wants if not want.many]
    rankings = [x.case.rank(want, weights) for want in wants]
    chosen = scoring.assign(rankings)
    balanced = scoring.balanced(rankings, chosen)
    for place, (ranking, option) in enumerate(zip(rankings, chosen, strict=True)):
        truth = x.truth.get(ranking.want.name)
        if option and truth:
            yield _outcome(ranking, option, place in balanced, truth)


def _outcome(
    ranking: Ranking, option: Option, balanced: bool, truth: Truth
) -> tuple[tuple[float, ...], bool]:
    return confidence.features(ranking, option, balanced), _is_right(truth, option.answer)


def calibrated(
    weights: Weights, judged: Sequence[tuple[tuple[float, ...], bool, float]]
) -> Weights:
    """The weights with a calibration learned from values that are right or wrong."""
    rows = np.array([row for row, _, _ in judged])
    right = np.array([good for _, good, _ in judged], float)
    counts = np.array([count for _, _, count in judged])

    def loss(theta: Vector) -> tuple[float, Vector]:
        sure = 1 / (1 + np.exp(-np.clip(rows @ theta, -30, 30)))
        total = -counts @ (right * np.log(sure + 1e-12) + (1 - right) * np.log(1 - sure + 1e-12))
        return float(total + 0.5 * theta @ theta), rows.T @ (counts * (sure - right)) + theta

    theta = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    named = {name: round(float(w), 3) for name, w in zip(FEATURES, theta, strict=True)}
    sure = 1 / (1 + np.exp(-rows @ theta))
    return replace(weights, calibration=named, flag_below=_threshold(sure, right, counts))


def _threshold(sure: Vector, right: Vector, counts: Vector) -> float:
    """The lowest confidence from which on as many values are right as shall be."""
    order = np.argsort(-sure)
    share = np.cumsum((right * counts)[order]) / np.cumsum(counts[order])
    good = np.nonzero(share >= TRUSTED)[0]
    return round(float(sure[order][good[-1]]), 4) if len(good) else 1.0


def _fold(vendor: str) -> int:
    return sum(vendor.encode()) % INNER_FOLDS


def save(weights: Weights, file: Path = OUT) -> None:
    file.write_text(json.dumps(asdict(weights), indent=1, sort_keys=True) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawn", type=int, default=300, help="drawn documents to learn from")
    args = parser.parse_args()
    found = [e for name in examples.CORPORA for n in range(2) for e in examples.corpus(name, n)]
    save(fit(found, args.drawn))


if __name__ == "__main__":
    main()
