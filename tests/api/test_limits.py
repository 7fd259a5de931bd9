"""Idempotency keys and rate limits over HTTP, in this process and on the server itself."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from ocrwell.jobs.models import Job
from tests import windows
from tests.api.conftest import Web, manage
from tests.factories import PDF, make_upload
from tests.stage import Person

JSON = "application/json"
HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def submit(person: Person, key: str, body: str | None = None, **over: Any) -> Any:
    upload_id = over.pop("upload_id", None) or str(make_upload(person.org).id)
    fields = {"upload_id": upload_id, "filename": "invoice.pdf", "mode": "text"} | over
    headers = {"Idempotency-Key": key}
    return person.api.post("/v1/documents", body or json.dumps(fields), JSON, headers=headers)


def test_a_repeated_call_has_the_same_answer(alice: Person, bob: Person) -> None:
    upload_id = str(make_upload(alice.org).id)
    first = submit(alice, "upload_inv_2026_03_01_001", upload_id=upload_id)
    again = submit(bob, "upload_inv_2026_03_01_001", upload_id=upload_id)
    assert first.status_code == again.status_code == 202
    assert first.content == again.content
    assert Job.objects.count() == 1
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")


def test_a_repeated_call_says_pending_though_the_job_has_gone_on(alice: Person) -> None:
    upload_id = str(make_upload(alice.org).id)
    first = submit(alice, "key", upload_id=upload_id)
    Job.objects.update(state="failed")
    assert submit(alice, "key", upload_id=upload_id).content == first.content


def test_the_same_json_may_be_written_in_another_way(alice: Person) -> None:
    upload_id = str(make_upload(alice.org).id)
    first = submit(alice, "key", upload_id=upload_id, mode="structured", schema={"a": 0, "b": ""})
    other = (
        f' {{"schema":{{"b":"","a":0.0}},\n"mode":"structured","filename":"invoice\\u002epdf",'
        f'"upload_id":"{upload_id}"}}'
    )
    assert submit(alice, "key", other).content == first.content


def test_another_body_is_409(alice: Person) -> None:
    submit(alice, "key")
    answer = submit(alice, "key")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "duplicate_request")
    assert Job.objects.count() == 1


def test_another_body_is_409_however_wrong_it_is(alice: Person) -> None:
    submit(alice, "key")
    for body in ('{"mode": "pdf"}', "{}"):
        answer = submit(alice, "key", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "duplicate_request")


def test_another_organisation_uses_the_same_key_for_itself(alice: Person, charlie: Person) -> None:
    assert submit(alice, "key").status_code == submit(charlie, "key").status_code == 202


def test_a_key_has_at_most_64_characters(alice: Person) -> None:
    assert submit(alice, "k" * 64).status_code == 202
    for key, reason in (("k" * 65, "max_length"), ("", "blank")):
        answer = submit(alice, key)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "validation_error")
        details = [{"field": "Idempotency-Key", "reason": reason}]
        assert answer.json()["error"]["details"] == details


def test_a_call_that_was_refused_may_be_corrected_under_its_key(alice: Person) -> None:
    assert submit(alice, "key", upload_id="nonsense").status_code == 404
    assert submit(alice, "key").status_code == 202


def test_every_authenticated_answer_tells_the_limit(alice: Person) -> None:
    answers = [
        alice.api.post("/v1/uploads", {"filename": "a.pdf"}, JSON),
        alice.api.post("/v1/uploads", {"filename": "a.docx"}, JSON),
        alice.api.post("/v1/documents", "nonsense", JSON),
        alice.api.get("/v1/jobs/nonsense"),
        alice.api.delete("/v1/uploads"),
        alice.api.get("/v1/nonsense"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 400, 404, 405, 404]
    assert [answer["X-RateLimit-Limit"] for answer in answers] == ["120"] * 6
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == [
        "119",
        "118",
        "117",
        "116",
        "115",
        "114",
    ]
    (reset,) = {answer["X-RateLimit-Reset"] for answer in answers}
    assert time.time() < int(reset) <= time.time() + 61


def test_who_has_no_key_has_no_limit_to_be_told(nobody: Client) -> None:
    answer = nobody.get("/v1/jobs/x")
    assert not set(HEADERS) & set(answer.headers)
    assert windows.keys() == []


def test_colleagues_share_the_limit_of_their_organisation(
    alice: Person, bob: Person, charlie: Person
) -> None:
    alice.org.rate_limit = 2
    alice.org.save()
    calls = [each.api.get("/v1/jobs/x").status_code for each in (alice, bob, alice, bob, charlie)]
    assert calls == [404, 404, 429, 429, 404]


def test_a_call_over_the_limit_is_429_and_says_when_to_come_back(alice: Person) -> None:
    alice.org.rate_limit = 1
    alice.org.save()
    alice.api.get("/v1/jobs/x")
    answer = alice.api.post("/v1/uploads", {"filename": "a.pdf"}, JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "rate_limited")
    assert answer["X-RateLimit-Remaining"] == "0"
    assert 1 <= int(answer["Retry-After"]) <= 60
    windows.end()
    assert alice.api.get("/v1/jobs/x").status_code == 404


def test_eight_threads_with_one_key_get_one_job(web: Web) -> None:
    upload_id, path = web.place()
    web.call("PUT", path, PDF)
    body = json.dumps({"upload_id": upload_id, "filename": "invoice.pdf", "mode": "text"})

    def submit_once(_: int) -> Any:
        return web.call(
            "POST", "/v1/documents", body, X_API_Key=web.key, Idempotency_Key="eight threads"
        )

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(submit_once, range(8)))
    assert {answer.status for answer in answers} == {202}
    assert all(answer.body == answers[0].body for answer in answers)
    assert web.left() == {f"jobs/{answers[0].body['job']['id']}/work/source"}


def test_a_limit_of_120_lets_exactly_120_of_200_through(web: Web) -> None:
    (key,) = manage(web.store.parent, "create_org Limited --rate-limit 120")
    with ThreadPoolExecutor(16) as threads:
        answers = threads.map(
            lambda _: web.call("GET", "/v1/jobs/x", X_API_Key=key).status, range(200)
        )
        assert Counter(answers) == {404: 120, 429: 80}


@pytest.mark.usefixtures("local_store")
@pytest.mark.parametrize("content_type", ["application/pdf", ""])
def test_a_file_sent_after_its_submission_changes_nothing(
    alice: Person, nobody: Client, content_type: str
) -> None:
    place = alice.api.post("/v1/uploads", {"filename": "invoice.pdf"}, JSON).json()
    path = urlsplit(place["upload_url"]).path
    assert nobody.put(path, PDF, content_type).status_code == 200
    assert submit(alice, "key", upload_id=place["upload_id"]).status_code == 202
    late = nobody.put(path, b"%PDF-another", content_type)
    assert (late.status_code, late.json()["error"]["details"][0]["reason"]) == (
        400,
        "already_submitted",
    )
