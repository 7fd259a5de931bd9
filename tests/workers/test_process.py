from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrwell.jobs import presence
from workers import process


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    process._readers.clear()
    yield
    process._readers.clear()
    process.stopping.value = False


def test_before_its_start_a_process_has_no_reader() -> None:
    assert process.reader() is None


def test_a_process_that_leaves_is_not_counted(db: None) -> None:
    presence.report(process._name())
    process.leave()
    assert presence.alive() == 0


def test_stopping_is_seen_by_whoever_works() -> None:
    assert not process.stopping.value
    process.stop()
    assert process.stopping.value
