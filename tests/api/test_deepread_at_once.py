"""Documents that are sent at the same moment against the same quota."""

from __future__ import annotations

from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client

from ocrwell.accounts.models import PageUsage, Plan
from ocrwell.jobs.models import Job
from ocrwell.storage import Store
from ocrwell.webhooks import endings
from tests.engine import drawn
from tests.factories import make_claim, together
from tests.stage import Person, objects

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = 100


def test_twenty_threads_never_pass_a_quota_and_never_lose_a_page(
    alice: Person, store: Store
) -> None:
    Plan.objects.filter(pk="pro").update(pages_a_month=PAGES, calls_a_minute=10**6)
    documents = {pages: drawn.make_pdf(pages=[["x"]] * pages) for pages in (1, 2, 3, 5)}
    sizes = [1, 2, 3, 5] * 5
    turn = count()

    def send_four() -> list[int]:
        """The pages of the documents that were accepted."""
        api, first = Client(headers={"X-API-Key": alice.key}), next(turn)
        accepted = []
        for step in range(4):
            pages = sizes[(first + step) % len(sizes)]
            file = SimpleUploadedFile("a.pdf", documents[pages])
            answer = api.post("/deepread/v1/process", {"file": file})
            assert answer.status_code in (200, 429), answer.content
            if answer.status_code == 200:
                accepted.append(pages)
        return accepted

    accepted = [pages for some in together(20, send_four) for pages in some]
    usage = PageUsage.objects.get()
    assert PAGES - max(sizes) < usage.reserved <= PAGES
    assert (usage.used, usage.reserved) == (0, sum(accepted))
    reserved = Job.objects.aggregate(pages=Sum("reserved_pages"))["pages"]
    assert (Job.objects.count(), reserved) == (len(accepted), sum(accepted))
    assert len(objects(store)) == len(accepted)
    for number in range(len(accepted)):
        claim = make_claim()
        job = Job.objects.get(pk=claim.job_id)
        if number % 3:
            endings.complete(claim, page_count=job.reserved_pages, result_key="")
        else:
            endings.fail(claim, reason="damaged")
    usage.refresh_from_db()
    read = Job.objects.filter(state="completed").aggregate(pages=Sum("page_count"))["pages"]
    assert (usage.used, usage.reserved) == (read, 0)
