"""Makes what tests need: organisations, uploads, jobs in any state, and small documents."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.utils import timezone
from PIL import ImageFont

from engine.types import Box, FieldValue, Line, Page, Word, union
from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.jobs import lifecycle, pictures, previews, results, retention, submission, uploads
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


PAPER = (
    ("ACME Paper Ltd", "Invoice 4711", "Date 18 March 2026", "", "Paper A4 2 4.80", "Ink 1 19.55"),
    ("Subtotal 24.35", "Tax 4.87", "Total 29.22", "", "Thank you"),
)
"""The lines of a small invoice, page by page."""
DOUBTFUL = "It does not agree with the sum of the rows."
INVOICE: dict[str, Any] = {
    "data": {
        "supplier": {"name": "ACME Paper Ltd", "vat_id": ""},
        "invoice_number": 4711,
        "paid": False,
        "total": 29.22,
        "line_items": [{"name": "Paper A4", "price": 4.8}, {"name": "Ink", "price": 19.55}],
    },
    "found": {
        "supplier.name": (1, 0, "ACME Paper Ltd", 0.99, ""),
        "invoice_number": (1, 1, "4711", 0.97, ""),
        "total": (2, 2, "29.22", 0.61, DOUBTFUL),
        "line_items.0.name": (1, 4, "Paper A4", 0.95, ""),
        "line_items.0.price": (1, 4, "4.80", 0.93, ""),
        "line_items.1.name": (1, 5, "Ink", 0.94, ""),
        "line_items.1.price": (1, 5, "19.55", 0.9, ""),
    },
}
"""What is found in it: where, by page and line, how surely, and why that is doubtful."""


def make_page(number: int, lines: Sequence[str], *, dpi: int = 100) -> Page:
    """As it is read from ``drawn.draw``; what has a digit in it is hard to read."""
    scale = dpi / 72
    font = ImageFont.load_default(round(drawn.SIZE * scale))

    def word(row: int, line: str, at: int, text: str) -> Word:
        left = drawn.MARGIN * scale + font.getlength(line[:at])
        foot = (drawn.MARGIN + (row + 1) * drawn.PITCH) * scale
        height = drawn.SIZE * scale
        box = Box(left, foot - height, left + font.getlength(text), foot + 0.25 * height)
        return Word(text, box, 0.62 if any(map(str.isdigit, text)) else 0.99)

    read = tuple(
        Line(tuple(word(row, line, found.start(), found[0]) for found in re.finditer(r"\S+", line)))
        for row, line in enumerate(lines)
        if line
    )
    width, height = (round(side * scale) for side in (595, 842))
    return Page(number, width, height, read, "\n".join(lines))


def make_invoice(pages: Sequence[Page]) -> Result:
    """``INVOICE`` as it is found on the pages of ``PAPER``."""
    fields = {
        "supplier.vat_id": FieldValue(None, 0.2, True, "No value was found for this field."),
        "paid": FieldValue(None, 0.3, True, "No value was found for this field."),
        "line_items": FieldValue(None, 0.9),
    }
    for path, (number, row, text, sure, doubt) in INVOICE["found"].items():
        rows = [line for line in PAPER[number - 1][: row + 1] if line]
        words = pages[number - 1].lines[len(rows) - 1].words
        words = tuple(word for word in words if word.text in text.split())
        value = INVOICE["data"]
        for name in path.split("."):
            value = value[int(name) if name.isdigit() else name]
        box = union(word.box for word in words)
        fields[path] = FieldValue(value, sure, bool(doubt), doubt, number, box, words)
    return Result(
        tuple(PageText(page.number, page.text) for page in pages),
        INVOICE["data"],
        fields,
        tuple(PageSize(page.number, page.width, page.height, 0) for page in pages),
    )


def make_previewed(
    org: Org,
    paper: Sequence[Sequence[str]] = PAPER,
    *,
    fields: bool = True,
    schema: object = None,
    **over: Any,
) -> Job:
    """A completed job of the DeepRead API with pictures of its pages, and a link to its preview."""
    job = make_job(org, mode="structured" if fields else "text", schema={"any": ""})
    pages = [make_page(number, lines) for number, lines in enumerate(paper, start=1)]
    texts = tuple(PageText(page.number, page.text) for page in pages)
    known = {"dialect": "deepread", "pipeline": "standard", "include_images": True}
    Job.objects.filter(pk=job.pk).update(**known | over)
    result = replace(make_invoice(pages), schema=schema) if fields else Result(texts)
    job = complete(result, page_count=len(pages))
    for page, lines in zip(pages, paper, strict=True):
        picture = drawn.encoded(drawn.draw(lines, dpi=100), "JPEG")
        pictures.save(job, page, picture)
    previews.issue(job)
    return job
