from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from engine.types import Box, FieldValue, Word
from ocrwell.errors import ResultExpired
from ocrwell.jobs import lifecycle, results
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from ocrwell.storage import Store
from tests.factories import (
    FOUND,
    lapse,
    make_claim,
    make_completed,
    make_extracted,
    make_job,
)
from tests.stage import Person, objects

PAGES = (PageText(1, "Grüße \U0001f600\n漢字"), PageText(2, ""), PageText(3, 'a "b"\t\\'))
TEXT = Result(PAGES)


def test_a_result_comes_back_as_it_was_saved(alice: Person) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    key = results.save(claim, TEXT)
    lifecycle.complete(claim, page_count=3, result_key=key)
    job.refresh_from_db()
    assert results.fetch(job) == TEXT
    assert results.fetch(job) == TEXT


def test_a_result_that_is_gone_has_expired(alice: Person, store: Store) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    key = results.save(claim, TEXT)
    lifecycle.complete(claim, page_count=3, result_key=key)
    store.delete(job.prefix)
    with pytest.raises(ResultExpired):
        results.fetch(Job.objects.get())


def test_a_worker_taken_for_dead_cannot_write_over_its_successors_result(alice: Person) -> None:
    job = make_job(alice.org)
    old = make_claim()
    lapse(job)
    new = make_claim()
    key = results.save(new, Result((PageText(1, "new"),)))
    lifecycle.complete(new, page_count=1, result_key=key)
    results.save(old, Result((PageText(1, "old"),)))
    assert results.fetch(Job.objects.get()).pages == (PageText(1, "new"),)


def test_discarding_takes_only_the_own_result(alice: Person, store: Store) -> None:
    job = make_job(alice.org)
    old = make_claim()
    key = results.save(old, TEXT)
    lapse(job)
    new = make_claim()
    results.save(new, TEXT)
    results.discard(old, key)
    assert objects(store) == {job.source_key, f"{job.prefix}/1-2/result.json"}


def test_a_result_that_counts_is_not_discarded(alice: Person) -> None:
    job, claim = make_job(alice.org), make_claim()
    key = results.save(claim, TEXT)
    lifecycle.complete(claim, page_count=1, result_key=key)
    results.discard(claim, key)
    job.refresh_from_db()
    assert results.fetch(job) == TEXT


def test_data_comes_back_as_it_was_saved(alice: Person) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    data = {"merchant": "Grüße", "items": [{"price": 4.8}], "paid": False}
    key = results.save(claim, Result(data=data))
    lifecycle.complete(claim, page_count=1, result_key=key)
    job.refresh_from_db()
    assert results.fetch(job) == Result(data=data)


def test_a_result_nobody_read_lives_for_a_day(alice: Person) -> None:
    job = make_completed(alice.org, "text")
    assert job.finished_at is not None
    assert job.expires_at == job.finished_at + timedelta(hours=24)
    assert job.first_read_at is None


def test_the_first_reading_starts_the_clock_and_the_next_ones_do_not(alice: Person) -> None:
    job = make_completed(alice.org, "text")
    results.fetch(job)
    first = Job.objects.get()
    assert first.first_read_at is not None
    assert first.expires_at == first.first_read_at + timedelta(minutes=5)
    results.fetch(job)
    results.fetch(first)
    assert Job.objects.get().expires_at == first.expires_at


def test_a_result_read_in_its_last_minute_still_has_its_five(alice: Person) -> None:
    job = make_completed(alice.org, "text")
    job.expires_at = timezone.now() + timedelta(seconds=30)
    job.save()
    results.fetch(job)
    job.refresh_from_db()
    assert job.expires_at is not None
    assert job.expires_at > timezone.now() + timedelta(minutes=4)


def test_a_result_is_refused_from_its_hour_on_however_late_the_sweep_is(
    alice: Person, store: Store
) -> None:
    job = make_completed(alice.org, "text")
    results.fetch(job)
    job.refresh_from_db()
    job.expires_at = timezone.now()
    job.save()
    with pytest.raises(ResultExpired):
        results.fetch(job)
    assert objects(store) == {job.result_key}


def test_evidence_comes_back_as_it_was_saved(alice: Person) -> None:
    assert results.fetch(make_extracted(alice.org, FOUND)) == FOUND


@pytest.mark.parametrize("older", [{"pages": []}, {"pages": [], "data": {"total": 1}}])
def test_results_from_before_there_was_evidence_are_read(
    alice: Person, store: Store, older: dict[str, Any]
) -> None:
    job = make_extracted(alice.org, FOUND)
    store.put(job.result_key, json.dumps(older).encode())
    assert results.fetch(job) == Result(data=older.get("data"))


def test_half_a_surrogate_pair_does_not_keep_a_result_from_its_client(alice: Person) -> None:
    word = Word("a\ud83d", Box(1, 2, 3, 4), 0.5)
    broken = Result(data={"name": "a"}, fields={"name": FieldValue("a", 0.5, words=(word,))})
    found = results.fetch(make_extracted(alice.org, broken))
    assert found.fields["name"].words == (Word("a?", Box(1, 2, 3, 4), 0.5),)


def test_the_result_of_a_job_is_one_file(alice: Person, store: Store) -> None:
    job = make_extracted(alice.org, FOUND)
    assert objects(store) == {job.result_key}


def test_reading_a_deepread_result_moves_no_clock(alice: Person) -> None:
    job = make_completed(alice.org, "text")
    Job.objects.update(dialect="deepread")
    job.refresh_from_db()
    results.fetch(job)
    read = Job.objects.get()
    assert read.first_read_at is not None
    assert read.expires_at == job.expires_at


def test_looking_at_a_result_starts_no_clock(alice: Person) -> None:
    job = make_completed(alice.org, "text")
    assert results.look(job).pages == (PageText(1, "text"),)
    assert Job.objects.get().first_read_at is None


def test_pages_of_a_text_are_parted_by_a_blank_line() -> None:
    pages = (PageText(1, "One"), PageText(2, ""), PageText(3, "Two"))
    assert Result(pages).text == "One\n\nTwo"
