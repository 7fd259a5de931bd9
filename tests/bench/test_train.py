"""Weights are learned from documents whose right values are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bench import examples, train
from bench.examples import Example
from engine import schema
from engine.matching import extract, scoring
from engine.matching.confidence import FEATURES
from engine.matching.scoring import NOTHING, Weights
from engine.scripted import typed
from engine.types import Page

WANTED = {"type": "object", "properties": {"total": {"type": "number"}}}


def receipt(number: int, total: int | None) -> Example:
    """A page with three amounts in any order; the label, and nothing else, tells which is right."""
    lines = ["Total paid 0.00", "Discount 3.00", "Shipping 7.00"]
    lines[0] = f"Total {total}.00" if total else "Deposit 9.00"
    turned = lines[number % 3 :] + lines[: number % 3]
    page = Page(1, 600, 400, tuple(typed(["Oak Ltd", *turned, "Thank you"])), "")
    truth = {"total": ("number", (total,) if total else ())}
    node = schema.parse(WANTED)
    return Example("invoices", f"{number}.pdf", f"vendor {number}", (page,), WANTED, node, truth)


def receipts(count: int, first: int = 0) -> list[Example]:
    """Every fourth document does not say the total."""
    return [receipt(n, 20 + n if n % 4 else None) for n in range(first, first + count)]


@pytest.fixture(autouse=True)
def _scorer(shared: Path) -> None:
    """What is right is told by the scorer of the tests."""


@pytest.fixture
def learned() -> Weights:
    return taught()


@cache
def taught() -> Weights:
    return train.fit(receipts(24))


class TestFit:
    def test_learns_that_the_label_tells_and_the_place_does_not(self, learned: Weights) -> None:
        names = ("label_inside", "label", "row_1", "row_2", "early", "late")
        tables = (learned.shared, learned.types.get("amount", {}))
        weight = {name: sum(table.get(name, 0.0) for table in tables) for name in names}
        assert weight["label_inside"] + weight["label"] > 2
        assert all(abs(weight[name]) < weight["label"] for name in names[2:])

    def test_finds_what_it_has_not_seen(self, learned: Weights) -> None:
        for example in receipts(8, first=100):
            (wanted,) = example.truth["total"][1] or (0,)
            assert extract(example.node, example.pages, None, learned).data == {"total": wanted}

    def test_is_the_same_each_time(self, learned: Weights) -> None:
        assert train.fit(receipts(24)) == learned

    def test_calibrates_by_all_that_confidence_is_made_of(self, learned: Weights) -> None:
        assert list(learned.calibration) == list(FEATURES)
        assert 0 < learned.flag_below <= 1

    def test_leaves_out_what_weighs_nothing(self, learned: Weights) -> None:
        assert all(abs(weight) >= train.LEAST for weight in learned.shared.values())

    def test_can_be_saved_and_read_again(self, learned: Weights, tmp_path: Path) -> None:
        train.save(learned, tmp_path / "weights.json")
        assert Weights(**json.loads((tmp_path / "weights.json").read_text())) == learned
        assert asdict(learned)["flag_below"] == learned.flag_below


class TestLesson:
    def test_is_a_choice_among_candidates_and_nothing(self) -> None:
        (choice,) = train.lesson(receipt(1, 25)).choices
        assert choice.type == "amount"
        assert choice.right.sum() == 1
        assert not choice.nothing
        (choice,) = train.lesson(receipt(1, None)).choices
        assert not choice.right.any()
        assert choice.nothing

    def test_has_no_choice_where_the_right_value_is_no_candidate(self) -> None:
        example = receipt(1, 25)
        example.truth["total"] = ("number", (999,))  # type: ignore[index]
        assert train.lesson(example).choices == ()

    def test_keeps_the_right_candidate_among_very_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(train, "MOST_WRONG", 1)
        (choice,) = train.lesson(receipt(1, 25)).choices
        assert choice.right.sum() == 1
        assert len(choice.rows) <= 3

    def test_of_a_drawn_document_counts_less(self) -> None:
        (example,) = examples.drawn(1)
        assert {choice.weight for choice in train.lesson(example).choices} == {train.DRAWN_WEIGHT}

    def test_tells_for_each_value_whether_it_is_right(self, learned: Weights) -> None:
        ((speaks, right),) = train.outcomes(train.lesson(receipt(101, 25)), learned)
        assert right
        assert len(speaks) == len(FEATURES)


class TestThreshold:
    def threshold(self, sure: Sequence[float], right: Sequence[int]) -> float:
        return train._threshold(np.array(sure), np.array(right, float), np.ones(len(sure)))

    def test_is_the_lowest_confidence_that_can_be_trusted(self) -> None:
        assert self.threshold([0.9, 0.8, 0.7, 0.2], [1, 1, 1, 0]) == 0.7
        assert self.threshold([0.2, 0.7, 0.9, 0.8], [0, 1, 1, 1]) == 0.7

    def test_is_one_where_nothing_can(self) -> None:
        assert self.threshold([0.9, 0.8], [0, 0]) == 1.0

    def test_bears_a_mistake_among_many(self) -> None:
        sure = np.linspace(0.99, 0.5, 200)
        right = np.ones(200)
        right[100] = 0
        assert self.threshold(list(sure), list(right)) == 0.5


def test_the_gradient_is_that_of_the_surprise() -> None:
    block = train._Block([train.lesson(receipt(n, 25)).choices[0] for n in (1, 2)])
    weights = np.random.default_rng(0).normal(size=(block._rows.shape[1],))
    _, slope = block.surprise(weights)
    for at, step in enumerate(np.eye(len(weights)) * 1e-6):
        rise = block.surprise(weights + step)[0] - block.surprise(weights - step)[0]
        assert rise / 2e-6 == pytest.approx(slope[at], abs=1e-4)


def test_finding_nothing_has_a_weight_of_its_own(learned: Weights) -> None:
    assert NOTHING in learned.shared or NOTHING in learned.types["amount"]


def test_the_command_learns_from_all_corpora(
    shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "weights.json"
    monkeypatch.setattr(examples, "corpus", lambda name, naming: receipts(4, 10 * naming))
    monkeypatch.setattr(train.save, "__defaults__", (out,))
    monkeypatch.setattr("sys.argv", ["train", "--drawn", "2"])
    train.main()
    assert Weights(**json.loads(out.read_text())).shared
    assert scoring.shipped()
