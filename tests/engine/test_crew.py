"""Work shared out to processes, whatever becomes of them."""

from __future__ import annotations

import pytest

from engine import crew
from engine.crew import Answer, Job

WORK = "tests.engine.shouts:"


def ask(items: list[str], workers: int = 2, patience: float = 30) -> list[Answer]:
    job = Job(WORK + "shouting", {"mark": "!"}, patience)
    return list(crew.answers(job, items, workers))


@pytest.mark.parametrize("workers", [1, 3])
def test_answers_come_in_the_order_of_the_items(workers: int) -> None:
    items = [f"word{n}" for n in range(9)]
    assert ask(items, workers) == [Answer(i, i.upper() + "!") for i in items]


def test_a_worker_that_crashes_takes_only_its_own_item() -> None:
    first, second, third = ask(["a", "crash", "c"], workers=1)
    assert (first.text, third.text) == ("A!", "C!")
    assert (second.text, second.failure) == (None, "the process that read it ended (SIGSEGV)")


def test_a_worker_without_a_word_is_ended() -> None:
    first, second = ask(["sleep", "b"], workers=1, patience=2)
    assert first.failure == "it made no progress for 2 seconds"
    assert second.text == "B!"


def test_an_item_without_an_answer_says_why() -> None:
    assert ask(["refuse", "b"]) == [Answer("refuse", None, "no such word"), Answer("b", "B!")]


def test_parts_are_reported() -> None:
    heard: list[tuple[int, int]] = []
    job = Job(WORK + "shouting", {"mark": ""})
    list(crew.answers(job, ["a"], 1, lambda *part: heard.append(part)))
    assert heard == [(1, 2), (2, 2)]


def test_no_items_need_no_workers() -> None:
    assert ask([]) == []


@pytest.mark.parametrize(
    ("start", "reason"), [("unable", "no models"), ("broken", "exit status 3")]
)
def test_work_that_cannot_start_is_no_work(start: str, reason: str) -> None:
    with pytest.raises(crew.NotReady, match=reason):
        list(crew.answers(Job(WORK + start, {}), ["a", "b"], 2))
