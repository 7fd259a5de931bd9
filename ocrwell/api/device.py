"""How a program gets a key of the DeepRead API without one: its person says yes in a browser."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell import peer
from ocrwell.accounts import device
from ocrwell.api import links
from ocrwell.api.deepread import OpenView
from ocrwell.api.native import Text
from ocrwell.dialects import deepread

CODES_A_MINUTE = 30


class DeviceView(OpenView):
    def told(self) -> dict[str, str]:
        return {"Cache-Control": "no-store", **deepread.wait_headers(self.use)}


class AgentName(Text):
    """Any text: what cannot be shown is left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, allow_null=True, required=False, **kwargs)
        self.validators = []


class CodeView(DeviceView):
    class Input(serializers.Serializer[None]):
        agent_name = AgentName(
            help_text="The name that is shown to the person who is asked. Without one they see "
            "“Unknown Agent”; what is longer than 100 characters is cut off.",
        )

    def check_throttles(self, request: Request) -> None:
        caller = hashlib.sha256(peer.address(request).encode()).hexdigest()
        self.count(f"device:{caller}", CODES_A_MINUTE)

    @cached_property
    def json(self) -> dict[str, Any]:
        return self.body.json(settings.MAX_BODY_BYTES, optional=True)

    def post(self, request: Request) -> Response:
        name = self.checked(self.Input).get("agent_name")
        codes = device.request(agent_name=name or "", address=peer.address(request))
        page = links.people(request, "/activate")
        return Response(
            {
                "device_code": codes.device,
                "user_code": codes.user,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?{urlencode({'code': codes.user})}",
                "expires_in": int(settings.DEVICE_LOGIN_TTL.total_seconds()),
                "interval": int(settings.DEVICE_POLL_EVERY.total_seconds()),
            }
        )


class TokenView(DeviceView):
    class Input(serializers.Serializer[None]):
        device_code = Text(help_text="The `device_code` that the first call answered with.")

    def post(self, request: Request) -> Response:
        found = device.poll(self.checked(self.Input)["device_code"])
        return Response({"error": found.error, "api_key": found.key, "key_prefix": found.prefix})
