"""Labels are found where they are printed, and speak for the cells around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import labels
from engine.matching.spots import Index, Kind, Spot, Spots, key, shortened
from tests import speed
from tests.engine.matching.pages import LEFT, Placed, extracted, scene, sheet

INVOICE_NUMBER = key(("invoice", "number"))


def spots(*placed: Placed | str) -> Spots:
    return scene(*placed).spots


def printed(*placed: Placed | str) -> list[str]:
    """The labels as they are printed."""
    return [spot.cell.text[spot.start : spot.end] for spot in spots(*placed).all]


def first(text: str, *placed: Placed | str) -> Spot:
    """The first label of a page."""
    return spots(text, *placed).all[0]


def linked(label: str, *placed: Placed | str) -> dict[str, list[str]]:
    """What a label may speak for, by the kind of place."""
    found = spots(*placed)
    spot = next(s for s in found.all if s.cell.text[s.start : s.end] == label)
    kinds: dict[str, list[str]] = {}
    for link in found.links(spot):
        if text := link.cell.text[link.start : link.end].strip(" :"):
            kinds.setdefault(link.kind.name, []).append(text)
    return kinds


class TestLabels:
    def test_the_longest_wins(self) -> None:
        assert printed("Invoice date: 01/03/2026") == ["Invoice date"]
        assert printed("Date of birth: 01/03/2026") == ["Date of birth"]

    @pytest.mark.parametrize(
        "text",
        [
            "Invoice number",
            "INVOICE NO.",
            "Invoice #",
            "Numéro de la facture",
            "Rechnungsnummer",
        ],
    )
    def test_the_order_and_the_form_of_the_words_do_not_matter(self, text: str) -> None:
        assert [spot.phrase for spot in spots(text).all if len(spot.phrase) > 1] == [INVOICE_NUMBER]

    def test_several_may_stand_in_one_cell(self) -> None:
        assert printed("Date: 01/03/2026 Total: 5.00") == ["Date", "Total"]

    @pytest.mark.parametrize("text", ["TOTAL5", "PO445", "DATE2026"])
    def test_glued_to_digits_they_are_codes(self, text: str) -> None:
        assert printed(text) == []

    def test_those_of_the_schema_alone_are_looked_for_too(self) -> None:
        own = (("zorkmid", "count"),)
        page = scene("Zorkmid count: 5", own=own)
        assert [spot.phrase for spot in page.spots.all] == [key(own[0])]
        assert ("count", "zorkmid") not in {spot.phrase for spot in spots("Zorkmid count: 5").all}

    def test_are_listed_by_cell(self) -> None:
        found = spots("Invoice number: A-1", "Total   5.00", "Total   5.00")
        assert [spot.phrase for spot in found.all].count(("total",)) == 2
        assert [spot.phrase for spot in found.by_cell[(0, 0)]] == [INVOICE_NUMBER]

    def test_a_box_goes_around_their_words_only(self) -> None:
        assert first("Invoice number: A-1").box.width == 150

    def test_there_is_an_end_to_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.matching.spots.MOST_SPOTS", 7)
        assert printed(*["Total 5.00"] * 10) == ["Total"] * 7


class TestClearness:
    def test_is_highest_where_the_label_is_alone_with_a_colon(self) -> None:
        assert first("Total: 5.00").clear == 1.0
        assert first("Total 5.00").clear == pytest.approx(0.95)

    def test_falls_with_every_word_that_the_label_does_not_explain(self) -> None:
        clear = [first("Total" + " zorkmids" * count).clear for count in range(4)]
        assert clear == sorted(clear, reverse=True)
        assert clear[-1] < 0.5

    @pytest.mark.parametrize(
        "text", ["Total (EUR)", "Total / Zorkmids", "Total 20 %", "Total of the"]
    )
    def test_does_not_suffer_from_remarks(self, text: str) -> None:
        assert first(text).clear == pytest.approx(0.95)

    @pytest.mark.parametrize(
        ("text", "plain"),
        [
            ("Restaurant: Oak", True),
            ("Total", True),
            ("Invoice number A-1", True),
            ("Customer Oak and Elm and Ash", False),
        ],
    )
    def test_a_single_word_among_others_may_be_no_label(self, text: str, plain: bool) -> None:
        assert first(text).is_plain is plain


class TestParties:
    def test_a_role_beside_a_label_says_whose_value_it_is(self) -> None:
        found = spots("Customer VAT number: GB123456789")
        assert {role for spot in found.all for role in spot.roles} == {"buyer"}

    def test_a_heading_is_a_role_itself(self) -> None:
        spot = first("Bill to")
        assert spot.is_role
        assert "buyer" in spot.roles

    def test_other_labels_name_no_party(self) -> None:
        spot = first("Total: 5.00")
        assert not spot.is_role
        assert spot.roles == frozenset()

    def test_a_zone_is_the_block_below_a_heading(self) -> None:
        found = spots("Bill to", "Tolmere Foods plc", "2 Market Place", "", "", "", "Total   5.00")
        zone = {cell.text: sure for cell, sure in found.zone(found.all[0])}
        assert list(zone) == ["Tolmere Foods plc", "2 Market Place"]
        assert zone["Tolmere Foods plc"] > zone["2 Market Place"]

    def test_a_zone_ends_at_the_next_heading(self) -> None:
        found = spots("Bill to", "Tolmere Foods plc", "Ship to", "Tolmere Depot")
        assert [cell.text for cell, _ in found.zone(found.all[0])] == ["Tolmere Foods plc"]

    def test_a_zone_has_its_own_column_and_what_stands_behind_its_labels(self) -> None:
        found = spots(
            "Bill to              Seller",
            "Name:   Tolmere      Harwood",
            "York                 Leeds",
        )
        texts = [cell.text for cell, _ in found.zone(found.all[0])]
        assert {"Name:", "Tolmere", "York"} <= set(texts)
        assert "Leeds" not in texts

    def test_a_zone_holds_what_follows_in_the_same_cell(self) -> None:
        found = spots("Bill to: Tolmere Foods plc")
        assert [cell.text for cell, _ in found.zone(found.all[0])] == ["Bill to: Tolmere Foods plc"]


class TestLinks:
    def test_lead_into_the_cell_and_to_the_right(self) -> None:
        kinds = linked("Total", "Total: EUR   12.50   13.00")
        assert kinds == {"INSIDE": ["EUR"], "RIGHT": ["12.50"], "FAR": ["13.00"]}

    def test_lead_to_the_left(self) -> None:
        assert linked("Total", "12.50   Total")["BEFORE"] == ["12.50"]
        assert linked("Total", "12.50 Total")["BEFORE"] == ["12.50"]

    def test_lead_down_the_column(self) -> None:
        kinds = linked("Total", "Total   Date", "12.50   today", "13.00")
        assert kinds["BELOW"] == ["12.50"]
        assert kinds["COLUMN"] == ["13.00"]

    def test_end_at_a_wide_gap(self) -> None:
        assert "BELOW" not in linked("Total", ("Total", 50, 50), ("12.50", 50, 250))

    def test_in_running_text_lead_on_only(self) -> None:
        prose = (
            "this agreement begins on the effective date of the fifth of March and goes",
            "on for as long as both of the parties like it.",
        )
        found = spots(*prose)
        kinds = {link.kind for spot in found.all for link in found.links(spot)}
        assert kinds == {Kind.PROSE}

    @given(st.integers(1, 4))
    def test_are_weaker_the_further_they_reach(self, cells: int) -> None:
        found = spots("Total" + "   5.00" * cells)
        strengths = [
            link.strength
            for link in found.links(found.all[0])
            if link.kind in (Kind.RIGHT, Kind.FAR)
        ]
        assert len(strengths) == cells
        assert strengths == sorted(strengths, reverse=True)
        assert all(0 < strength <= 1 for strength in strengths)

    def test_are_weaker_past_another_label(self) -> None:
        ends = ["Total   Net   5.00", "Total   3.00   5.00"]
        far = [
            next(link.strength for link in found.links(found.all[0]) if link.kind is Kind.FAR)
            for found in map(spots, ends)
        ]
        assert far[0] < far[1]

    def test_are_known_by_the_cells_that_they_lead_to(self) -> None:
        found = spots("Total   5.00", "6.00   Discount")
        turned = [(link.cell.key, spot, link) for spot in found.all for link in found.links(spot)]
        assert sum(map(len, found.reach.values())) == len(turned)
        assert all((spot, link) in found.reach[key] for key, spot, link in turned)


class TestIndex:
    index = Index([("invoice", "date"), ("date",), ()])

    def test_finds_the_longest_phrase_at_a_word(self) -> None:
        words = ("date", "invoice", "date")
        assert self.index.longest(words, 0) == ("date", "invoice")
        assert self.index.longest(words, 2) == ("date",)

    def test_finds_nothing_else(self) -> None:
        assert self.index.longest(("total",), 0) is None
        assert self.index.longest(("invoice", "total"), 0) is None
        assert Index([]).longest(("total",), 0) is None

    def test_a_long_phrase_can_do_without_number(self) -> None:
        assert list(shortened(("customer", "reference", "number"))) == [
            ("customer", "reference", "number"),
            ("customer", "reference"),
        ]
        assert list(shortened(("invoice", "number"))) == [("invoice", "number")]


def test_a_cell_full_of_labels_takes_little_time() -> None:
    text = "total " * 200 + "x" * 100_000
    assert sum(map(len, spots(text).reach.values())) < 10_000
    assert speed.within(3, lambda: spots(text))


def test_each_lexicon_has_its_own_labels(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[labels]\ntotal = 'zorkmids'\n")
    lying = sheet("Zorkmids: 5.00   Total: 5.00")
    usual, own = labels.load(), labels.load(tmp_path)
    counts = [len(Spots(lying, lexicon).all) for lexicon in (usual, own, usual)]
    assert counts == [1, 2, 1]


UNDER: tuple[Placed, ...] = (
    *(("Rosskamp", LEFT, 50), ("Surname", LEFT, 75)),
    *(("Renate", LEFT, 120), ("First name", LEFT, 145)),
    *(("50448", LEFT, 190), ("Postcode", LEFT, 215)),
    *(("Nurse", LEFT, 260), ("Occupation", LEFT, 285)),
    *(("Harbury", LEFT, 330), ("City", LEFT, 355)),
)
"""A form with its labels in small print under the answers."""


class TestLabelsUnderValues:
    def test_speak_for_what_is_above(self) -> None:
        found = spots(*UNDER)
        spot = next(s for s in found.all if s.phrase == ("postcode",))
        strengths = {link.kind: link.strength for link in found.links(spot)}
        assert strengths[Kind.ABOVE] > 0.9
        assert strengths[Kind.BELOW] < 0.5

    def test_are_a_habit_of_the_whole_document(self) -> None:
        found = spots("Surname", "Rosskamp", "", "First name", "Renate", "", "Postcode", "50448")
        spot = next(s for s in found.all if s.phrase == ("postcode",))
        strengths = {link.kind: link.strength for link in found.links(spot)}
        assert strengths[Kind.BELOW] > 0.8
        assert Kind.ABOVE not in strengths

    def test_are_read_as_a_form(self) -> None:
        names = ("surname", "first_name", "postcode", "occupation", "city")
        data = extracted(dict.fromkeys(names, ""), *UNDER).data
        assert data == dict(zip(names, [text for text, _, _ in UNDER[::2]], strict=True))
