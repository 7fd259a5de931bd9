from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ocrwell.jobs.models import Job
from ocrwell.storage import Store
from tests.dashboard.conftest import Belongings, Seat, page
from tests.factories import make_completed


def test_a_job_tells_how_it_is_doing_and_not_what_was_read(
    rita: Seat, ours: Belongings, store: Store
) -> None:
    job = make_completed(ours["org"], "a secret text")
    text = rita.get(page("job", "change", job.pk)).content.decode()
    assert "completed" in text
    assert "secret text" not in text


def test_a_job_says_why_it_failed_and_how_long_it_took(rita: Seat, ours: Belongings) -> None:
    now = timezone.now()
    Job.objects.update(started_at=now - timedelta(seconds=2.5), finished_at=now)
    text = rita.get(page("job")).content.decode()
    assert "reason-of-ours" in text
    assert "2.5 s" in text


@pytest.mark.parametrize("by", ["id", "part of the id", "request id"])
def test_a_job_is_found_by_its_ids(rita: Seat, ours: Belongings, by: str) -> None:
    Job.objects.update(request_id="019539b1-2a3b-7c4d-8e5f-000000000001")
    pk = str(ours["job"].pk)
    asked = {"id": pk, "part of the id": pk[-12:], "request id": "019539b1-2a3b-7c4d"}[by]
    assert len(rita.get(page("job"), q=asked).context["cl"].result_list) == 1
    assert not rita.get(page("job"), q="fffffffffffe").context["cl"].result_list
