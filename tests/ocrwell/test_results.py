from __future__ import annotations

import pytest

from ocrwell.errors import ResultExpired
from ocrwell.jobs import lifecycle, results
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from ocrwell.storage import LocalStore
from tests.factories import lapse, make_claim, make_job, stored
from tests.stage import Person

PAGES = [PageText(1, "Grüße \U0001f600\n漢字"), PageText(2, ""), PageText(3, 'a "b"\t\\')]


def test_a_result_comes_back_as_it_was_saved(alice: Person) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    results.save(claim, PAGES)
    lifecycle.complete(claim, page_count=3)
    job.refresh_from_db()
    assert results.fetch(job) == Result(tuple(PAGES))
    assert results.fetch(job) == Result(tuple(PAGES))


def test_a_result_that_is_gone_has_expired(alice: Person, store: LocalStore) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    results.save(claim, PAGES)
    lifecycle.complete(claim, page_count=3)
    store.delete(job.prefix)
    with pytest.raises(ResultExpired):
        results.fetch(Job.objects.get())


def test_a_worker_taken_for_dead_cannot_write_over_its_successors_result(alice: Person) -> None:
    job = make_job(alice.org)
    old = make_claim()
    lapse(job)
    new = make_claim()
    results.save(new, [PageText(1, "new")])
    lifecycle.complete(new, page_count=1)
    results.save(old, [PageText(1, "old")])
    assert results.fetch(Job.objects.get()).pages == (PageText(1, "new"),)


def test_discarding_takes_only_the_own_result(alice: Person, store: LocalStore) -> None:
    job = make_job(alice.org)
    old = make_claim()
    results.save(old, PAGES)
    lapse(job)
    new = make_claim()
    results.save(new, PAGES)
    results.discard(old)
    assert stored(store.root) == {f"{job.prefix}/source", f"{job.prefix}/2/result.json"}
