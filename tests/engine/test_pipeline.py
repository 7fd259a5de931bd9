"""A document goes in, pages come out: the steps between."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import pipeline
from engine.errors import TooManyPages
from engine.pipeline import Options, Outcome
from engine.scripted import ScriptedReader
from engine.types import Image
from tests.engine import drawn
from tests.engine.ocr.test_orientation import Certain

LETTER = ["Dear Alice", "thank you for the long letter"]
NOTE = ["Something else was written here", "by quite another person"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.pdf"


def texts(outcome: Outcome) -> list[str]:
    return [page.text for page in outcome.pages]


def test_a_scan_is_read_by_ocr(path: Path) -> None:
    drawn.make_scanned_pdf(path, [LETTER])
    (page,) = pipeline.run(path, ScriptedReader([LETTER]), Options()).pages
    assert (page.source, page.text) == ("ocr", "Dear Alice\nthank you for the long letter")


def test_a_good_text_layer_saves_the_reading(path: Path) -> None:
    drawn.make_pdf(path, [LETTER] * 3)
    reader = ScriptedReader([LETTER])
    outcome = pipeline.run(path, reader, Options())
    assert {page.source for page in outcome.pages} == {"text"}
    assert reader.calls == 1


def test_a_text_layer_that_lies_is_read_over(path: Path) -> None:
    drawn.make_pdf(path, [LETTER])
    (page,) = pipeline.run(path, ScriptedReader([NOTE]), Options()).pages
    assert (page.source, page.lines[0].text) == ("ocr", NOTE[0])


def test_ocr_can_be_had_for_every_page(path: Path) -> None:
    drawn.make_pdf(path, [LETTER, LETTER])
    outcome = pipeline.run(path, ScriptedReader([["one"], ["two"]]), Options(ocr="ocr"))
    assert texts(outcome) == ["one", "two"]


def test_the_text_layer_alone_needs_no_reader(path: Path) -> None:
    drawn.make_pdf(path, [LETTER, []])
    outcome = pipeline.run(path, None, Options(ocr="text"))
    assert texts(outcome) == ["Dear Alice\nthank you for the long letter", ""]


@pytest.mark.parametrize("mode", ["auto", "ocr"])
def test_everything_else_does(path: Path, mode: pipeline.Mode) -> None:
    with pytest.raises(ValueError, match="reader"):
        pipeline.run(path, None, Options(ocr=mode))


def test_a_picture_has_no_text_layer(path: Path) -> None:
    path.write_bytes(drawn.make_image(LETTER, "JPEG"))
    assert texts(pipeline.run(path, None, Options(ocr="text"))) == [""]


def test_a_part_can_be_read_alone(path: Path) -> None:
    drawn.make_pdf(path, [[f"This is page {n}"] for n in range(1, 7)])
    outcome = pipeline.run(path, None, Options(ocr="text", first=3, last=4))
    assert [(page.number, page.text) for page in outcome.pages] == [
        (3, "This is page 3"),
        (4, "This is page 4"),
    ]
    assert outcome.page_count == 6


def test_a_part_may_reach_beyond_the_end(path: Path) -> None:
    drawn.make_pdf(path, [LETTER] * 3)
    outcome = pipeline.run(path, None, Options(ocr="text", first=3, last=9))
    assert [page.number for page in outcome.pages] == [3]


def test_too_many_pages_are_refused(path: Path) -> None:
    drawn.make_pdf(path, [LETTER] * 3)
    with pytest.raises(TooManyPages):
        pipeline.run(path, None, Options(ocr="text", max_pages=2))


def test_each_page_is_reported(path: Path) -> None:
    drawn.make_pdf(path, [LETTER] * 3)
    heard: list[tuple[int, int]] = []
    pipeline.run(path, None, Options(ocr="text"), lambda *now: heard.append(now))
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_each_page_is_shown_with_its_picture_before_it_is_reported(path: Path) -> None:
    drawn.make_pdf(path, [LETTER, NOTE])
    told: list[object] = []
    outcome = pipeline.run(
        path,
        None,
        Options(ocr="text"),
        lambda done, _: told.append(done),
        lambda page, image: told.extend([page, image.shape[:2]]),
    )
    one, two = outcome.pages
    size = (one.height, one.width)
    assert told == [one, size, 1, two, size, 2]


def test_the_picture_of_a_scan_is_upright(tmp_path: Path) -> None:
    scan = tmp_path / "a.png"
    lying = drawn.draw(LETTER, 50).rotate(180)
    lying.save(scan)
    shown: list[Image] = []
    reader = Certain(page=0.6, strips=0.95)
    (page,) = pipeline.run(
        scan, reader, Options(), on_image=lambda _, image: shown.append(image)
    ).pages
    assert page.rotation == 180
    assert np.array_equal(shown[0], np.asarray(lying.rotate(180)))


def test_boxes_are_pixels_at_the_dpi_asked_for(path: Path) -> None:
    drawn.make_pdf(path, [LETTER])
    small, large = (
        pipeline.run(path, None, Options(ocr="text", dpi=dpi)).pages[0] for dpi in (72, 144)
    )
    assert (large.width, large.height) == (2 * small.width, 2 * small.height)
    assert large.lines[0].box.x0 == pytest.approx(2 * small.lines[0].box.x0)


def test_it_says_where_the_time_went(path: Path) -> None:
    drawn.make_scanned_pdf(path, [LETTER])
    outcome = pipeline.run(path, ScriptedReader([LETTER], delay=0.05), Options())
    assert set(outcome.seconds) == {"render", "text layer", "ocr", "layout"}
    assert outcome.seconds["ocr"] >= 0.05
