from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrwell import ids


def test_ids_are_uuids_that_sort_by_time() -> None:
    made = [ids.new() for _ in range(100)]
    assert {each.version for each in made} == {7}
    assert made == sorted(made)
    assert [ids.parse(str(each)) for each in made] == made


@pytest.mark.parametrize("nonsense", ["", "42", "\x00", "019539a6-6c3d-7e5f", "é" * 32])
def test_nonsense_is_the_id_of_nothing(nonsense: str) -> None:
    assert ids.parse(nonsense).int == 0


@given(st.text())
def test_parsing_never_raises(text: str) -> None:
    ids.parse(text)
