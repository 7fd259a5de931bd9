"""Boxes to tick that are drawn on a page are among its words; what only looks like one is not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest

from engine import boxes, pipeline, schema
from engine.boxes import EMPTY, TICKED
from engine.matching import extract
from engine.pipeline import Options
from engine.types import Box, Image, Line, Word
from tests import speed

HEIGHT, SIDE = 30, 26
"""Pixels, as at 200 dpi: of a word and of a box."""

FONT = cv2.FONT_HERSHEY_SIMPLEX


def paper(width: int = 900, height: int = 300) -> Image:
    return np.full((height, width, 3), 255, np.uint8)


def square(page: Image, x: int, y: int, side: int = SIDE, *, ink: int = 0, weight: int = 2) -> Box:
    page[y : y + side, x : x + side] = ink
    page[y + weight : y + side - weight, x + weight : x + side - weight] = 255
    return Box(x, y, x + side, y + side)


def cross(page: Image, box: Box, inset: int = 5) -> None:
    x0, y0, x1, y1 = (int(edge) for edge in (box.x0, box.y0, box.x1 - 1, box.y1 - 1))
    cv2.line(page, (x0 + inset, y0 + inset), (x1 - inset, y1 - inset), (0, 0, 0), 2)
    cv2.line(page, (x0 + inset, y1 - inset), (x1 - inset, y0 + inset), (0, 0, 0), 2)


def check(page: Image, box: Box) -> None:
    x, y = int(box.x0), int(box.y0)
    strokes = [[x + 5, y + 13], [x + 11, y + 20], [x + 23, y - 3]]
    cv2.polylines(page, [np.array(strokes)], isClosed=False, color=(0, 0, 90), thickness=3)


def write(page: Image, text: str, x: int, y: int) -> Word:
    """Letters whose feet are at y, as a reader would box them."""
    (width, _), _ = cv2.getTextSize(text, FONT, 0.8, 2)
    cv2.putText(page, text, (x, y), FONT, 0.8, (0, 0, 0), 2, cv2.LINE_AA)
    return Word(text, Box(x - 2, y - 24, x + width + 2, y - 24 + HEIGHT), 0.98)


def word(text: str, x0: float, x1: float, y0: float = 98) -> Word:
    return Word(text, Box(x0, y0, x1, y0 + HEIGHT), 0.9)


def read(page: Image, *lines: list[Word], exact: bool = False) -> list[str]:
    """The lines that hold a box, from the left."""
    found = boxes.marked(page, [Line(tuple(words)) for words in lines], exact=exact)
    held = [line for line in found if {EMPTY, TICKED} & {w.text for w in line.words}]
    return [line.text for line in sorted(held, key=lambda line: line.box.x0)]


class TestInk:
    def test_an_empty_box_is_found_where_it_is(self) -> None:
        page = paper()
        place = square(page, 100, 100)
        label = write(page, "Member", 140, 122)
        (found,) = boxes.squares(page, HEIGHT)
        assert not found.ticked
        assert found.box.center == pytest.approx(place.center, abs=2)
        assert boxes.marked(page, [Line((label,))])[-1].text == EMPTY

    @pytest.mark.parametrize("tick", [cross, check])
    def test_a_cross_or_a_check_mark_ticks_it(self, tick) -> None:  # type: ignore[no-untyped-def]
        page = paper()
        tick(page, square(page, 100, 100))
        (found,) = boxes.squares(page, HEIGHT)
        assert found.ticked
        assert found.sure > 0.9

    def test_a_speck_of_dust_does_not_tick_it_but_makes_it_less_sure(self) -> None:
        page, dusty = paper(), paper()
        for each in (page, dusty):
            square(each, 100, 100)
        dusty[110:114, 110:115] = 0
        (clean,), (speckled,) = boxes.squares(page, HEIGHT), boxes.squares(dusty, HEIGHT)
        assert not speckled.ticked
        assert speckled.sure < clean.sure

    @pytest.mark.parametrize("side", [20, 26, 40, 60])
    @pytest.mark.parametrize("weight", [1, 3])
    @pytest.mark.parametrize("ink", [0, 150])
    def test_boxes_are_small_or_large_thin_or_thick_black_or_grey(
        self, side: int, weight: int, ink: int
    ) -> None:
        page = paper()
        square(page, 100, 100, side, ink=ink, weight=weight)
        assert [found.ticked for found in boxes.squares(page, HEIGHT)] == [False]

    def test_scans_hang_askew_and_are_not_sharp(self) -> None:
        page = paper()
        square(page, 100, 100)
        cross(page, square(page, 500, 100))
        turn = cv2.getRotationMatrix2D((450, 150), 1.0, 1)
        askew = cv2.warpAffine(page, turn, (900, 300), borderValue=(255, 255, 255))
        noise = np.random.default_rng(7).normal(0, 8, page.shape)
        scan = np.clip(cv2.GaussianBlur(askew, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8)
        found = sorted(boxes.squares(scan, HEIGHT), key=lambda mark: mark.box.x0)
        assert [mark.ticked for mark in found] == [False, True]

    def test_too_small_too_large_and_oblong_ones_are_none(self) -> None:
        page = paper()
        square(page, 50, 50, 12)
        square(page, 150, 50, 90)
        cv2.rectangle(page, (400, 50), (480, 76), (0, 0, 0), 2)
        assert boxes.squares(page, HEIGHT) == []

    def test_cells_of_a_table_are_none(self) -> None:
        page = paper()
        for at in range(100, 260, 30):
            cv2.line(page, (100, at), (250, at), (0, 0, 0), 2)
            cv2.line(page, (at, 100), (at, 250), (0, 0, 0), 2)
        assert boxes.squares(page, HEIGHT) == []

    def test_round_letters_and_circles_are_none(self) -> None:
        page = paper()
        write(page, "OoD0Q8BRGUCu", 60, 60)
        cv2.circle(page, (120, 130), 13, (0, 0, 0), 2)
        cv2.putText(page, "O D 0 8 B", (60, 250), FONT, 1.4, (0, 0, 0), 2, cv2.LINE_AA)
        assert boxes.squares(page, HEIGHT) == []

    def test_a_code_to_scan_is_none(self) -> None:
        page = paper()
        modules = np.random.default_rng(3).integers(0, 2, (25, 25)).astype(np.uint8)
        finder = np.ones((7, 7), np.uint8)
        finder[1:6, 1:6] = 0
        finder[2:5, 2:5] = 1
        for row, column in ((0, 0), (0, 18), (18, 0)):
            modules[max(0, row - 1) : row + 8, max(0, column - 1) : column + 8] = 0
            modules[row : row + 7, column : column + 7] = finder
        page[50:150, 300:400] = np.kron(1 - modules, np.full((4, 4), 255, np.uint8))[:, :, None]
        words = [word("Scan", 450, 520, 50), word("me", 530, 570, 50)]
        assert read(page, words) == []

    @pytest.mark.parametrize("shape", [(1, 1), (10, 2000), (300, 15)])
    def test_any_image_will_do(self, shape: tuple[int, int]) -> None:
        assert boxes.squares(np.zeros((*shape, 3), np.uint8), HEIGHT) == []

    def test_boxes_at_the_edge_of_the_page_do_no_harm(self) -> None:
        page = paper(100, 100)
        for x, y in ((0, 0), (74, 0), (0, 74), (74, 74)):
            square(page, x, y)
        assert len(boxes.squares(page, HEIGHT)) <= 4

    def test_a_page_full_of_squares_is_bounded(self) -> None:
        page = paper(2000, 2000)
        for x in range(20, 1960, 50):
            for y in range(20, 1960, 50):
                square(page, x, y)
        assert len(boxes.squares(page, HEIGHT)) == boxes.MOST
        assert speed.within(5, lambda: boxes.squares(page, HEIGHT))


class TestWords:
    @pytest.fixture
    def page(self) -> Image:
        """A box at 100 and a ticked one at 400."""
        page = paper()
        square(page, 100, 100)
        cross(page, square(page, 400, 100))
        return page

    def test_a_box_without_words_in_its_row_is_none(self, page: Image) -> None:
        assert read(page) == []
        assert read(page, [word("Below", 100, 180, 200)]) == []

    def test_boxes_have_lines_of_their_own_beside_others(self, page: Image) -> None:
        assert read(page, [word("Male", 140, 200)], [word("Female", 440, 530)]) == [EMPTY, TICKED]

    def test_a_box_between_the_words_of_a_line_joins_them(self, page: Image) -> None:
        words = [word("Sex", 30, 80), word("male", 140, 200), word("female", 440, 530)]
        assert read(page, words) == [f"Sex {EMPTY} male {TICKED} female"]

    @pytest.mark.parametrize("text", ["□", "口", "[]", "O", "o", "¨"])
    def test_what_was_read_in_place_of_it_is_gone(self, page: Image, text: str) -> None:
        assert read(page, [word(text, 98, 128), word("Male", 140, 200)])[0] == f"{EMPTY} Male"

    @pytest.mark.parametrize("text", ["x", "X", "✓", "✔", "☒", "冈"])
    def test_a_letter_in_it_ticks_it(self, text: str) -> None:
        page = paper()
        box = square(page, 100, 100)
        cross(page, box)
        words = [word(text, 103, 123), word("Male", 140, 200)]
        assert read(page, words, exact=True) == [f"{TICKED} Male"]

    @pytest.mark.parametrize("text", ["7", "A", "12"])
    def test_a_box_around_something_else_is_a_frame(self, page: Image, text: str) -> None:
        assert read(page, [word(text, 103, 123), word("Room", 140, 200)]) == [TICKED]

    @pytest.mark.parametrize(
        ("glued", "label"),
        [("□Male", "Male"), ("口Male", "Male"), ("OMale", "Male"), ("Male", "Male"), ("DMr", "Mr")],
    )
    def test_a_box_is_taken_off_its_label(self, page: Image, glued: str, label: str) -> None:
        assert read(page, [word(glued, 98, 200)])[0] == f"{EMPTY} {label}"

    def test_so_is_one_behind_it(self, page: Image) -> None:
        assert read(page, [word("Male□", 30, 128)])[0] == f"Male {EMPTY}"
        assert read(page, [word("Male", 30, 128)])[0] == f"Male {EMPTY}"

    def test_the_label_keeps_its_place(self, page: Image) -> None:
        (line, *_) = boxes.marked(page, [Line((word("□Male", 98, 200),))])
        box, label = line.words
        assert (label.box.x0, label.box.x1) == (box.box.x1, 200)

    def test_a_text_layer_overlooks_no_box(self, page: Image) -> None:
        assert read(page, [word("Male", 98, 200)], [word("Ann", 440, 500)], exact=True) == [TICKED]

    def test_what_looks_like_a_box_amid_a_word_is_a_letter(self, page: Image) -> None:
        assert read(page, [word("MONDAY", 40, 200)], [word("Ann", 440, 500)]) == [TICKED]

    def test_boxes_for_the_letters_of_a_word_are_none(self) -> None:
        page = paper()
        for x in range(100, 300, SIDE + 6):
            square(page, x, 100)
        assert read(page, [word("Postcode", 10, 90)]) == []

    def test_other_lines_stay_as_they_are(self, page: Image) -> None:
        lines = [Line((word("Male", 140, 200),)), Line((word("Dear", 50, 120, 200),))]
        assert boxes.marked(page, lines)[:2] == lines
        assert boxes.marked(paper(), lines) == lines

    def test_a_page_without_words_has_no_boxes(self, page: Image) -> None:
        assert boxes.marked(page, []) == []


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF with four rows: boxes are drawn, ticks are letters."""
    document = pymupdf.open()
    page = document.new_page()
    rows: tuple[tuple[str, int, tuple[tuple[str, bool], ...]], ...] = (
        ("Smoker", 150, (("Yes", False), ("No", True))),
        ("Married", 150, (("Yes", True), ("No", False))),
        ("", 72, (("Newsletter", True),)),
        ("", 72, (("I am a member of the club", False),)),
    )
    for number, (label, left, answers) in enumerate(rows):
        x, y = left, 100 + 24 * number
        page.insert_text((72, y), label, fontsize=11)
        for text, ticked in answers:
            page.draw_rect(pymupdf.Rect(x, y - 9, x + 10, y + 1), width=0.7)
            if ticked:
                page.insert_text((x + 2, y - 1), "x", fontsize=11)
            page.insert_text((x + 15, y), text, fontsize=11)
            x += 60
    path = tmp_path_factory.mktemp("form") / "form.pdf"
    document.save(path)
    return path


