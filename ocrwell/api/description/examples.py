"""What the description shows: made by the dialect itself, so that it cannot differ from answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from engine.errors import UnreadableDocument
from engine.types import Box, FieldValue, Word
from ocrwell import errors
from ocrwell.dialects import native
from ocrwell.jobs.models import Job, Upload
from ocrwell.jobs.results import PageSize, PageText, Result
from ocrwell.webhooks.models import Endpoint

JOB_ID = "019539a6-9d10-7b21-8c4f-6a1e0f4f2b7d"
UPLOAD_ID = "019539a6-6c3d-7e5f-9a02-41d7c5b8e913"
REQUEST_ID = "019539b1-2a3b-7c4d-b6e8-0c9f7d2a5e14"
SUBMITTED = datetime(2026, 3, 23, 2, 15, tzinfo=UTC)
ENDED = SUBMITTED + timedelta(seconds=4)
SCHEMA = {"tenant": "", "rent": 0, "furnished": False, "rooms": [{"name": "", "area": 0}]}
DATA = {
    "tenant": "Lindqvist",
    "rent": 1180.5,
    "furnished": True,
    "rooms": [{"name": "Kitchen", "area": 14}, {"name": "Study", "area": 9.5}],
}


def _found(value: str | float, confidence: float, printed: str, left: int, top: int) -> FieldValue:
    """A word on page 1, in letters of 15 by 28 pixels."""
    box = Box(left, top, left + 15 * len(printed), top + 28)
    words = (Word(printed, box, 0.9974),)
    return FieldValue(value, confidence, page=1, box=box, words=words)


FIELDS = {
    "tenant": _found("Lindqvist", 0.9931, "Lindqvist", 412, 530),
    "rent": replace(
        _found(1180.5, 0.6204, "€1,180.50", 412, 604),
        flag=True,
        reason="Another amount is nearly as likely.",
    ),
    "furnished": _found(True, 0.9554, "Yes", 412, 678),
    "rooms": FieldValue(None, 0.9412),
    "rooms.0.name": _found("Kitchen", 0.9787, "Kitchen", 180, 912),
    "rooms.0.area": _found(14, 0.9816, "14", 640, 912),
    "rooms.1.name": _found("Study", 0.9787, "Study", 180, 960),
    "rooms.1.area": _found(9.5, 0.9816, "9.5", 640, 960),
}
SIZES = (PageSize(1, 1654, 2339, 0),)
PAGES = (PageText(1, "TENANCY AGREEMENT\nbetween..."), PageText(2, "Signed in Utrecht on..."))
URL = "https://example.com/ocrwell"


def _job(state: Job.State, mode: Job.Mode = Job.Mode.TEXT, **over: Any) -> Job:
    known = {"id": UUID(JOB_ID), "mode": mode, "state": state, "created_at": SUBMITTED}
    return Job(**known | {"request_id": REQUEST_ID} | over)


TEXT_JOB = _job(Job.State.COMPLETED, page_count=2, finished_at=ENDED)
STRUCTURED_JOB = _job(Job.State.COMPLETED, Job.Mode.STRUCTURED, page_count=1, finished_at=ENDED)
FAILED_JOB = _job(Job.State.FAILED, finished_at=ENDED, failure_reason=str(UnreadableDocument()))
ENDPOINT = Endpoint(url=URL, created_at=SUBMITTED)

CREATE_UPLOAD = {"filename": "lease.pdf"}
SUBMIT_TEXT = {"upload_id": UPLOAD_ID, "filename": "lease.pdf", "mode": "text"}
SUBMIT_STRUCTURED = {**SUBMIT_TEXT, "mode": "structured", "schema": SCHEMA}
SET_WEBHOOK = {"url": URL}
UPLOAD = native.upload(
    Upload(id=UUID(UPLOAD_ID)),
    url="https://ocr.example.com/uploads/eyJrZXkiOiJ1cGxvYWRz...",
    valid_for=settings.UPLOAD_URL_TTL,
    request_id=REQUEST_ID,
)
ACCEPTED = native.accepted(_job(Job.State.PENDING))
JOBS = {
    "still processing": native.job(_job(Job.State.PROCESSING), None),
    "completed in text mode": native.job(TEXT_JOB, Result(pages=PAGES)),
    "completed in structured mode": native.job(STRUCTURED_JOB, Result(data=DATA)),
    "completed with evidence": native.job(
        STRUCTURED_JOB, Result(data=DATA, fields=FIELDS, sizes=SIZES), evidence=True
    ),
    "failed": native.job(FAILED_JOB, None),
}
WEBHOOK = native.webhook(ENDPOINT)
NO_WEBHOOK = native.webhook(None)
NEW_WEBHOOK = native.webhook(ENDPOINT, "whsec_5f2c9e41b7d0...")
COMPLETED_EVENT = native.event(TEXT_JOB)[1]
FAILED_EVENT = native.event(FAILED_JOB)[1]


def error(kind: type[errors.ServiceError]) -> dict[str, Any]:
    problem = kind()
    if kind is errors.InvalidField:
        problem = errors.InvalidField.of("mode", "required", "The 'mode' field is required.")
    return native.error(problem, request_id=REQUEST_ID)[1]
