"""The measure of searchable PDFs sees what is wrong with one."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from bench import searchable as bench
from engine import pipeline, searchable
from engine.scripted import ScriptedReader, typed
from engine.types import Page
from tests.engine import drawn
from tests.engine.test_searchable import poppler

__all__ = ["poppler"]


def read(source: bytes) -> Page:
    reader = ScriptedReader([["Hello world"]])
    return pipeline.run(source, reader, pipeline.Options(ocr="ocr")).pages[0]


def test_words_in_their_places_and_pictures_kept_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = drawn.make_scanned_pdf(tmp_path / "scan.pdf")
    (tmp_path / "notes.txt").touch()
    kept = tmp_path / "readings" / f"{hashlib.sha256(scan).hexdigest()}.pickle"
    kept.parent.mkdir()
    kept.write_bytes(pickle.dumps((read(scan),)))
    assert bench.main([str(tmp_path), "--readings", str(kept.parent)]) == 0
    _, line = capsys.readouterr().out.splitlines()
    assert line.split()[:6] == ["1.00", "2", "/", "2", "same", "same"]


def test_words_elsewhere_are_misses() -> None:
    source = drawn.make_scanned_pdf()
    page = read(source)
    result = searchable.make(source, [page])
    lower = replace(page, lines=tuple(typed(["", "Hello world"])))
    assert [word.text for word in bench.misplaced(source, result, [lower])] == ["Hello", "world"]


def test_other_pictures_are_told_from_the_same() -> None:
    first, second = drawn.make_image(["one"]), drawn.make_image(["two"])
    result = searchable.make(first, [])
    assert bench.same_pictures(first, result)
    assert not bench.same_pictures(second, result)