class TestForm:
    def test_its_text_shows_the_boxes(self, form: Path) -> None:
        (page,) = pipeline.run(form, None, Options(ocr="text")).pages
        assert page.text.split("\n") == [
            f"Smoker  {EMPTY} Yes  {TICKED} No",
            f"Married  {TICKED} Yes  {EMPTY} No",
            f"{TICKED} Newsletter",
            f"{EMPTY} I am a member of the club",
        ]

    def test_its_answers_come_back(self, form: Path) -> None:
        wanted = {"smoker": False, "married": True, "newsletter": True, "member": False}
        pages = pipeline.run(form, None, Options(ocr="text")).pages
        got = extract(schema.parse(dict.fromkeys(wanted, True)), pages)
        assert {name: got.fields[name].value for name in wanted} == wanted

    def test_a_scan_of_it_has_them_too(self, form: Path) -> None:
        (typed,) = pipeline.run(form, None, Options(ocr="text")).pages
        words = [w for line in typed.lines for w in line.words if w.text not in (EMPTY, TICKED)]
        (page,) = pipeline.run(form, Typist(words), Options(ocr="ocr")).pages
        assert (page.source, page.text) == ("ocr", typed.text)


class Typist:
    """Reads the words it was given, whatever the image shows."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words

    def read(self, _: Image) -> list[Line]:
        return [Line((word,)) for word in self._words]
