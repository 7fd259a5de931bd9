"""What the tests have in common that send an API whatever its description allows, and more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from ocrwell.wsgi import application


def local(environ: dict[str, Any], start: Any) -> list[bytes]:
    """The service, called from this machine: from another one it would refuse plain HTTP. Answers
    are read and closed, as servers do it.
    """
    with closing(application(environ | {"REMOTE_ADDR": "127.0.0.1"}, start)) as answer:
        return list(answer)


@contextmanager
def kept_connection() -> Iterator[None]:
    """As Django's own client does it: or the end of a request would close the test's database."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
