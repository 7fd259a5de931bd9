"""What could be the value of a field: runs of text with their type."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from engine.matching import candidates, values
from engine.matching.candidates import Candidate, Scene, stripped
from engine.matching.sheet import Cell
from tests.engine.matching.pages import Placed, scene, sheet


def texts(found: Iterable[Candidate]) -> list[str]:
    return [candidate.text for candidate in found]


class TestReadings:
    def test_have_their_place_their_words_and_their_normal_form(self) -> None:
        (found,) = candidates.read("date")(scene("Due date: 1 March 2026"))
        assert (found.text, found.value, found.start) == ("1 March 2026", "2026-03-01", 10)
        assert [word.text for word in found.words] == ["1", "March", "2026"]
        assert found.box.x0 == 150
        assert found.last is found.cell

    def test_follow_the_habits_of_the_document(self) -> None:
        for decimal, value in ((",", 1.234), (".", 1234)):
            page = scene("Weight 1,234", habits=values.Habits(decimal, None))
            assert [c.value for c in page.readings("amount")] == [value]

    def test_are_made_once(self) -> None:
        page = scene("Total 5.00")
        assert page.readings("amount") is page.readings("amount")

    def test_there_is_an_end_to_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(candidates, "MOST", 3)
        assert len(scene("1.00   2.00   3.00   4.00").readings("amount")) == 3

    def test_of_two_types_the_second_fills_in(self) -> None:
        page = scene("VAT GB123456789   Ref AB-17005   No. A-17")
        found = {c.text: c.certainty for c in candidates.either("vat_id", "code")(page)}
        sure = {c.text: c.certainty for c in page.readings("code")}
        assert set(found) == {"GB123456789", "AB-17005"}
        assert found["AB-17005"] == candidates.SECOND * sure["AB-17005"]

    @pytest.mark.parametrize(
        ("text", "code"), [("Siret: 552 100 554 00013", "552 100 554 00013"), ("No: A 17", "A 17")]
    )
    def test_codes_may_be_printed_in_groups(self, text: str, code: str) -> None:
        assert code in texts(candidates.codes(scene(text)))

    @pytest.mark.parametrize("text", ["Total: 1 234.50", "Date: 01.02.2026", "Lorem ipsum"])
    def test_amounts_days_and_words_are_no_groups(self, text: str) -> None:
        assert text.partition(": ")[2] not in texts(candidates.codes(scene(text)))


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "rest"),
        [
            ("Payment terms: 30 days net", "30 days net"),
            ("Payment terms - 30 days net", "30 days net"),
            ("Payment terms ....... 30 days net", "30 days net"),
            ("Payment terms 30 days net", "30 days net"),
            ("First name(s): Ida", "Ida"),
            ("Balance: -5 mm", "-5 mm"),
        ],
    )
    def test_are_what_is_left_behind_the_label(self, text: str, rest: str) -> None:
        assert rest in texts(candidates.texts(scene(text)))

    def test_are_whole_cells(self) -> None:
        assert texts(candidates.texts(scene("Oak and elm   Ash"))) == ["Oak and elm", "Ash"]

    def test_go_up_to_the_next_label(self) -> None:
        found = texts(candidates.texts(scene("Colour: dark red Fuel: petrol")))
        assert {"dark red", "petrol"} <= set(found)

    def test_stand_behind_ticked_boxes(self) -> None:
        found = texts(candidates.texts(scene("☐ single ☑ married ☐ widowed", "", "( ) a (X) b")))
        assert {"married", "b"} <= set(found)
        assert not {"single", "widowed", "a"} & set(found)

    @pytest.mark.parametrize(
        "line", ["(x) Man   ( ) Woman", "[x] Man   [ ] Woman", "☑ Man   ☐ Woman"]
    )
    def test_are_without_the_ticked_box_they_stand_behind(self, line: str) -> None:
        assert texts(candidates.texts(scene(line))) == ["Man"]

    def test_nothing_is_left_of_a_line_to_write_on(self) -> None:
        found = texts(candidates.texts(scene("Payment terms: ________")))
        assert all(any(map(str.isalpha, text)) for text in found)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (" : Oak - ", "Oak"),
            ("* Oak Ltd.", "Oak Ltd."),
            ("....... Oak", "Oak"),
            ("-5 mm", "-5 mm"),
            ("::: -", None),
        ],
    )
    def test_are_stripped_of_the_marks_around_them(self, text: str, expected: str | None) -> None:
        (cell,) = sheet(f"x{text.replace('   ', ' ')}").cells
        found = texts(stripped(cell, 1, len(cell.text)))
        assert found == ([expected] if expected else [])


class TestAnswers:
    @pytest.mark.parametrize(
        ("line", "answers"),
        [
            ("Smoker   ☐   Yes   ☑   No", [False]),
            ("Smoker   Yes   ☑   No   ☐", [True]),
            ("Smoker   ☐   Yes   ☐   No", []),
            ("Smoker   ☐ Yes   ☑ No", [False]),
            ("Smoker   Yes   Married   No", [True, False]),
            ("☑   Smoker   ☐   Married", [True, False]),
        ],
    )
    def test_wide_gaps_part_no_box_from_its_answer(self, line: str, answers: list[bool]) -> None:
        assert [found.value for found in scene(line).readings("flag")] == answers


class TestScene:
    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("Invoice number: A-1", "Invoice number"),
            ("Invoice number / Rechnungsnummer: A-1", "Invoice number / Rechnungsnummer"),
            ("Oak Ltd", ""),
            ("Restaurant Oak and Elm", ""),
        ],
    )
    def test_knows_where_the_labels_of_a_cell_end(self, text: str, label: str) -> None:
        page = scene(text)
        assert text[: page.labels_end(page.sheet.cells[0])] == label

    def test_knows_which_cells_are_labels(self) -> None:
        page = scene("Invoice number:   A-1")
        assert [page.is_label(cell) for cell in page.sheet.cells] == [True, False]

    def below(self, *placed: Placed | str) -> dict[str, str]:
        page = scene(*placed)
        cells = {cell.key: cell.text for cell in page.sheet.cells}
        found = {cells[upper]: lower.text for upper, lower in page.below.items()}
        assert {lower.text: upper for lower, upper in _turned(page)} == {
            lower: upper for upper, lower in found.items()
        }
        return found

    def test_knows_the_lines_of_a_block(self) -> None:
        placed = ("Oak Ltd        Elm plc", "1 Mill Lane    2 Quay")
        assert self.below(*placed) == {"Oak Ltd": "1 Mill Lane", "Elm plc": "2 Quay"}

    def test_a_gap_or_another_column_ends_a_block(self) -> None:
        assert self.below("Oak Ltd", "", "1 Mill Lane") == {}
        assert self.below("Oak Ltd", ("1 Mill Lane", 400, 80)) == {}

    def test_rows_of_another_column_may_lie_between_two_lines(self) -> None:
        placed = (("1 Mill Lane", 50, 50), ("Date   1 May", 400, 66), ("Harbury", 50, 82))
        assert self.below(*placed)["1 Mill Lane"] == "Harbury"

    def test_no_line_is_in_two_blocks(self) -> None:
        assert len(self.below("Oak   Elm", "Ash and birch")) == 1


def _turned(page: Scene) -> Iterable[tuple[Cell, str]]:
    lower = {cell.key: cell for cell in page.sheet.cells}
    return [(lower[key], upper.text) for key, upper in page.above.items()]
