"""A client's connection, from which a request must come in before a deadline."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any, Self

from django.conf import settings

LINGER_SECONDS = 2.0


class Line(socket.socket):
    """The deadline holds for all reads together: a byte now and then does not move it."""

    request: Any = None
    """gunicorn's request once its head was read."""
    deadline = 0.0

    @classmethod
    def of(cls, sock: socket.socket) -> Self:
        return cls(fileno=sock.detach())

    def begin(self) -> None:
        """The head of a request comes next."""
        self.request = None
        self.allow(settings.HEAD_TIME.total_seconds())

    def allow(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def hurry(self, seconds: float) -> None:
        self.deadline = min(self.deadline, time.monotonic() + seconds)

    def give_up(self) -> None:
        """Read no more. Where a next request would start is unknown: the answer says so."""
        self.deadline = 0.0
        if self.request is not None:
            self.request.force_close()

    def linger(self) -> None:
        """Before closing: the client may not have read its answer while it still sends."""
        self.hurry(LINGER_SECONDS)
        with contextlib.suppress(OSError):
            self.shutdown(socket.SHUT_WR)
            while self.recv(4096):
                pass
        # gunicorn lingers once more, in the thread that accepts connections: not for long now.
        self.deadline = 0.0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        try:
            self._limit()
            return super().recv(size, flags)
        except TimeoutError:
            self.give_up()
            if self.request is None:
                return b""  # gunicorn closes quietly, as if the client had
            raise
        finally:
            self.settimeout(settings.WRITE_TIME.total_seconds())

    def _limit(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.settimeout(left)
