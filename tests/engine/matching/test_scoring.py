"""Candidates are ranked, and every field gets the one that makes the whole likeliest."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import schema
from engine.matching import features, labels, scoring
from engine.matching.candidates import Candidate
from engine.matching.case import Case
from engine.matching.labels import Meaning
from engine.matching.scoring import Option, Ranking, Weights
from engine.matching.wanted import Want
from engine.schema import Leaf, Scalar
from tests.engine.matching.pages import Placed, page, sheet

CELLS = sheet(*(f"{number}.00" for number in range(200))).cells
"""A cell for each amount: 0.00, 1.00, 2.00 …"""


def option(amount: int, share: float) -> Option:
    cell = CELLS[amount]
    found = Candidate(cell, 0, len(cell.text), cell.text, amount)
    return Option(amount, found, np.log(share), share, np.zeros(len(features.names("amount"))))


def ranking(concept: str, nothing: float = 0.01, **shares: float) -> Ranking:
    """``_20=0.5``: the amount 20 is the value with probability 0.5."""
    meaning = Meaning(concept, None, "amount", (), 1.0)
    want = Want((concept,), Leaf("number"), meaning, {}, frozenset(), f"amount:{concept}")
    found = [option(int(amount[1:]), share) for amount, share in shares.items()]
    found.sort(key=lambda each: -each.share)
    return Ranking(want, tuple(found), nothing, 0.0)


def weights(**shared: float) -> Weights:
    """Weights for all fields, and none for anything else."""
    rest: dict[str, Any] = {each.name: {} for each in fields(Weights)}
    return Weights(**{**rest, "shared": shared, "flag_below": 0.5})


def assigned(*rankings: Ranking) -> list[Scalar | None]:
    return [found.answer if found else None for found in scoring.assign(rankings)]


def ranked(name: str, empty: object, learned: Weights, *placed: Placed | str) -> Ranking:
    case = Case(schema.parse({name: empty}), [page(*placed)], labels.load())
    return case.rank(case.wants[0], learned)


class TestRank:
    LABELLED = weights(label=6.0, nothing=1.0)

    def test_puts_the_likeliest_first(self) -> None:
        found = ranked("total", 0, self.LABELLED, "Discount   3.00", "Total   5.00", "4.00")
        assert [each.answer for each in found.options] == [5, 4, 3]
        assert found.options[0].share > found.nothing > found.options[2].share

    def test_shares_are_probabilities(self) -> None:
        found = ranked("total", 0, self.LABELLED, "Discount   3.00", "Total   5.00", "4.00")
        assert sum(each.share for each in found.options) + found.nothing == pytest.approx(1)

    def test_a_value_printed_twice_is_one_option(self) -> None:
        learned = weights()
        found = ranked("total", 0, learned, "5.00", "5,00 EUR", "7.00")
        assert {each.answer: round(each.share, 3) for each in found.options} == {5: 0.5, 7: 0.25}

    def test_texts_are_the_same_whatever_their_marks_and_case(self) -> None:
        found = ranked("invoice_number", "", weights(), "INV-48", "inv 48")
        assert len(
            {"".join(filter(str.isalnum, str(o.answer))).lower() for o in found.options}
        ) == len(found.options)

    def test_what_cannot_be_an_answer_is_no_option(self) -> None:
        node = {"type": "object", "properties": {"total": {"type": "integer"}}}
        case = Case(schema.parse(node), [page("Total 5.50", "Total 7.00")], labels.load())
        assert [o.answer for o in case.rank(case.wants[0], weights()).options] == [7]

    def test_no_answer_is_lost_among_texts_that_can_be_none(self) -> None:
        node = {"type": "object", "properties": {"status": {"enum": ["paid", "open"]}}}
        lines = [f"zorkmid {'abcde'[at % 5]}{at}" for at in range(2 * scoring.MOST_OPTIONS)]
        case = Case(schema.parse(node), [page(*lines, "PAID")], labels.load())
        assert [o.answer for o in case.rank(case.wants[0], weights(early=9.0)).options] == ["paid"]

    def test_different_amounts_are_different_texts(self) -> None:
        found = ranked("total", "", weights(), "12.50", "1,250")
        assert {each.answer for each in found.options} == {"12.50", "1,250"}

    def test_of_nothing_nothing_is_sure(self) -> None:
        found = ranked("total", 0, weights(), "Oak and elm")
        assert (found.options, found.nothing) == ((), 1.0)

    def test_keeps_only_a_few(self) -> None:
        found = ranked("total", 0, weights(), *(f"{number}.00" for number in range(30)))
        assert len(found.options) == scoring.KEPT

    @given(st.floats(-300, 300), st.floats(-300, 300))
    def test_scores_may_be_anything(self, label: float, nothing: float) -> None:
        found = ranked("total", 0, weights(label=label, nothing=nothing), "Total   5.00")
        assert 0 <= found.nothing <= 1
        assert all(0 <= each.share <= 1 for each in found.options)


class TestWeights:
    def test_the_shipped_ones_can_be_read_and_name_features_that_there_are(self) -> None:
        shipped = scoring.shipped()
        known = {name for type_ in ("amount", "name", "address") for name in features.names(type_)}
        tables = [shipped.shared, *shipped.types.values(), *shipped.groups.values()]
        assert {name for table in tables for name in table} <= known | {scoring.NOTHING}
        assert 0 < shipped.flag_below < 1

    def test_a_label_speaks_for_a_value_and_those_of_others_against_it(self) -> None:
        learned = scoring.shipped()
        right = ranked("total", 0, learned, "Total   5.00", "Discount   7.00")
        assert right.options[0].answer == 5


class TestAssign:
    def test_a_label_does_not_help_a_value_that_is_far_behind(self) -> None:
        row = np.zeros(len(features.names("amount")))
        row[[features.names("amount").index(name) for name in ("label", "label_right")]] = 1.0
        said = replace(option(5, 0.05), row=row)
        alone = replace(ranking("total", nothing=0.9), options=(said,))
        assert assigned(alone) == [5]
        assert assigned(replace(alone, options=(option(6, 0.9), said), nothing=0.05)) == [6]

    def test_everyone_gets_the_likeliest(self) -> None:
        first, second = ranking("total", _5=0.6, _6=0.3), ranking("discount", _7=0.9)
        assert assigned(first, second) == [5, 7]

    def test_nothing_may_be_likelier(self) -> None:
        assert assigned(ranking("total", nothing=0.7, _5=0.2)) == [None]
        assert assigned(ranking("total", nothing=1.0)) == [None]
        assert assigned() == []

    def test_rivals_do_not_get_the_same_words(self) -> None:
        one, other = ranking("discount", _5=0.9), ranking("shipping", _5=0.5, _6=0.4)
        assert assigned(one, other) == [5, 6]
        assert assigned(other, one) == [6, 5]

    def test_rather_than_nothing_a_rival_gets_none_of_them(self) -> None:
        one, other = ranking("discount", _5=0.9), ranking("shipping", nothing=0.4, _5=0.5)
        assert assigned(one, other) == [5, None]

    def test_fields_that_mean_the_same_share_words(self) -> None:
        one, other = ranking("discount", _5=0.9), ranking("discount", _5=0.5, _6=0.4)
        assert assigned(one, other) == [5, 5]

    @pytest.mark.parametrize("concept", ["amount_due", "amount_paid"])
    def test_the_total_is_often_another_amount_too(self, concept: str) -> None:
        assert assigned(ranking("total", _5=0.9), ranking(concept, _5=0.5, _6=0.4)) == [5, 5]

    def test_the_order_of_the_fields_does_not_matter(self) -> None:
        rankings = [
            ranking("discount", _5=0.6, _6=0.3),
            ranking("shipping", _5=0.5, _7=0.4),
            ranking("fee", _6=0.5, _7=0.2, _5=0.2),
        ]
        found = dict(zip("abc", assigned(*rankings), strict=True))
        turned = dict(zip("cba", assigned(*rankings[::-1]), strict=True))
        assert found == turned


class TestBalance:
    SUMS = (
        ranking("subtotal", _100=0.5, _120=0.4),
        ranking("tax_total", _20=0.6, _19=0.3),
        ranking("total", _100=0.45, _120=0.5),
    )

    def test_amounts_that_add_up_are_chosen_together(self) -> None:
        unsure = ranking("subtotal", _100=0.4, _90=0.5)
        assert assigned(unsure) == [90]
        assert assigned(unsure, *self.SUMS[1:]) == [100, 20, 120]

    def test_it_is_not_worth_an_unlikely_value(self) -> None:
        sure = (ranking("subtotal", _90=0.97, _100=0.001), *self.SUMS[1:])
        assert assigned(*sure)[0] == 90

    def test_confirmed_values_are_known(self) -> None:
        chosen = scoring.assign(self.SUMS)
        assert scoring.balanced(self.SUMS, chosen) == {0, 1, 2}
        assert scoring.balanced(self.SUMS, [*chosen[:2], None]) == frozenset()
        assert scoring.balanced(self.SUMS[:2], chosen[:2]) == frozenset()

    @pytest.mark.parametrize(
        ("amounts", "fits"),
        [((100, 20, 120), True), ((100, 20, 121), False), ((0, 0, 0), False), ((7, 0, 7), False)],
    )
    def test_adding_up_is_to_the_cent_and_to_add_zero_proves_nothing(
        self, amounts: tuple[int, ...], fits: bool
    ) -> None:
        chosen = [option(amount, 0.5) for amount in amounts]
        assert bool(scoring.balanced(self.SUMS, chosen)) is fits

    def test_a_sum_with_zero_is_preferred_a_little(self) -> None:
        sums = (ranking("subtotal", _7=0.5), ranking("tax_total", _0=0.4, _5=0.41))
        assert assigned(*sums, ranking("total", _7=0.9)) == [7, 0, 7]


shares = st.dictionaries(
    st.sampled_from(["_5", "_6", "_7", "_12"]), st.floats(0.01, 0.3), max_size=4
)
concepts = st.sampled_from(["total", "subtotal", "tax_total", "discount", "amount_due"])
rankings = st.lists(st.builds(lambda c, s: ranking(c, 0.1, **s), concepts, shares), max_size=6)


@given(rankings)
def test_everyone_gets_one_of_their_own_options_or_none(all_of_them: list[Ranking]) -> None:
    chosen = scoring.assign(all_of_them)
    assert chosen == scoring.assign(all_of_them)
    for each, got in zip(all_of_them, chosen, strict=True):
        assert got is None or any(got is option for option in each.options)
    assert scoring.balanced(all_of_them, chosen) <= set(range(len(chosen)))
