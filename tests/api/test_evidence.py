"""``?include=evidence``: an addition to the contract, told to those who ask for it only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from engine import pages, rows
from ocrwell.api.description import shapes
from ocrwell.jobs import lifecycle
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import Result
from tests.factories import FOUND, make_claim, make_completed, make_extracted, make_job
from tests.stage import Person

OTHERS = ["", "Evidence", "evidence,evidence", "fields", "evidence&include=fields"]


def ask(person: Person, job: Job, query: str = "?include=evidence") -> Any:
    return person.api.get(f"/v1/jobs/{job.pk}{query}")


def test_the_fields_stand_beside_the_data(alice: Person) -> None:
    body = ask(alice, make_extracted(alice.org, FOUND)).json()
    assert set(body) == {"job", "result"}
    assert set(body["result"]) == {"data", "fields", "pages"}
    assert body["result"]["data"] == FOUND.data
    assert list(body["result"]["fields"]) == ["merchant", "paid", "items", "items.0.price"]


def test_a_field_has_its_value_its_place_and_its_words(alice: Person) -> None:
    body = ask(alice, make_extracted(alice.org, FOUND)).json()
    assert body["result"]["fields"]["merchant"] == {
        "value": "Grüße & Co.",
        "confidence": 0.9877,
        "flag": False,
        "reason": None,
        "page": 2,
        "box": [10.0, 20, 95.2, 41],
        "words": [
            {"text": "Grüße", "box": [10.0, 20, 60, 40], "confidence": 0.999},
            {"text": "&", "box": [63, 21, 70, 40], "confidence": 0.5},
            {"text": "Co.", "box": [72, 21, 95.2, 41], "confidence": 0.9999},
        ],
    }


def test_what_was_not_found_is_null_and_says_why(alice: Person) -> None:
    body = ask(alice, make_extracted(alice.org, FOUND)).json()
    assert body["result"]["fields"]["paid"] == {
        "value": None,
        "confidence": 0.25,
        "flag": True,
        "reason": "Nothing was found.",
        "page": None,
        "box": None,
        "words": [],
    }


def test_the_sizes_of_the_pages_let_a_client_scale_the_boxes(alice: Person) -> None:
    body = ask(alice, make_extracted(alice.org, FOUND)).json()
    assert body["result"]["pages"] == [
        {"page": 1, "width": 1654, "height": 2339, "rotation": 0},
        {"page": 2, "width": 2339, "height": 1654, "rotation": 90},
    ]


def test_the_fields_look_as_on_the_command_line(alice: Person) -> None:
    told = ask(alice, make_extracted(alice.org, FOUND)).json()["result"]["fields"]
    assert told == {path: rows.field(found) for path, found in FOUND.fields.items()}


def test_who_does_not_ask_gets_the_contracts_answer(alice: Person) -> None:
    job = make_extracted(alice.org, FOUND)
    ask(alice, job)
    assert ask(alice, job, "").json()["result"] == {"data": FOUND.data}


def test_a_result_without_evidence_has_no_fields(alice: Person) -> None:
    body = ask(alice, make_extracted(alice.org, Result(data={"total": 1}))).json()
    assert body["result"] == {"data": {"total": 1}, "fields": {}, "pages": []}


def other_jobs(person: Person) -> Iterator[Job]:
    """In every state, and the ended ones without evidence."""
    yield make_completed(person.org, "AGREEMENT...")
    make_job(person.org, mode="structured", schema={"total": 0})
    lifecycle.fail(make_claim(), reason="Document could not be read.")
    yield Job.objects.get(state=Job.State.FAILED)
    make_job(person.org, mode="structured", schema={"total": 0})
    yield Job.objects.get(pk=make_claim().job_id)
    yield make_job(person.org, mode="structured", schema={"total": 0})


def test_for_all_other_jobs_asking_changes_nothing(alice: Person) -> None:
    jobs = list(other_jobs(alice))
    assert {job.state for job in jobs} == set(Job.State.values)
    for job in jobs:
        assert ask(alice, job).status_code == 200
        assert ask(alice, job).json() == ask(alice, job, "").json()


@pytest.mark.parametrize("value", OTHERS)
def test_anything_else_is_refused_whatever_became_of_the_job(alice: Person, value: str) -> None:
    for job in (make_extracted(alice.org, FOUND), *other_jobs(alice)):
        answer = ask(alice, job, f"?include={value}")
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (400, "validation_error")
        assert error["details"] == [{"field": "include", "reason": "invalid_choice"}]
        assert "'evidence'" in error["message"]


def test_a_refused_question_does_not_start_the_clock(alice: Person) -> None:
    job = make_extracted(alice.org, FOUND)
    ask(alice, job, "?include=fields")
    job.refresh_from_db()
    assert job.first_read_at is None


def test_evidence_is_read_and_refused_by_the_rules_of_the_result(alice: Person) -> None:
    job = make_extracted(alice.org, FOUND)
    ask(alice, job)
    job.refresh_from_db()
    assert job.first_read_at is not None
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    answer = ask(alice, job)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "result_expired")


def test_strangers_see_none_of_it(alice: Person, charlie: Person) -> None:
    assert ask(charlie, make_extracted(alice.org, FOUND)).status_code == 404


def test_the_description_names_the_resolution_of_the_pages() -> None:
    told = json.dumps(shapes.ANSWERS["PageSize"])
    assert f"{pages.DPI} dpi" in told
