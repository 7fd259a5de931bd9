"""Which host name serves what, where the API and the dashboard have names of their own.

A host that a list names serves what it is named for. Any other host serves whatever has no list;
the DeepRead API, which all of them serve below a path of its own, is at the root of those that are
named for it only, with the dashboard's pages where no list says where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port
from django.middleware.common import CommonMiddleware

from ocrwell import urls
from ocrwell.api import base

Route = urls.Route

# The setting that lists a part's hosts, and its routes.
PARTS: dict[str, list[Route]] = {
    "API_HOSTS": urls.api,
    "DASHBOARD_HOSTS": urls.dashboard,
    "DEEPREAD_HOSTS": urls.deepread_api,
}


class Routes:
    """A URLconf of its own: some routes, with the error answers that all have."""

    handler400 = urls.handler400
    handler404 = urls.handler404
    handler500 = urls.handler500

    def __init__(self, urlpatterns: list[Route]) -> None:
        self.urlpatterns = urlpatterns


class Allowed(CommonMiddleware):
    """Refuses hosts that OCRWELL_ALLOWED_HOSTS does not list. Who probes asks by address."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in urls.PROBES else super().process_request(request)


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(map(_listed, PARTS)) and request.path_info not in urls.PROBES:
            served = _served(split_domain_port(request.get_host())[0])
            if not served:
                return base.unknown_route(request)
            request.urlconf = _routes(served)  # type: ignore[assignment]
        return self.get_response(request)


def _served(host: str) -> tuple[str, ...]:
    """The parts that this host serves."""
    named = tuple(part for part in PARTS if host in _listed(part))
    if named == ("DEEPREAD_HOSTS",) and not _listed("DASHBOARD_HOSTS"):
        return ("DEEPREAD_HOSTS", "DASHBOARD_HOSTS")
    rest = (part for part in ("API_HOSTS", "DASHBOARD_HOSTS") if not _listed(part))
    return named or tuple(rest)


def _listed(part: str) -> list[str]:
    return cast(list[str], getattr(settings, part))


@cache
def _routes(parts: tuple[str, ...]) -> Routes:
    return Routes([*urls.probes, *(route for part in parts for route in PARTS[part])])
