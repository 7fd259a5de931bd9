"""Whose turn it is: fair between organisations, small jobs first, nobody passed for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from ocrwell.accounts.models import Org
from ocrwell.errors import Unavailable
from ocrwell.jobs import lifecycle, schedule
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job, PageBatch
from tests.factories import lapse, make_claim, make_job, make_org, make_upload
from tests.stage import Person

MANY = 40


@pytest.fixture(autouse=True)
def small_batches(settings: Settings) -> None:
    settings.BATCH_PAGES = 10


def open_job(org: Org, page_count: int) -> Claim:
    """A job whose pages are counted, and the claim on the first of them."""
    make_job(org)
    claim = make_claim()
    assert claim.org_id == org.pk
    return lifecycle.cut(claim, page_count=page_count)


def wait(job: Job, seconds: float) -> None:
    """As if the job had been there for so long."""
    ago = timedelta(seconds=seconds)
    PageBatch.objects.filter(job=job).update(free_at=timezone.now() - ago)


def test_a_document_is_cut_into_batches(alice: Person) -> None:
    claim = open_job(alice.org, 25)
    assert (claim.first, claim.last) == (1, 10)
    ranges = PageBatch.objects.order_by("first").values_list("first", "last", "state")
    assert list(ranges) == [(1, 10, "at work"), (11, 20, "waiting"), (21, 25, "waiting")]
    assert Job.objects.get().page_count == 25


def test_a_small_document_stays_in_one_piece(alice: Person) -> None:
    claim = open_job(alice.org, 3)
    assert (claim.first, claim.last, PageBatch.objects.count()) == (1, 3, 1)


def test_pages_are_read_when_they_are_kept(alice: Person) -> None:
    claim = open_job(alice.org, 25)
    job = Job.objects.get()
    assert schedule.pages_read(job) == 0
    lifecycle.finish(claim, upto=7)
    assert schedule.pages_read(job) == 7
    lifecycle.finish(make_claim(), upto=10)
    assert schedule.pages_read(job) == 10
    lifecycle.finish(make_claim(), upto=20)
    assert lifecycle.finish(make_claim(), upto=25)
    assert schedule.pages_read(job) == 20


def test_whoever_lost_the_work_does_not_cut_it(alice: Person) -> None:
    job = make_job(alice.org)
    old = make_claim()
    lapse(job)
    make_claim()
    with pytest.raises(lifecycle.Lost):
        lifecycle.cut(old, page_count=99)
    assert PageBatch.objects.get().last is None


def test_organisations_take_turns(alice: Person, charlie: Person) -> None:
    for person in (alice, alice, alice, charlie, charlie):
        make_job(person.org)
    turns = []
    while claim := lifecycle.claim():
        turns.append(claim.org_id)
        lifecycle.fail(claim, reason="next")
    a, c = alice.org.pk, charlie.org.pk
    assert turns == [a, c, a, c, a] or turns == [c, a, c, a, a]


def test_the_next_worker_is_for_whoever_has_the_fewest(alice: Person, charlie: Person) -> None:
    open_job(alice.org, 50)
    assert make_claim().org_id == alice.org.pk
    make_job(charlie.org)
    make_job(charlie.org)
    assert [make_claim().org_id for _ in range(2)] == [charlie.org.pk] * 2
    assert make_claim().org_id in (alice.org.pk, charlie.org.pk)


def test_a_small_job_passes_the_later_pages_of_a_large_one(alice: Person) -> None:
    large = open_job(alice.org, 30)
    small = make_job(alice.org)
    assert make_claim().job_id == small.pk
    assert make_claim().job_id == large.job_id


def test_a_large_job_is_not_passed_for_ever(alice: Person) -> None:
    large = open_job(alice.org, 30)
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    PageBatch.objects.update(due_at=timezone.now() - timedelta(minutes=4))
    make_job(alice.org)
    assert make_claim().job_id == large.job_id


def test_many_documents_of_one_organisation_do_not_hold_up_anothers_one(
    alice: Person, charlie: Person
) -> None:
    for _ in range(MANY):
        make_job(alice.org)
    make_claim()
    one = make_job(charlie.org)
    assert make_claim().job_id == one.pk


def test_work_makes_way_for_another_organisation_that_nobody_serves(
    alice: Person, charlie: Person
) -> None:
    open_job(alice.org, 30)
    wait(make_job(alice.org), 1)
    assert not schedule.makes_way(alice.org.pk), "for its own organisation"
    job = make_job(charlie.org)
    assert not schedule.makes_way(alice.org.pk), "idle workers take it at once"
    wait(job, 1)
    assert schedule.makes_way(alice.org.pk)
    make_claim()
    assert not schedule.makes_way(alice.org.pk), "it is served"


def test_large_documents_do_not_make_way_for_each_other_at_every_page(
    alice: Person, charlie: Person
) -> None:
    open_job(alice.org, 30)
    other = open_job(charlie.org, 30)
    lifecycle.finish(other, upto=10)
    PageBatch.objects.filter(state="waiting").update(free_at=timezone.now() - timedelta(minutes=1))
    assert not schedule.makes_way(alice.org.pk)


def test_a_backlog_is_counted(alice: Person, charlie: Person) -> None:
    assert schedule.backlog() == schedule.Backlog(0, 0, 0.0)
    open_job(alice.org, 30)
    wait(make_job(charlie.org), 60)
    found = schedule.backlog()
    assert (found.waiting, found.at_work) == (3, 1)
    assert 60 <= found.oldest_seconds < 65


def test_beyond_the_backlog_new_jobs_are_refused(alice: Person, settings: Settings) -> None:
    settings.MAX_BACKLOG = 2
    for _ in range(2):
        make_job(alice.org)
    with pytest.raises(Unavailable) as refused:
        make_job(alice.org)
    assert refused.value.wait == schedule.WAIT_SECONDS
    make_claim()
    make_job(alice.org)


def test_whoever_has_less_than_its_share_of_the_backlog_gets_in(
    alice: Person, charlie: Person, settings: Settings
) -> None:
    settings.MAX_BACKLOG = 4
    for _ in range(4):
        make_job(alice.org)
    make_job(charlie.org)
    make_job(charlie.org)
    for person in (alice, charlie):
        with pytest.raises(Unavailable):
            make_job(person.org)
    make_job(make_org())


def test_a_refused_upload_can_be_submitted_later(alice: Person, settings: Settings) -> None:
    settings.MAX_BACKLOG = 1
    make_job(alice.org)
    upload = make_upload(alice.org)
    body = {"upload_id": str(upload.pk), "filename": upload.filename, "mode": "text"}
    answer = alice.api.post("/v1/documents", body, "application/json")
    assert (answer.status_code, answer["Retry-After"]) == (503, str(schedule.WAIT_SECONDS))
    assert answer.json()["error"]["code"] == "service_unavailable"
    make_claim()
    assert alice.api.post("/v1/documents", body, "application/json").status_code == 202
