"""What drf-spectacular cannot see in our views by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class ViewSchema(AutoSchema):
    """A view says in ``Input`` what it takes, and reads JSON whatever the content type."""

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "Input", None)

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        name = self.get_operation_id()
        return f"{name[0].upper()}{name[1:]}Request"

    def map_parsers(self) -> list[str]:
        return ["application/json"]


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "ocrwell.api.base.KeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "The key of your organisation. Whoever runs this service makes one.",
        }
