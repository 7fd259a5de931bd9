"""``GET /v1/preview/{token}``: the result of a job for whoever has its link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ocrwell.accounts.models import Member
from ocrwell.jobs import corrections, previews, results, retention, values
from ocrwell.jobs.models import Correction, Job
from tests.factories import DOUBTFUL, make_claim, make_completed, make_job, make_previewed
from tests.stage import Person

ROUTES = ("/deepread/v1/preview/{}", "/deepread/v1/preview/{}/")
HOUR = timedelta(hours=1)


def ask(web: Client, token: str, route: str = ROUTES[0]) -> Any:
    return web.get(route.format(token))


@pytest.mark.parametrize("route", ROUTES)
def test_whoever_has_the_link_sees_the_result_without_a_key(
    alice: Person, nobody: Client, route: str
) -> None:
    job = make_previewed(alice.org)
    answer = ask(nobody, job.preview_token, route)
    body = answer.json()
    assert answer.status_code == 200
    assert list(body) == ["file_name", "status", "created_at", "pages", "data", "metadata"]
    assert (body["file_name"], body["status"]) == ("invoice.pdf", "completed")
    assert body["metadata"] == {
        "page_count": 2,
        "pipeline": "standard",
        "review_percentage": 60.0,
    }
    assert body["data"]["total"] == {
        "value": 29.22,
        "hil_flag": True,
        "found_on_page": 2,
        "reason": DOUBTFUL,
    }


def test_a_page_has_its_text_its_fields_and_the_address_of_its_picture(
    alice: Person, nobody: Client
) -> None:
    job = make_previewed(alice.org)
    second = ask(nobody, job.preview_token).json()["pages"][1]
    assert list(second) == ["page_number", "image_url", "text", "hil_flag", "data"]
    assert second["text"].startswith("Subtotal 24.35")
    assert list(second["data"]) == ["total"]
    assert second["image_url"] == f"http://testserver/preview/{job.preview_token}/pages/2.jpg"
    picture = nobody.get(second["image_url"])
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")


def test_the_picture_is_on_a_host_that_serves_pages(
    alice: Person, nobody: Client, settings: Any
) -> None:
    settings.DEEPREAD_HOSTS, settings.DASHBOARD_HOSTS = ["api.deep.test"], ["pages.test"]
    job = make_previewed(alice.org)
    answer = nobody.get(f"/v1/preview/{job.preview_token}", headers={"host": "api.deep.test"})
    url = answer.json()["pages"][0]["image_url"]
    assert url == f"http://pages.test/preview/{job.preview_token}/pages/1.jpg"


def test_a_job_that_has_not_ended_says_how_far_it_is(alice: Person, nobody: Client) -> None:
    job = make_job(alice.org, dialect="deepread")
    token = previews.issue(job)
    assert ask(nobody, token).json()["status"] == "queued"
    make_claim()
    body = ask(nobody, token).json()
    assert (body["status"], body["pages"], body["data"]) == ("processing", [], {})


def test_a_correction_counts(alice: Person, nobody: Client) -> None:
    job = make_previewed(alice.org)
    member = Member.objects.create_user("bob", None, org=alice.org)
    every = {value.path: value for value in values.every(results.look(job), {})}
    corrections.correct(job, every["total"], 29.2, member)
    corrections.confirm(job, every["paid"], member)
    body = ask(nobody, job.preview_token).json()
    assert body["data"]["total"]["value"] == 29.2
    assert body["data"]["paid"] == {
        "value": None,
        "hil_flag": False,
        "found_on_page": None,
        "corrected": True,
    }
    assert body["metadata"]["review_percentage"] == 20.0


def test_nothing_of_it_is_kept_or_told_to_others(alice: Person, nobody: Client) -> None:
    for token in (make_previewed(alice.org).preview_token, "unknown"):
        answer = ask(nobody, token)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"


def test_a_look_moves_no_clock_and_is_no_reading(alice: Person, nobody: Client) -> None:
    before = make_previewed(alice.org)
    ask(nobody, before.preview_token)
    after = Job.objects.get()
    assert (after.first_read_at, after.expires_at) == (None, before.expires_at)


def gone(answer: Any) -> bool:
    return bool(answer.status_code == 404 and answer.json()["detail"] == previews.GONE)


@pytest.mark.parametrize("token", ["unknown", "a" * 22, "%00", "a" * 5000, "\u00e4", "-"])
def test_an_unknown_link_leads_nowhere(nobody: Client, token: str) -> None:
    assert gone(ask(nobody, token))


def test_jobs_without_a_link_are_not_found_by_an_empty_one(alice: Person, nobody: Client) -> None:
    make_completed(alice.org, "text")
    assert gone(ask(nobody, "%20"))
    assert gone(ask(nobody, "%0A"))


def test_a_link_that_was_taken_back_leads_nowhere(alice: Person, nobody: Client) -> None:
    job = make_previewed(alice.org)
    token = job.preview_token
    previews.revoke(job)
    assert gone(ask(nobody, token))


def test_a_new_link_stands_in_the_place_of_the_old_one(alice: Person, nobody: Client) -> None:
    job = make_previewed(alice.org)
    old, new = job.preview_token, previews.issue(job)
    assert gone(ask(nobody, old))
    assert ask(nobody, new).status_code == 200


def test_a_link_is_as_hard_to_guess_as_128_bits(alice: Person) -> None:
    tokens = {previews.issue(job) for job in [Job()] * 50}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {22}


def test_an_expired_result_is_gone_however_late_the_sweep_is(alice: Person, nobody: Client) -> None:
    job = make_previewed(alice.org)
    Job.objects.update(expires_at=timezone.now())
    assert gone(ask(nobody, job.preview_token))
    picture = nobody.get(f"/preview/{job.preview_token}/pages/1.jpg")
    assert picture.status_code == 404


def test_a_result_that_was_swept_is_gone(alice: Person, nobody: Client) -> None:
    job = make_previewed(alice.org)
    retention.forget(job)
    assert gone(ask(nobody, job.preview_token))


def test_what_people_wrote_goes_with_the_document(alice: Person) -> None:
    ours, other = make_previewed(alice.org), make_previewed(alice.org)
    for job in (ours, other):
        Correction.objects.create(job=job, path="total", value=1)
    Job.objects.filter(pk=ours.pk).update(expires_at=timezone.now() - HOUR)
    retention.sweep()
    assert Correction.objects.get().job == other
