"""One door for every API request: who calls, what the body is, and how an error leaves."""

from __future__ import annotations

import logging
import sys
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions as drf
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from ocrwell import errors, request_id
from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey, Org
from ocrwell.api.body import Body
from ocrwell.dialects import native

logger = logging.getLogger(__name__)

# What the exceptions of others mean. A database that is locked or away and a disk that is full may
# be well again soon.
FOREIGN: dict[type[Exception], type[errors.ServiceError]] = {
    SuspiciousOperation: errors.BadRequest,
    drf.MethodNotAllowed: errors.MethodNotAllowed,
    Http404: errors.NotFound,
    OperationalError: errors.Unavailable,
    OSError: errors.Unavailable,
}


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[None, ApiKey]:
        key = keys.find(request.headers.get("X-API-Key", ""))
        if key is None:
            raise errors.Unauthorized
        return None, key


class AlwaysJSON(BaseContentNegotiation):
    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class NativeView(APIView):
    """A request of the native API: one key, JSON in, JSON out, one way for errors."""

    authentication_classes = [KeyAuthentication]
    permission_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    @property
    def org(self) -> Org:
        return cast(ApiKey, self.request.auth).org

    def checked(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The body as this serializer accepts it."""
        fields = serializer(data=self.body.json(settings.MAX_BODY_BYTES))
        fields.is_valid(raise_exception=True)
        return cast(dict[str, Any], fields.validated_data)

    @cached_property
    def body(self) -> Body:
        return Body(self.request)

    def handle_exception(self, exc: Exception) -> Response:
        self.body.drain()
        status, body = answer(exc)
        return Response(body, status=status)


def answer(exc: BaseException) -> tuple[int, dict[str, Any]]:
    """Status and body for anything that was raised; what is our fault is logged."""
    problem = _problem(exc)
    if type(problem) in (errors.ServiceError, errors.Unavailable):
        logger.error("cannot answer: %s", problem, exc_info=exc)
    return native.error(problem, request_id=request_id.current())


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
    status, body = answer(errors.NotFound(f"There is nothing at {request.path}."))
    return JsonResponse(body, status=status)


def refused_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    status, body = answer(errors.BadRequest())
    return JsonResponse(body, status=status)


def unforeseen(request: HttpRequest) -> JsonResponse:
    """Django calls this while the exception is being handled."""
    status, body = answer(sys.exception() or errors.ServiceError())
    return JsonResponse(body, status=status)
