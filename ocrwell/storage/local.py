"""A folder as the store, and the signed paths that let a client put one file into it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.core import signing
from django.urls import reverse

from ocrwell import ids
from ocrwell.errors import FileTooLarge, InvalidField, NotFound
from ocrwell.storage.base import Missing, Readable, Stat

LINK_TRIES = 10
_signer = signing.TimestampSigner(salt="ocrwell.storage.local")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a signed path allows: one object, of this media type, of at most this many bytes."""

    key: str
    media_type: str
    max_bytes: int
    ttl_seconds: int

    def sign(self) -> str:
        return _signer.sign_object(asdict(self))


def check_ticket(token: str) -> Ticket:
    """The ticket in a token; raises NotFound when it is not ours or not valid any more."""
    try:
        ticket = Ticket(**_signer.unsign_object(token))
        _signer.unsign(token, max_age=ticket.ttl_seconds)
    except signing.SignatureExpired as error:
        raise NotFound("This upload URL has expired. Ask for a new one.") from error
    except signing.BadSignature as error:
        raise NotFound("This upload URL is not valid.") from error
    return ticket


class LocalStore:
    def __init__(self, root: Path) -> None:
        self.root = root

    def upload_url(self, key: str, *, media_type: str, max_bytes: int, ttl: timedelta) -> str:
        ticket = Ticket(key, media_type, max_bytes, int(ttl.total_seconds()))
        return reverse("local-upload", args=[ticket.sign()])

    def receive(self, key: str, chunks: Iterable[bytes], max_bytes: int) -> int:
        """Write an object as it comes in and return its size.

        What was there before stays when the source breaks off, is empty (InvalidField) or passes
        ``max_bytes`` (FileTooLarge).
        """
        size = 0
        with self._writing(key) as file:
            for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise FileTooLarge(f"The file exceeds {max_bytes // 2**20} MB.")
                file.write(chunk)
            if size == 0:
                raise InvalidField.of("file", "empty", "The file is empty.")
        return size

    def stat(self, key: str) -> Stat:
        """The type was looked at when the object came in."""
        with self._missing():
            return Stat(self._path(key).stat().st_size, "")

    def head(self, key: str, count: int) -> bytes:
        with self._missing(), self._path(key).open("rb") as file:
            return file.read(count)

    def copy(self, source: str, target: str) -> None:
        """Another name for the same file: what is put to the source later is a file of its own."""
        with self._arriving(target) as path, self._missing():
            os.utime(self._path(source))  # written now, however old: see ``older``
            _link(self._path(source), path)

    def put(self, key: str, data: bytes) -> None:
        with self._writing(key) as file:
            file.write(data)

    def put_file(self, key: str, file: IO[bytes]) -> None:
        file.seek(0)
        with self._writing(key) as target:
            shutil.copyfileobj(file, target)

    def read(self, key: str) -> bytes:
        with self._missing():
            return self._path(key).read_bytes()

    def open(self, key: str) -> tuple[int, Readable]:
        with self._missing():
            file = self._path(key).open("rb")
        return os.fstat(file.fileno()).st_size, file

    def delete(self, prefix: str) -> None:
        path = self._path(prefix)
        if path.is_dir():
            shutil.rmtree(path, onerror=_unless_gone)
        else:
            path.unlink(missing_ok=True)

    def older(self, than: datetime) -> Iterator[str]:
        """With what dying processes left half written. Empty folders of that age are removed."""
        limit = than.timestamp()
        for folder, _, names in os.walk(self.root, topdown=False):
            for name in names:
                path = Path(folder, name)
                if _written_before(limit, path):
                    yield str(path.relative_to(self.root))
            # Those at the top are always in use, whatever their age.
            if self.root in Path(folder).parents[1:] and _written_before(limit, Path(folder)):
                with contextlib.suppress(OSError):  # there is something in it
                    Path(folder).rmdir()

    def prepare(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)

    def check(self) -> None:
        self.put("check", b"")
        self.delete("check")

    def _path(self, key: str) -> Path:
        return self.root / key

    @contextmanager
    def _missing(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise Missing from error

    @contextmanager
    def _arriving(self, key: str) -> Iterator[Path]:
        """A path beside the store's objects; what is made there becomes one when all went well."""
        path, partial = self._path(key), self.root / "partial" / str(ids.new())
        partial.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield partial
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)

    @contextmanager
    def _writing(self, key: str) -> Iterator[IO[bytes]]:
        with self._arriving(key) as path, path.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())


def _written_before(limit: float, path: Path) -> bool:
    """What is gone meanwhile was not."""
    try:
        return path.stat().st_mtime < limit
    except FileNotFoundError:
        return False


def _unless_gone(_: Callable[..., object], path: str, problem: tuple[Any, ...]) -> None:
    if not isinstance(problem[1], FileNotFoundError):
        raise problem[1]


def _link(source: Path, name: Path) -> None:
    """A file that is replaced in this very moment can get no name any more; its successor can."""
    for _ in range(LINK_TRIES):
        with contextlib.suppress(FileNotFoundError):
            name.hardlink_to(source)
            return
        source.stat()
    raise FileNotFoundError(source)
