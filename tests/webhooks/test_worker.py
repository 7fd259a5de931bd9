"""The io worker's part: deliveries go out one by one, and no receiver keeps it from its sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from engine.scripted import ScriptedReader
from ocrwell.logs import Context
from ocrwell.webhooks.models import Delivery
from tests.factories import PNG, doom, make_claim, make_job, make_org, together
from tests.stage import Person, _person
from tests.webhooks.receivers import Receiver, hints
from tests.webhooks.test_delivery import make_delivery, make_due, reloaded, subscribe
from workers import journey, process, tasks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_no_hints", "short_delays"),
]


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    yield
    process.stopping.value = False


def states() -> list[str]:
    return list(Delivery.objects.order_by("created_at").values_list("state", flat=True))


def test_a_message_makes_one_try_and_announces_what_is_left(
    alice: Person, receiver: Receiver
) -> None:
    subscribe(alice, receiver)
    for _ in range(2):
        make_delivery(alice)
    assert hints() == 2
    tasks.deliver()
    assert (states(), hints()) == (["delivered", "pending"], 1)
    tasks.deliver()
    assert (states(), hints()) == (["delivered", "delivered"], 0)
    tasks.deliver()
    assert (len(receiver.calls), hints()) == (2, 0)


def test_what_was_told_can_already_be_read(alice: Person, receiver: Receiver) -> None:
    read: list[Any] = []

    def read_the_job() -> None:
        job_id = Delivery.objects.get().job_id
        read.append(alice.api.get(f"/v1/jobs/{job_id}").json())
        connection.close()

    subscribe(alice, receiver)
    make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), ScriptedReader([["INVOICE"]]), lambda *_: None)
    receiver.meanwhile = read_the_job
    tasks.deliver()
    (body,) = read
    assert body["job"]["status"] == "completed"
    assert body["result"] == {"pages": [{"page": 1, "text": "INVOICE"}]}


def test_servers_that_do_not_answer_leave_threads_for_the_sweep(
    alice: Person, charlie: Person, receiver: Receiver
) -> None:
    """Each call has the worker take another message, as deep as there are threads."""

    def deliver_on() -> None:
        tasks.deliver()
        connection.close()

    for person in (alice, charlie, *(_person(make_org()) for _ in range(settings.IO_THREADS))):
        subscribe(person, receiver)
        make_delivery(person)
    receiver.meanwhile = deliver_on
    tasks.deliver()
    assert len(receiver.calls) == settings.DELIVERY_THREADS < settings.IO_THREADS
    assert hints() > 0, "whoever is done announces what was turned away"


def test_messages_at_once_try_nothing_twice(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    for _ in range(4):
        make_delivery(alice)
    together(8, tasks.deliver)
    while "pending" in states():
        tasks.deliver()
    assert len(receiver.calls) == 4


def test_a_worker_that_stops_begins_no_try(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    make_delivery(alice)
    process.stop()
    tasks.deliver()
    assert (receiver.calls, states()) == ([], ["pending"])


def test_the_sweep_announces_what_is_due(alice: Person, receiver: Receiver) -> None:
    receiver.statuses = [500]
    subscribe(alice, receiver)
    row = make_delivery(alice)
    tasks.deliver()
    hints()
    tasks.sweep()
    assert hints() == 0, "it is not time for the retry"
    make_due(row)
    tasks.sweep()
    assert hints() == 1
    tasks.deliver()
    assert reloaded(row).state == "delivered"


def test_the_sweep_does_not_flood_the_queue(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    for _ in range(settings.IO_THREADS):
        make_delivery(alice)
    hints()
    tasks.sweep()
    assert hints() == settings.DELIVERY_THREADS


def test_the_sweep_tells_of_a_job_that_nobody_survives(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    job = make_job(alice.org)
    make_claim()
    doom(job)
    tasks.sweep()
    tasks.deliver()
    (call,) = receiver.calls
    assert call.headers["X-Ocrwell-Event"] == "job.failed"


def test_the_sweep_forgets_old_deliveries(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    make_delivery(alice)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    tasks.sweep()
    assert not Delivery.objects.exists()


def test_the_log_of_a_try_names_the_job_and_the_request_that_submitted_it(
    alice: Person, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(alice, receiver)
    job = make_delivery(alice).job
    context = Context()
    caplog.handler.addFilter(context)
    with caplog.at_level("INFO"):
        tasks.deliver()
    caplog.handler.removeFilter(context)
    (line,) = (each for each in caplog.records if each.name == "ocrwell.webhooks.delivery")
    assert (vars(line)["request_id"], vars(line)["job_id"]) == (job.request_id, str(job.pk))
