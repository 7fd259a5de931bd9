"""How well fields are found, cross-validated: every document is asked with weights that were fitted
without any document of its vendor."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from bench import corpora, examples, held, train, verdicts
from bench.examples import CORPORA, NAMINGS, Example
from bench.verdicts import Row, Verdict
from engine import matching, rows
from engine.matching.scoring import Weights

FOLDS = 5
RESULTS = corpora.OUT / "fields"
WANTED = ("macro", "vendor_macro", "line_cells_f1", "nda.f1")
"""How the names of the figures end that matter most."""

LEFT_OUT = (
    *(".micro", ".fields", ".vendors", "recall", "precision", ".bag_f1"),
    *("_share", "_accuracy"),  # our own count arrays as well
)

Asked = tuple[int, Example]
"""A naming and a document asked with it."""


def cross_validate(
    names: Sequence[str] = CORPORA, folds: int = FOLDS, drawn: int = train.DRAWN, *, jobs: int = 0
) -> None:
    """Write the results of every document under every naming to ``RESULTS``, a file each."""
    workers = jobs or len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        tasks = [pool.submit(_fold, names, folds, number, drawn) for number in range(folds)]
        _write([found for task in tasks for found in task.result()])


def try_out(names: Sequence[str] = CORPORA) -> None:
    """The same with the weights that ship, which have seen these documents: quick, not honest."""
    _write([_found(each, None) for each in _asked(names)])


def results(name: str, naming: int) -> Mapping[str, Row]:
    """By the file's name, what was written last. Raises ``FileNotFoundError``."""
    with _results(name, naming).open(encoding="utf-8") as written:
        return {row["file"]: row for row in map(json.loads, written)}


def report(names: Sequence[str] = CORPORA) -> Iterator[str]:
    """Lines of figures: with the ground truth's own names for the fields, then over all namings."""
    scored = _by_figure(scores(name, naming) for naming in range(NAMINGS) for name in names)
    for figure in sorted(scored, key=lambda figure: not figure.endswith(WANTED)):
        yield _line(figure, scored[figure])
    judged = [[verdict for name in names for verdict in judge(name, n)] for n in range(NAMINGS)]
    for part in (*names, "all"):
        of_part = ([v for v in each if part in ("all", v.example.corpus)] for each in judged)
        for figure, values in _by_figure(map(trust, of_part)).items():
            yield _line(f"{part}.{figure}", values)
    for name in names:
        shares = ", ".join(f"{field} {share:.4f}" for field, share in holding(name).items())
        yield f"{name}, share of the values that stand on the pages as read: {shares}"


def scores(name: str, naming: int) -> dict[str, float]:
    """What the scorer says of the last results."""
    names = examples.rename(name, naming)
    found = corpora.score(examples.category(name), _results(name, naming), names)
    return {
        f"{name}.{figure.partition('.')[2]}": value
        for figure, value in found.items()
        if figure.partition(".")[0] in (name, name.partition("_")[0])
        and not figure.endswith(LEFT_OUT)
    }


def judge(name: str, naming: int) -> list[Verdict]:
    """Every field of the last results, line items left out as by the scorer."""
    found = results(name, naming)
    return [
        verdict
        for example in examples.corpus(name, naming)
        for verdict in verdicts.fields(example, found[example.file])
    ]


def trust(judged: Sequence[Verdict]) -> dict[str, float]:
    """What a flag and a confidence are worth.

    ``invented`` is the share of the fields known not to be on the document that came back with a
    value and no flag; ``miscalibration`` how far the mean confidence is from the share of right
    values, in ten classes of as many values each, on average.
    """
    there = [verdict for verdict in judged if not verdict.absent]
    absent = [verdict for verdict in judged if verdict.absent]
    clean = [verdict for verdict in there if not verdict.flag]
    figures = {
        "flagged_share": _share(verdict.flag for verdict in there),
        "unflagged_accuracy": _share(verdict.right for verdict in clean),
        "miscalibration": _miscalibration([verdict for verdict in there if verdict.got]),
    }
    if absent:
        figures["invented"] = _share(not (verdict.right or verdict.flag) for verdict in absent)
    return figures


def holding(name: str) -> dict[str, float]:
    """The share of the values of each field that stands on the pages as read."""
    found: dict[str, list[bool]] = defaultdict(list)
    for example in examples.corpus(name):
        for field, (kind, values) in example.truth.items():
            each = [(value,) for value in values] if name == "nda" else [values] if values else []
            found[field] += [held.is_held(example.pages, (kind, one)) for one in each]
    return {field: _share(is_held) for field, is_held in found.items() if is_held}


def parted(groups: Mapping[str, str], folds: int) -> dict[str, int]:
    """The fold of each group, given the corpus it is from: every corpus in even parts."""
    ranked = sorted(groups, key=lambda group: (groups[group], _lot(group)))
    return {group: place % folds for place, group in enumerate(ranked)}


def _fold(names: Sequence[str], folds: int, number: int, drawn: int) -> list[tuple[str, int, Row]]:
    asked = list(_asked(names))
    places = parted({each.group: each.corpus for _, each in reversed(asked)}, folds)
    seen = [each for _, each in asked if places[each.group] != number]
    weights = train.fit(seen, drawn)
    return [_found(each, weights) for each in asked if places[each[1].group] == number]


def _asked(names: Sequence[str]) -> Iterator[Asked]:
    for name in names:
        for naming in range(NAMINGS):
            yield from ((naming, example) for example in examples.corpus(name, naming))


def _found(asked: Asked, weights: Weights | None) -> tuple[str, int, Row]:
    naming, example = asked
    found = matching.extract(example.node, example.pages, weights=weights)
    fields = {path: rows.field(value) for path, value in found.fields.items()}
    return example.corpus, naming, {"file": example.file, "data": found.data, "fields": fields}


def _write(found: Iterable[tuple[str, int, Row]]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    texts: dict[Path, list[str]] = defaultdict(list)
    for name, naming, row in found:
        texts[_results(name, naming)].append(json.dumps(row, ensure_ascii=False))
    for path, lines in texts.items():
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _results(name: str, naming: int) -> Path:
    return RESULTS / f"{name}.{naming}.jsonl"


def _by_figure(found: Iterable[Mapping[str, float]]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = defaultdict(list)
    for figures in found:
        for figure, value in figures.items():
            values[figure].append(value)
    return values


def _line(figure: str, values: Sequence[float]) -> str:
    each = " ".join(f"{value:.3f}" for value in values)
    return f"{figure} {values[0]:.4f}, mean of {len(values)} namings {mean(values):.4f}: {each}"


def _miscalibration(judged: Sequence[Verdict]) -> float:
    """Of values that were given, whether flagged or not."""
    ranked = sorted((_confidence(verdict), verdict.right) for verdict in judged)
    size = max(1, len(ranked) // 10)
    classes = (ranked[start : start + size] for start in range(0, len(ranked), size))
    gaps = (abs(sum(sure - right for sure, right in part)) for part in classes)
    return sum(gaps) / max(1, len(ranked))


def _confidence(verdict: Verdict) -> float:
    return float(verdict.evidence.get("confidence", 0))


def _share(answers: Iterable[bool]) -> float:
    counted = list(answers)
    return sum(counted) / max(1, len(counted))


def _lot(group: str) -> str:
    return hashlib.sha256(group.encode()).hexdigest()
