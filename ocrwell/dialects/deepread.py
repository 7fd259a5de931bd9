"""The DeepRead dialect: its JSON keys, its words for states and errors, and their HTTP status."""

from __future__ import annotations

from typing import Any

from ocrwell import errors
from ocrwell.accounts.limits import Use
from ocrwell.accounts.quota import Quota

ERRORS: dict[type[errors.ServiceError], int] = {
    errors.BadRequest: 400,
    errors.InvalidField: 400,
    errors.InvalidSchema: 400,
    errors.UnsupportedFormat: 400,
    errors.Unauthorized: 401,
    errors.NotFound: 404,
    errors.ResultExpired: 404,
    errors.MethodNotAllowed: 405,
    errors.FileTooLarge: 413,
    errors.RateLimited: 429,
    errors.PageLimitExceeded: 429,
    errors.QuotaExceeded: 429,
    errors.Unavailable: 503,
}

REFUSED_PAGES: dict[type[errors.ServiceError], str] = {
    errors.PageLimitExceeded: "page_count_exceeded",
    errors.QuotaExceeded: "monthly_quota_exceeded",
}


def error(problem: errors.ServiceError, *, request_id: str) -> tuple[int, dict[str, Any]]:
    """HTTP status and body; a kind that the table lacks is our own mistake."""
    status = ERRORS.get(type(problem), 500)
    return status, {"detail": _detail(problem), "request_id": request_id}


def _detail(problem: errors.ServiceError) -> str | dict[str, Any]:
    if not isinstance(problem, errors.PageLimitExceeded):
        return problem.message
    return {
        "error": REFUSED_PAGES[type(problem)],
        "message": problem.message,
        "page_count": problem.page_count,
        "max_pages": problem.max_pages,
        "plan": problem.plan,
    }


def quota_headers(found: Quota) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(found.limit),
        "X-RateLimit-Remaining": str(found.remaining),
        "X-RateLimit-Used": str(found.used),
        "X-RateLimit-Reset": str(found.resets_at),
    }


def wait_headers(use: Use | None) -> dict[str, str]:
    """When to come back, for whoever called too often."""
    return {} if use is None or use.allowed else {"Retry-After": str(use.wait_seconds)}
