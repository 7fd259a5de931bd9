"""What can go wrong for a caller. The docstring is the message; a dialect makes it an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of the request that is wrong, and why, in a word a program can read."""

    field: str
    reason: str


class ServiceError(Exception):
    """Unexpected server error."""

    def __init__(self, message: str | None = None, details: tuple[Detail, ...] = ()) -> None:
        self.message = message or type(self).__doc__ or ""
        self.details = details
        super().__init__(self.message)


class BadRequest(ServiceError):
    """The request could not be understood."""


class InvalidField(ServiceError):
    """One or more fields failed validation."""

    @classmethod
    def of(cls, field: str, reason: str, message: str) -> InvalidField:
        return cls(message, (Detail(field, reason),))


class UnsupportedFormat(ServiceError):
    """Document format not supported. Send a PDF, JPEG, PNG, TIFF, WebP or BMP file."""


class Unauthorized(ServiceError):
    """Missing or invalid API key. Send it in the X-API-Key header."""


class NotFound(ServiceError):
    """Resource does not exist."""


class MethodNotAllowed(ServiceError):
    """This resource does not support the method of the request."""


class ResultExpired(ServiceError):
    """The result for this job has expired."""


class DuplicateRequest(ServiceError):
    """This Idempotency-Key was used with a different request body. Choose a new key."""


class InvalidSchema(ServiceError):
    """The schema for structured extraction is invalid."""


class RateLimited(ServiceError):
    """Rate limit exceeded. Wait as long as the Retry-After header says."""


class PageLimitExceeded(ServiceError):
    """The document has more pages than the plan allows."""

    def __init__(self, message: str, *, plan: str, page_count: int, max_pages: int) -> None:
        """``max_pages``: of one document, or what is left of the month."""
        super().__init__(message)
        self.plan = plan
        self.page_count = page_count
        self.max_pages = max_pages


class QuotaExceeded(PageLimitExceeded):
    """The pages of this month are used up."""


class FileTooLarge(ServiceError):
    """The body exceeds the maximum size."""


class Unavailable(ServiceError):
    """Temporarily unable to process requests. Try again in a few seconds."""

    def __init__(self, message: str | None = None, *, wait: int = 5) -> None:
        """``wait``: seconds after which to try again."""
        super().__init__(message)
        self.wait = wait
