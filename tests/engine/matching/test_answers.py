"""What is printed becomes a value of the field's own kind."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.answers import answer, wants_iso
from engine.schema import Hints, Kind, Leaf, Scalar
from tests.engine.test_schema import has_shape

KINDS: tuple[Kind, ...] = get_args(Kind)
TEXT, NUMBER, WHOLE, FLAG = map(Leaf, KINDS)


def formatted(name: str) -> Leaf:
    return Leaf("string", Hints(format=name))


def choosing(*choices: Scalar, kind: Kind = "string") -> Leaf:
    return Leaf(kind, Hints(choices=choices))


@pytest.mark.parametrize(
    ("leaf", "type_", "text", "value", "expected"),
    [
        (TEXT, "text", "Oak  and\n elm ", None, "Oak and elm"),
        (TEXT, "text", "  ", None, None),
        (TEXT, "date", "1 March 2026", "2026-03-01", "1 March 2026"),
        (formatted("date"), "date", "1 March 2026", "2026-03-01", "2026-03-01"),
        (formatted("date-time"), "date", "1 March 2026", "2026-03-01", "2026-03-01T00:00:00"),
        (formatted("email"), "email", "ann@oak.example", "ann@oak.example", "ann@oak.example"),
        (TEXT, "duration", "three (3) years", "3 years", "3 years"),
        (TEXT, "duration", "two years", "2 years", "two years"),
        (TEXT, "amount", "EUR 12.50", 12.5, "EUR 12.50"),
        (NUMBER, "amount", "EUR 12.50", 12.5, 12.5),
        (NUMBER, "amount", "12.00", 12, 12),
        (NUMBER, "text", "none", None, None),
        (NUMBER, "code", "4 417", "4417", 4417),
        (NUMBER, "code", "A-17", "A-17", None),
        (NUMBER, "code", "9" * 16, "9" * 16, None),
        (NUMBER, "flag", "yes", True, None),
        (WHOLE, "integer", "12", 12, 12),
        (WHOLE, "amount", "12.00", 12.0, 12),
        (WHOLE, "amount", "12.50", 12.5, None),
        (FLAG, "flag", "[x]", True, True),
        (FLAG, "flag", "no", False, False),
        (FLAG, "text", "perhaps", None, None),
        (FLAG, "integer", "1", 1, None),
    ],
)
def test_an_answer_is_of_the_kind_and_the_form_asked_for(
    leaf: Leaf, type_: str, text: str, value: Scalar | None, expected: Scalar | None
) -> None:
    found = answer(leaf, type_, text, value)
    assert (found, type(found)) == (expected, type(expected))


class TestChoices:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("paid", "paid"),
            ("PAID", "paid"),
            ("Partly-paid.", "partly paid"),
            ("partiy paid", "partly paid"),
            ("open", None),
            ("", None),
        ],
    )
    def test_the_one_that_is_printed_is_taken(self, text: str, expected: str | None) -> None:
        assert answer(choosing("paid", "partly paid", ""), "text", text) == expected

    def test_numbers_are_compared_as_such(self) -> None:
        leaf = choosing(7, 19, kind="number")
        assert answer(leaf, "percent", "19,00 %", 19) == 19
        assert answer(leaf, "percent", "9 %", 9) is None

    def test_dates_are_compared_by_their_normal_form(self) -> None:
        leaf = choosing("2026-03-01")
        assert answer(leaf, "date", "1 March 2026", "2026-03-01") == "2026-03-01"

    def test_yes_is_no_one(self) -> None:
        assert answer(choosing(1, 2, kind="integer"), "flag", "yes", True) is None


@pytest.mark.parametrize(
    ("hints", "iso"),
    [
        (Hints(format="date"), True),
        (Hints(pattern=r"^\d{4}-\d{2}-\d{2}$"), True),
        (Hints(pattern="^[0-9]{4}-[0-9]{2}$"), True),
        (Hints(pattern=r"^\d{2}/\d{2}/\d{4}$"), False),
        (Hints(format="email"), False),
        (Hints(), False),
    ],
)
def test_iso_is_asked_for_by_format_or_pattern(hints: Hints, iso: bool) -> None:
    assert wants_iso(Leaf("string", hints)) is iso


broken = st.floats(-1e9, 1e9).filter(lambda value: not value.is_integer())
scalars = st.none() | st.text(max_size=9) | st.integers() | st.booleans() | broken
leaves = st.builds(
    Leaf,
    st.sampled_from(KINDS),
    st.builds(Hints, format=st.sampled_from(["", "date", "date-time"])),
)


@given(leaves, st.sampled_from(["text", "date", "duration", "amount"]), st.text(), scalars)
def test_whatever_is_printed_the_answer_is_of_the_kind(
    leaf: Leaf, type_: str, text: str, value: Scalar | None
) -> None:
    found = answer(leaf, type_, text, value)
    assert found is None or found == "" or has_shape(leaf, found)
