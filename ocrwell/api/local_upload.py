"""The PUT that fills an upload when the store is a local folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, cast

from django.http import UnreadablePostError
from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell.api.base import NativeView
from ocrwell.errors import BadRequest, FileTooLarge, InvalidField
from ocrwell.storage import LocalStore, store
from ocrwell.storage.local import Ticket, check_ticket

CHUNK = 64 * 1024
DRAIN_BYTES = 64 * 1024 * 1024
# What curl sends when nobody named a type: it says nothing about the file.
UNDECLARED = ("", "application/x-www-form-urlencoded")


class LocalUploadView(NativeView):
    """No API key: the signed path is the permission."""

    authentication_classes = []

    def put(self, request: Request, token: str) -> Response:
        ticket, body = check_ticket(token), _body(request)
        try:
            _check_type(request, ticket)
            self._receive(body, ticket)
        except (InvalidField, FileTooLarge):
            # A client that is still sending would see a broken connection instead of the answer.
            _drain(body)
            raise
        return Response(status=200)

    def _receive(self, body: IO[bytes], ticket: Ticket) -> None:
        folder = cast(LocalStore, store())
        try:
            size = folder.receive(ticket.key, _chunks(body), ticket.max_bytes)
        except UnreadablePostError as error:
            raise BadRequest("The upload broke off. Send the file again.") from error
        if size == 0:
            folder.delete(ticket.key)
            raise InvalidField.of("file", "empty", "The file is empty.")


def _body(request: Request) -> IO[bytes]:
    """The raw body. Django reads by Content-Length; the server below it knows the end of chunks."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return cast(IO[bytes], request.META["wsgi.input"])
    return cast(IO[bytes], request._request)  # noqa: SLF001


def _check_type(request: Request, ticket: Ticket) -> None:
    declared = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if declared not in (*UNDECLARED, ticket.media_type):
        raise InvalidField.of(
            "Content-Type",
            "mismatch",
            f"The Content-Type is {declared}, but the filename asks for {ticket.media_type}.",
        )


def _chunks(body: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: body.read(CHUNK), b"")


def _drain(body: IO[bytes]) -> None:
    seen = 0
    for chunk in _chunks(body):
        seen += len(chunk)
        if seen > DRAIN_BYTES:
            return
