"""From an uploaded file to a job that waits for a worker."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from engine import formats
from engine import schema as schemas
from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.errors import (
    Detail,
    FileTooLarge,
    InvalidField,
    InvalidSchema,
    NotFound,
    ServiceError,
    UnsupportedFormat,
)
from ocrwell.jobs import idempotency, lifecycle, schedule, uploads
from ocrwell.jobs.models import IdempotencyKey, Job, Upload
from ocrwell.storage import Missing, Stat, store


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a client asks for. ``schema`` counts in structured mode only; the digest stands for the
    whole request wherever an idempotency key has to tell requests apart.
    """

    org: Org
    dialect: str
    upload_id: str
    filename: str
    mode: str
    request_id: str
    schema: object = None
    idempotency_key: str = ""
    digest: str = ""


def submit(asked: Submission) -> Job:
    """A pending job for an upload whose file has arrived; the one that the same call made before.

    Raises NotFound, InvalidField, InvalidSchema, UnsupportedFormat, FileTooLarge or
    DuplicateRequest.
    """
    return idempotency.once(
        org=asked.org,
        key=asked.idempotency_key,
        digest=asked.digest,
        submit=lambda reservation: _submit(asked, reservation),
    )


def _submit(asked: Submission, reservation: IdempotencyKey | None) -> Job:
    structured = asked.mode == Job.Mode.STRUCTURED
    if structured:
        check_schema(asked.schema)
    schedule.admit(asked.org)
    upload = _open_upload(asked)
    job = Job(
        id=ids.new(),
        org=asked.org,
        dialect=asked.dialect,
        mode=asked.mode,
        filename=asked.filename,
        request_id=asked.request_id,
    )
    try:
        _take_file(upload, job)
        if structured:
            store().put(job.schema_key, json.dumps(asked.schema).encode())
        _insert(job, upload, reservation)
    except ServiceError:
        # There is no such job for certain. After any other error it may have been committed, and
        # must keep its document: if not, ``retention.expire`` finds what lies around.
        with suppress(OSError):
            store().delete(job.prefix)
        raise
    with suppress(OSError):
        store().delete(upload.key)
    return job


def _open_upload(asked: Submission) -> Upload:
    upload = uploads.find(org=asked.org, upload_id=asked.upload_id)
    if upload.submitted_at:
        store().delete(upload.key)  # sent again while it was being submitted
        raise uploads.already_submitted()
    if asked.filename != upload.filename:
        raise InvalidField.of(
            "filename", "mismatch", "The 'filename' must be the same as in POST /v1/uploads."
        )
    return upload


def _take_file(upload: Upload, job: Job) -> None:
    """Copy the file to the job and check the copy, which a late PUT cannot change. One that is not
    what its name says is deleted at once; another may come in its place.
    """
    try:
        _check_size(store().stat(upload.key))
        store().copy(upload.key, job.source_key)
        _check_file(upload.filename, job.source_key)
    except Missing as error:
        raise _no_file(upload) from error
    except ServiceError:
        store().delete(upload.key)
        raise


def _insert(job: Job, upload: Upload, reservation: IdempotencyKey | None) -> None:
    with transaction.atomic():
        taken = Upload.objects.filter(pk=upload.pk, submitted_at=None).update(
            submitted_at=timezone.now(), filename=""
        )
        if not taken:
            raise uploads.already_submitted()
        lifecycle.add(job)
        if reservation:
            idempotency.accept(reservation, job)


def check_schema(schema: object) -> None:
    """Raises InvalidSchema."""
    try:
        schemas.parse(schema)
    except schemas.InvalidSchema as error:
        raise InvalidSchema(str(error), (Detail(error.path, error.reason),)) from error


def _check_size(file: Stat) -> None:
    if file.size == 0:
        raise InvalidField.of("file", "empty", "The file is empty. PUT its bytes to the same URL.")
    if file.size > settings.MAX_FILE_BYTES:
        raise FileTooLarge(f"The file exceeds {settings.MAX_FILE_BYTES // 2**20} MB.")


def _check_file(filename: str, key: str) -> None:
    """The object of this key is not too large, and is and was declared what the name says."""
    file = store().stat(key)
    _check_size(file)
    promised = uploads.format_of(filename)
    uploads.check_type(file.media_type, promised.media_type)
    found = formats.sniff(store().head(key, formats.HEAD_BYTES))
    if found is None:
        raise UnsupportedFormat
    if found is not promised:
        raise UnsupportedFormat(
            f"The file is named {filename!r} but its content is {found.name}. PUT the right "
            "file to the same URL, or ask for an upload with the right name."
        )


def _no_file(upload: Upload) -> ServiceError:
    upload.refresh_from_db(fields=["submitted_at"])
    if upload.submitted_at is not None:
        return uploads.already_submitted()
    if upload.created_at < timezone.now() - settings.UPLOAD_URL_TTL:
        return NotFound("The upload has expired without a file. Ask for a new one.")
    return InvalidField.of(
        "upload_id", "not_uploaded", "The file has not been uploaded yet: PUT it to the upload_url."
    )
