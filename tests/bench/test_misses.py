"""The page that shows what was not found right."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bench import examples, fields, misses

MARKUP = "<b>Jam & Co</b>"


@pytest.fixture
def results(receipts: Path) -> None:
    """The first receipt all right, the second with a flagged miss, the third with one unflagged."""
    rows = []
    for example in examples.corpus("sroie"):
        data = {path: values[0] for path, (_, values) in example.truth.items()}
        word = {"text": "TOTAL", "box": [40, 130, 90, 150], "confidence": 0.9}
        found = {"confidence": 0.5, "page": 1, "words": [word], "reason": None}
        if example.file != "a.png":
            data["company"] = MARKUP
        flag = {"flag": example.file == "b.png"}
        rows.append({"file": example.file, "data": data, "fields": {"company": {**found, **flag}}})
    fields.RESULTS.mkdir()
    (fields.RESULTS / "sroie.0.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_what_is_wrong_without_a_flag_comes_first(results: None) -> None:
    found = [(miss.example.file, miss.path, miss.flag) for miss in misses.misses("sroie", 0)]
    assert found == [("c.png", "company", False), ("b.png", "company", True)]


def test_the_page_stands_alone_and_shows_text_as_text(results: None, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    misses.main([str(out)])
    html = out.read_text()
    assert "2 misses in sroie" in html
    assert "&lt;b&gt;Jam &amp; Co&lt;/b&gt;" in html
    assert MARKUP not in html
    assert "http" not in html
    assert "<script" not in html


def test_frames_go_around_what_was_taken_and_what_was_wanted(results: None) -> None:
    (_, flagged) = misses.misses("sroie", 0)
    html = misses.page("misses", [flagged])
    (data,) = re.findall(r"base64,([^\"]+)", html)
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (600, 400)
        red, _, _ = _at(picture, 37, 140)
        _, green, _ = _at(picture, 40, 50)
        blank = _at(picture, 300, 300)
    assert min(blank) > 240
    assert red > 150
    assert green > 100


def _at(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def test_a_value_that_was_never_read_is_told_apart(results: None) -> None:
    (first, _) = misses.misses("sroie", 0)
    assert "was not read so" not in misses.page("misses", [first])
    unread = replace(first, truth=("text", ("TOLMERE FOODSTUFF",)))
    assert "was not read so" in misses.page("misses", [unread])


def test_it_needs_results(receipts: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        misses.main([str(tmp_path / "out.html")])
