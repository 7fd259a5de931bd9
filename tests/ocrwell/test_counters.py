"""What is counted is counted once, by however many at a time, and never in anybody's way."""

from __future__ import annotations

import itertools
import logging
from typing import Any

import pytest
from django.db import connection, connections, transaction

from ocrwell.metrics import counters
from ocrwell.metrics.counters import BATCHES, FIELDS, JOB_SECONDS, PAGES, Histogram, Line
from ocrwell.metrics.models import Counter
from tests.factories import together

pytestmark = pytest.mark.django_db(transaction=True)

OCR, TEXT = PAGES.of("ocr"), PAGES.of("text")


def test_amounts_add_up_line_by_line() -> None:
    counters.add({OCR: 3, TEXT: 1})
    counters.add({OCR: 2.5, BATCHES.of(): 1})
    assert counters.read() == {OCR: 5.5, TEXT: 1, BATCHES.of(): 1}
    assert counters.values(OCR) == ["ocr"]


def test_nothing_to_add_asks_no_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        counters.add({})
        counters.add({OCR: 0})


def test_many_lines_take_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        counters.add({OCR: 3, TEXT: 1, FIELDS.of("true"): 4})


def test_of_many_at_once_none_is_lost_and_none_waits_for_another_for_ever() -> None:
    forth = {OCR: 1, TEXT: 1, BATCHES.of(): 1}
    back = dict(reversed(forth.items()))
    orders = itertools.cycle((forth, back))
    together(16, lambda: counters.add(next(orders)))
    assert counters.read() == dict.fromkeys(forth, 16)


def test_what_is_undone_is_not_counted() -> None:
    with transaction.atomic():
        counters.add({OCR: 1})
        transaction.set_rollback(True)
    with transaction.atomic():
        counters.add({TEXT: 1})
        assert not Counter.objects.exists()
    assert counters.read() == {TEXT: 1}


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction"])
def test_a_table_that_is_away_costs_a_count_and_nothing_else(
    inside: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.schema_editor() as editor:
        editor.delete_model(Counter)
    try:
        with transaction.atomic() if inside else caplog.at_level(logging.WARNING):
            counters.add({OCR: 1})
        assert "not counted" in caplog.text
    finally:
        with connection.schema_editor() as editor:
            editor.create_model(Counter)
    counters.add({OCR: 1})
    assert counters.read() == {OCR: 1}


def test_a_database_that_is_away_costs_a_count_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = connection.settings_dict | {"NAME": "/nowhere/at/all.sqlite3"}
    if connection.vendor == "postgresql":
        away = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": 1}
    monkeypatch.setitem(connections.settings, "default", away)
    together(1, lambda: counters.add({OCR: 1}))
    assert "not counted" in caplog.text
    assert counters.read() == {}


def test_a_line_names_what_its_metric_wants_to_know() -> None:
    with pytest.raises(ValueError, match="ocrwell_pages has the labels"):
        PAGES.of()


@pytest.mark.parametrize(
    ("seconds", "counts"),
    [
        ((), [0, 0, 0]),
        ((0.5,), [1, 1, 1]),
        ((1.0,), [1, 1, 1]),
        ((1.5, 9.0), [0, 1, 2]),
        ((0.1, 0.2, 1.1, 2.0), [2, 4, 4]),
    ],
)
def test_times_are_sorted_into_buckets(seconds: tuple[float, ...], counts: list[int]) -> None:
    times = Histogram("ocrwell_test_seconds", "", (1.0, 2.0))
    for each in seconds:
        counters.add(times.of(each))
    buckets, total = times.read(counters.read())
    assert buckets == list(zip(("1.0", "2.0", "+Inf"), counts, strict=True))
    assert total == pytest.approx(sum(seconds))


def test_every_line_has_a_name_that_prometheus_takes() -> None:
    lines = [metric.of(*metric.labels) for metric in counters.METRICS]
    lines += JOB_SECONDS.of(1.0)
    assert len({line.name for line in lines}) == len(lines)
    assert all(isinstance(line, Line) and line.name.startswith("ocrwell_") for line in lines)
