"""Learns the weights and the calibration of the field matcher: ``python -m bench.train``.

Each field of each document is a choice among its candidates and "nothing"; the weights make the
right choices as likely as they can (a conditional logit, shrunk to what is expected). Weights for
all fields, for a type of value, for a group of fields and for that group on receipts add up.
Confidence is learned from choices made by weights that have not seen the document's vendor.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench import examples
from bench.drawn.lands import Dice
from bench.examples import NAMINGS, Example, Truth
from engine.matching import confidence, features, labels, scoring
from engine.matching.case import Case
from engine.matching.confidence import FEATURES
from engine.matching.features import frame
from engine.matching.scoring import NOTHING, Option, Ranking, Weights
from engine.matching.wanted import Want

Vector = NDArray[np.float64]

OUT = Path(scoring.__file__).with_name("weights.json")
SHRINK = {"shared": 0.3, "types": 0.3, "groups": 0.5, "receipts": 0.7}
"""How strongly weights are drawn to what is expected: to zero, but for a few."""

EXPECTED = {
    "label": 2.5,
    "contested": -2.5,
    "certainty": 2.0,
    "own_party": 1.5,
    "other_party": -3.5,
    NOTHING: 2.5,
    "legal": 1.0,
    "outgrown": -2.5,
}
"""Weights for all fields, or all names, that hold as long as no document says otherwise."""

_AGAINST = dict.fromkeys(SHRINK, 0.0)
MOST: dict[str, dict[str, float]] = {
    "other_party": {**_AGAINST, "shared": -3.5},
    "contested": {**_AGAINST, "shared": -1.0},
    "other_row": _AGAINST,
    "bare": _AGAINST,
    "outgrown": {**_AGAINST, "types": -2.5},
}
"""Weights, by level, that are no higher: these speak against a value, whatever was seen."""

LEAST = 0.005
"""A weight that is nearer to zero is left out."""

MOST_WRONG = 120
"""Wrong candidates of a choice that are learned from."""

DRAWN = 300
"""Documents that are drawn to learn from."""

DRAWN_WEIGHT, REAL_WEIGHT = 0.25, 2 / NAMINGS
"""Of a choice on a drawn document, and on a real one, which is asked with all sets of names."""

TRUSTED = 0.967
"""The share of unflagged values that shall be right, drawn documents among them: of the documents
that people have it is a hundredth more."""

INNER_FOLDS = 4
MOST_STEPS = 150

LONGEST_SCRAP = 8
"""Lines."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a field: their features, which are right, and what it counts."""

    type: str
    group: str
    receipt: bool
    rows: Vector
    right: NDArray[np.bool_]
    nothing: bool
    """Whether finding nothing is right."""

    weight: float

    @property
    def key(self) -> tuple[str, bool]:
        """Choices with the same one have the same weights."""
        return self.group, self.receipt


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document to learn from."""

    vendor: str
    case: Case
    truth: dict[str, Truth]
    choices: tuple[Choice, ...]
    weight: float


def fit(found: Sequence[Example], drawn: int = 0) -> Weights:
    """Weights learned from these examples and so many drawn documents, wholes and scraps."""
    invented = examples.drawn(drawn)
    lessons = [lesson(example) for example in [*found, *invented, *map(scrap, invented)]]
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
    weight = DRAWN_WEIGHT if example.corpus == "drawn" else REAL_WEIGHT
    truth = dict(example.truth)
    found = [
        choice(case, want, truth[want.name], weight) for want in case.wants if want.name in truth
    ]
    return Lesson(example.group, case, truth, tuple(filter(None, found)), weight)


def scrap(example: Example) -> Example:
    """A few lines of a document: what is short is judged by labels, not by what is usual on a page.

    Of what is not in these lines the scrap says nothing, and whether a box is ticked is not known.
    """
    dice = Dice(example.file)
    page = dice.choice(example.pages)
    count = dice.randint(1, LONGEST_SCRAP)
    first = dice.randrange(max(1, len(page.lines) - count + 1))
    lines = page.lines[first : first + count]
    text = _plain(" ".join(line.text for line in lines))
    truth = {
        path: _as_far_as(text, told) for path, told in example.truth.items() if told[0] != "flag"
    }
    return replace(example, pages=(replace(page, lines=lines),), truth=truth, lines=())


def _as_far_as(text: str, told: Truth) -> Truth:
    kind, values = told
    if kind == "number":
        shown = {str(abs(value)) for value in values} | {f"{abs(value):.2f}" for value in values}
    else:
        shown = {str(value) for value in values}
    there = any(_plain(each) in text for each in shown)
    return kind, values if there else ()


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


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
    narrow = case.sheet.is_narrow
    return Choice(field.type, want.group, narrow, rows, right, not truth[1], weight)


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
    features: one row for all fields, one for the type, one for the group, and one for the group
    on receipts; -1 where there is none.
    """

    def __init__(self, choices: Sequence[Choice]) -> None:
        self.names: list[tuple[str, str, str]] = []
        self._numbers: dict[tuple[str, str, str], int] = {}
        self.places: dict[tuple[str, bool], NDArray[np.int_]] = {}
        for found in choices:
            if found.key not in self.places:
                self.places[found.key] = self._placed(found)

    def _placed(self, found: Choice) -> NDArray[np.int_]:
        names = (*features.names(found.type), NOTHING)
        levels = [("shared", ""), ("types", found.type), ("groups", found.group)]
        levels += [("receipts", found.group)] * found.receipt
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

    def bounds(self) -> Sequence[tuple[float | None, float | None]]:
        most = (MOST.get(name, {}).get(level) for level, _, name in self.names)
        return [*((None, bound) for bound in most), (0, 0)]

    def expected(self) -> Vector:
        """What the weights are drawn to."""
        return np.array([*(_expected(level, name) for level, _, name in self.names), 0.0])


