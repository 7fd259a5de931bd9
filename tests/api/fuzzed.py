"""What the tests have in common that send an API whatever its description allows, and more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from ocrwell.wsgi import application


def local(environ: dict[str, Any], start: Any) -> Any:
    """The service, called from this machine: from another one it would refuse plain HTTP."""
    return application(environ | {"REMOTE_ADDR": "127.0.0.1"}, start)


@contextmanager
def kept_connection() -> Iterator[None]:
    """As Django's own client does it: or the end of a request would close the test's database."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
