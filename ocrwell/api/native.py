"""The endpoints of the native API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell import request_id
from ocrwell.api.base import NativeView
from ocrwell.dialects import native
from ocrwell.jobs import lifecycle, results, submission, uploads
from ocrwell.jobs.models import Job


class Text(serializers.CharField):
    """A JSON string, and nothing that could be made one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class UploadsView(NativeView):
    class Input(serializers.Serializer[None]):
        filename = Text(max_length=255)

    def post(self, request: Request) -> Response:
        body = self.checked(self.Input)
        upload, url = uploads.create(org=self.org, filename=body["filename"])
        return Response(
            native.upload(
                upload,
                url=request.build_absolute_uri(url),
                valid_for=settings.UPLOAD_URL_TTL,
                request_id=request_id.current(),
            )
        )


class DocumentsView(NativeView):
    class Input(serializers.Serializer[None]):
        upload_id = Text()
        filename = Text()
        mode = serializers.ChoiceField(Job.Mode.choices)

    def post(self, request: Request) -> Response:
        body = self.checked(self.Input)
        job = submission.submit(org=self.org, dialect=Job.Dialect.NATIVE, **body)
        return Response(native.accepted(job, request_id=request_id.current()), status=202)


class JobView(NativeView):
    def get(self, request: Request, job_id: str) -> Response:
        job = lifecycle.find(org=self.org, job_id=job_id)
        result = results.fetch(job) if job.state == Job.State.COMPLETED else None
        return Response(native.job(job, result))
