"""How likely each candidate is the value of a field, and which field gets which candidate."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice, product

import numpy as np

from engine.matching import candidates, features, parties
from engine.matching.answers import answer
from engine.matching.candidates import Candidate
from engine.matching.features import Field
from engine.matching.features.frame import Vector
from engine.matching.spots import Kind
from engine.matching.wanted import Want
from engine.schema import Scalar

MOST_TRIED, MOST_OPTIONS = 1_000, 40
"""Candidates of a field that are asked for a value, and those of them that are compared; the others
have no chance."""

KEPT = 8
"""Values of a field that take part in the assignment."""

SHARED = 2.5
"""What it costs, in log odds, that two fields take the same printed words."""

ADDS_UP, ADDS_ZERO = 2.5, 0.5
"""What it is worth that subtotal, tax and total add up, and where one of the parts is zero."""

LIKELY = 0.05
"""Probability of a value that may be chosen because it adds up, at least."""

SAME_AMOUNTS = ({"total", "amount_due"}, {"total", "amount_paid"}, {"subtotal", "tax_base"})
"""Concepts that are one amount on many documents, printed once."""

SAID, PLAIN = 5.0, 0.85
"""What it is worth, in log odds against nothing, that a label says what a value is, and how strong
that label is, at least."""

HOPEFUL = 0.1
"""How likely a value is, at least, compared with the likeliest, that a label may speak for."""

BESIDE = (Kind.INSIDE, Kind.RIGHT, Kind.BELOW, Kind.ABOVE)
PLACES, PLACE_SURE = frozenset(("street", "city", "postcode", "state", "country")), 0.6

LABEL = features.PAIR.index("label") - len(features.PAIR)
CONTESTED = features.PAIR.index("contested") - len(features.PAIR)
"""Where the strength of the label, and of another one, stands in the features of a candidate."""

NOTHING = "nothing"
"""The feature of finding no value."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each feature: for all fields, and what is added for a type of value, for a
    group of fields, and for that group on till receipts. What is not named weighs nothing.
    ``calibration`` and ``flag_below`` belong to ``engine.matching.confidence``."""

    shared: Mapping[str, float]
    types: Mapping[str, Mapping[str, float]]
    groups: Mapping[str, Mapping[str, float]]
    receipts: Mapping[str, Mapping[str, float]]
    calibration: Mapping[str, float]
    flag_below: float

    def vector(self, field: Field, want: Want, names: Sequence[str]) -> Vector:
        """The weights of the named features for a field among these candidates."""
        levels = [self.shared, self.types.get(field.type, {}), self.groups.get(want.group, {})]
        if field.scene.sheet.is_narrow:
            levels.append(self.receipts.get(want.group, {}))
        return np.array([sum(level.get(name, 0.0) for level in levels) for name in names])


@cache
def shipped() -> Weights:
    """The weights that were learned from documents by ``bench/train.py``."""
    text = resources.files(__package__).joinpath("weights.json").read_text("utf-8")
    return Weights(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a field may have: where it is printed best, and how likely it is."""

    answer: Scalar
    candidate: Candidate
    score: float
    share: float
    """Of all the probability, however often the value is printed."""

    row: Vector
    """Its features."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The options of a field, the likeliest first, and the probability that there is none."""

    want: Want
    options: tuple[Option, ...]
    nothing: float
    nothing_score: float


def rank(field: Field, want: Want, weights: Weights) -> Ranking:
    names = features.names(field.type)
    vector = weights.vector(field, want, names)
    (nothing,) = weights.vector(field, want, (NOTHING,))
    if not field.candidates:
        return Ranking(want, (), 1.0, float(nothing))
    rows = np.hstack([field.alone, field.paired(want)])
    scores = rows @ vector
    if field.type == "flag":  # a cross or a yes that no label speaks for says nothing
        scores = np.where(rows[:, names.index("label")] > 0, scores, -np.inf)
    best = np.argsort(-scores, kind="stable")[:MOST_TRIED]
    best = best[np.isfinite(scores[best])]
    possible = (
        (place, value)
        for place in map(int, best)
        if (value := said(want, field.candidates[place])) is not None
    )
    found = list(islice(possible, MOST_OPTIONS))
    top = max([float(nothing), *(float(scores[place]) for place, _ in found)])
    parts = [float(np.exp(scores[place] - top)) for place, _ in found]
    none = float(np.exp(nothing - top))
    total = sum(parts) + none
    shares: dict[str, float] = {}
    names_of = [_key(value, field.candidates[place]) for place, value in found]
    for name, part in zip(names_of, parts, strict=True):
        shares[name] = shares.get(name, 0.0) + part / total
    options: dict[str, Option] = {}
    for name, (place, value) in zip(names_of, found, strict=True):
        options.setdefault(
            name,
            Option(
                value,
                field.candidates[place],
                float(scores[place]),
                shares[name],
                rows[place],
            ),
        )
    ranked = sorted(options.values(), key=lambda option: -option.share)[:KEPT]
    return Ranking(want, tuple(ranked), none / total, float(nothing))


def said(want: Want, candidate: Candidate) -> Scalar | None:
    """The value of the field that the candidate stands for, None where it cannot be one."""
    return answer(want.leaf, want.type, candidate.text, candidate.value)


def _key(value: Scalar, candidate: Candidate) -> str:
    """What is the same for two printings of a value: the number, or letters and digits."""
    for number in (candidate.value, value):
        if isinstance(number, int | float):
            return repr(float(number))
    text = str(value)
    return "".join(filter(str.isalnum, text.casefold())) or text


# ---- one assignment for the whole schema