def _expected(level: str, name: str) -> float:
    widest = "shared" if name in _SHARED else "types"
    return EXPECTED.get(name, 0.0) if level == widest else 0.0


_SHARED = {*frame.NAMES, *features.PAIR, NOTHING}


def learned(lessons: Sequence[Lesson]) -> Weights:
    choices = [found for x in lessons for found in x.choices]
    layout = _Layout(choices)
    shrink, expected = layout.shrinkage(), layout.expected()
    blocks = [(layout.places[key], _Block(found)) for key, found in _by_key(choices).items()]

    def loss(theta: Vector) -> tuple[float, Vector]:
        gradient = 2 * shrink * (theta - expected)
        total = float(shrink @ (theta - expected) ** 2)
        for places, block in blocks:
            part, slope = block.surprise(theta[places].sum(axis=0))
            total += part
            for level in places:
                gradient[level] += slope
        gradient[-1] = 0.0
        return total, gradient

    # The last one stands for the weights that there are not.
    best = minimize(
        loss,
        expected,
        jac=True,
        method="L-BFGS-B",
        bounds=layout.bounds(),
        options={"maxiter": MOST_STEPS},
    )
    return _named(layout, best.x)


def _by_key(choices: Sequence[Choice]) -> Mapping[tuple[str, bool], Sequence[Choice]]:
    found: dict[tuple[str, bool], list[Choice]] = defaultdict(list)
    for each in choices:
        found[each.key].append(each)
    return found


class _Block:
    """Choices with the same weights: their candidates, "nothing" among them, below each other."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        width = choices[0].rows.shape[1]
        self._rows = np.vstack([_with_nothing(found.rows, width) for found in choices])
        self._right = np.concatenate([np.append(c.right, c.nothing) for c in choices]).astype(float)
        sizes = [len(found.rows) + 1 for found in choices]
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._choice = np.repeat(np.arange(len(choices)), sizes)
        self._weights = np.array([found.weight for found in choices])

    def surprise(self, weights: Vector) -> tuple[float, Vector]:
        """Minus the log of the probability of what is right, over all choices; its gradient."""
        scores = self._rows @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, self._starts)[self._choice])
        right = likely * self._right
        whole = np.add.reduceat(likely, self._starts)
        hit = np.maximum(np.add.reduceat(right, self._starts), 1e-12)
        slope = likely / whole[self._choice] - right / hit[self._choice]
        surprise = float(self._weights @ (np.log(whole) - np.log(hit)))
        return surprise, self._rows.T @ (self._weights[self._choice] * slope)


def _with_nothing(rows: Vector, width: int) -> Vector:
    """The candidates and a last one that has nothing but the feature of being nothing."""
    out = np.zeros((len(rows) + 1, width + 1))
    out[:-1, :-1] = rows
    out[-1, -1] = 1.0
    return out


def _named(layout: _Layout, theta: Vector) -> Weights:
    shared: dict[str, float] = {}
    tables: dict[str, dict[str, dict[str, float]]] = {"types": {}, "groups": {}, "receipts": {}}
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
    """One line for each type of value and each group of fields, so that changes can be read."""
    parts = [f'"{name}": {_written(part)}' for name, part in sorted(asdict(weights).items())]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def _written(part: object) -> str:
    if isinstance(part, dict) and any(isinstance(inner, dict) for inner in part.values()):
        lines = (f"{json.dumps(key)}: {_written(inner)}" for key, inner in sorted(part.items()))
        return "{\n" + ",\n".join(lines) + "\n}"
    return json.dumps(part, sort_keys=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawn", type=int, default=DRAWN, help="drawn documents to learn from")
    args = parser.parse_args()
    found = [
        e for name in examples.CORPORA for n in range(NAMINGS) for e in examples.corpus(name, n)
    ]
    save(fit(found, args.drawn))


if __name__ == "__main__":
    main()
