"""Makes what tests need: organisations, uploads, jobs in any state, and small documents."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.utils import timezone

from engine.types import Box, FieldValue, Word
from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.jobs import lifecycle, results, retention, submission, uploads
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job, PageBatch, Upload
from ocrwell.jobs.results import PageSize, PageText, Result
from ocrwell.jobs.submission import Submission
from ocrwell.storage import store
from tests.engine import drawn

T = TypeVar("T")

PDF = drawn.make_pdf()
PNG = drawn.make_image(format="PNG", dpi=40)
PAST = timedelta(seconds=1)
FOUND = Result(
    data={"merchant": "Grüße & Co.", "paid": False, "items": [{"price": 4.8}]},
    fields={
        "merchant": FieldValue(
            "Grüße & Co.",
            0.98766,
            page=2,
            box=Box(10.04, 20, 95.25, 41),
            words=(
                Word("Grüße", Box(10.04, 20, 60, 40), 0.999),
                Word("&", Box(63, 21, 70, 40), 0.5),
                Word("Co.", Box(72, 21, 95.25, 41), 0.99987),
            ),
        ),
        "paid": FieldValue(None, 0.25, flag=True, reason="Nothing was found."),
        "items": FieldValue(None, 0.9),
        "items.0.price": FieldValue(4.8, 1.0, page=1, box=Box(1, 2, 3, 4)),
    },
    sizes=(PageSize(1, 1654, 2339, 0), PageSize(2, 2339, 1654, 90)),
)
"""A result in structured mode, with its evidence."""


def make_org(**over: Any) -> Org:
    return Org.objects.create(**{"name": f"org {ids.new()}"} | over)


def make_upload(
    org: Org, content: bytes | None = PDF, *, filename: str = "invoice.pdf", age: timedelta = PAST
) -> Upload:
    """An upload whose file has arrived, or has not where ``content`` is None."""
    upload, _ = uploads.create(org=org, filename=filename)
    Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - age)
    if content is not None:
        store().put(upload.key, content)
    return upload


def make_submission(upload: Upload, **over: Any) -> Submission:
    asked: dict[str, Any] = {
        "org": upload.org,
        "dialect": "native",
        "upload_id": str(upload.id),
        "filename": upload.filename,
        "mode": "text",
        "request_id": str(ids.new()),
    }
    return Submission(**asked | over)


def make_job(org: Org, content: bytes = PDF, *, filename: str = "invoice.pdf", **over: Any) -> Job:
    """A pending job, made the way clients make one."""
    upload = make_upload(org, content, filename=filename)
    return submission.submit(make_submission(upload, **over))


def make_completed(org: Org, *texts: str) -> Job:
    """A job in text mode with a page for each text, not yet read by its client."""
    make_job(org)
    pages = tuple(PageText(number, text) for number, text in enumerate(texts, start=1))
    return complete(Result(pages), page_count=len(texts))


def make_extracted(org: Org, result: Result) -> Job:
    """A job in structured mode with this result, not yet read by its client."""
    make_job(org, mode="structured", schema={"any": ""})
    return complete(result)


def complete(result: Result, *, page_count: int = 1) -> Job:
    """The job whose turn it is, worked on with this result."""
    claim = make_claim()
    key = results.save(claim, result)
    lifecycle.complete(claim, page_count=page_count, result_key=key)
    job = Job.objects.get(pk=claim.job_id)
    retention.forget_source(job)
    return job


def make_claim() -> Claim:
    claim = lifecycle.claim()
    assert claim is not None
    return claim


def lapse(job: Job) -> None:
    """The job's workers have not been heard of for longer than their leases."""
    at_work = PageBatch.objects.filter(job=job, state=PageBatch.State.AT_WORK)
    at_work.update(free_at=timezone.now() - PAST)


def doom(job: Job) -> None:
    """The job's last worker that is left to lose has not been heard of either."""
    lapse(job)
    PageBatch.objects.filter(job=job).update(losses=settings.MAX_ATTEMPTS - 1)


def batch(job: Job) -> PageBatch:
    """The only one of the job."""
    return PageBatch.objects.get(job=job)


def stored(root: Path) -> set[str]:
    """Every file below a folder, by its path from there; folders may vanish meanwhile."""
    files = (Path(at, name) for at, _, names in os.walk(root) for name in names)
    return {str(file.relative_to(root)) for file in files}


def together(count: int, call: Callable[[], T]) -> list[T]:
    """What ``count`` threads got that made this call at the same moment."""
    start = threading.Barrier(count)

    def one(_: int) -> T:
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))
