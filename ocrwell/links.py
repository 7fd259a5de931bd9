"""Addresses of pages for people, seen from the address of an API."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def people(api: str, path: str) -> str:
    """The whole address of a page of the dashboard: on the API's host, or on one that serves it."""
    parts = urlsplit(api)
    if not settings.DASHBOARD_HOSTS or parts.hostname in settings.DASHBOARD_HOSTS:
        return f"{parts.scheme}://{parts.netloc}{path}"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{settings.DASHBOARD_HOSTS[0]}{port}{path}"
