"""The webhook that a job of the DeepRead API came with: unsigned, told once, with the result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ocrwell.jobs import results
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from ocrwell.webhooks import delivery, endings, endpoints
from ocrwell.webhooks.models import Delivery
from tests.factories import PDF, make_claim
from tests.stage import Person
from tests.webhooks.receivers import Receiver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_no_hints", "short_delays"),
]
TEXT = Result((PageText(1, "# Invoice"),))


def submit(person: Person, url: str) -> str:
    sent = {"file": SimpleUploadedFile("a.pdf", PDF), "webhook_url": url}
    answer = person.api.post("/deepread/v1/process", sent)
    assert answer.status_code == 200, answer.json()
    return str(answer.json()["id"])


def complete() -> None:
    claim = make_claim()
    endings.complete(claim, page_count=1, result_key=results.save(claim, TEXT))


def deliver() -> bool:
    turn = delivery.claim()
    if turn:
        delivery.attempt(turn)
    return turn is not None


def asked(person: Person, job_id: str) -> Any:
    return person.api.get(f"/deepread/v1/jobs/{job_id}").json()


def test_a_completed_job_is_told_with_its_result(alice: Person, receiver: Receiver) -> None:
    job_id = submit(alice, receiver.url)
    complete()
    before = asked(alice, job_id)
    assert (before["webhook_url"], before["webhook_delivered"]) == (receiver.url, False)
    assert deliver()
    (call,) = receiver.calls
    body = json.loads(call.body)
    assert {"event", "job_id", "status", "result", "metadata", "preview_url"} == set(body)
    assert (body["event"], body["job_id"]) == ("job.completed", job_id)
    after = asked(alice, job_id)
    assert after["webhook_delivered"]
    assert all(body[key] == after[key] for key in ("status", "result", "metadata", "preview_url"))


def test_nothing_is_signed(alice: Person, receiver: Receiver) -> None:
    submit(alice, receiver.url)
    complete()
    deliver()
    headers = {name.lower() for name in receiver.calls[0].headers}
    assert not any("signature" in name or "webhook" in name for name in headers)
    assert receiver.calls[0].headers["Content-Type"] == "application/json"


def test_a_failed_job_is_told_with_the_reason(alice: Person, receiver: Receiver) -> None:
    submit(alice, receiver.url)
    endings.fail(make_claim(), reason="Document could not be read: the file is damaged.")
    deliver()
    body = json.loads(receiver.calls[0].body)
    assert (body["event"], body["status"]) == ("job.failed", "failed")
    assert body["error"] == "Document could not be read: the file is damaged."


def test_a_receiver_that_refuses_is_tried_again(alice: Person, receiver: Receiver) -> None:
    job_id = submit(alice, receiver.url)
    receiver.statuses = [500]
    complete()
    deliver()
    assert not asked(alice, job_id)["webhook_delivered"]
    Delivery.objects.update(due_at=timezone.now())
    deliver()
    assert asked(alice, job_id)["webhook_delivered"]
    assert len(receiver.calls) == 2


def test_the_webhook_of_the_organisation_is_for_the_other_api(
    alice: Person, receiver: Receiver
) -> None:
    endpoints.put(org=alice.org, url=f"{receiver.url}/native")
    submit(alice, "")
    complete()
    assert not deliver()
    submit(alice, receiver.url)
    complete()
    endpoints.delete(org=alice.org)
    assert deliver()
    assert [call.path for call in receiver.calls] == ["/hook"]


def test_a_result_whose_time_is_over_is_not_sent(alice: Person, receiver: Receiver) -> None:
    submit(alice, receiver.url)
    complete()
    Job.objects.update(expires_at=timezone.now())
    deliver()
    body = json.loads(receiver.calls[0].body)
    assert body["status"] == "completed"
    assert "result" not in body


def test_it_can_be_sent_again(alice: Person, receiver: Receiver) -> None:
    submit(alice, receiver.url)
    complete()
    deliver()
    assert delivery.replay(Delivery.objects.get())
    assert deliver()
    assert len(receiver.calls) == 2
