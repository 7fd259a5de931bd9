"""The OpenAPI document of the DeepRead API, as it is written in ``deepread.yaml``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

SOURCE = Path(__file__).with_suffix(".yaml")


@cache
def text(base: str) -> bytes:
    """The document as JSON, for a server whose addresses begin with this path."""
    return json.dumps(build(base), ensure_ascii=False).encode()


def build(base: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(SOURCE.read_text())
    parts = {name: part for name, part in found.items() if not name.startswith("x-")}
    server = {**found["servers"][0], "url": base}
    return {**parts, "info": {**found["info"], "version": settings.VERSION}, "servers": [server]}
