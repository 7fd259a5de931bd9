"""The cross-validation: who learns from what, and what is said of the results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import examples, fields, train
from bench.examples import Example
from bench.verdicts import Verdict
from engine.matching import scoring
from engine.matching.scoring import Weights


@pytest.fixture
def results(receipts: Path) -> None:
    """As if every company had been found, the first surely, the others with a flag; no date."""
    for naming in range(examples.NAMINGS):
        names = examples.rename("sroie", naming)
        rows = []
        for number, example in enumerate(examples.corpus("sroie", naming)):
            (company,) = example.truth[names["company"]][1]
            *groups, name = names["company"].split(".")
            data: dict[str, object] = {name: company}
            for group in reversed(groups):
                data = {group: data}
            evidence = {"confidence": 0.75, "flag": number > 0}
            rows.append(
                {"file": example.file, "data": data, "fields": {names["company"]: evidence}}
            )
        fields.RESULTS.mkdir(exist_ok=True)
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (fields.RESULTS / f"sroie.{naming}.jsonl").write_text(text)


def test_vendors_are_dealt_evenly_and_always_in_the_same_way() -> None:
    groups = {f"shop {n}": "sroie" for n in range(10)} | {f"firm {n}": "nda" for n in range(6)}
    folds = fields.parted(groups, 5)
    assert folds == fields.parted(dict(reversed(groups.items())), 5)
    for corpus, most in (("sroie", 2), ("nda", 2)):
        places = [folds[group] for group, of in groups.items() if of == corpus]
        assert max(map(places.count, places)) == most


def test_no_document_is_asked_with_weights_that_know_its_vendor(
    receipts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def fit(found: Sequence[Example], drawn: int) -> Weights:
        seen.append({example.group for example in found})
        return scoring.shipped()

    monkeypatch.setattr(train, "fit", fit)
    asked = [fields._fold(["sroie"], 2, number, 0) for number in range(2)]
    for groups, found in zip(seen, asked, strict=True):
        files = {row["file"] for _, _, row in found}
        held_out = {e.group for e in examples.corpus("sroie") if e.file in files}
        assert held_out
        assert not held_out & groups
    assert sum(map(len, asked)) == 3 * examples.NAMINGS


def test_what_ships_can_be_tried_out(receipts: Path) -> None:
    fields.try_out(["sroie"])
    for naming in range(examples.NAMINGS):
        found = fields.results("sroie", naming)
        assert list(found) == ["a.png", "b.png", "c.png"]
        (example, *_) = examples.corpus("sroie", naming)
        assert found["a.png"]["data"].keys() == example.schema["properties"].keys()


def test_the_scorers_figures_come_without_those_that_are_not_of_fields(results: None) -> None:
    assert fields.scores("sroie", 4) == {"sroie.company": 3, "sroie.macro": 0.5}


def test_the_report_has_the_figures_that_matter_first(results: None) -> None:
    first, second, *others = fields.report(["sroie"])
    halves = " ".join(["0.500"] * examples.NAMINGS)
    assert first == f"sroie.macro 0.5000, mean of {examples.NAMINGS} namings 0.5000: {halves}"
    assert second.startswith("sroie.company 3.0000, ")
    assert any(line.startswith("all.flagged_share 0.1667, ") for line in others)
    assert others[-1].startswith("sroie, share of the values that stand on the pages as read: ")
    assert "company 1.0000" in others[-1]


def test_trust_counts_flags_and_what_they_leave(results: None) -> None:
    found = fields.trust(fields.judge("sroie", 0))
    assert found["flagged_share"] == pytest.approx(2 / 12)
    assert found["unflagged_accuracy"] == pytest.approx(1 / 10)
    assert found["miscalibration"] == pytest.approx(0.25)
    assert "invented" not in found


def test_an_unflagged_value_of_a_field_that_is_not_there_is_invented(receipts: Path) -> None:
    (example, *_) = examples.corpus("sroie")
    judged = [
        Verdict(example, "total", ("number", ()), got, {"flag": flag}, not got)
        for got, flag in ((5, False), (5, True), (0, False), (0, False))
    ]
    assert fields.trust(judged)["invented"] == 0.25
