"""How sure a value is, as the share of such values that are right, and why to look at it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from engine.matching import doubts, scoring
from engine.matching.scoring import CONTESTED, LABEL, Option, Ranking, Weights
from engine.types import FieldValue

_TYPES = ("name", "address", "amount", "date", "code")
_BASE = ("share", "margin", "sharpness", "certainty", "label", "contested", "length")
FEATURES = (
    *("intercept", *_BASE, "adds_up", "several_lines"),
    *(
        f"{kind}:{name}"
        for kind in _TYPES
        for name in ("intercept", "share", "margin", "sharpness")
    ),
)
"""The names of what the confidence is made of; those of a type count for that type only."""

LISTED = 0.25
"""A value belongs to an array of plain values if it is that likely, compared with the likeliest."""

NOT_FOUND = "No value was found for this field."


def judged(
    rankings: Sequence[Ranking], chosen: Sequence[Option | None], weights: Weights
) -> Iterator[FieldValue]:
    """The chosen values as they are handed out, one for each ranking."""
    balanced = scoring.balanced(rankings, chosen)
    for place, (ranking, option) in enumerate(zip(rankings, chosen, strict=True)):
        yield _value(ranking, option, place in balanced, weights)


def several(ranking: Ranking, weights: Weights) -> Iterator[FieldValue]:
    """All values that are about as likely as the likeliest, in the order of the document."""
    top = max((option.share for option in ranking.options), default=0.0)
    if top <= ranking.nothing:
        return
    likely = [option for option in ranking.options if option.share >= LISTED * top]
    for option in sorted(likely, key=lambda o: (*o.candidate.cell.key, o.candidate.start)):
        yield _value(ranking, option, False, weights)


def _value(ranking: Ranking, option: Option | None, balanced: bool, weights: Weights) -> FieldValue:
    if option is None:
        return FieldValue(None, ranking.nothing, flag=True, reason=NOT_FOUND)
    sure = of(features(ranking, option, balanced), weights)
    flag = sure < weights.flag_below or _is_others(ranking, option)
    value = FieldValue(
        option.answer,
        sure,
        flag,
        reason(ranking, option) if flag else "",
        option.candidate.cell.page,
        option.candidate.box,
        option.candidate.words,
    )
    return doubts.reread(value)


def features(ranking: Ranking, option: Option, balanced: bool) -> tuple[float, ...]:
    """What speaks for an assigned value; the order is that of FEATURES."""
    rivals = [o.share for o in ranking.options if o is not option]
    rival = max([ranking.nothing, *rivals])
    base = {
        "intercept": 1.0,
        "share": _bounded(math.log(option.share / (1 - option.share + 1e-6) + 1e-6)),
        "margin": _bounded(math.log((option.share + 1e-6) / (rival + 1e-6))),
        "sharpness": 5 * min(word.first_confidence for word in option.candidate.words) - 4,
        "certainty": option.candidate.certainty,
        "label": float(option.row[LABEL]),
        "contested": float(option.row[CONTESTED]),
        "length": min(1.0, len(option.candidate.text) / 40),
        "adds_up": float(balanced),
        "several_lines": float(bool(option.candidate.more)),
    }
    own = (
        base[name] * (kind == ranking.want.type)
        for kind in _TYPES
        for name in ("intercept", "share", "margin", "sharpness")
    )
    return (*(base[name] for name in FEATURES[: len(base)]), *own)


def _is_others(ranking: Ranking, option: Option) -> bool:
    """Whether another field's label stands right beside it, and none of its own."""
    named = ranking.want.type in ("name", "address", "text")
    return not named and bool(option.row[CONTESTED] > OTHERS)


OTHERS = 0.9
"""How strongly another label speaks for a value that is then flagged."""


def _labelled(option: Option) -> bool:
    return bool(option.row[LABEL] > 0.3)


def of(found: Sequence[float], weights: Weights) -> float:
    """The calibrated confidence of a value with these features."""
    total = sum(
        weights.calibration.get(name, 0.0) * value
        for name, value in zip(FEATURES, found, strict=True)
    )
    return _logistic(total)


def reason(ranking: Ranking, option: Option) -> str:
    """Why a value that is not sure should be looked at, in a sentence."""
    rival = next((o for o in ranking.options if o is not option and o.share > 0.1), None)
    if min(word.first_confidence for word in option.candidate.words) < 0.8:
        return doubts.HARD_TO_READ
    if _is_others(ranking, option):
        return "The label beside it names something else."
    if rival:
        return f"{doubts.quoted(rival.candidate.text)} is also likely."
    if not _labelled(option):
        return "No label names this value."
    return doubts.UNCERTAIN


def _bounded(odds: float) -> float:
    """Logarithmic odds, from -1 to 1: what seems surer than 20 to 1 is not right more often."""
    return max(-SUREST, min(SUREST, odds)) / SUREST


SUREST = 3.0


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
