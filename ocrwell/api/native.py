"""The endpoints of the native API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from engine.schema import MAX_BYTES
from ocrwell import request_id
from ocrwell.api.base import NativeView, unknown
from ocrwell.api.description import operations, shapes
from ocrwell.dialects import native
from ocrwell.errors import Detail, InvalidField, InvalidSchema
from ocrwell.jobs import idempotency, lifecycle, results, submission, uploads
from ocrwell.jobs.models import Job
from ocrwell.jobs.submission import Submission


class Text(serializers.CharField):
    """A JSON string, and nothing that could be made one."""

    default_error_messages = {
        "invalid": "It must be a string.",
        "null": "It must be a string.",
        "blank": "It must not be empty.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class UploadsView(NativeView):
    class Input(serializers.Serializer[None]):
        filename = Text(
            max_length=255,
            help_text="The name of the file. Its extension says which format it has: .pdf, .jpg, "
            ".jpeg, .png, .tiff, .tif, .webp or .bmp.",
        )

    @operations.create_upload
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


@extend_schema_field(shapes.SCHEMA)
class Anything(serializers.Field[Any, Any, Any, Any]):
    """A JSON value whose rules are not those of a field."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class UnknownView(NativeView):
    """Below /v1 a key is looked at and counted whatever is asked for."""

    def check_throttles(self, request: Request) -> None:
        super().check_throttles(request)
        raise unknown(request)


class DocumentsView(NativeView):
    class Input(serializers.Serializer[None]):
        upload_id = Text(help_text="The `upload_id` that `POST /v1/uploads` answered with.")
        filename = Text(help_text="The same name as in that call.")
        mode = serializers.ChoiceField(
            Job.Mode.choices,
            error_messages={"invalid_choice": "Use 'text' or 'structured'."},
            help_text="`text`: everything that is written on the pages. `structured`: the fields "
            "of the `schema`.",
        )
        schema = Anything(
            required=False,
            allow_null=True,
            help_text="The fields to read, as a template or a JSON Schema. Required in structured "
            "mode, ignored in text mode.",
        )

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            if attrs["mode"] == Job.Mode.STRUCTURED and attrs.get("schema") is None:
                missing = serializers.ErrorDetail("required in structured mode.", "required")
                raise serializers.ValidationError({"schema": [missing]})
            return attrs

    @operations.submit_document
    def post(self, request: Request) -> Response:
        key = _idempotency_key(request)
        sent = self.json
        digest = idempotency.digest(self.body.text) if key and sent else ""
        if key:
            idempotency.check(org=self.org, key=key, digest=digest)
        body = self.checked(self.Input)
        if body["mode"] == Job.Mode.STRUCTURED:
            _check_size(self.body.member("schema"))
        asked = Submission(
            **body,
            org=self.org,
            dialect=Job.Dialect.NATIVE,
            request_id=request_id.current(),
            idempotency_key=key,
            digest=digest,
        )
        job = submission.submit(asked)
        replayed = job.request_id != asked.request_id
        return Response(
            native.accepted(job),
            status=202,
            headers={"Idempotent-Replayed": "true"} if replayed else None,
        )


def _check_size(schema: str) -> None:
    if len(schema.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise InvalidSchema(
            f"The schema exceeds {MAX_BYTES // 1024} KB.", (Detail("schema", "too_large"),)
        )


def _idempotency_key(request: Request) -> str:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= settings.MAX_IDEMPOTENCY_KEY:
        raise InvalidField.of(
            "Idempotency-Key",
            "max_length" if key else "blank",
            f"The Idempotency-Key header takes 1 to {settings.MAX_IDEMPOTENCY_KEY} characters.",
        )
    return key or ""


class JobView(NativeView):
    @operations.get_job
    def get(self, request: Request, job_id: str) -> Response:
        evidence = _wants_evidence(request)
        job = lifecycle.find(org=self.org, job_id=job_id, dialect=Job.Dialect.NATIVE)
        result = results.fetch(job) if job.state == Job.State.COMPLETED else None
        return Response(native.job(job, result, evidence=evidence))


def _wants_evidence(request: Request) -> bool:
    included = set(request.query_params.getlist("include"))
    if not included <= {"evidence"}:
        raise InvalidField.of(
            "include", "invalid_choice", "The 'include' parameter takes 'evidence' only."
        )
    return bool(included)
