"""A multipart form as it comes in: its text fields, and its file on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from rest_framework.request import Request

from ocrwell.api.body import Body
from ocrwell.errors import BadRequest, FileTooLarge, InvalidField

MULTIPART = "multipart/form-data"
NOT_A_FORM = (
    "Send the document as multipart/form-data with a field 'file', such as "
    'curl -F "file=@invoice.pdf".'
)


@dataclass(frozen=True, slots=True)
class Form:
    """The text fields by name, the last one of a name, and the one file of all fields."""

    fields: Mapping[str, str]
    file: TemporaryUploadedFile


@contextmanager
def read(request: Request, body: Body, *, max_bytes: int) -> Iterator[Form]:
    """The form of a request with one file in its field ``file``; the file is gone afterwards.

    Raises BadRequest, InvalidField, or FileTooLarge as soon as the file is.
    """
    if not request.headers.get("Content-Type", "").lower().startswith(MULTIPART):
        raise BadRequest(NOT_A_FORM)
    limit = _Limit(max_bytes)
    try:
        fields, files = _parser(request, body, limit).parse()
    except MultiPartParserError as error:
        limit.close()
        raise BadRequest(f"{NOT_A_FORM} ({error})") from error
    except BaseException:
        limit.close()
        raise
    found: list[Any] = [file for _, some in files.lists() for file in some]
    named = {name: str(value) for name, value in fields.items()}
    try:
        yield Form(named, _the_file(found, files.getlist("file"), text="file" in named))
    finally:
        for file in found:
            file.close()


def _the_file(found: list[Any], named: list[Any], *, text: bool) -> TemporaryUploadedFile:
    if len(named) == 1 == len(found):
        return cast(TemporaryUploadedFile, named[0])
    if found:
        raise InvalidField("Send one document at a time, in the field 'file'.")
    if text:
        raise InvalidField(
            "The field 'file' holds text, not a file. With curl write file=@invoice.pdf; in Node "
            'append await fs.openAsBlob("invoice.pdf") to the form, not a stream.'
        )
    raise InvalidField(f"The field 'file' is missing. {NOT_A_FORM}")


def _parser(request: Request, body: Body, limit: _Limit) -> MultiPartParser:
    # Of a chunked body nobody knows the length; the parser only asks whether there is anything.
    meta = {**request.META, "CONTENT_LENGTH": request.META.get("CONTENT_LENGTH") or "1"}
    return MultiPartParser(meta, cast(Any, _Stream(body)), [limit], "utf-8")


class _Stream:
    """A body as a file that is read once."""

    def __init__(self, body: Body) -> None:
        self._chunks = iter(body)

    def read(self, size: int = -1) -> bytes:
        return next(self._chunks, b"")


class _Limit(TemporaryFileUploadHandler):
    """Writes files to disk, up to a size."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__()
        self._max = max_bytes
        self._begun: list[TemporaryUploadedFile] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._begun.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self._max:
            raise FileTooLarge(f"The file exceeds {self._max // 2**20} MB.")
        super().receive_data_chunk(raw_data, start)

    def close(self) -> None:
        for file in self._begun:
            file.close()
