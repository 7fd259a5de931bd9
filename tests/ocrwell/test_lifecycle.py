from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.queues import SimpleQueue
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from ocrwell import ids
from ocrwell.errors import NotFound
from ocrwell.jobs import lifecycle, schedule
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job, PageBatch
from tests.factories import batch, lapse, make_claim, make_job, together
from tests.stage import Person

PROCESSES = 8


def reloaded(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def rows() -> list[Any]:
    """All that is known of jobs and of what is to do."""
    return [*Job.objects.order_by("pk").values(), *PageBatch.objects.order_by("pk").values()]


def attempts(*claims: Claim | None) -> list[tuple[UUID, int]]:
    return [(claim.job_id, claim.attempt) for claim in claims if claim]


def test_a_job_is_found_by_its_organisation_only(alice: Person, charlie: Person) -> None:
    job = make_job(alice.org)
    assert lifecycle.find(org=alice.org, job_id=str(job.id), dialect="native") == job
    for org, job_id in ((charlie.org, str(job.id)), (alice.org, str(ids.new())), (alice.org, "x")):
        with pytest.raises(NotFound):
            lifecycle.find(org=org, job_id=job_id, dialect="native")


def test_the_oldest_job_is_claimed_first(alice: Person) -> None:
    first, second = make_job(alice.org), make_job(alice.org)
    assert schedule.waiting()
    assert [make_claim().job_id, make_claim().job_id] == [first.id, second.id]
    assert lifecycle.claim() is None
    assert not schedule.waiting()


def test_a_claim_is_a_lease(alice: Person) -> None:
    job = make_job(alice.org)
    before = timezone.now()
    assert attempts(make_claim()) == [(job.id, 1)]
    assert reloaded(job).state == "processing"
    assert before <= (reloaded(job).started_at or before) <= timezone.now()
    assert before + settings.LEASE <= batch(job).free_at <= timezone.now() + settings.LEASE


def test_a_completed_job_says_when_where_and_how_many_pages(alice: Person) -> None:
    job = make_job(alice.org)
    assert lifecycle.complete(make_claim(), page_count=3, result_key="a/b")
    job = reloaded(job)
    assert (job.state, job.page_count, job.result_key) == ("completed", 3, "a/b")
    assert job.finished_at is not None
    assert not job.batches.exists()


def test_a_failed_job_says_why(alice: Person) -> None:
    job = make_job(alice.org)
    assert lifecycle.fail(make_claim(), reason="It is a bicycle.")
    job = reloaded(job)
    assert (job.state, job.failure_reason, job.page_count) == ("failed", "It is a bicycle.", None)
    assert not job.batches.exists()


@pytest.mark.parametrize("times", range(1, 6))
def test_giving_work_back_costs_it_nothing(alice: Person, times: int) -> None:
    job = make_job(alice.org)
    for _ in range(times):
        assert lifecycle.release(make_claim())
        assert batch(job).state == "waiting"
    assert attempts(make_claim()) == [(job.id, times + 1)]
    assert batch(job).losses == 0


def test_work_given_back_with_a_pause_is_nobodys_for_so_long(alice: Person) -> None:
    job = make_job(alice.org)
    assert lifecycle.release(make_claim(), pause=timedelta(minutes=1))
    assert lifecycle.claim() is None
    PageBatch.objects.update(free_at=timezone.now())
    assert attempts(make_claim()) == [(job.id, 2)]


def test_a_lapsed_lease_is_taken_over(alice: Person) -> None:
    job = make_job(alice.org)
    make_claim()
    started = reloaded(job).started_at
    assert lifecycle.claim() is None
    lapse(job)
    assert schedule.waiting()
    assert attempts(make_claim()) == [(job.id, 2)]
    assert (batch(job).losses, reloaded(job).started_at) == (1, started)


CHANGES: dict[str, Callable[[Claim], bool]] = {
    "renew": lifecycle.renew,
    "complete": lambda claim: lifecycle.complete(claim, page_count=1, result_key=""),
    "fail": lambda claim: lifecycle.fail(claim, reason="late"),
    "release": lifecycle.release,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_was_replaced_changes_nothing(alice: Person, change: str) -> None:
    job = make_job(alice.org)
    old = make_claim()
    lapse(job)
    make_claim()
    before = rows()
    assert not CHANGES[change](old)
    assert rows() == before


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("end", ["complete", "fail", "release"])
def test_after_its_end_a_claim_changes_nothing(alice: Person, end: str, change: str) -> None:
    make_job(alice.org)
    claim = make_claim()
    assert CHANGES[end](claim)
    before = rows()
    assert not CHANGES[change](claim)
    assert rows() == before


def test_a_late_worker_may_still_finish_what_nobody_took(alice: Person) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    lapse(job)
    assert lifecycle.renew(claim)
    assert lifecycle.claim() is None
    lapse(job)
    assert lifecycle.complete(claim, page_count=1, result_key="")


def test_the_third_loss_fails_the_job_with_the_reason(alice: Person) -> None:
    job = make_job(alice.org)
    for attempt in (1, 2, 3):
        assert lifecycle.fail_hopeless() == []
        assert attempts(make_claim()) == [(job.id, attempt)]
        lapse(job)
    assert not schedule.waiting()
    assert lifecycle.claim() is None
    assert lifecycle.fail_hopeless() == [job.pk]
    job = reloaded(job)
    assert job.state == "failed"
    assert job.failure_reason.startswith("Document could not be processed: it was tried 3 times")
    assert job.finished_at is not None


def test_a_worker_that_lives_is_no_loss(alice: Person) -> None:
    job = make_job(alice.org)
    for _ in (1, 2):
        make_claim()
        lapse(job)
    last = make_claim()
    assert lifecycle.fail_hopeless() == []
    assert lifecycle.complete(last, page_count=1, result_key="")


class RenewedInTime:
    """A database that lets the holder renew between another worker's look and its grasp."""

    def __init__(self, claim: Claim) -> None:
        self.claim, self.renewed = claim, False

    def __call__(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("UPDATE") and not self.renewed:
            self.renewed = True
            assert lifecycle.renew(self.claim)
        return execute(sql, *rest)


def test_a_lease_renewed_at_the_last_moment_is_not_stolen(alice: Person) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    lapse(job)
    between = RenewedInTime(claim)
    with connections["default"].execute_wrapper(between):
        assert lifecycle.claim() is None
    assert between.renewed
    assert batch(job).losses == 0
    assert lifecycle.complete(claim, page_count=1, result_key="")


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_one_gets_the_job(alice: Person) -> None:
    job = make_job(alice.org)
    claims = together(8, lifecycle.claim)
    assert attempts(*claims) == [(job.id, 1)]


@pytest.mark.django_db(transaction=True)
def test_many_threads_take_over_a_lapsed_job_once(alice: Person) -> None:
    job = make_job(alice.org)
    make_claim()
    lapse(job)
    claims = together(8, lifecycle.claim)
    assert attempts(*claims) == [(job.id, 2)]
    assert batch(job).losses == 1


def claim_all(claimed: SimpleQueue[Claim | None]) -> None:
    while claim := lifecycle.claim():
        claimed.put(claim)
    connections.close_all()
    claimed.put(None)


@pytest.mark.django_db(transaction=True)
def test_many_processes_get_every_job_once(alice: Person) -> None:
    jobs = [make_job(alice.org) for _ in range(24)]
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    claimed: SimpleQueue[Claim | None] = fork.SimpleQueue()
    processes = [fork.Process(target=claim_all, args=(claimed,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    claims: list[Claim] = []
    ended = 0
    while ended < PROCESSES:
        claim = claimed.get()
        ended += claim is None
        claims += [claim] if claim else []
    for process in processes:
        process.join()
    assert sorted(claim.job_id for claim in claims) == sorted(job.id for job in jobs)
    assert {claim.attempt for claim in claims} == {1}


def test_times_are_kept_to_the_microsecond(alice: Person) -> None:
    """Leases are compared for equality when a job is claimed."""
    moment = datetime(2026, 3, 23, 2, 15, 0, 123457, tzinfo=timezone.now().tzinfo)
    job = make_job(alice.org)
    PageBatch.objects.filter(job=job).update(free_at=moment)
    assert batch(job).free_at == moment
    assert PageBatch.objects.filter(free_at=moment + timedelta(microseconds=1)).count() == 0
