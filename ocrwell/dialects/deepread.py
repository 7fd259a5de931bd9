"""The DeepRead dialect: its JSON keys, its words for states and errors, and their HTTP status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ocrwell import errors
from ocrwell.accounts.limits import Use
from ocrwell.accounts.quota import Quota
from ocrwell.dialects import deepread_result
from ocrwell.dialects.deepread_result import STATES, timestamp
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import Result
from ocrwell.jobs.values import Scalar

ERRORS: dict[type[errors.ServiceError], int] = {
    errors.BadRequest: 400,
    errors.InvalidField: 400,
    errors.InvalidSchema: 400,
    errors.UnsupportedFormat: 400,
    errors.Unauthorized: 401,
    errors.NotFound: 404,
    errors.ResultExpired: 404,
    errors.MethodNotAllowed: 405,
    errors.FileTooLarge: 413,
    errors.RateLimited: 429,
    errors.PageLimitExceeded: 429,
    errors.QuotaExceeded: 429,
    errors.Unavailable: 503,
}

PREVIEW_LETTERS = 500

PIPELINES: dict[str, str] = {
    Job.Pipeline.STANDARD: "Readings that check each other: a PDF's own text, OCR, and a second "
    "look at what is doubtful. Where they differ the field says so.",
    Job.Pipeline.SEARCHABLE: "The same, and a searchable PDF of the document.",
    Job.Pipeline.FAST: "One reading.",
}

REFUSED_PAGES: dict[type[errors.ServiceError], str] = {
    errors.PageLimitExceeded: "page_count_exceeded",
    errors.QuotaExceeded: "monthly_quota_exceeded",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A job and what is told with it: the result of a completed one, and addresses of files."""

    job: Job
    result: Result | None = None
    text_url: str | None = None
    pdf_url: str | None = None
    preview_url: str | None = None
    delivered: bool = False
    settled: Mapping[str, Scalar | None] = field(default_factory=dict)
    """What people wrote in the place of values or confirmed, by path."""


def error(problem: errors.ServiceError, *, request_id: str) -> tuple[int, dict[str, Any]]:
    """HTTP status and body; a kind that the table lacks is our own mistake."""
    status = ERRORS.get(type(problem), 500)
    return status, {"detail": _detail(problem), "request_id": request_id}


def _detail(problem: errors.ServiceError) -> str | dict[str, Any]:
    if not isinstance(problem, errors.PageLimitExceeded):
        return problem.message
    return {
        "error": REFUSED_PAGES[type(problem)],
        "message": problem.message,
        "page_count": problem.page_count,
        "max_pages": problem.max_pages,
        "plan": problem.plan,
    }


def quota_headers(found: Quota) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(found.limit),
        "X-RateLimit-Remaining": str(found.remaining),
        "X-RateLimit-Used": str(found.used),
        "X-RateLimit-Reset": str(found.resets_at),
    }


def wait_headers(use: Use | None) -> dict[str, str]:
    """When to come back, for whoever called too often."""
    return {} if use is None or use.allowed else {"Retry-After": str(use.wait_seconds)}


def accepted(row: Job) -> dict[str, Any]:
    """The answer to a submission: whatever became of it since, it was queued."""
    return {"id": str(row.id), "status": STATES[Job.State.PENDING]}


def job(report: Report) -> dict[str, Any]:
    """A job, with its result when it is completed, or why it failed."""
    row = report.job
    body: dict[str, Any] = {
        "id": str(row.id),
        "status": STATES[row.state],
        "created_at": timestamp(row.created_at),
    }
    if row.state == Job.State.FAILED:
        body["error"] = row.failure_reason
    if row.finished_at:
        body["completed_at"] = timestamp(row.finished_at)
    if report.result is not None:
        data = deepread_result.fields(report.result, report.settled)
        body["result"] = _result(report, report.result, data)
        body["metadata"] = _metadata(row, report.result, data)
    if report.pdf_url:
        body["artifacts"] = {"searchable_pdf_url": report.pdf_url}
    body["preview_url"] = report.preview_url
    if row.webhook_url:
        body |= {"webhook_url": row.webhook_url, "webhook_delivered": report.delivered}
    return body


def event(report: Report) -> dict[str, Any]:
    """What the webhook of a job is told of its end."""
    row = report.job
    told = job(report)
    kept = ("result", "metadata", "artifacts", "error", "preview_url")
    return {
        "event": f"job.{row.state}",
        "job_id": str(row.id),
        "status": STATES[row.state],
        **{name: told[name] for name in kept if name in told},
    }


def _result(report: Report, found: Result, data: deepread_result.Data) -> dict[str, Any]:
    row, text = report.job, found.text
    body: dict[str, Any] = {
        "text": None if report.text_url else text,
        "text_preview": text[:PREVIEW_LETTERS],
        "text_url": report.text_url,
    }
    if row.mode == Job.Mode.STRUCTURED:
        body["data"] = data
    if row.include_pages or row.include_images:
        body["pages"] = [deepread_result.page(page, data) for page in found.pages]
    return body


def _metadata(row: Job, found: Result, data: deepread_result.Data) -> dict[str, Any]:
    return {
        "page_count": row.page_count,
        "pipeline": row.pipeline,
        **deepread_result.numbers(data),
        "step_timings": {
            step.replace(" ", "_"): round(seconds, 3) for step, seconds in found.seconds.items()
        },
    }


def pipelines(version: str) -> list[dict[str, str]]:
    return [
        {"name": name, "description": PIPELINES[name], "version": version} for name in PIPELINES
    ]
