"""The command line of the bench."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import corpora, fields
from bench.examples import CORPORA, NAMINGS


def test_a_part_can_be_measured_alone(receipts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench.main(["fields", "--shipped", "--corpora", "sroie"])
    printed = capsys.readouterr().out
    assert "NOT cross-validated" in printed
    assert "sroie.macro 0.5000" in printed
    assert len(list(fields.RESULTS.glob("sroie.?.jsonl"))) == NAMINGS
    assert (corpora.OUT / "receipts_sroie.jsonl").exists()


def test_readings_are_thrown_away_when_asked(
    receipts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpora.SCORER.unlink()
    bench.main(["tables", "--fresh"])
    assert not (corpora.OUT / "receipts_sroie.jsonl").exists()
    assert "tables not measured" in capsys.readouterr().out


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["everything"])
    assert "'everything' is none of submit, speed, pace" in capsys.readouterr().err


def test_by_default_every_part_and_every_corpus_is_measured() -> None:
    args = bench._parser().parse_args([])
    assert not args.parts
    assert args.corpora == CORPORA
    assert {"fields", "tables", "schemas", "pace"} < set(bench.PARTS)
