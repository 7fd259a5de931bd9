"""A port that leads to a server for as long as nobody cuts it."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread
from typing import Self


class Wire:
    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self._server = (host, port)
        self._ends: list[socket.socket] = []

    def __enter__(self) -> Self:
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def mend(self) -> None:
        self.cut()
        Thread(target=self._lead, args=(self._listen(),), daemon=True).start()

    def cut(self) -> None:
        """Nobody listens any more, and what was connected is not."""
        while self._ends:
            end = self._ends.pop()
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def silence(self) -> None:
        """Whoever connects waits for an answer without end."""
        self.cut()
        self._listen()

    def _listen(self) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._ends.append(listener)
        return listener

    def _lead(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._server)
                self._ends += (near, far)
                for source, sink in ((near, far), (far, near)):
                    Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            sink.sendall(content)
        sink.shutdown(socket.SHUT_WR)
