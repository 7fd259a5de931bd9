"""The DeepRead contract, statement by statement: plans and their limits, and addresses."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ocrwell import urls
from ocrwell.accounts import limits
from ocrwell.accounts.models import PageUsage, Plan
from ocrwell.jobs.models import Job
from ocrwell.storage import Store
from tests.api.deepread_calls import MB, PROCESS, TEXT, ask, refused, send, submit
from tests.engine import drawn
from tests.factories import PDF, complete
from tests.stage import Person, objects

# Limits


def test_every_answer_tells_the_pages_of_the_month(alice: Person) -> None:
    three = drawn.make_pdf(pages=[["a"], ["b"], ["c"]])
    answer = send(alice.api, three)
    told = {name: int(answer[f"X-RateLimit-{name}"]) for name in ("Limit", "Used", "Remaining")}
    assert told == {"Limit": 50_000, "Used": 3, "Remaining": 49_997}
    assert int(answer["X-RateLimit-Reset"]) > timezone.now().timestamp()
    again = alice.api.get("/deepread/v1/jobs/nonsense")
    assert (again.status_code, again["X-RateLimit-Used"]) == (404, "3")


def test_a_document_with_too_many_pages_for_the_plan(alice: Person) -> None:
    Plan.objects.filter(pk="pro").update(max_pages=1)
    answer = send(alice.api, drawn.make_pdf(pages=[["a"], ["b"]]))
    assert answer.status_code == 429
    detail = answer.json()["detail"]
    assert detail.pop("message").startswith("Document has 2 pages, exceeds 1-page limit for PRO")
    assert detail == {
        "error": "page_count_exceeded",
        "page_count": 2,
        "max_pages": 1,
        "plan": "pro",
    }
    assert not Job.objects.exists()


def test_the_published_refusal_of_a_large_document(alice: Person) -> None:
    alice.org.plan_id = "free"
    alice.org.save()
    answer = send(alice.api, drawn.make_pdf(pages=[["a"]] * 100))
    assert answer.status_code == 429
    assert answer.json()["detail"] == {
        "error": "page_count_exceeded",
        "message": "Document has 100 pages, exceeds 50-page limit for FREE plan. Upgrade to PRO.",
        "page_count": 100,
        "max_pages": 50,
        "plan": "free",
    }


@pytest.mark.parametrize(
    ("plan", "pages", "megabytes", "most", "calls"),
    [
        ("free", 2_000, 15, 50, 10),
        ("pro", 50_000, 50, None, 100),
        ("scale", 1_000_000, 50, None, 500),
    ],
)
def test_the_published_plans(
    alice: Person, plan: str, pages: int, megabytes: int, most: int | None, calls: int
) -> None:
    alice.org.plan_id = plan
    alice.org.save()
    assert refused(send(alice.api, PDF + bytes(megabytes * MB)))[0] == 413
    for count, status in ((50, 200), (51, 429 if most else 200)):
        answer = send(alice.api, drawn.make_pdf(pages=[["a"]] * count))
        assert answer.status_code == status
    assert answer["X-RateLimit-Limit"] == str(pages)
    while limits.count(f"org:{alice.org.pk}:deepread", calls).remaining > 1:
        pass
    assert send(alice.api).status_code == 200
    assert send(alice.api).status_code == 429


def test_a_month_that_is_used_up(alice: Person, store: Store) -> None:
    Plan.objects.filter(pk="pro").update(pages_a_month=1)
    submit(alice)
    kept = objects(store)
    answer = send(alice.api)
    assert answer.status_code == 429
    assert answer.json()["detail"]["error"] == "monthly_quota_exceeded"
    assert answer["X-RateLimit-Remaining"] == "0"
    assert (Job.objects.count(), objects(store)) == (1, kept)
    assert PageUsage.objects.get().reserved == 1


def test_calls_are_limited_by_the_plan_but_polls_are_not(alice: Person) -> None:
    Plan.objects.filter(pk="pro").update(calls_a_minute=2)
    job = submit(alice)
    submit(alice)
    answer = send(alice.api)
    status, detail = refused(answer)
    assert (status, "Retry-After" in detail) == (429, True)
    assert 1 <= int(answer["Retry-After"]) <= 60
    for _ in range(5):
        assert ask(alice, job).status_code == 200


def test_the_limits_of_the_two_apis_do_not_touch_each_other(alice: Person) -> None:
    Plan.objects.filter(pk="pro").update(calls_a_minute=1)
    submit(alice)
    assert alice.api.get("/v1/webhooks")["X-RateLimit-Remaining"] == "119"


# Addresses


@pytest.mark.parametrize("route", [str(route.pattern) for route in urls.described_deepread])
def test_paths_answer_with_and_without_a_slash(alice: Person, route: str) -> None:
    path = "/deepread/" + re.sub("<.*?>", "x", route)
    for call in (alice.api.get, alice.api.post):
        bare, slashed = call(path), call(f"{path}/")
        assert bare.status_code == slashed.status_code
        assert bare.json().keys() == slashed.json().keys()
        assert "There is nothing at" not in str(slashed.json())


def test_a_document_can_be_sent_to_a_slash(alice: Person) -> None:
    answer = alice.api.post(f"{PROCESS}/", {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert answer.status_code == 200


def test_hosts_of_its_own_have_it_at_the_root(alice: Person, settings: Settings) -> None:
    settings.DEEPREAD_HOSTS = ["api.deepread.tech"]
    api = Client(headers={"X-API-Key": alice.key, "Host": "api.deepread.tech"})
    answer = api.post("/v1/process", {"file": SimpleUploadedFile("a.pdf", PDF)})
    assert answer.status_code == 200
    complete(TEXT)
    body = api.get(f"/v1/jobs/{answer.json()['id']}").json()
    assert body["preview_url"].startswith("http://api.deepread.tech/preview/")
    assert refused(api.get("/v1/uploads"))[0] == 404
    assert refused(api.get("/elsewhere"))[0] == 404
    assert alice.api.post("/v1/uploads").json()["error"]["code"] == "bad_request"


def test_pages_for_people_may_have_another_host(alice: Person, settings: Settings) -> None:
    settings.DASHBOARD_HOSTS = ["desk.example.com"]
    job = submit(alice)
    assert ask(alice, job).json()["preview_url"].startswith("http://desk.example.com/preview/")


def test_the_pipelines_are_listed_for_everybody(nobody: Client) -> None:
    listed = nobody.get("/deepread/v1/pipelines").json()["pipelines"]
    assert [each["name"] for each in listed] == ["standard", "searchable", "fast"]
    assert all(each["description"] and each["version"] for each in listed)


@pytest.mark.parametrize("path", ["", "/v1", "/v1/nothing", "/v1/process/1"])
def test_what_is_not_there_is_told_in_the_same_words(alice: Person, path: str) -> None:
    status, detail = refused(alice.api.get(f"/deepread{path}"))
    assert (status, "There is nothing at" in detail) == (404, True)


def test_a_wrong_method_is_told(alice: Person) -> None:
    assert refused(alice.api.get(PROCESS))[0] == 405
