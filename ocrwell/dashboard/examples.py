"""Where the API answers, for the calls that the dashboard shows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def base_url(request: HttpRequest) -> str:
    """The API's own host where there is one, else the host that the dashboard was called by."""
    host = request.get_host()
    if settings.API_HOSTS:
        _, colon, port = host.rpartition(":")
        suffix = f":{port}" if colon and port.isdigit() else ""
        return f"{request.scheme}://{settings.API_HOSTS[0]}{suffix}"
    return f"{request.scheme}://{host}"
