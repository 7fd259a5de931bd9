from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

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


@pytest.mark.parametrize("content", [None, "labels = 7", "[labels"], ids=["none", "wrong", "cut"])
def test_faulty_label_tables_keep_a_process_from_its_work(
    settings: Settings, tmp_path: Path, content: str | None
) -> None:
    settings.LABEL_DIR = tmp_path
    if content:
        (tmp_path / "ours.toml").write_text(content)
    with pytest.raises(ImproperlyConfigured, match=f"OCRWELL_LABEL_DIR: {tmp_path}"):
        process.start()
    assert process.reader() is None


def test_a_process_that_leaves_is_not_counted(db: None) -> None:
    presence.report(process._name())
    process.leave()
    assert presence.alive() == 0


def test_stopping_is_seen_by_whoever_works() -> None:
    assert not process.stopping.value
    process.stop()
    assert process.stopping.value
