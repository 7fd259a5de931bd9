"""Addresses as seen by whoever called the API."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request

from ocrwell import links
from ocrwell.api.base import DEEPREAD


def people(request: HttpRequest | Request, path: str) -> str:
    """The whole address of a page of the dashboard."""
    return links.people(f"{request.scheme}://{request.get_host()}", path)


def base(request: HttpRequest | Request) -> str:
    """What stands before ``/v1`` in the addresses of the DeepRead API."""
    prefix = DEEPREAD.rstrip("/") if request.path.startswith(DEEPREAD) else ""
    return f"{request.scheme}://{request.get_host()}{prefix}"
