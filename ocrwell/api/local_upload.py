"""The PUT that fills an upload when the store is a local folder."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell.api.base import NativeView, unknown
from ocrwell.api.description import operations
from ocrwell.errors import ServiceError
from ocrwell.jobs import uploads
from ocrwell.storage import LocalStore, store
from ocrwell.storage.local import check_ticket


class LocalUploadView(NativeView):
    """No API key: the signed path is the permission."""

    authentication_classes = []

    @operations.upload_file
    def put(self, request: Request, token: str) -> Response:
        folder = store()
        if not isinstance(folder, LocalStore):
            raise unknown(request)
        ticket = check_ticket(token)
        uploads.check_open(ticket.key)
        uploads.check_type(request.headers.get("Content-Type", ""), ticket.media_type)
        folder.receive(ticket.key, self.body, ticket.max_bytes)
        try:
            uploads.check_open(ticket.key)
        except ServiceError:
            folder.delete(ticket.key)  # submitted while this one came in
            raise
        return Response(status=200)
