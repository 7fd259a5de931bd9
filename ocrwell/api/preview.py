"""The result of a job for whoever has the link to it, without a key."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell.api import links
from ocrwell.api.deepread import OpenView
from ocrwell.dialects import deepread_result
from ocrwell.jobs import corrections, previews


class PreviewView(OpenView):
    def get(self, request: Request, token: str) -> Response:
        job = previews.find(token)
        return Response(
            deepread_result.preview(
                job,
                previews.result(job),
                corrections.settled(job),
                lambda number: links.people(request, previews.picture_path(job, number)),
            )
        )

    def told(self) -> dict[str, str]:
        return deepread_result.PRIVATE
