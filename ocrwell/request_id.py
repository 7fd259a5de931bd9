"""Every request gets an id: in the answer's header, in error bodies and in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from ocrwell import ids

HEADER = "X-Request-Id"
_current: ContextVar[str] = ContextVar("request_id", default="-")


def current() -> str:
    """The id of the request this code runs for; "-" outside of one."""
    return _current.get()


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _current.set(str(ids.new()))
        try:
            response = self.get_response(request)
            response[HEADER] = current()
            return response
        finally:
            _current.reset(token)


class LogFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current()
        return True
