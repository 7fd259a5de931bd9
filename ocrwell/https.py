"""HTTPS only: a request that somebody on the way could read is refused, not redirected."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from ocrwell import peer
from ocrwell.api import base
from ocrwell.errors import BadRequest
from ocrwell.urls import PROBES

REFUSAL = (
    "Plain HTTP is refused: use https://. Whoever runs this service has to put a proxy that "
    "speaks TLS in front of it, name the proxy's address in OCRWELL_TRUSTED_PROXIES and let it "
    "send X-Forwarded-Proto; OCRWELL_REQUIRE_HTTPS=false allows plain HTTP."
)


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # From here on request.is_secure() and every URL we build say what the client sees.
        request.META["wsgi.url_scheme"] = peer.scheme(request)
        if _refused(request):
            status, body = base.answer(BadRequest(REFUSAL), base.dialect_of(request))
            return JsonResponse(body, status=status)
        response = self.get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response


def _refused(request: HttpRequest) -> bool:
    if request.is_secure() or not settings.REQUIRE_HTTPS or request.path_info in PROBES:
        return False
    return peer.forwarded(request) or not peer.loopback(request)
