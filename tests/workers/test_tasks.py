from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from engine.scripted import ScriptedReader
from engine.types import Image
from ocrwell import queue
from ocrwell.accounts import device, quota
from ocrwell.accounts.models import DeviceLogin, Member
from ocrwell.jobs.models import Job, Upload, WorkerProcess
from ocrwell.storage import Store
from tests.factories import PNG, doom, lapse, make_claim, make_job, make_upload
from tests.stage import Person, objects
from workers import process, tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_work(reader: ScriptedReader) -> Iterator[None]:
    """This process has a reader, as an OCR process has after its start."""
    process._readers.append(reader)
    yield
    process._readers.clear()
    process.stopping.value = False


def states() -> list[str]:
    return list(Job.objects.order_by("created_at").values_list("state", flat=True))


def test_one_job_is_done_at_a_time_and_more_work_announced(
    alice: Person, hints: Callable[[], int]
) -> None:
    for _ in range(2):
        make_job(alice.org, PNG, filename="a.png")
    assert hints() == 2
    tasks.process_one()
    assert (states(), hints()) == (["completed", "pending"], 1)
    tasks.process_one()
    assert (states(), hints()) == (["completed", "completed"], 0)


def test_a_hint_without_a_job_is_nothing(alice: Person, hints: Callable[[], int]) -> None:
    tasks.process_one()
    assert hints() == 0


def test_a_process_without_a_reader_takes_no_job(alice: Person) -> None:
    process._readers.clear()
    make_job(alice.org)
    tasks.process_one()
    assert states() == ["pending"]


def test_a_process_that_stops_takes_no_job(alice: Person) -> None:
    make_job(alice.org)
    process.stop()
    tasks.process_one()
    assert states() == ["pending"]


def test_a_bug_in_one_job_is_not_hidden_and_stops_the_renewing(alice: Person) -> None:
    def fall_over(image: Image) -> Sequence[str]:
        raise ZeroDivisionError

    process._readers[:] = [ScriptedReader(fall_over)]
    make_job(alice.org, PNG, filename="a.png")
    with pytest.raises(ZeroDivisionError):
        tasks.process_one()
    assert states() == ["processing"]


def test_the_sweep_announces_what_waits(alice: Person, hints: Callable[[], int]) -> None:
    tasks.sweep()
    assert hints() == 0
    job = make_job(alice.org)
    hints()
    tasks.sweep()
    assert hints() == 1
    make_claim()
    tasks.sweep()
    assert hints() == 0
    lapse(job)
    tasks.sweep()
    assert hints() == 1


def test_the_sweep_ends_and_forgets_what_is_over(alice: Person, store: Store) -> None:
    make_upload(alice.org, age=timedelta(days=1))
    job = make_job(alice.org)
    make_claim()
    doom(job)
    WorkerProcess.objects.create(name="gone", seen_at=timezone.now() - timedelta(hours=1))
    tasks.sweep()
    assert states() == ["failed"]
    assert objects(store) == set()
    assert Upload.objects.count() == 1
    assert not WorkerProcess.objects.exists()


def test_expiring_forgets_logins_of_programs_that_are_over(alice: Person) -> None:
    for _ in range(2):
        device.request(agent_name="a", address="127.0.0.1")
    DeviceLogin.objects.filter(pk=DeviceLogin.objects.all()[0].pk).update(expires_at=timezone.now())
    tasks.expire()
    assert DeviceLogin.objects.count() == 1


def test_admins_are_warned_by_one_thread_at_a_time(alice: Person, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.test"
    Member.objects.create_user("alice", None, org=alice.org, role="admin", email="a@example.com")
    pages = alice.org.plan.pages_a_month
    quota.settle(org_id=alice.org.pk, at=timezone.now(), reserved=0, used=pages)
    with tasks._mailing:
        tasks.warn()
    assert mail.outbox == []
    tasks.warn()
    assert len(mail.outbox) == 1


def test_every_task_that_is_scheduled_exists() -> None:
    scheduled = {entry["task"] for entry in queue.app.conf.beat_schedule.values()}
    assert scheduled <= set(queue.app.tasks)


def test_expiring_empties_the_store_of_what_is_old(alice: Person, store: Store) -> None:
    make_upload(alice.org)
    tasks.expire()
    assert len(objects(store)) == 1