def assign(rankings: Sequence[Ranking]) -> list[Option | None]:
    """An option for each field, or none, so that the whole is likeliest: the same words serve two
    fields only where both mean the same, or where it is worth it; amounts that add up are."""
    chosen = [_alone(ranking) for ranking in rankings]
    users = _users(chosen)
    for _ in range(3):
        before = list(chosen)
        for place, ranking in enumerate(rankings):
            if chosen[place] is not None or ranking.options:
                _release(users, place, chosen[place])
                chosen[place] = _best(ranking, place, users, rankings)
                _occupy(users, place, chosen[place])
        if chosen == before:
            break
    _balance(rankings, chosen)
    return chosen


def _alone(ranking: Ranking) -> Option | None:
    best = max(ranking.options, key=lambda option: _worth(ranking, option), default=None)
    return best if best and _worth(ranking, best) > _log(ranking.nothing) else None


def _log(share: float) -> float:
    return math.log(max(share, 1e-12))


def _worth(ranking: Ranking, option: Option) -> float:
    hopeful = option.share >= HOPEFUL * ranking.options[0].share
    return _log(option.share) + SAID * (hopeful and _is_said(ranking.want, option))


def _is_said(want: Want, option: Option) -> bool:
    """Whether it is plain to see: a label stands right beside it, and no other one; it is ticked;
    or it is a part of an address, and asked for as one."""
    candidate = option.candidate
    beside = max(option.row[LABEL - len(Kind) + kind] for kind in BESIDE)
    if beside >= PLAIN and not option.row[CONTESTED]:
        return True
    if want.leaf.hints.choices and candidates.is_ticked(candidate):
        return True
    in_address = want.type in PLACES and parties.addressness(candidate.cell.text) > 0
    return in_address and candidate.certainty >= PLACE_SURE


Users = dict[tuple[int, int, int], set[int]]
"""By page row, cell and character: the numbers of the fields whose value begins there."""


def _users(chosen: Sequence[Option | None]) -> Users:
    users: Users = {}
    for place, option in enumerate(chosen):
        _occupy(users, place, option)
    return users


def _spot(option: Option) -> tuple[int, int, int]:
    return (*option.candidate.cell.key, option.candidate.start)


def _occupy(users: Users, place: int, option: Option | None) -> None:
    if option:
        users.setdefault(_spot(option), set()).add(place)


def _release(users: Users, place: int, option: Option | None) -> None:
    if option:
        users.get(_spot(option), set()).discard(place)


def _best(ranking: Ranking, place: int, users: Users, rankings: Sequence[Ranking]) -> Option | None:
    def worth(option: Option) -> float:
        rivals = users.get(_spot(option), set()) - {place}
        cost = any(_are_rivals(ranking, option, rankings[other]) for other in rivals)
        return _worth(ranking, option) - SHARED * cost

    best = max(ranking.options, key=worth, default=None)
    return best if best and worth(best) > _log(ranking.nothing) else None


def _are_rivals(ranking: Ranking, option: Option, other: Ranking) -> bool:
    """Whether the words are more likely the other field's than this one's."""
    concepts = {ranking.want.meaning.concept, other.want.meaning.concept}
    if ranking.want.group == other.want.group or concepts in SAME_AMOUNTS:
        return False
    theirs = next((o.share for o in other.options if _spot(o) == _spot(option)), 0.0)
    return theirs >= option.share


PARTS = ("subtotal", "tax_total")
WHOLE = "total"
_CENT = 0.011


def _balance(rankings: Sequence[Ranking], chosen: list[Option | None]) -> None:
    """Of subtotal, tax and total, takes the likeliest that add up, if that is likely enough."""
    places = sums(rankings)
    if not places:
        return
    pools = [[o for o in rankings[place].options[:5] if o.share > LIKELY] for place in places]
    now = [chosen[place] for place in places]
    best = _likelihood(now) + _bonus(now)
    for combination in product(*pools):
        bonus = _bonus(combination)
        if bonus and _likelihood(combination) + bonus > best:
            best, now = _likelihood(combination) + bonus, list(combination)
    for place, option in zip(places, now, strict=True):
        chosen[place] = option


def sums(rankings: Sequence[Ranking]) -> list[int]:
    """The places of subtotal, tax and total, if the schema asks for all of them."""
    found: dict[str, int] = {}
    for place, ranking in enumerate(rankings):
        concept = ranking.want.meaning.concept
        if concept in (*PARTS, WHOLE):
            found.setdefault(concept, place)
    return [found[name] for name in (*PARTS, WHOLE)] if len(found) == 3 else []


def balanced(rankings: Sequence[Ranking], chosen: Sequence[Option | None]) -> frozenset[int]:
    """The numbers of the fields whose values confirm each other by their sum."""
    places = sums(rankings)
    fits = bool(places) and _bonus([chosen[place] for place in places]) == ADDS_UP
    return frozenset(places if fits else ())


def _likelihood(options: Sequence[Option | None]) -> float:
    return sum(_log(option.share) if option else -3.0 for option in options)


def _bonus(options: Sequence[Option | None]) -> float:
    """What it is worth that the last is the sum of those before it: little if zero was added."""
    numbers = list(sizes(options))
    *parts, whole = numbers or [0.0]
    if len(numbers) < len(options) or not whole or abs(sum(parts) - whole) >= _CENT:
        return 0.0
    return ADDS_UP if all(parts) else ADDS_ZERO


def sizes(options: Sequence[Option | None]) -> Iterator[float]:
    """The values that are numbers."""
    for option in options:
        value = option.candidate.value if option else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)
