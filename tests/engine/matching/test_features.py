"""What a candidate looks like, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import schema
from engine.matching import features, labels
from engine.matching.case import Case
from engine.matching.features import PAIR, frame
from engine.matching.spots import Kind
from engine.matching.values import TYPES
from engine.types import Page
from tests.engine.matching.pages import Placed, page, typed

Row = Mapping[str, float]


def table(template: Mapping[str, Any], *pages: Page) -> dict[str, Row]:
    """The features of every candidate of a template's first field, by its text; of several with
    the same text the last."""
    case = Case(schema.parse(template), pages, labels.load())
    want = case.wants[0]
    field = case.field(want)
    rows = np.hstack([field.alone, field.paired(want)])
    names = features.names(want.type)
    assert rows.shape == (len(field.candidates), len(names))
    return {
        candidate.text: dict(zip(names, row, strict=True))
        for candidate, row in zip(field.candidates, rows.tolist(), strict=True)
    }


def rows(name: str, empty: object, *placed: Placed | str) -> dict[str, Row]:
    return table({name: empty}, page(*placed))


class TestLabels:
    def test_speak_for_the_values_around_them(self) -> None:
        found = rows("total", 0, "Total   5.00   6.00", "7.00", "8.00")
        assert found["5.00"]["label_right"] > 0.9
        assert 0 < found["6.00"]["label_far"] < found["5.00"]["label_right"]
        assert found["7.00"]["label_below"] > found["8.00"]["label_column"] > 0
        assert all(
            row["label"] == max(row[f"label_{kind.name.lower()}"] for kind in Kind)
            for row in found.values()
        )

    def test_speak_less_across_words(self) -> None:
        near = rows("total", 0, "Total: 5.00")["5.00"]["label_inside"]
        far = rows("total", 0, "Total: of all and everything 5.00")["5.00"]["label_inside"]
        assert near > far > 0

    def test_of_other_fields_contest_a_value(self) -> None:
        found = rows("total", 0, "Total   5.00", "Discount   6.00", "9.00   Nothing")
        assert found["5.00"]["contested"] == 0
        assert found["6.00"]["contested"] > 0.5
        assert found["6.00"]["other_row"] > found["6.00"]["label_below"]
        assert found["9.00"]["other_row"] == 0

    def test_of_another_party_hardly_count(self) -> None:
        found = table(
            {"supplier": {"vat_number": ""}},
            page("Customer VAT no.: GB123456789", "Our VAT no.: GB987654321"),
        )
        assert found["GB987654321"]["label"] > 2 * found["GB123456789"]["label"]

    def test_in_running_text_fade(self) -> None:
        prose = (
            "the agreement has an effective date of 1 March 2026 and it was signed by both of us",
            "on the other day which has been 28 February 2026 and so on.",
        )
        found = rows("effective_date", "", *prose)
        assert found["1 March 2026"]["label_prose"] > found["28 February 2026"]["label_prose"]


class TestParties:
    TEXT = """\
