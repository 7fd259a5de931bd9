from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ocrwell.accounts import keys
from ocrwell.jobs.models import Job
from tests.dashboard.conftest import Belongings, Seat

HOME = "/admin/"


def facts(seat: Seat) -> Any:
    return seat.get(HOME).context


def test_the_first_page_counts_what_is_ones_own(
    alice: Seat, ours: Belongings, theirs: Belongings
) -> None:
    found = facts(alice)
    assert str(found["title"]) == "Ours Ltd"
    assert dict(found["jobs"]) == {"pending": 0, "processing": 0, "completed": 0, "failed": 1}
    assert found["keys"] == 1
    assert found["abandoned"] == [ours["delivery"]]


def test_an_operator_gets_the_sums(olivia: Seat, ours: Belongings, theirs: Belongings) -> None:
    found = facts(olivia)
    assert (found["orgs"], found["keys"], dict(found["jobs"])["failed"]) == (2, 2, 2)
    assert set(found["abandoned"]) == {ours["delivery"], theirs["delivery"]}


def test_a_reviewer_is_told_about_jobs_only(rita: Seat) -> None:
    text = rita.get(HOME).content.decode()
    assert "API key" not in text
    assert "Webhook messages" not in text
    assert "failed" in text


def test_jobs_of_yesterday_and_keys_that_open_nothing_do_not_count(
    alice: Seat, ours: Belongings
) -> None:
    Job.objects.update(created_at=timezone.now() - timedelta(hours=25))
    keys.revoke(key=ours["apikey"])
    keys.issue(org=ours["org"], name="expired", expires_at=timezone.now())
    found = facts(alice)
    assert sum(count for _, count in found["jobs"]) == 0
    assert found["keys"] == 0


def test_who_never_sent_a_document_is_shown_how(alice: Seat, ours: Belongings) -> None:
    assert '<details class="module steps">' in alice.get(HOME).content.decode()
    Job.objects.all().delete()
    text = alice.get(HOME).content.decode()
    assert '<details class="module steps" open>' in text
    assert "curl -X POST http://testserver/v1/uploads" in text
