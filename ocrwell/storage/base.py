"""What a store can do. Keys are paths that we make ourselves, such as ``jobs/<id>/source``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol


class Missing(Exception):
    """There is no such object in the store."""


class Store(Protocol):
    def upload_url(self, key: str, *, media_type: str, max_bytes: int, ttl: timedelta) -> str:
        """A URL (or a path on this server) that takes one PUT of the object without an API key."""
        ...

    def size(self, key: str) -> int:
        """Bytes; raises Missing."""
        ...

    def head(self, key: str, count: int) -> bytes:
        """The first ``count`` bytes; raises Missing."""
        ...

    def move(self, source: str, target: str) -> None:
        """Of several callers that move the same object one succeeds; the others see Missing."""
        ...

    def put(self, key: str, data: bytes) -> None: ...

    def read(self, key: str) -> bytes:
        """The whole object; raises Missing."""
        ...

    def delete(self, prefix: str) -> None:
        """The object of this key and everything below it; silent when there is nothing.

        Raises OSError when something stays.
        """
        ...

    def expire(self, before: datetime, *, spare: Collection[str]) -> None:
        """Delete what was written before that time, but nothing below the prefixes to spare."""
        ...

    def check(self) -> None:
        """Raises OSError when the store cannot be written."""
        ...