Seller                  Bill to
Oak Analytics Ltd       Elm Foods plc
14 Canal Wharf          2 Market Place
"""

    def test_own_the_lines_below_their_heading(self) -> None:
        found = table({"buyer": {"name": ""}}, typed(self.TEXT))
        mine, other = found["Elm Foods plc"], found["Oak Analytics Ltd"]
        assert mine["own_party"] > 0.9
        assert mine["other_party"] == 0
        assert other["other_party"] > 0.9
        assert other["own_party"] == 0

    def test_do_not_matter_where_none_is_asked_for(self) -> None:
        found = table({"name": ""}, typed(self.TEXT))
        assert {row["own_party"] + row["other_party"] for row in found.values()} == {0}

    def test_own_their_names_wherever_they_are_printed(self) -> None:
        text = f"{self.TEXT}\n\n\n\n\nElm Foods plc"
        last = table({"buyer": {"name": ""}}, typed(text))["Elm Foods plc"]
        assert last["own_party"] > 0.9


class TestFrame:
    def test_tells_where_on_the_page_a_value_stands(self) -> None:
        found = rows("total", 0, "1.00   2.00", "3.00", "", "", "4.00")
        assert found["1.00"]["top"] > found["3.00"]["top"] > found["4.00"]["top"] == 0
        assert found["4.00"]["bottom"] > found["1.00"]["bottom"] == 0
        assert (found["1.00"]["first_cell"], found["2.00"]["last_cell"]) == (1, 1)
        assert (found["1.00"]["left"], found["2.00"]["right"]) == (0, 1)
        assert [found[text]["row_1"] for text in ("1.00", "3.00")] == [0, 1]
        assert found["1.00"]["early"] == found["4.00"]["late"] == 1

    def test_tells_the_first_page_from_the_last(self) -> None:
        found = table({"total": 0}, page("1.00"), page("2.00", number=2), page("3.00", number=3))
        assert [(row["first_page"], row["last_page"]) for row in found.values()] == [
            (1, 0),
            (0, 0),
            (0, 1),
        ]

    def test_tells_how_blurred_the_words_are(self) -> None:
        assert rows("total", 0, "1.00")["1.00"]["blur"] == pytest.approx(0.01)

    def test_tells_nothing_where_there_is_nothing_to_compare_with(self) -> None:
        alone = rows("total", 0, "1.00")["1.00"]
        assert {alone[name] for name in ("first_page", "last_page", "early", "late")} == {0}


class TestAmounts:
    def test_are_compared_with_each_other(self) -> None:
        found = rows("total", 0, "100.00", "20.00", "120.00", "20.00", "0.00", "-5.00")
        assert found["120.00"]["largest"] == found["120.00"]["rank"] == 1
        assert found["120.00"]["sum"] == found["100.00"]["part"] == 1
        assert found["20.00"]["twice"] == 1
        assert found["0.00"]["zero"] == found["-5.00"]["negative"] == 1
        assert found["100.00"]["sum"] == found["100.00"]["twice"] == 0

    def test_the_only_one_is_the_largest(self) -> None:
        found = rows("total", 0, "9.00")
        assert found["9.00"]["largest"] == found["9.00"]["rank"] == 1

    def test_are_money_beside_a_currency_and_have_cents(self) -> None:
        found = rows("total", 0, "RM 9.00", "12   boxes")
        assert (found["RM 9.00"]["money"], found["RM 9.00"]["cents"]) == (1, 1)
        assert (found["12"]["money"], found["12"]["cents"]) == (0, 0)

    def test_are_rounded_for_cash(self) -> None:
        found = rows("total", 0, "9.98", "10.00", "7.15")
        assert [found[text]["rounded"] for text in ("9.98", "10.00", "7.15")] == [-1, 1, 0]


class TestCompanies:
    def test_are_told_by_their_words_and_what_is_around(self) -> None:
        text = """\
OAK & ELM LTD
14 Canal Wharf
Leeds LS11 5PS

Invoice
Thank you for your visit
"""
        found = table({"company": ""}, typed(text))
        company, thanks = found["OAK & ELM LTD"], found["Thank you for your visit"]
        assert company["legal"] == company["upper"] == 1
        assert company["before_address"] > 0 > thanks["before_address"]
        assert company["no_name"] == 0
        assert thanks["no_name"] > 0

    def test_are_told_by_a_domain_and_by_what_is_repeated(self) -> None:
        found = rows("company", "", "Northam", "Tolmere", "mail@northam.example", "Tolmere")
        assert found["Northam"]["domain"] == 1
        assert found["Tolmere"]["domain"] == 0
        assert found["Tolmere"]["repeated"] > found["Northam"]["repeated"]


class TestAddresses:
    def test_are_told_by_their_lines(self) -> None:
        text = "Oak Ltd\n14 Canal Wharf\nLeeds LS11 5PS"
        found = table({"address": ""}, typed(text))
        whole, half = found["14 Canal Wharf, Leeds LS11 5PS"], found["14 Canal Wharf"]
        assert whole["lines"] > half["lines"]
        assert whole["postcode"] > half["postcode"] == 0
        assert half["more_below"] > 0 > whole["more_below"]


@pytest.mark.parametrize("type_", sorted({*TYPES, *features.SOURCES, "never heard of"}))
def test_every_type_has_candidates_and_names_for_its_features(type_: str) -> None:
    assert callable(features.source(type_))
    names = features.names(type_)
    assert len(set(names)) == len(names)
    assert names[: len(frame.NAMES)] == frame.NAMES
    assert names[-len(PAIR) :] == PAIR


NAMES = ["total", "company", "address", "date", "vat_number", "paid", "city", "phone", "x"]
PRINTED = ["Total", "5.00", "Oak Ltd", "1 Mill Lane", "☑", "01/03/2026", "GB123456789", ":", "名"]


@given(st.sampled_from(NAMES), st.lists(st.sampled_from(PRINTED), max_size=12))
def test_features_are_finite_and_within_bounds(name: str, printed: list[str]) -> None:
    for row in rows(
        name, "", *("   ".join(printed[at : at + 2]) for at in range(0, 12, 2))
    ).values():
        assert all(np.isfinite(value) and -2 <= value <= 4 for value in row.values())
