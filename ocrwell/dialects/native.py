"""The native dialect: its JSON keys, its error codes and their HTTP status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from engine.types import Box, FieldValue, Word
from ocrwell import errors
from ocrwell.accounts.limits import Use
from ocrwell.jobs.models import Job, Upload
from ocrwell.jobs.results import PageSize, Result

ERRORS: dict[type[errors.ServiceError], tuple[int, str]] = {
    errors.BadRequest: (400, "bad_request"),
    errors.InvalidField: (400, "validation_error"),
    errors.UnsupportedFormat: (400, "unsupported_format"),
    errors.Unauthorized: (401, "unauthorized"),
    errors.NotFound: (404, "not_found"),
    errors.MethodNotAllowed: (405, "bad_request"),
    errors.DuplicateRequest: (409, "duplicate_request"),
    errors.ResultExpired: (410, "result_expired"),
    errors.FileTooLarge: (413, "file_too_large"),
    errors.InvalidSchema: (422, "invalid_schema"),
    errors.RateLimited: (429, "rate_limited"),
    errors.Unavailable: (503, "service_unavailable"),
}

TOLD: dict[str, tuple[str, ...]] = {
    Job.State.COMPLETED: ("id", "status", "mode", "page_count", "completed_at"),
    Job.State.FAILED: ("id", "status", "failure_reason"),
}
"""The fields of an ended job that a webhook is told."""


def error(problem: errors.ServiceError, *, request_id: str) -> tuple[int, dict[str, Any]]:
    """HTTP status and body; a kind that the table lacks is our own mistake."""
    status, code = ERRORS.get(type(problem), (500, "internal_error"))
    body: dict[str, Any] = {"code": code, "message": problem.message}
    if problem.details:
        body["details"] = [{"field": d.field, "reason": d.reason} for d in problem.details]
    return status, {"error": body, "request_id": request_id}


def upload(row: Upload, *, url: str, valid_for: timedelta, request_id: str) -> dict[str, Any]:
    return {
        "upload_id": str(row.id),
        "upload_url": url,
        "expires_in": int(valid_for.total_seconds()),
        "request_id": request_id,
    }


def limit_headers(use: Use) -> dict[str, str]:
    headers = {
        "X-RateLimit-Limit": str(use.limit),
        "X-RateLimit-Remaining": str(use.remaining),
        "X-RateLimit-Reset": str(use.resets_at),
    }
    return headers if use.allowed else headers | {"Retry-After": str(use.wait_seconds)}


def accepted(row: Job) -> dict[str, Any]:
    """The answer to a submission, the same whenever it is given: the job says pending, and the
    request is the one that made it.
    """
    fresh = {
        "id": str(row.id),
        "status": "pending",
        "mode": row.mode,
        "created_at": timestamp(row.created_at),
    }
    return {"job": fresh, "request_id": row.request_id}


def job(row: Job, result: Result | None, *, evidence: bool = False) -> dict[str, Any]:
    """A job, with its result when it is completed, and with evidence where there is some."""
    body: dict[str, Any] = {"job": _job(row)}
    if result is not None:
        body["result"] = _result(row, result, evidence)
    return body


def _result(row: Job, result: Result, evidence: bool) -> dict[str, Any]:
    if row.mode == Job.Mode.STRUCTURED:
        return {"data": result.data} | (_evidence(result) if evidence else {})
    return {"pages": [{"page": p.number, "text": p.text} for p in result.pages]}


def _evidence(result: Result) -> dict[str, Any]:
    return {
        "fields": {path: _field(found) for path, found in result.fields.items()},
        "pages": [_size(size) for size in result.sizes],
    }


def _field(found: FieldValue) -> dict[str, Any]:
    return {
        "value": found.value,
        "confidence": round(found.confidence, 4),
        "flag": found.flag,
        "reason": found.reason or None,
        "page": found.page,
        "box": _box(found.box) if found.box else None,
        "words": [_word(word) for word in found.words],
    }


def _word(word: Word) -> dict[str, Any]:
    return {
        "text": word.text,
        "box": _box(word.box),
        "confidence": round(word.confidence, 4),
    }


def _box(box: Box) -> list[float]:
    return [round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1)]


def _size(page: PageSize) -> dict[str, int]:
    return {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
    }


def _job(row: Job) -> dict[str, Any]:
    body: dict[str, Any] = {"id": str(row.id), "status": row.state, "mode": row.mode}
    if row.state == Job.State.COMPLETED:
        body["page_count"] = row.page_count
    body["created_at"] = timestamp(row.created_at)
    if row.finished_at is not None:
        ended = "completed_at" if row.state == Job.State.COMPLETED else "failed_at"
        body[ended] = timestamp(row.finished_at)
    if row.state == Job.State.FAILED:
        body["failure_reason"] = row.failure_reason
    return body


class Webhook(Protocol):
    """What is told of a webhook."""

    @property
    def url(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


def webhook(row: Webhook | None, secret: str | None = None) -> dict[str, Any]:
    """A webhook, with its secret where it has just been made, or that there is none."""
    if row is None:
        return {"webhook": None}
    shown = {} if secret is None else {"secret": secret}
    return {"webhook": {"url": row.url, **shown, "created_at": timestamp(row.created_at)}}


def event(row: Job) -> tuple[str, dict[str, Any]]:
    """What a webhook is told of a job that has ended: the name of the event and the body."""
    name, known = f"job.{row.state}", _job(row)
    return name, {"event": name, "job": {key: known[key] for key in TOLD[row.state]}}


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second, with a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
