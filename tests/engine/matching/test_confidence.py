"""How sure a value is, and why a person should look at it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import confidence, features, scoring
from engine.matching.candidates import Candidate
from engine.matching.confidence import FEATURES
from engine.matching.scoring import Option, Ranking
from engine.types import FieldValue
from tests.engine.matching.pages import line, sheet
from tests.engine.matching.test_scoring import option, ranking, weights

SHIPPED = scoring.shipped()
LABEL = features.names("amount").index("label")


def judged(*rankings: Ranking, flag_below: float = 0.5, **calibration: float) -> list[FieldValue]:
    learned = replace(weights(), calibration=calibration, flag_below=flag_below)
    return list(confidence.judged(rankings, scoring.assign(rankings), learned))


def sureness(share: float) -> float:
    """With the shipped calibration, for a value that competes with nothing alone."""
    alone = ranking("total", nothing=1 - share, _5=share)
    return confidence.of(confidence.features(alone, alone.options[0], False), SHIPPED)


def labelled(found: Option, strength: float) -> Option:
    row = np.array(found.row)
    row[LABEL] = strength
    return replace(found, row=row)


class TestValue:
    def test_comes_with_its_evidence(self) -> None:
        (value,) = judged(ranking("total", _5=0.9), share=10.0)
        assert (value.value, value.page) == (5, 1)
        assert [word.text for word in value.words] == ["5.00"]
        assert value.box == value.words[0].box

    def test_is_flagged_below_a_confidence(self) -> None:
        (sure,) = judged(ranking("total", _5=0.9), intercept=1.0)
        (unsure,) = judged(ranking("total", _5=0.9), intercept=-1.0)
        assert (sure.flag, sure.reason) == (False, "")
        assert unsure.flag
        assert unsure.reason
        assert sure.confidence + unsure.confidence == pytest.approx(1)

    def test_that_is_not_there_is_flagged(self) -> None:
        (value,) = judged(ranking("total", nothing=0.9, _5=0.1))
        assert (value.value, value.flag, value.reason) == (None, True, confidence.NOT_FOUND)
        assert (value.page, value.box, value.words) == (None, None, ())
        assert 0 <= value.confidence <= 1

    def test_is_surer_where_the_sums_agree(self) -> None:
        sums = [
            ranking("subtotal", _100=0.8),
            ranking("tax_total", _20=0.8),
            ranking("total", _120=0.8),
        ]
        values = judged(*sums, ranking("discount", _7=0.8), adds_up=2.0)
        assert values[0].confidence == values[1].confidence == values[2].confidence
        assert values[2].confidence > values[3].confidence


class TestConfidence:
    @given(st.floats(0.51, 0.93), st.floats(0.001, 0.02))
    def test_rises_with_the_share_of_the_probability(self, share: float, more: float) -> None:
        assert sureness(share) < sureness(share + more)

    def test_does_not_rise_where_the_model_is_too_sure_of_itself(self) -> None:
        assert sureness(0.96) == pytest.approx(sureness(0.999))

    def test_is_near_the_ends_only_for_values_that_are_clear(self) -> None:
        assert sureness(0.999) > 0.9
        assert sureness(0.3) < 0.8

    @given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
    def test_is_a_share_whatever_speaks_for_it(self, found: list[float]) -> None:
        assert 0 <= confidence.of(found, SHIPPED) <= 1

    def test_has_a_weight_for_what_it_is_made_of(self) -> None:
        assert set(SHIPPED.calibration) <= set(FEATURES)
        assert len(set(FEATURES)) == len(FEATURES)

    @given(st.floats(0, 1), st.floats(0, 1))
    def test_features_are_finite(self, share: float, nothing: float) -> None:
        found = Ranking(ranking("total").want, (replace(option(5, 0.5), share=share),), nothing, 0)
        speaks = confidence.features(found, found.options[0], True)
        assert len(speaks) == len(FEATURES)
        assert np.isfinite(speaks).all()

    def test_types_have_features_of_their_own(self) -> None:
        found = ranking("total", _5=0.9)
        speaks = dict(
            zip(FEATURES, confidence.features(found, found.options[0], False), strict=True)
        )
        assert speaks["amount:share"] == speaks["share"]
        assert speaks["date:share"] == 0


class TestReason:
    def test_is_that_the_words_were_hard_to_read(self) -> None:
        (cell,) = sheet("5.00").cells
        blurred = replace(cell, words=line("5.00", sure=0.4).words)
        found = replace(option(5, 0.9), candidate=Candidate(blurred, 0, 4, "5.00", 5))
        assert confidence.reason(ranking("total"), found) == "The text was hard to read."

    def test_is_another_value(self) -> None:
        found = ranking("total", _5=0.5, _6=0.4)
        assert confidence.reason(found, found.options[0]) == "“6.00” is also likely."

    def test_shortens_a_long_one(self) -> None:
        (cell,) = sheet("oak " * 30).cells
        long = replace(option(6, 0.4), candidate=Candidate(cell, 0, 119, cell.text))
        found = Ranking(ranking("total").want, (option(5, 0.5), long), 0.1, 0.0)
        said = confidence.reason(found, found.options[0])
        assert said.endswith("…” is also likely.")
        assert len(said) < 65

    def test_is_a_label_that_is_not_there(self) -> None:
        found = ranking("total", _5=0.9, _6=0.05)
        assert confidence.reason(found, found.options[0]) == "No label names this value."

    def test_is_doubt_where_there_is_one(self) -> None:
        found = labelled(option(5, 0.9), 0.9)
        said = confidence.reason(Ranking(ranking("total").want, (found,), 0.1, 0.0), found)
        assert said == "The value is not certain."


class TestSeveral:
    def several(self, found: Ranking) -> list[object]:
        return [value.value for value in confidence.several(found, SHIPPED)]

    def test_are_all_about_as_likely_as_the_likeliest(self) -> None:
        found = ranking("fee", _5=0.4, _6=0.3, _7=0.2, _8=0.01)
        assert self.several(found) == [5, 6, 7]

    def test_stand_in_the_order_of_the_document(self) -> None:
        assert self.several(ranking("fee", _9=0.4, _2=0.3, _7=0.2)) == [2, 7, 9]

    def test_there_are_none_where_nothing_is_likelier(self) -> None:
        assert self.several(ranking("fee", nothing=0.6, _5=0.3)) == []
        assert self.several(ranking("fee", nothing=1.0)) == []
