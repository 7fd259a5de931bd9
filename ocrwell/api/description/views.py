"""The description over HTTP: the document, and the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

from ocrwell.api.base import Dialect, NativeView, dialect_of
from ocrwell.api.description import deepread, document

# The page runs our scripts and talks to this server, and nothing else. Pictures in the style sheet
# are written into it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Public(NativeView):
    """For everybody, with or without a key."""

    authentication_classes = []
    http_method_names = ["get", "head"]

    @property
    def dialect(self) -> Dialect:  # type: ignore[override]
        return dialect_of(self.request)


@method_decorator([conditional_page, cache_control(public=True, max_age=300)], name="dispatch")
class DocumentView(Public):
    routes: Sequence[URLPattern] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(self.text(), content_type="application/json")

    def text(self) -> bytes:
        return document.text(tuple(self.routes))


class DeepReadDocumentView(DocumentView):
    def text(self) -> bytes:
        return deepread.text(self.request.path.partition("/v1/")[0] or "/")


class PageView(Public):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = render_to_string("api/docs.html")
        return HttpResponse(page, headers={"Content-Security-Policy": POLICY})
