"""Django's middleware for people with a browser: calls of the API and probes go past it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin

PREFIX = "/admin/"
"""All pages of the dashboard that need somebody to be signed in lie below it."""
PAGES = (PREFIX, "/activate", "/preview/")
"""Where people come with a browser."""


class OnPages(MiddlewareMixin):
    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(PAGES):
            return super().__call__(request)
        return self.get_response(request)


class Sessions(OnPages, SessionMiddleware):
    pass


class Forms(OnPages, CsrfViewMiddleware):
    pass


class People(OnPages, AuthenticationMiddleware):
    pass


class Messages(OnPages, MessageMiddleware):
    pass
