"""Words are put into rows, cells and paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.sheet import MOST_WORDS, Sheet, is_apart
from engine.types import Box, Line, Page, Word
from tests.engine.matching.pages import HEIGHT, LEADING, line, page, sheet

PROSE = (
    "The river rises in the hills above the old town and flows past",
    "three mills before it reaches the sea at a place where in spring",
    "the water is high.",
)


def texts(lying: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in lying.rows]


class TestRows:
    def test_have_cells_where_the_gaps_are_wide(self) -> None:
        assert texts(sheet("Total amount   12.50", "Paid")) == [["Total amount", "12.50"], ["Paid"]]

    def test_are_made_of_all_lines_side_by_side(self) -> None:
        lying = sheet(("Total", 50, 100), ("12.50", 700, 106), ("EUR", 900, 97))
        assert texts(lying) == [["Total", "12.50", "EUR"]]

    def test_hold_no_line_that_is_only_half_as_high_as_it(self) -> None:
        assert texts(sheet(("Total", 50, 100), ("12.50", 700, 112))) == [["Total"], ["12.50"]]

    def test_hold_no_line_that_begins_further_left(self) -> None:
        assert texts(sheet(("12.50", 700, 100), ("Total", 50, 100))) == [["12.50"], ["Total"]]

    def test_know_their_place(self) -> None:
        lying = Sheet([page("Total   12.50"), page("Paid", number=2)])
        assert [(row.number, row.page) for row in lying.rows] == [(0, 1), (1, 2)]
        assert [cell.key for cell in lying.cells] == [(0, 0), (0, 1), (1, 0)]
        assert lying.rows[0].text == "Total  12.50"
        assert lying.rows[0].box == Box(50, 50, 180, 70)

    def test_are_found_on_a_page_that_hangs_askew(self) -> None:
        slope = 0.04
        at = [(x, 50 + LEADING * row) for row in range(10) for x in (50, 400, 750)]
        lying = sheet(*(("Oak", x, y + slope * x) for x, y in at))
        assert texts(lying) == [["Oak", "Oak", "Oak"]] * 10

    def test_too_long_ones_are_cut(self) -> None:
        lying = sheet("a " * (2 * MOST_WORDS + 1))
        assert [len(cell.words) for cell in lying.cells] == [MOST_WORDS, MOST_WORDS, 1]

    def test_of_nothing_there_are_none(self) -> None:
        for pages in ([], [page()]):
            lying = Sheet(pages)
            assert (lying.rows, lying.cells, lying.heights) == ((), (), {})


class TestProse:
    def test_lines_that_go_on_are_one_cell(self) -> None:
        (row,) = sheet(*PROSE).rows
        assert row.prose
        assert row.cells[0].text == " ".join(PROSE)

    @pytest.mark.parametrize(
        "second",
        [
            "1. the second of the things that are said here in full",
            "- the second of the things that are said here in full",
            ("the second paragraph begins far below this one here", 50, 150),
            ("the second paragraph begins at the far right of it all", 700, 80),
            ("far away from the left of the line above, and so on", -300, 80),
        ],
        ids=["numbered", "bullet", "below_a_gap", "right", "left"],
    )
    def test_ends_where_another_paragraph_begins(self, second: str) -> None:
        lying = sheet(PROSE[0], second)
        assert len(lying.rows) == 2
        assert not any(row.prose for row in lying.rows)

    def test_is_no_list_of_labels_and_values(self) -> None:
        lying = sheet("Name of the Party Ann Harwood", "Date of Birth 02/03/1981")
        assert not any(row.prose for row in lying.rows)

    def test_is_no_row_of_columns(self) -> None:
        lying = sheet("the river rises in the hills above   the town", *PROSE[1:])
        assert [row.prose for row in lying.rows] == [False, True]

    def test_is_no_line_of_boxes_to_tick(self) -> None:
        lying = sheet("☐ single ☑ married ☐ widowed", "☐ tenant ☑ owner ☐ guest")
        assert not any(row.prose for row in lying.rows)

    def test_a_paragraph_has_no_more_words_than_a_row(self) -> None:
        lying = sheet(*PROSE[:1] * 100)
        assert all(len(cell.words) <= MOST_WORDS for cell in lying.cells)
        assert len(lying.rows) < 10


class TestCell:
    cell = sheet("Total (EUR) : 12.50").cells[0]

    @pytest.mark.parametrize(
        ("part", "words"),
        [
            ("Total", ["Total"]),
            ("EUR", ["(EUR)"]),
            ("(EUR) : 12", ["(EUR)", ":", "12.50"]),
            (" (EUR)", ["(EUR)"]),
            ("50", ["12.50"]),
        ],
    )
    def test_a_part_of_the_text_is_printed_by_words(self, part: str, words: list[str]) -> None:
        start = self.cell.text.index(part)
        span = self.cell.span(start, start + len(part))
        assert [word.text for word in span] == words

    @given(st.data())
    def test_every_part_has_words_and_they_hold_it(self, data: st.DataObject) -> None:
        length = len(self.cell.text)
        start = data.draw(st.integers(0, length - 1))
        end = data.draw(st.integers(start + 1, length))
        held = " ".join(word.text for word in self.cell.span(start, end))
        assert self.cell.text[start:end].strip() in held

    def test_counts_words_with_a_letter_or_a_digit(self) -> None:
        assert self.cell.words_before(len(self.cell.text)) == 3
        assert self.cell.words_before(12) - self.cell.words_before(1) == 1

    def test_has_the_height_of_its_words(self) -> None:
        assert self.cell.height == HEIGHT
        assert sheet("Oak", "Elm").heights == {1: HEIGHT}


class TestUnder:
    lying = sheet("Name           Amount", "Oak            12.50", "Elm", "Ash tree       99.00")

    def below(self, number: int, most: int) -> list[str]:
        box = self.lying.rows[0].cells[number].box
        return [cell.text for cell in self.lying.under(box, 0, most)]

    def test_are_the_cells_that_a_column_has(self) -> None:
        assert self.below(0, 9) == ["Oak", "Elm", "Ash tree"]
        assert self.below(1, 9) == ["12.50", "99.00"]

    def test_no_further_down_than_asked_for(self) -> None:
        assert self.below(1, 2) == ["12.50"]

    def test_nor_on_the_next_page(self) -> None:
        lying = Sheet([page("Name"), page("Oak", number=2)])
        assert list(lying.under(lying.rows[0].box, 0, 9)) == []


def test_a_till_receipt_is_told_by_few_letters_side_by_side() -> None:
    assert sheet("Flat white   4.80").is_narrow
    assert not sheet("Consulting, March" + " " * 40 + "12 hours").is_narrow
    assert not Sheet([]).is_narrow


@pytest.mark.parametrize(("gap", "apart"), [(5, False), (20, False), (21, True)])
def test_a_gap_of_more_than_a_words_height_parts_cells(gap: int, apart: bool) -> None:
    assert is_apart(Box(0, 0, 50, 20), Box(50 + gap, 0, 90 + gap, 15)) is apart


PLACES = st.floats(-100, 10_000)
SIZES = st.floats(0, 300)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), PLACES, PLACES, SIZES), max_size=30))
def test_no_word_is_lost_or_told_twice(words: list[tuple[str, float, float, float]]) -> None:
    lines = [Line((Word(text, Box(x, y, x + size, y + size), 0.5),)) for text, x, y, size in words]
    lying = Sheet([Page(1, 1000, 1000, tuple(lines), "")])
    laid = [word for cell in lying.cells for word in cell.words]
    assert laid == [line.words[0] for line in lines]


def test_the_words_of_a_line_stay_together() -> None:
    (cell,) = Sheet([Page(1, 1000, 1000, (line("Oak and elm"),), "")]).cells
    assert cell.words == line("Oak and elm").words
