"""From a document that comes with its request to a job that waits for a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from engine import formats
from ocrwell import ids
from ocrwell.accounts import quota
from ocrwell.accounts.models import Org
from ocrwell.errors import InvalidField, ServiceError, UnsupportedFormat
from ocrwell.jobs import counting, lifecycle, previews, schedule, submission
from ocrwell.jobs.models import Job
from ocrwell.storage import store

UNCOUNTED = 1
"""Pages that are reserved for a document that cannot be opened here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a client asks for. ``columns`` are those of the job that the core only keeps."""

    org: Org
    dialect: str
    filename: str
    file: IO[bytes]
    """Open, and with a name in the file system."""
    request_id: str
    schema: object = None
    columns: Mapping[str, Any]


def accept(order: Order) -> Job:
    """A pending job for the document, its pages taken from the month's quota.

    Raises UnsupportedFormat, InvalidField, InvalidSchema, PageLimitExceeded, QuotaExceeded or
    Unavailable.
    """
    if order.schema is not None:
        submission.check_schema(order.schema)
    _check_file(order.file)
    schedule.admit(order.org)
    pages = counting.pages(Path(order.file.name)) or UNCOUNTED
    quota.check(order.org, pages)
    job = Job(
        id=ids.new(),
        org=order.org,
        dialect=order.dialect,
        mode=Job.Mode.TEXT if order.schema is None else Job.Mode.STRUCTURED,
        filename=order.filename,
        request_id=order.request_id,
        reserved_pages=pages,
        **order.columns,
    )
    previews.issue(job)
    _keep(job, order)
    return job


def _keep(job: Job, order: Order) -> None:
    try:
        store().put_file(job.source_key, order.file)
        if order.schema is not None:
            store().put(job.schema_key, json.dumps(order.schema).encode())
        with transaction.atomic():
            lifecycle.add(job)
            quota.reserve(order.org, job.reserved_pages, at=job.created_at)
    except ServiceError:
        # There is no such job for certain; after any other error it may have been committed.
        with suppress(OSError):
            store().delete(job.prefix)
        raise


def _check_file(file: IO[bytes]) -> None:
    file.seek(0)
    head = file.read(formats.HEAD_BYTES)
    if not head:
        raise InvalidField.of("file", "empty", "The file is empty.")
    if formats.sniff(head) is None:
        raise UnsupportedFormat
