"""What a store can do. Keys are paths that we make ourselves, such as ``jobs/<id>/source``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Protocol


class Missing(Exception):
    """There is no such object in the store."""


class Unreachable(OSError):
    """The store does not answer, or not as it should: the object may well be there."""


@dataclass(frozen=True, slots=True)
class Stat:
    """Bytes, and the type that whoever put the object declared: "" where the store does not tell,
    because it looked at it itself.
    """

    size: int
    media_type: str


class Readable(Protocol):
    """Whatever goes wrong on the way raises an exception: an end is the end of the object."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class Store(Protocol):
    """Whatever cannot reach the store raises OSError."""

    def upload_url(self, key: str, *, media_type: str, max_bytes: int, ttl: timedelta) -> str:
        """A URL (or a path on this server) that takes PUTs of the object without an API key."""
        ...

    def stat(self, key: str) -> Stat:
        """Raises Missing."""
        ...

    def head(self, key: str, count: int) -> bytes:
        """The first ``count`` bytes; raises Missing."""
        ...

    def copy(self, source: str, target: str) -> None:
        """What becomes of the source later does not change the copy. Raises Missing."""
        ...

    def put(self, key: str, data: bytes) -> None: ...

    def put_file(self, key: str, file: IO[bytes]) -> None:
        """What an open file holds, from its beginning."""
        ...

    def read(self, key: str) -> bytes:
        """The whole object; raises Missing."""
        ...

    def open(self, key: str) -> tuple[int, Readable]:
        """Its size in bytes, and the object to be read bit by bit and closed; raises Missing."""
        ...

    def delete(self, prefix: str) -> None:
        """The object of this key and everything below it; silent when there is nothing.

        Raises OSError when something stays.
        """
        ...

    def older(self, than: datetime) -> Iterator[str]:
        """The keys of all objects that were last written before. They may be deleted on the way."""
        ...

    def prepare(self) -> None:
        """Make the place for the objects, with its rules; once, or as often as one likes."""
        ...

    def check(self) -> None:
        """Raises OSError, soon, when the store cannot be used."""
        ...
