from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from engine.pipeline import OnPage
from ocrwell.jobs import schedule
from ocrwell.jobs.models import PageBatch
from tests.factories import lapse, make_claim, make_job
from tests.stage import Person
from workers import lease
from workers.lease import BrokenOff, kept
from workers.process import stopping

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def quick_heartbeat(settings: Settings) -> None:
    settings.HEARTBEAT = timedelta(milliseconds=20)


@pytest.fixture
def stop() -> Iterator[Callable[[], None]]:
    def now() -> None:
        stopping.value = True

    yield now
    stopping.value = False


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def lease_until() -> datetime:
    return PageBatch.objects.get().free_at


def broken_off(proceed: OnPage) -> bool:
    try:
        proceed(1, 2)
    except BrokenOff:
        return True
    return False


def test_a_lease_is_renewed_while_the_work_goes_on(alice: Person) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    lapse(job)
    with kept(claim) as proceed:
        assert eventually(lambda: lease_until() > timezone.now())
        first = lease_until()
        assert eventually(lambda: lease_until() > first)
        proceed(1, 2)


def test_after_the_work_nobody_renews(alice: Person) -> None:
    make_job(alice.org)
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), kept(make_claim()):
        raise ZeroDivisionError
    last = lease_until()
    time.sleep(0.1)
    assert lease_until() == last
    assert threading.active_count() == before


def test_work_on_a_job_that_went_to_another_breaks_off(alice: Person) -> None:
    make_job(alice.org)
    with kept(make_claim()) as proceed:
        proceed(1, 2)
        PageBatch.objects.update(attempt=2)
        assert eventually(lambda: broken_off(proceed))


def test_work_pauses_when_the_worker_must_stop(alice: Person, stop: Callable[[], None]) -> None:
    make_job(alice.org)
    with kept(make_claim()) as proceed:
        assert proceed(1, 2)
        stop()
        assert not proceed(1, 2)
        assert proceed(2, 2), "work that is done is not thrown away"


def test_work_pauses_for_another_organisation_that_waits(
    alice: Person, bob: Person, charlie: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LOOK_EVERY", 0.0)
    make_job(alice.org)
    with kept(make_claim()) as proceed:
        make_job(bob.org)
        PageBatch.objects.update(free_at=F("free_at") - schedule.NOTICE)
        assert proceed(1, 2)
        make_job(charlie.org)
        assert proceed(1, 2), "an idle worker would take it at once"
        PageBatch.objects.filter(org=charlie.org).update(free_at=F("free_at") - schedule.NOTICE)
        assert not proceed(1, 2)
        make_claim()
        assert proceed(1, 2)


def test_a_database_that_is_away_for_a_moment_loses_no_lease(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    rename(PageBatch._meta.db_table, "away")
    with kept(claim) as proceed:
        assert eventually(lambda: "could not renew the lease" in caplog.text)
        rename("away", PageBatch._meta.db_table)
        lapse(job)
        assert eventually(lambda: lease_until() > timezone.now())
        proceed(1, 2)


def rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")
