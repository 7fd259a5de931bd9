"""The endpoints of the DeepRead API."""

from __future__ import annotations

from rest_framework.request import Request

from ocrwell.accounts import quota
from ocrwell.api.base import ApiView, unknown
from ocrwell.dialects import deepread


class DeepReadView(ApiView):
    """A request with a key. Calls count against the plan's calls a minute, unless they only ask
    what became of something.
    """

    dialect = deepread
    counted = True

    def check_throttles(self, request: Request) -> None:
        if request.auth is not None and self.counted:
            self.count(f"org:{self.org.pk}:deepread", self.org.plan.calls_a_minute)

    def told(self) -> dict[str, str]:
        if getattr(self.request, "auth", None) is None:
            return {}
        found = deepread.quota_headers(quota.state(self.org))
        return {"Cache-Control": "no-store", **found, **deepread.wait_headers(self.use)}


class OpenView(DeepReadView):
    """A request for which nobody needs a key."""

    authentication_classes = []


class UnknownView(DeepReadView):
    """A key is looked at and counted whatever is asked for."""

    def check_throttles(self, request: Request) -> None:
        super().check_throttles(request)
        raise unknown(request)
