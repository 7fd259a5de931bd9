"""A page is read a second time where it matters, and says where the two readings differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import pipeline, second
from engine.ocr.ctc import Char, Reading
from engine.pipeline import Options
from engine.scripted import ScriptedReader, typed
from engine.types import Image, Page, Word
from tests.engine import drawn

BLANK: Image = np.full((200, 600, 3), 255, np.uint8)
TEXT = st.text("aB19.,$ ", max_size=12)


class SecondOpinion(ScriptedReader):
    """Reads pages from one script and single lines, in turn, from another."""

    def __init__(self, first: Sequence[Sequence[str]], again: Sequence[str], sure: float = 0.5):
        super().__init__(first, confidence=sure)
        self.again, self.strips = again, 0

    def recognize(self, strips: Sequence[Image]) -> list[Reading]:
        texts = [self.again[(self.strips + at) % len(self.again)] for at in range(len(strips))]
        self.strips += len(strips)
        return [Reading(tuple(Char(c, 0, 1, 0.9) for c in text)) for text in texts]


def page(*lines: str, sure: float = 0.5, source: str = "ocr") -> Page:
    read = tuple(typed(lines, sure))
    return Page(1, 600, 200, read, "\n".join(lines), "text" if source == "text" else "ocr")


def checked(given_page: Page, *again: str) -> tuple[list[Word], SecondOpinion]:
    reader = SecondOpinion([], again)
    found = second.checked(given_page, BLANK, reader)
    return [word for line in found.lines for word in line.words], reader


class TestScans:
    def test_say_what_else_a_word_was_read_as(self) -> None:
        (total, amount), _ = checked(page("Total 1,250.00"), "Total 1,280.00")
        assert (amount.text, amount.other, amount.confidence) == ("1,250.00", "1,280.00", 0.35)
        assert (total.text, total.other, total.confidence) == ("Total", "", 0.5)

    def test_are_read_again_where_a_word_is_doubtful(self) -> None:
        lines = (*typed(["sure of it"], 0.95), *typed(["unsure of it"], 0.85))
        assert checked(replace(page(), lines=lines), "x")[1].strips == 1

    def test_digits_have_to_be_surer(self) -> None:
        lines = (*typed(["Oslo 150"], 0.95), *typed(["Oslo"], 0.95))
        assert checked(replace(page(), lines=lines), "x")[1].strips == 1

    def test_keep_their_words_and_places(self) -> None:
        before = page("Total 1,250.00", "of it 5")
        words, _ = checked(before, "Tota1 7", "or 1t")
        assert [replace(w, other="", confidence=0.5) for w in words] == [
            word for line in before.lines for word in line.words
        ]

    def test_of_a_reader_of_whole_pages_stay_as_they_are(self) -> None:
        before = page("Total 1,250.00")
        assert second.checked(before, BLANK, ScriptedReader([["else"]])) == before


class TestTextLayers:
    def test_have_their_numbers_compared_with_the_picture(self) -> None:
        words, reader = checked(page("Total 5.00", "dear Bob", source="text"), "Total 6.00")
        assert [word.other for word in words] == ["", "6.00", "", ""]
        assert reader.strips == 2

    def test_are_believed_where_the_picture_says_this_and_that(self) -> None:
        words, _ = checked(page("Total 5.00", source="text"), "Total 6.00", "Total 8.00")
        assert not any(word.other for word in words)

    def test_are_read_up_to_a_number_of_lines(self) -> None:
        lines = tuple(typed(["Total 5.00"] * (second.MOST + 1)))
        given_page = replace(page(source="text"), lines=lines)
        assert checked(given_page, "Total 5.00")[1].strips == second.MOST


class TestDifferences:
    @pytest.mark.parametrize(
        ("words", "other"),
        [
            ("Total 5.00", "TOTAL: 5.00"),
            ("RM9.00", "RM 9.00"),
            ("Thank you", "Thankyou!"),
            ("Total 5.00", ""),
            ("5.00", "5.00 A"),
        ],
        ids=["case and marks", "a space more", "a space less", "nothing", "a word more"],
    )
    def test_are_none_in(self, words: str, other: str) -> None:
        assert second.differences(words.split(), other) == {}

    @pytest.mark.parametrize(
        ("words", "other", "found"),
        [
            ("Total $1,250.00", "Total $1,280.00", {1: "$1,280.00"}),
            ("No 12 of 7", "No 123 of 7", {1: "123"}),
            ("1.000 kg", "1,000 kg", {0: "1,000"}),
            ("B01 B02", "801 B02", {0: "801"}),
            ("150.00", "15000", {0: "15000"}),
        ],
    )
    def test_are_said_word_by_word(self, words: str, other: str, found: dict[int, str]) -> None:
        assert second.differences(words.split(), other) == found

    @given(TEXT, TEXT)
    def test_are_parts_of_the_other_reading(self, words: str, other: str) -> None:
        plain = " ".join(other.split())
        found = second.differences(words.split(), plain)
        assert all(said and said in plain for said in found.values())
        assert set(found) <= set(range(len(words.split())))

    @given(TEXT)
    def test_are_none_with_itself(self, words: str) -> None:
        assert second.differences(words.split(), " ".join(words.split())) == {}


def test_a_document_is_checked_when_asked(tmp_path: Path) -> None:
    drawn.make_scanned_pdf(tmp_path / "a.pdf", [["Total 5.00"]])
    once, twice = (
        pipeline.run(
            tmp_path / "a.pdf",
            SecondOpinion([["Total 5.00"]], ["Total 6.00"], 0.88),
            Options(check=check),
        )
        for check in (False, True)
    )
    assert once.pages[0].text == twice.pages[0].text == "Total 5.00"
    assert [word.other for word in once.pages[0].lines[0].words] == ["", ""]
    assert [word.other for word in twice.pages[0].lines[0].words] == ["", "6.00"]
    assert "second reading" in twice.seconds.keys() - once.seconds.keys()
