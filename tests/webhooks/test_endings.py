"""A job ends and its message is scheduled, or neither happens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection

from ocrwell.accounts import quota
from ocrwell.accounts.models import Org, PageUsage
from ocrwell.jobs import lifecycle
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.webhooks import endings, endpoints
from ocrwell.webhooks.models import Delivery
from tests.factories import doom, lapse, make_claim, make_job, together
from tests.stage import Person
from tests.webhooks.receivers import hints

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_no_hints")]
URL = "https://1.1.1.1/hook"


def told() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("created_at").values_list("event", "state"))


@pytest.fixture
def claim(alice: Person) -> Claim:
    endpoints.put(org=alice.org, url=URL)
    make_job(alice.org)
    return make_claim()


def test_the_end_of_a_job_is_told_at_once(claim: Claim) -> None:
    assert endings.complete(claim, page_count=1, result_key="")
    assert (told(), hints()) == ([("job.completed", "pending")], 1)
    assert Delivery.objects.get().job_id == claim.job_id


def test_its_failure_as_well(claim: Claim) -> None:
    assert endings.fail(claim, reason="It is a bicycle.")
    assert (told(), hints()) == ([("job.failed", "pending")], 1)


def test_without_a_webhook_nobody_is_told(alice: Person, charlie: Person) -> None:
    endpoints.put(org=charlie.org, url=URL)
    make_job(alice.org)
    assert endings.complete(make_claim(), page_count=1, result_key="")
    assert (told(), hints()) == ([], 0)


def test_who_does_not_end_the_job_tells_nothing(claim: Claim) -> None:
    lapse(Job.objects.get())
    successor = make_claim()
    assert not endings.complete(claim, page_count=1, result_key="")
    assert not endings.fail(claim, reason="late")
    assert (told(), hints()) == ([], 0)
    assert endings.complete(successor, page_count=1, result_key="")
    assert not endings.fail(successor, reason="twice")
    assert told() == [("job.completed", "pending")]


def test_of_many_ends_one_counts_and_is_told(claim: Claim) -> None:
    ends = together(8, lambda: endings.complete(claim, page_count=1, result_key=""))
    assert sum(ends) == 1
    assert len(told()) == hints() == 1


def test_a_job_that_nobody_survives_is_told_once(alice: Person, charlie: Person) -> None:
    endpoints.put(org=alice.org, url=URL)
    jobs = [make_job(person.org) for person in (alice, charlie, alice)]
    for job in jobs:
        make_claim()
        doom(job)
    together(4, endings.fail_hopeless)
    assert {job.state for job in Job.objects.all()} == {"failed"}
    assert told() == [("job.failed", "pending")] * 2
    assert hints() == 2
    assert {row.job_id for row in Delivery.objects.all()} == {jobs[0].id, jobs[2].id}


@pytest.fixture
def no_deliveries(claim: Claim) -> Iterator[None]:
    """Nothing can be scheduled, as when the database is in trouble."""
    table = Delivery._meta.db_table
    rename(table, "away")
    yield
    rename("away", table)


def rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")


def test_what_cannot_be_told_has_not_happened(claim: Claim, no_deliveries: None) -> None:
    with pytest.raises(DatabaseError):
        endings.complete(claim, page_count=1, result_key="")
    with pytest.raises(DatabaseError):
        endings.fail(claim, reason="It is a bicycle.")
    assert Job.objects.get().state == "processing"
    assert lifecycle.renew(claim)
    assert hints() == 0


def reserve(job: Job, pages: int = 5, dialect: str = "deepread") -> None:
    """The job was submitted with so many pages of its organisation's quota."""
    Job.objects.filter(pk=job.pk).update(dialect=dialect, reserved_pages=pages)
    quota.reserve(job.org, pages, at=job.created_at)


def usage(org: Org) -> list[tuple[int, int]]:
    return list(PageUsage.objects.filter(org=org).values_list("used", "reserved"))


def test_the_pages_of_a_completed_job_are_booked_once(alice: Person) -> None:
    reserve(make_job(alice.org))
    claim = make_claim()
    together(8, lambda: endings.complete(claim, page_count=3, result_key=""))
    assert usage(alice.org) == [(3, 0)]


def test_a_job_that_failed_costs_no_page(alice: Person, charlie: Person) -> None:
    reserve(make_job(alice.org))
    assert endings.fail(make_claim(), reason="It is a bicycle.")
    assert usage(alice.org) == [(0, 0)]
    for person in (charlie, alice, charlie):
        job = make_job(person.org)
        reserve(job)
        make_claim()
        doom(job)
    together(4, endings.fail_hopeless)
    assert usage(alice.org) == usage(charlie.org) == [(0, 0)]


def test_a_job_of_the_native_api_costs_no_page_of_the_plan(alice: Person) -> None:
    make_job(alice.org)
    assert endings.complete(make_claim(), page_count=3, result_key="")
    assert usage(alice.org) == []


def test_what_cannot_be_told_has_cost_nothing(claim: Claim) -> None:
    reserve(Job.objects.get())
    Job.objects.update(webhook_url="https://example.com/hook")
    table = Delivery._meta.db_table
    rename(table, "away")
    try:
        with pytest.raises(DatabaseError):
            endings.complete(claim, page_count=3, result_key="")
    finally:
        rename("away", table)
    assert usage(Job.objects.get().org) == [(0, 5)]
