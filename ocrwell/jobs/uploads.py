"""Places for files: asked for, filled by the client, forgotten when not submitted."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from engine import formats
from engine.formats import Format
from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.errors import Detail, InvalidField, NotFound, UnsupportedFormat
from ocrwell.jobs.models import Upload
from ocrwell.storage import store

# What clients and stores say when nobody named a type: it says nothing about the file.
UNDECLARED = (
    "",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "binary/octet-stream",
)


def create(*, org: Org, filename: str) -> tuple[Upload, str]:
    """A place for a file of this name, and the URL that the file is PUT to."""
    media_type = format_of(filename).media_type
    upload = Upload.objects.create(org=org, filename=filename)
    url = store().upload_url(
        upload.key,
        media_type=media_type,
        max_bytes=settings.MAX_FILE_BYTES,
        ttl=settings.UPLOAD_URL_TTL,
    )
    return upload, url


def format_of(filename: str) -> Format:
    """Raises UnsupportedFormat when the name promises none that is read."""
    promised = formats.named(filename)
    if promised is None:
        raise UnsupportedFormat(
            "The format is not supported: the filename must end in .pdf, .jpg, .jpeg, .png, .tiff, "
            ".tif, .webp or .bmp.",
            (Detail("filename", "extension"),),
        )
    return promised


def find(*, org: Org, upload_id: str) -> Upload:
    """The organisation's upload; NotFound when it is unknown, another's or too old."""
    upload = Upload.objects.filter(
        id=ids.parse(upload_id), org=org, created_at__gt=timezone.now() - settings.UPLOAD_TTL
    ).first()
    if upload is None:
        raise NotFound("There is no such upload. Ask for a new one with POST /v1/uploads.")
    return upload


def check_open(key: str) -> None:
    """Raises when the upload of this key has been submitted, or forgotten."""
    upload = Upload.objects.filter(id=ids.parse(key.removeprefix("uploads/"))).first()
    if upload is None:
        raise NotFound("There is no such upload. Ask for a new one with POST /v1/uploads.")
    if upload.submitted_at:
        raise already_submitted()


def check_type(declared: str, promised: str) -> None:
    """Raises InvalidField when a Content-Type speaks against the media type of the file's name."""
    declared = declared.partition(";")[0].strip().lower()
    if declared not in (*UNDECLARED, promised):
        raise InvalidField.of(
            "Content-Type",
            "mismatch",
            f"The Content-Type is {declared}, but the filename asks for {promised}. "
            "Send the bytes of the file as the body.",
        )


def already_submitted() -> InvalidField:
    return InvalidField.of(
        "upload_id", "already_submitted", "This upload has been submitted already."
    )
