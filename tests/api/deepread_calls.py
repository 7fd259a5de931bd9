"""Calls of the DeepRead API as its clients make them, and what comes back."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from tests.factories import PDF
from tests.stage import Person

PROCESS = "/deepread/v1/process"
TEXT = Result((PageText(1, "# Invoice\n\nTotal: 5"), PageText(2, "Page two")))
MB = 1024 * 1024


def send(api: Client, content: bytes = PDF, /, **fields: str) -> Any:
    return api.post(PROCESS, {"file": SimpleUploadedFile("invoice.pdf", content), **fields})


def submit(person: Person, content: bytes = PDF, /, **fields: str) -> Job:
    answer = send(person.api, content, **fields)
    assert answer.status_code == 200, answer.json()
    return Job.objects.get(pk=answer.json()["id"])


def ask(person: Person, job: Job) -> Any:
    return person.api.get(f"/deepread/v1/jobs/{job.pk}")


def refused(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"detail", "request_id"}
    assert body["request_id"] == answer["X-Request-Id"]
    return answer.status_code, body["detail"]
