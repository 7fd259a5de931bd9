"""The endpoint of the native API that sets, shows and removes an organisation's webhook."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ocrwell.api.base import NativeView
from ocrwell.api.description import operations
from ocrwell.api.native import Text
from ocrwell.dialects import native
from ocrwell.webhooks import endpoints


class WebhooksView(NativeView):
    class Input(serializers.Serializer[None]):
        url = Text(
            help_text="Where callbacks go: an https URL with a public address. Whoever runs this "
            "service may allow private networks, and plain http there."
        )

    @operations.set_webhook
    def put(self, request: Request) -> Response:
        body = self.checked(self.Input)
        endpoint, secret = endpoints.put(org=self.org, url=body["url"])
        return Response(native.webhook(endpoint, secret))

    @operations.get_webhook
    def get(self, request: Request) -> Response:
        return Response(native.webhook(endpoints.get(org=self.org)))

    @operations.delete_webhook
    def delete(self, request: Request) -> Response:
        endpoints.delete(org=self.org)
        return Response(status=204)
