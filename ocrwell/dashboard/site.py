"""The admin site itself: its frame, its home page, its log-in and its own error pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from ocrwell.dashboard import attempts, home
from ocrwell.dashboard.apps import SECTIONS

MEANING: dict[type[Exception], int] = {
    Http404: HTTPStatus.NOT_FOUND,
    PermissionDenied: HTTPStatus.FORBIDDEN,
    SuspiciousOperation: HTTPStatus.BAD_REQUEST,
    # An id that is none, in a forged form.
    ValidationError: HTTPStatus.BAD_REQUEST,
}
WORDS = {
    HTTPStatus.NOT_FOUND: ("Not found", "There is no such page, or it is not yours to see."),
    HTTPStatus.FORBIDDEN: (
        "Not allowed",
        "Your role does not allow this, or the form was open for too long. "
        "Go back, load the page again and try once more.",
    ),
    HTTPStatus.BAD_REQUEST: ("Not understood", "The address or the form makes no sense."),
}


class LogIn(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username", "")
        counted_by = attempts.log_in(self.request, username) if self.request else []
        if attempts.wait_seconds(counted_by):
            raise ValidationError(
                "Too many attempts. Wait a minute, then try again.", code="too_many"
            )
        try:
            return super().clean()
        except ValidationError:
            attempts.failed(counted_by)
            raise


class Dashboard(AdminSite):
    site_title = site_header = "ocrwell"
    site_url = None
    index_template = "dashboard/home.html"
    login_form = LogIn
    enable_nav_sidebar = True

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, {**home.facts(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sections in the order in which people need them."""
        found = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        return [found[label] for label in SECTIONS if label in found]

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().app_index(request, app_label, {"title": SECTIONS[app_label]})

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form and form.has_error("__all__", "too_many"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response["Retry-After"] = "60"
        elif response.status_code == HTTPStatus.FOUND:
            request.session.clear_expired()
        return response

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """The site's pages answer their problems themselves; the API answers the others."""
        inner: Callable[..., HttpResponseBase] = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return inner(request, *args, **kwargs)
            except tuple(MEANING) as error:
                status = next(MEANING[kind] for kind in MEANING if isinstance(error, kind))
                return self.problem(request, status)

        return update_wrapper(guarded, inner)

    def problem(self, request: HttpRequest, status: int) -> HttpResponse:
        title, text = WORDS[HTTPStatus(status)]
        context = {**self.each_context(request), "title": title, "text": text}
        return TemplateResponse(request, "dashboard/problem.html", context, status=status)
