"""The PUT that fills an upload when the store is a local folder."""

from __future__ import annotations

from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell.api.base import NativeView
from ocrwell.api.description import operations
from ocrwell.errors import InvalidField, ServiceError
from ocrwell.jobs import uploads
from ocrwell.storage import LocalStore, store
from ocrwell.storage.local import Ticket, check_ticket

# What curl sends when nobody named a type: it says nothing about the file.
UNDECLARED = ("", "application/x-www-form-urlencoded")


class LocalUploadView(NativeView):
    """No API key: the signed path is the permission."""

    authentication_classes = []

    @operations.upload_file
    def put(self, request: Request, token: str) -> Response:
        ticket = check_ticket(token)
        uploads.check_open(ticket.key)
        _check_type(request, ticket)
        cast(LocalStore, store()).receive(ticket.key, self.body, ticket.max_bytes)
        try:
            uploads.check_open(ticket.key)
        except ServiceError:
            store().delete(ticket.key)  # submitted while this one came in
            raise
        return Response(status=200)


def _check_type(request: Request, ticket: Ticket) -> None:
    declared = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if declared not in (*UNDECLARED, ticket.media_type):
        raise InvalidField.of(
            "Content-Type",
            "mismatch",
            f"The Content-Type is {declared}, but the filename asks for {ticket.media_type}. "
            "Send the bytes of the file as the body.",
        )
