"""Documents with ground truth: kept readings, the scorer's figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import corpora


def test_a_reading_is_kept_until_it_is_forgotten(receipts: Path) -> None:
    results = corpora.read("receipts_sroie")
    assert len(results.read_text().splitlines()) == 3
    corpora.forget()
    assert not results.exists()


def test_readings_made_in_other_ways_are_kept_apart(receipts: Path) -> None:
    other = corpora.OUT / "receipts_sroie-ocr-ocr.jsonl"
    other.write_text("")
    assert corpora.read("receipts_sroie", "--ocr", "ocr") == other != corpora.read("receipts_sroie")


@pytest.mark.slow
def test_what_was_not_read_yet_is_read_through_the_command_line(shared: Path) -> None:
    folder = corpora.folder("scans_text")
    folder.mkdir(parents=True)
    sample = corpora.ROOT / "samples" / "invoice.pdf"
    (folder / "invoice.pdf").write_bytes(sample.read_bytes())
    (folder / "manifest.json").write_text('{"entries": [{"file": "invoice.pdf"}, {"file": "no"}]}')
    rows = corpora.read("scans_text", "--ocr", "text").read_text().splitlines()
    first, second = map(json.loads, rows)
    assert first["pages"]
    assert second["error"]


@pytest.mark.slow
def test_a_reading_that_could_not_begin_is_not_kept(receipts: Path) -> None:
    with pytest.raises(RuntimeError, match="exited with 2"):
        corpora.read("receipts_sroie", "--no-such-option")
    assert not list(corpora.OUT.glob("*no-such-option.jsonl"))


def test_the_scorers_figures_come_by_name(receipts: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    results.write_text('{"file": "a.png", "data": {"shop": "Northam Bakery"}}\n')
    figures = corpora.score("receipts_sroie", results, {"company": "shop"})
    assert figures["sroie.company"] == 1
    assert figures["documents"] == 1


def test_a_document_without_text_is_named(shared: Path, receipts: Path) -> None:
    rows = corpora.read("receipts_sroie").read_text().splitlines()
    (corpora.OUT / "receipts_sroie.jsonl").write_text("\n".join(rows[:2]))
    assert corpora.unread("receipts_sroie") == ["c.png"]


def test_without_a_scorer_nothing_is_measured(shared: Path) -> None:
    assert corpora.available()
    corpora.SCORER.unlink()
    assert not corpora.available()
