"""From an uploaded file to a job that waits for a worker."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from engine import formats
from ocrwell import ids, queue
from ocrwell.accounts.models import Org
from ocrwell.errors import (
    FileTooLarge,
    InvalidField,
    NotFound,
    ServiceError,
    UnsupportedFormat,
)
from ocrwell.jobs import uploads
from ocrwell.jobs.models import Job, Upload
from ocrwell.storage import Missing, store


def submit(*, org: Org, upload_id: str, filename: str, mode: str, dialect: str) -> Job:
    """A pending job for an upload whose file has arrived.

    Raises NotFound, InvalidField, UnsupportedFormat or FileTooLarge.
    """
    upload = uploads.find(org=org, upload_id=upload_id)
    if filename != upload.filename:
        raise InvalidField.of(
            "filename", "mismatch", "The 'filename' field differs from the one of the upload."
        )
    job = Job(id=ids.new(), org=org, dialect=dialect, mode=mode, filename=filename)
    try:
        _check_file(upload)
        # Moved before the row exists: if the process dies in between, the client has no job id yet,
        # and the sweep removes what lies around. From here on a late PUT cannot change the job.
        store().move(upload.key, job.source_key)
    except Missing as error:
        raise _no_file(upload) from error
    with transaction.atomic():
        taken = Upload.objects.filter(pk=upload.pk, submitted_at=None).update(
            submitted_at=timezone.now()
        )
        if taken:
            job.save(force_insert=True)
            transaction.on_commit(queue.wake)
    if not taken:
        store().delete(job.prefix)
        raise _already_submitted()
    return job


def _check_file(upload: Upload) -> None:
    """The file is what its name says and not too large; one that is not is deleted at once."""
    key = upload.key
    if store().size(key) > settings.MAX_FILE_BYTES:
        store().delete(key)
        raise FileTooLarge(f"The file exceeds {settings.MAX_FILE_BYTES // 2**20} MB.")
    promised = formats.named(upload.filename)
    found = formats.sniff(store().head(key, formats.HEAD_BYTES))
    if found is None:
        store().delete(key)
        raise UnsupportedFormat
    if found is not promised:
        store().delete(key)
        raise UnsupportedFormat(
            f"The file is named {upload.filename!r} but its content is {found.name}."
        )


def _no_file(upload: Upload) -> ServiceError:
    upload.refresh_from_db(fields=["submitted_at"])
    if upload.submitted_at is not None:
        return _already_submitted()
    if upload.created_at < timezone.now() - settings.UPLOAD_URL_TTL:
        return NotFound("The upload has expired without a file. Ask for a new one.")
    return InvalidField.of(
        "upload_id", "not_uploaded", "The file has not been uploaded yet: PUT it to the upload_url."
    )


def _already_submitted() -> InvalidField:
    return InvalidField.of(
        "upload_id", "already_submitted", "This upload has been submitted already."
    )
