"""The drill's judge: it accepts what is right and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bench.drill import papers
from bench.drill.papers import Paper
from bench.drill.report import Report

SCAN = papers.scan("123456", 2)


def answer(*texts: str, status: str = "completed") -> dict[str, Any]:
    return {"job": {"status": status}, "result": {"pages": [{"text": text} for text in texts]}}


def test_a_document_with_its_own_text_is_right() -> None:
    assert SCAN.fault(answer("Invoice INV-123456 Sheet 1", "INV-123 456")) == ""


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (answer("123456"), "1 pages instead of 2"),
        (answer("123456", ""), "expected 123456"),
        (answer("123456", "654321"), "expected 123456"),
        (answer("123456", "123456 and 654321"), "expected 123456"),
        (answer(status="failed"), "failed"),
    ],
    ids=["too few pages", "no text", "a stranger's page", "a stranger's words", "failed"],
)
def test_anything_else_is_wrong(found: dict[str, Any], fault: str) -> None:
    assert fault in SCAN.fault(found)


def test_a_broken_document_has_to_fail() -> None:
    broken = papers.broken("123456")
    assert broken.fault(answer(status="failed")) == ""
    assert broken.fault(answer("123456")) == "completed: None"


def test_fields_have_to_be_the_documents_own() -> None:
    paper = papers.printed("123456", 1, papers.ORDER)
    for number, right in (("INV-123456", True), ("INV-654321", False), ("", False)):
        data = {"job": {"status": "completed"}, "result": {"data": {"invoice_number": number}}}
        assert (paper.fault(data) == "") is right


def test_papers_have_numbers_of_their_own() -> None:
    made: list[Paper] = papers.mixed(30, random.Random(1))
    assert len({paper.number for paper in made}) == 30


def test_one_wrong_line_makes_the_report_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    report.add("jobs", 200)
    assert report.show()
    report.add("lost", 1, right=False)
    assert not report.show()
    assert "lost  WRONG  1" in capsys.readouterr().out
