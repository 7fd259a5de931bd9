"""A message from the end of a job to the receiver, with every way it can go wrong."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from ocrwell.errors import NotFound
from ocrwell.jobs.models import Job
from ocrwell.webhooks import delivery, endings, endpoints
from ocrwell.webhooks.http import Outcome
from ocrwell.webhooks.models import Attempt, Delivery
from tests.factories import make_claim, make_job, make_org, together
from tests.stage import Person, _person
from tests.webhooks.receivers import Receiver, hints, receiving, verified, verified_by_standard

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_no_hints", "short_delays"),
]


def make_delivery(person: Person) -> Delivery:
    """A job has just been completed, with three pages."""
    job = make_job(person.org)
    endings.complete(make_claim(), page_count=3, result_key="")
    return Delivery.objects.get(job=job)


def subscribe(person: Person, receiver: Receiver) -> str:
    return endpoints.put(org=person.org, url=receiver.url)[1]


def reloaded(row: Delivery) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


def make_due(row: Delivery) -> None:
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def make_turn() -> delivery.Turn:
    turn = delivery.claim()
    assert turn is not None
    return turn


def try_once() -> bool:
    turn = delivery.claim()
    if turn:
        delivery.attempt(turn)
    return turn is not None


def log(row: Delivery) -> list[tuple[int | None, str]]:
    return list(row.attempts.values_list("status", "error"))


def test_a_completed_job_is_told_as_published(alice: Person, receiver: Receiver) -> None:
    secret = subscribe(alice, receiver)
    row = make_delivery(alice)
    assert try_once()
    (call,) = receiver.calls
    assert call.path == "/hook"
    assert call.headers["X-Ocrwell-Event"] == "job.completed"
    job = Job.objects.get()
    assert job.finished_at is not None
    completed_at = job.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {
        "event": "job.completed",
        "job": {
            "id": str(job.id),
            "status": "completed",
            "mode": "text",
            "page_count": 3,
            "completed_at": completed_at,
        },
    }
    assert json.loads(call.body) == told
    assert list(json.loads(call.body)["job"]) == list(told["job"])
    assert verified(call, secret)
    assert verified_by_standard(call, secret)
    assert call.headers["webhook-id"] == str(row.id)


def test_a_failed_job_is_told_as_published(alice: Person, receiver: Receiver) -> None:
    secret = subscribe(alice, receiver)
    job = make_job(alice.org)
    endings.fail(make_claim(), reason="Document could not be read: “é” 漢字.")
    assert try_once()
    (call,) = receiver.calls
    assert call.headers["X-Ocrwell-Event"] == "job.failed"
    assert json.loads(call.body) == {
        "event": "job.failed",
        "job": {
            "id": str(job.id),
            "status": "failed",
            "failure_reason": "Document could not be read: “é” 漢字.",
        },
    }
    assert verified(call, secret)


def test_what_was_delivered_is_over(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    row = make_delivery(alice)
    assert (row.state, row.tries, row.event, delivery.due()) == ("pending", 0, "job.completed", 1)
    assert try_once()
    row = reloaded(row)
    assert (row.state, row.tries, row.at_work) == ("delivered", 1, False)
    assert row.ended_at is not None
    line = Attempt.objects.get()
    assert (line.delivery, line.url, line.status, line.error) == (row, receiver.url, 200, "")
    assert not try_once()
    assert delivery.due() == 0


def test_a_failed_try_is_repeated_when_it_is_time(alice: Person, receiver: Receiver) -> None:
    receiver.statuses = [500, 302, 410, 404]
    subscribe(alice, receiver)
    row = make_delivery(alice)
    for minutes in (1, 2, 3):
        before = timezone.now()
        assert try_once()
        assert not try_once()
        row = reloaded(row)
        wait = timedelta(minutes=minutes)
        assert before + wait <= row.due_at <= timezone.now() + wait
        assert (row.state, row.at_work) == ("pending", False)
        make_due(row)
    assert try_once()
    row = reloaded(row)
    assert (row.state, row.tries) == ("abandoned", 4)
    assert row.ended_at is not None
    redirect = "Redirects are not followed."
    assert log(row) == [(500, ""), (302, redirect), (410, ""), (404, "")]
    make_due(row)
    assert not try_once()
    assert len(receiver.calls) == 4


def test_every_try_says_the_same_and_is_signed_afresh(alice: Person, receiver: Receiver) -> None:
    receiver.statuses = [500]
    secret = subscribe(alice, receiver)
    row = make_delivery(alice)
    assert try_once()
    make_due(row)
    time.sleep(1.1)
    assert try_once()
    first, second = receiver.calls
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(first.headers["X-Ocrwell-Timestamp"]) < int(second.headers["X-Ocrwell-Timestamp"])
    assert first.headers["X-Ocrwell-Signature"] != second.headers["X-Ocrwell-Signature"]
    assert verified(second, secret)
    assert verified_by_standard(second, secret)


def test_a_receiver_that_is_away_is_logged_in_words(alice: Person, receiver: Receiver) -> None:
    with receiving() as gone:
        subscribe(alice, gone)
    row = make_delivery(alice)
    assert try_once()
    assert log(row) == [(None, "The server refused the connection.")]
    assert reloaded(row).state == "pending"


def test_of_many_workers_one_makes_the_try(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    make_delivery(alice)
    assert sum(together(8, try_once)) == 1
    assert len(receiver.calls) == 1
    assert Attempt.objects.count() == 1


def test_many_workers_share_the_work_and_repeat_nothing(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    rows = {str(make_delivery(alice).id) for _ in range(16)}

    def all_there_are() -> None:
        while try_once():
            pass

    together(8, all_there_are)
    assert sorted(call.headers["webhook-id"] for call in receiver.calls) == sorted(rows)
    assert not Delivery.objects.exclude(state="delivered").exists()


def test_a_try_whose_worker_was_killed_is_repeated(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    row = make_delivery(alice)
    before = timezone.now()
    turn = make_turn()
    assert turn.until >= before + timedelta(seconds=15), "longer than a try"
    assert not try_once()
    make_due(row)
    assert delivery.due() == 1
    assert try_once()
    assert (reloaded(row).state, reloaded(row).tries) == ("delivered", 2)
    delivery.attempt(turn)
    assert len(receiver.calls) == 1


def test_the_last_try_is_repeated_too_when_its_worker_was_killed(
    alice: Person, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    subscribe(alice, receiver)
    row = make_delivery(alice)
    for _ in range(4):
        make_turn()
        make_due(row)
    assert reloaded(row).tries == 4
    assert try_once()
    assert reloaded(row).state == "abandoned"


def test_who_was_taken_for_dead_changes_nothing(alice: Person, receiver: Receiver) -> None:
    """Its try is in the log all the same: it was made."""

    def be_replaced() -> None:
        make_due(row)
        make_turn()
        connection.close()

    subscribe(alice, receiver)
    row = make_delivery(alice)
    receiver.meanwhile = be_replaced
    assert try_once()
    row = reloaded(row)
    assert (row.state, row.tries, row.at_work) == ("pending", 2, True)
    assert log(row) == [(200, "")]


def test_a_webhook_that_is_removed_in_the_middle_stays_removed(
    alice: Person, receiver: Receiver
) -> None:
    def remove() -> None:
        endpoints.delete(org=alice.org)
        connection.close()

    subscribe(alice, receiver)
    row = make_delivery(alice)
    receiver.meanwhile = remove
    assert try_once()
    assert (reloaded(row).state, reloaded(row).at_work) == ("abandoned", False)
    assert sorted(error for _, error in log(row)) == ["", "The webhook was removed."]


def test_after_its_removal_nothing_is_sent(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    row, turn = make_delivery(alice), make_turn()
    endpoints.delete(org=alice.org)
    delivery.attempt(turn)
    make_due(row)
    assert not try_once()
    assert receiver.calls == []
    subscribe(alice, receiver)
    assert not try_once()


def test_a_delivery_that_finds_no_webhook_is_given_up(alice: Person, receiver: Receiver) -> None:
    """As it can be left by a job that ended at the moment of the removal."""
    subscribe(alice, receiver)
    row = make_delivery(alice)
    alice.org.endpoint.delete()
    assert try_once()
    assert reloaded(row).state == "abandoned"
    assert log(row) == [(None, "The webhook was removed.")]


def test_a_retry_goes_to_where_the_webhook_leads_now(alice: Person, receiver: Receiver) -> None:
    receiver.statuses = [500]
    old = subscribe(alice, receiver)
    row = make_delivery(alice)
    assert try_once()
    with receiving() as other:
        new = subscribe(alice, other)
        make_due(row)
        assert try_once()
    assert reloaded(row).state == "delivered"
    assert [line.url for line in row.attempts.all()] == [receiver.url, other.url]
    (call,) = other.calls
    assert verified(call, new)
    assert not verified(call, old)


@pytest.mark.parametrize(("grace", "both"), [(timedelta(hours=24), True), (timedelta(0), False)])
def test_the_old_secret_is_good_until_its_grace_is_over(
    alice: Person, receiver: Receiver, settings: Settings, grace: timedelta, both: bool
) -> None:
    settings.WEBHOOK_SECRET_GRACE = grace
    old, new = subscribe(alice, receiver), subscribe(alice, receiver)
    make_delivery(alice)
    assert try_once()
    (call,) = receiver.calls
    assert verified(call, new)
    assert verified_by_standard(call, new)
    assert verified_by_standard(call, old) is both
    assert ("X-Ocrwell-Signature-Previous" in call.headers) is both


@pytest.mark.parametrize("statuses", [[500] * 4, []])
def test_what_is_over_can_be_sent_again(
    alice: Person, receiver: Receiver, statuses: list[int]
) -> None:
    receiver.statuses = statuses
    subscribe(alice, receiver)
    row = make_delivery(alice)
    while try_once():
        make_due(row)
    hints()
    assert delivery.replay(reloaded(row))
    assert (reloaded(row).state, reloaded(row).tries, hints()) == ("pending", 0, 1)
    assert reloaded(row).ended_at is None
    assert try_once()
    assert reloaded(row).state == "delivered"
    assert {call.headers["webhook-id"] for call in receiver.calls} == {str(row.id)}
    assert row.attempts.count() == len(receiver.calls)


def test_what_is_on_its_way_is_not_sent_again(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    row = make_delivery(alice)
    make_turn()
    before = reloaded(row).due_at
    assert not delivery.replay(row)
    assert reloaded(row).due_at == before


def test_without_a_webhook_nothing_can_be_sent_again(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    row = make_delivery(alice)
    endpoints.delete(org=alice.org)
    with pytest.raises(NotFound, match="no webhook"):
        delivery.replay(row)
    assert reloaded(row).state == "abandoned"


def test_of_many_who_send_it_again_one_does(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    row = make_delivery(alice)
    assert try_once()
    assert sum(together(8, lambda: delivery.replay(row))) == 1


def test_whose_server_keeps_others_waiting_comes_after_them(
    alice: Person, charlie: Person, receiver: Receiver
) -> None:
    for person in (alice, charlie):
        subscribe(person, receiver)
    slow = [make_delivery(alice) for _ in range(3)]
    quick = make_delivery(charlie)
    turns = [make_turn().delivery_id for _ in range(3)]
    assert turns == [slow[0].id, quick.id, slow[1].id]
    assert delivery.claim() is None, "two wait for this server, that is enough"
    for row in (*slow, quick):
        make_due(row)
    assert make_turn().delivery_id == quick.id, "this server was called longest ago"
    assert make_turn().delivery_id == slow[0].id, "those who were killed keep nobody waiting"


def test_many_servers_that_do_not_answer_keep_no_other_waiting(
    alice: Person, charlie: Person, receiver: Receiver
) -> None:
    silent = [_person(make_org()) for _ in range(8)]
    for person in (*silent, charlie):
        subscribe(person, receiver)
    for person in silent * 3:
        make_delivery(person)
    quick = make_delivery(charlie)
    first = [make_turn() for _ in range(settings.DELIVERY_THREADS)]
    for turn in first:
        delivery._record(turn, receiver.url, Outcome(None, "The server did not answer.", 10_000))
    rest = [make_turn().delivery_id for _ in range(settings.DELIVERY_THREADS)]
    assert quick.id in rest


def test_the_log_is_kept_for_thirty_days(alice: Person, receiver: Receiver) -> None:
    subscribe(alice, receiver)
    old, young = make_delivery(alice), make_delivery(alice)
    while try_once():
        pass
    for row, days in ((old, 31), (young, 29)):
        moment = timezone.now() - timedelta(days=days)
        Delivery.objects.filter(pk=row.pk).update(created_at=moment)
    delivery.sweep()
    assert Delivery.objects.get() == young
    assert Attempt.objects.get().delivery == young
    assert Job.objects.count() == 2


def test_a_delivery_that_is_forgotten_in_the_middle_is_no_error(
    alice: Person, receiver: Receiver
) -> None:
    def forget() -> None:
        Delivery.objects.all().delete()
        connection.close()

    subscribe(alice, receiver)
    make_delivery(alice)
    receiver.meanwhile = forget
    assert try_once()
    assert not Attempt.objects.exists()
