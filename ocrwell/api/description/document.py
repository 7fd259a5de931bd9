"""The OpenAPI document: generated from the views, completed with what all of them share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

from django.conf import settings
from django.urls import URLPattern
from drf_spectacular.generators import SchemaGenerator

from ocrwell.api.description import callbacks, operations, shapes
from ocrwell.errors import ServiceError

ABOUT = Path(__file__).with_name("about.md")
KEYED = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
_generating = Lock()


@cache
def text(routes: tuple[URLPattern, ...]) -> bytes:
    """The document of these routes as JSON."""
    return json.dumps(build(routes), ensure_ascii=False).encode()


def build(routes: Sequence[URLPattern]) -> dict[str, Any]:
    # drf-spectacular counts warnings and collects components in one place for all threads.
    with _generating:
        found = _generate(routes)
    for operation in _operations(found):
        _complete(operation)
    components = found["components"]
    _complete_bodies(components["schemas"])
    components["schemas"] |= shapes.ANSWERS
    components["headers"] = shapes.HEADERS
    return {
        "openapi": found["openapi"],
        "info": _info(),
        "servers": [{"url": "/", "description": "The server that this description came from."}],
        "tags": [{"name": name, "description": what} for name, what in operations.TAGS.items()],
        "paths": found["paths"],
        "webhooks": callbacks.all_of_them(),
        "components": components,
    }


def _generate(routes: Sequence[URLPattern]) -> dict[str, Any]:
    generator: Any = SchemaGenerator
    return cast(dict[str, Any], generator(patterns=list(routes)).get_schema(public=True))


def _info() -> dict[str, str]:
    rows = "\n".join(_row(kind) for kind in shapes.MEANINGS)
    return {
        "title": "ocrwell API",
        "version": settings.VERSION,
        "description": ABOUT.read_text().replace("{errors}", rows),
    }


def _row(kind: type[ServiceError]) -> str:
    status, code = shapes.status_and_code(kind)
    return f"| {status} | `{code}` | {shapes.MEANINGS[kind]} |"


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in found["paths"].values():
        yield from path.values()


def _complete(operation: dict[str, Any]) -> None:
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    # An explicit "none": a document may have a default.
    keyed = bool(operation.setdefault("security", []))
    for status, answer in operation["responses"].items():
        names = _headers(operation["operationId"], status, keyed=keyed)
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _complete_bodies(requests: dict[str, Any]) -> None:
    """Add the rules that stand outside of the fields of a serializer."""
    submission, webhook = requests["SubmitDocumentRequest"], requests["SetWebhookRequest"]
    submission |= shapes.STRUCTURED_NEEDS_SCHEMA
    webhook["properties"]["url"] |= shapes.WEBHOOK_URL
    del submission["properties"]["mode"]["x-spec-enum-id"]  # of drf-spectacular, for itself


def _headers(operation: str, status: str, *, keyed: bool) -> list[str]:
    found = ["X-Request-Id"]
    if keyed and status != "401":
        found.extend(KEYED)
    if status in ("429", "503"):
        found.append("Retry-After")
    if (operation, status) == ("submitDocument", "202"):
        found.append("Idempotent-Replayed")
    return found
