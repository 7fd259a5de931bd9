"""Addresses of pages for people, as seen by whoever called the API."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from rest_framework.request import Request


def people(request: HttpRequest | Request, path: str) -> str:
    """The whole address of a page of the dashboard: on this host, or on one that serves it."""
    host, port = split_domain_port(request.get_host())
    if settings.DASHBOARD_HOSTS and host not in settings.DASHBOARD_HOSTS:
        suffix = f":{port}" if port else ""
        return f"{request.scheme}://{settings.DASHBOARD_HOSTS[0]}{suffix}{path}"
    return request.build_absolute_uri(path)
