"""One door for every API request: who calls, what the body is, and how an error leaves."""

from __future__ import annotations

import logging
import sys
from functools import cached_property
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import split_domain_port
from rest_framework import exceptions as drf
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from ocrwell import errors, request_id
from ocrwell.accounts import keys, limits
from ocrwell.accounts.models import ApiKey, Org
from ocrwell.api.body import Body
from ocrwell.dialects import deepread, native

logger = logging.getLogger(__name__)

DEEPREAD = "/deepread/"
"""On all hosts the DeepRead API lies below it; hosts of its own have it at their root."""
WRONG_HOST = (
    "This host name is not served. Whoever runs this service lists the names in "
    "OCRWELL_ALLOWED_HOSTS; names with an underscore are never served."
)

# What the exceptions of others mean. A database that is locked, away or not yet migrated and a disk
# that is full may be well again soon; only a body that is nested too deeply makes anything here
# recurse too deeply.
FOREIGN: dict[type[Exception], type[errors.ServiceError]] = {
    SuspiciousOperation: errors.BadRequest,
    RecursionError: errors.BadRequest,
    drf.MethodNotAllowed: errors.MethodNotAllowed,
    Http404: errors.NotFound,
    OperationalError: errors.Unavailable,
    InterfaceError: errors.Unavailable,
    ProgrammingError: errors.Unavailable,
    OSError: errors.Unavailable,
}


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[None, ApiKey]:
        key = keys.find(request.META.get("HTTP_X_API_KEY", ""))
        if key is None:
            raise errors.Unauthorized
        return None, key


class AlwaysJSON(BaseContentNegotiation):
    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class Dialect(Protocol):
    """How an API says that something went wrong."""

    def error(
        self, problem: errors.ServiceError, *, request_id: str
    ) -> tuple[int, dict[str, Any]]: ...


class ApiView(APIView):
    """A request of one of the APIs: one key, JSON out, one way for errors."""

    dialect: Dialect
    authentication_classes = [KeyAuthentication]
    permission_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    # No HEAD: it would start the clock of a result that nobody got.
    http_method_names = ["get", "post", "put", "patch", "delete"]
    use: limits.Use | None = None

    @property
    def org(self) -> Org:
        return cast(ApiKey, self.request.auth).org

    def count(self, key: str, limit: int) -> None:
        """Count this call; raises RateLimited."""
        self.use = limits.count(key, limit)
        if not self.use.allowed:
            raise errors.RateLimited

    def told(self) -> dict[str, str]:
        """What the headers of every answer say of this caller's limits."""
        return {}

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as it was sent."""
        return self.body.json(settings.MAX_BODY_BYTES)

    def checked(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The body as this serializer accepts it."""
        fields = serializer(data=self.json)
        fields.is_valid(raise_exception=True)
        return cast(dict[str, Any], fields.validated_data)

    @cached_property
    def body(self) -> Body:
        return Body(self.request)

    def handle_exception(self, exc: Exception) -> Response:
        self.body.drain()
        status, body = answer(exc, self.dialect)
        problem = _problem(exc)
        headers = (
            {"Retry-After": str(problem.wait)} if isinstance(problem, errors.Unavailable) else None
        )
        return Response(body, status=status, headers=headers)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.told().items():
            final[name] = value
        return final


class NativeView(ApiView):
    dialect = native

    def check_throttles(self, request: Request) -> None:
        if request.auth is not None:
            self.count(f"org:{self.org.pk}", self.org.rate_limit)

    def told(self) -> dict[str, str]:
        # Results are deleted, and secrets shown once: no copy may stay on the way.
        return {"Cache-Control": "no-store", **native.limit_headers(self.use)} if self.use else {}


def answer(exc: BaseException, dialect: Dialect) -> tuple[int, dict[str, Any]]:
    """Status and body for anything that was raised; what is our fault is logged."""
    problem = _problem(exc)
    if type(problem) in (errors.ServiceError, errors.Unavailable):
        logger.error("cannot answer: %s", problem, exc_info=exc)
    return dialect.error(problem, request_id=request_id.current())


def dialect_of(request: HttpRequest | Request) -> Dialect:
    """The API that was meant, also where no view of it answers."""
    host = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
    meant = f"{request.path}/".startswith(DEEPREAD) or host in settings.DEEPREAD_HOSTS
    return deepread if meant else native


def _problem(exc: BaseException) -> errors.ServiceError:
    if isinstance(exc, errors.ServiceError):
        return exc
    if isinstance(exc, drf.ValidationError):
        return _invalid(exc)
    meaning = (ours for theirs, ours in FOREIGN.items() if isinstance(exc, theirs))
    return next(meaning, errors.ServiceError)()


def _invalid(exc: drf.ValidationError) -> errors.InvalidField:
    """The first message for people, and every wrong field for programs."""
    wrong = {name: found[0] for name, found in cast(dict[str, Any], exc.detail).items()}
    name, first = next(iter(wrong.items()))
    message = (
        f"The '{name}' field is required." if first.code == "required" else f"'{name}': {first}"
    )
    details = tuple(errors.Detail(field, reason.code) for field, reason in wrong.items())
    return errors.InvalidField(message, details)


def unknown_route(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return _json(request, unknown(request))


def unknown(request: HttpRequest | Request) -> errors.NotFound:
    extra = request.path.endswith("/") and dialect_of(request) is native
    slash = " Leave out the slash at the end." if extra else ""
    return errors.NotFound(f"There is nothing at {request.path}.{slash}")


def refused_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    told = WRONG_HOST if isinstance(exception, DisallowedHost) else None
    return _json(request, errors.BadRequest(told))


def unforeseen(request: HttpRequest) -> JsonResponse:
    """Django calls this while the exception is being handled."""
    return _json(request, sys.exception() or errors.ServiceError())


def _json(request: HttpRequest, exc: BaseException) -> JsonResponse:
    status, body = answer(exc, dialect_of(request))
    return JsonResponse(body, status=status)
