from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ocrwell import errors
from ocrwell.accounts.limits import Use
from ocrwell.dialects import native
from ocrwell.jobs.models import Job, Upload
from ocrwell.jobs.results import PageText, Result

T0 = datetime(2026, 3, 23, 2, 15, 0, 999_999, tzinfo=UTC)
JOB = Job(mode="text", state="pending", created_at=T0, dialect="native")


def ended(state: str, **over: object) -> Job:
    finished = T0 + timedelta(seconds=4)
    fields = {"mode": "text", "state": state, "created_at": T0, "finished_at": finished}
    return Job(id=JOB.id, **fields | over)


def test_times_are_utc_to_the_second() -> None:
    assert native.timestamp(T0) == "2026-03-23T02:15:00Z"
    here = T0.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert native.timestamp(here) == "2026-03-23T02:15:00Z"


def test_an_upload() -> None:
    row = Upload(filename="invoice.pdf")
    body = native.upload(row, url="https://x/y", valid_for=timedelta(minutes=15), request_id="r")
    assert body == {
        "upload_id": str(row.id),
        "upload_url": "https://x/y",
        "expires_in": 900,
        "request_id": "r",
    }


@pytest.mark.parametrize("state", Job.State.values)
def test_a_job_just_accepted_is_pending_however_fast_a_worker_is(state: str) -> None:
    assert native.accepted(ended(state, request_id="r")) == {
        "job": {
            "id": str(JOB.id),
            "status": "pending",
            "mode": "text",
            "created_at": "2026-03-23T02:15:00Z",
        },
        "request_id": "r",
    }


@pytest.mark.parametrize("state", ["pending", "processing"])
def test_a_job_under_way(state: str) -> None:
    row = Job(id=JOB.id, mode="text", state=state, created_at=T0, started_at=T0)
    assert native.job(row, None) == {
        "job": {
            "id": str(JOB.id),
            "status": state,
            "mode": "text",
            "created_at": "2026-03-23T02:15:00Z",
        }
    }


def test_a_completed_job() -> None:
    pages = (PageText(1, "INVOICE..."), PageText(2, "Description..."))
    assert native.job(ended("completed", page_count=2), Result(pages)) == {
        "job": {
            "id": str(JOB.id),
            "status": "completed",
            "mode": "text",
            "page_count": 2,
            "created_at": "2026-03-23T02:15:00Z",
            "completed_at": "2026-03-23T02:15:04Z",
        },
        "result": {
            "pages": [{"page": 1, "text": "INVOICE..."}, {"page": 2, "text": "Description..."}]
        },
    }


def test_a_completed_job_in_structured_mode_has_its_data() -> None:
    data = {"merchant": "Prentiss & Co.", "date": "18/03/2026", "total": 42.6}
    row = ended("completed", page_count=1, mode="structured")
    body = native.job(row, Result(data=data))
    assert body["job"]["mode"] == "structured"
    assert body["result"] == {"data": data}


def test_the_limit_is_told_in_three_headers_and_a_refusal_in_four() -> None:
    reset = int(time.time()) + 30
    assert native.limit_headers(Use(120, 117, reset, allowed=True)) == {
        "X-RateLimit-Limit": "120",
        "X-RateLimit-Remaining": "117",
        "X-RateLimit-Reset": str(reset),
    }
    refused = native.limit_headers(Use(120, 0, reset, allowed=False))
    assert int(refused["Retry-After"]) in (29, 30)


def test_a_client_never_waits_for_less_than_a_second() -> None:
    assert Use(1, 0, int(time.time()) - 5, allowed=False).wait_seconds == 1


def test_a_failed_job() -> None:
    body = native.job(ended("failed", failure_reason="Document could not be read."), None)
    assert "result" not in body
    assert body["job"]["failed_at"] == "2026-03-23T02:15:04Z"
    assert body["job"]["failure_reason"] == "Document could not be read."
    assert "completed_at" not in body["job"]


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (errors.BadRequest, 400, "bad_request"),
        (errors.InvalidField, 400, "validation_error"),
        (errors.UnsupportedFormat, 400, "unsupported_format"),
        (errors.Unauthorized, 401, "unauthorized"),
        (errors.NotFound, 404, "not_found"),
        (errors.DuplicateRequest, 409, "duplicate_request"),
        (errors.ResultExpired, 410, "result_expired"),
        (errors.FileTooLarge, 413, "file_too_large"),
        (errors.InvalidSchema, 422, "invalid_schema"),
        (errors.RateLimited, 429, "rate_limited"),
        (errors.ServiceError, 500, "internal_error"),
        (errors.Unavailable, 503, "service_unavailable"),
    ],
)
def test_every_error_has_the_status_and_code_of_the_contract(
    problem: type[errors.ServiceError], status: int, code: str
) -> None:
    body = {"code": code, "message": problem.__doc__}
    assert native.error(problem(), request_id="r") == (status, {"error": body, "request_id": "r"})


def test_an_error_names_the_fields() -> None:
    problem = errors.InvalidField.of("mode", "required", "The 'mode' field is required.")
    assert native.error(problem, request_id="r")[1]["error"] == {
        "code": "validation_error",
        "message": "The 'mode' field is required.",
        "details": [{"field": "mode", "reason": "required"}],
    }


def test_every_kind_of_error_has_its_answer() -> None:
    plans = {errors.PageLimitExceeded}  # of the other API
    assert set(errors.ServiceError.__subclasses__()) - plans == set(native.ERRORS)
