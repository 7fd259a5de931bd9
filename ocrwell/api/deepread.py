"""The endpoints of the DeepRead API."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, cast

from django.conf import settings
from django.db import Error
from django.http import FileResponse
from django.utils.http import content_disposition_header
from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell import request_id
from ocrwell.accounts import quota
from ocrwell.accounts.models import Org
from ocrwell.api import form, links, orders
from ocrwell.api.base import ApiView, unknown
from ocrwell.api.form import Form
from ocrwell.dialects import deepread
from ocrwell.errors import InvalidField, NotFound, ResultExpired
from ocrwell.jobs import artefacts, intake, lifecycle
from ocrwell.jobs.intake import Order
from ocrwell.jobs.models import Job
from ocrwell.webhooks import endpoints, reports

MB = 1024 * 1024


class DeepReadView(ApiView):
    """A request with a key. Calls count against the plan's calls a minute, unless they only ask
    what became of something.
    """

    dialect = deepread
    counted = True

    caller: Org | None = None

    def check_throttles(self, request: Request) -> None:
        if request.auth is None:
            return
        self.caller = self.org
        if self.counted:
            self.count(f"org:{self.org.pk}:deepread", self.org.plan.calls_a_minute)

    def told(self) -> dict[str, str]:
        if self.caller is None:
            return {}
        found = deepread.wait_headers(self.use)
        with suppress(Error):  # an answer that the database is away
            found |= deepread.quota_headers(quota.state(self.caller))
        return {"Cache-Control": "no-store", **found}


class OpenView(DeepReadView):
    """A request for which nobody needs a key."""

    authentication_classes = []


class UnknownView(DeepReadView):
    """A key is looked at and counted whatever is asked for."""

    def check_throttles(self, request: Request) -> None:
        super().check_throttles(request)
        raise unknown(request)


class ProcessView(DeepReadView):
    def post(self, request: Request) -> Response:
        """Accept a document; its job waits for a worker."""
        max_bytes = self.org.plan.max_file_mb * MB
        with form.read(request, self.body, max_bytes=max_bytes) as sent:
            job = intake.accept(self._order(request, sent))
        return Response(deepread.accepted(job))

    def _order(self, request: Request, sent: Form) -> Order:
        asked = orders.parse(sent.fields)
        if asked.webhook_url:
            _check_webhook(asked.webhook_url)
        return Order(
            org=self.org,
            dialect=Job.Dialect.DEEPREAD,
            filename=(sent.file.name or "")[:255],
            file=cast(IO[bytes], sent.file.file),
            request_id=request_id.current(),
            schema=asked.schema,
            columns={**asked.columns(), "api_base": links.base(request)},
        )


def _check_webhook(url: str) -> None:
    try:
        endpoints.check(url)
    except InvalidField as error:
        raise InvalidField(error.message.replace("'url'", "'webhook_url'")) from error


class JobView(DeepReadView):
    counted = False

    def get(self, request: Request, job_id: str) -> Response:
        """What became of a document."""
        job = lifecycle.find(org=self.org, job_id=job_id, dialect=Job.Dialect.DEEPREAD)
        try:
            report = reports.of(job, base=links.base(request))
        except ResultExpired as error:
            raise NotFound(
                "The result of this job has expired. Submit the document again."
            ) from error
        return Response(deepread.job(report))


class PipelinesView(OpenView):
    def get(self, request: Request) -> Response:
        return Response({"pipelines": deepread.pipelines(settings.VERSION)})


class FileView(OpenView):
    """No API key: the signed path is the permission."""

    def get(self, request: Request, token: str, name: str) -> FileResponse:
        job, size, content = artefacts.find(token, name)
        shown = f"{job.filename.rpartition('.')[0] or 'document'}.{name.rpartition('.')[2]}"
        answer = FileResponse(content, content_type=artefacts.MEDIA_TYPES[name])
        answer["Content-Length"] = str(size)
        answer["Content-Disposition"] = content_disposition_header(False, shown) or "inline"
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
