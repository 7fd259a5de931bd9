"""All that is to be told of a job in the DeepRead dialect: its result, its files, its webhook."""

from __future__ import annotations

from ocrwell import links
from ocrwell.dialects.deepread import Report
from ocrwell.errors import ResultExpired
from ocrwell.jobs import artefacts, corrections, previews, results
from ocrwell.jobs.models import Job
from ocrwell.webhooks.models import Delivery


def of(job: Job, *, base: str) -> Report:
    """``base``: what stands before ``/v1`` in the addresses. Raises ResultExpired."""
    done = job.state == Job.State.COMPLETED
    result = results.fetch(job) if done else None
    files = f"{base}/v1/files"
    long = result is not None and results.is_long(result.text)
    return Report(
        job=job,
        result=result,
        text_url=f"{files}/{artefacts.path(job, artefacts.TEXT)}" if long else None,
        pdf_url=f"{files}/{artefacts.path(job, artefacts.SEARCHABLE)}"
        if done and job.searchable_pdf
        else None,
        preview_url=_preview(job, base),
        delivered=bool(job.webhook_url) and _delivered(job),
        settled=corrections.settled(job) if done else {},
    )


def told(job: Job, *, base: str) -> Report:
    """The same for a webhook that comes late: without a result whose time is over."""
    try:
        return of(job, base=base)
    except ResultExpired:
        return Report(job=job)


def _delivered(job: Job) -> bool:
    return Delivery.objects.filter(job=job, state=Delivery.State.DELIVERED).exists()


def _preview(job: Job, base: str) -> str | None:
    return links.people(base, previews.path(job)) if job.preview_token else None
