"""Every request gets an id: in the answer's header, in error bodies and in the log, also in the
lines that workers write about the job that the request submitted.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from ocrwell import ids

logger = logging.getLogger(__name__)

HEADER = "X-Request-Id"
_TOKEN = re.compile("^(/uploads/|(?:/deepread)?(?:/v1)?/preview/).*", re.DOTALL)
_current: ContextVar[str] = ContextVar("request_id", default="-")
_job: ContextVar[str] = ContextVar("job_id", default="-")


def current() -> str:
    """The id of the request this code runs for; "-" outside of one."""
    return _current.get()


def job() -> str:
    """The id of the job this code works on; "-" outside of one."""
    return _job.get()


@contextmanager
def working_on(*, request_id: str, job_id: str) -> Iterator[None]:
    """For a worker: the job, and the request that submitted it."""
    request, work = _current.set(request_id or "-"), _job.set(job_id)
    try:
        yield
    finally:
        _current.reset(request)
        _job.reset(work)


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token, began = _current.set(str(ids.new())), time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = current()
            milliseconds = (time.monotonic() - began) * 1000
            logger.info(
                "%s %s %d %.0f ms",
                request.method,
                _shown(request.path),
                response.status_code,
                milliseconds,
            )
            return response
        finally:
            _current.reset(token)


def _shown(path: str) -> str:
    """Without what makes the URL of an upload or of a preview, and in printable characters."""
    return ascii(_TOKEN.sub(r"\1...", path)[:200])[1:-1]
