"""How many pages a document has, found out beside this process: a stranger's file can do harm to
the process that opens it.

One process waits there with all it needs loaded and gives each file to a copy of itself, which ends
by itself when its time is over (see ``engine.counting``). It ends with this one.
"""

from __future__ import annotations

import atexit
import os
import select
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import IO

from engine import formats

SECONDS = 5.0
"""That counting may take."""

PATIENCE = 5.0
"""Seconds more, in which the process that counts may have to start."""

ANSWER_BYTES = 8

_SEVERAL = frozenset((formats.PDF, formats.TIFF))


def pages(content: bytes | Path, seconds: float = SECONDS) -> int | None:
    """The number of pages, or None where they cannot be counted: the document is damaged, protected
    by a password, or too much work.
    """
    with _file(content) as file:
        found = formats.sniff(file.read(formats.HEAD_BYTES))
        if found is None:
            return None
        return _counted(file, seconds) if found in _SEVERAL else 1


def close() -> None:
    """End the process that counts; the next call starts another."""
    _counter.close()


def _file(content: bytes | Path) -> IO[bytes]:
    if isinstance(content, Path):
        return content.open("rb")
    file = os.fdopen(os.memfd_create("document"), "w+b")  # documents are kept off the disk
    file.write(content)
    file.seek(0)
    return file


def _counted(file: IO[bytes], seconds: float) -> int | None:
    answer, theirs = os.pipe()
    with closing(os.fdopen(answer, "rb", buffering=0)) as pipe:
        try:
            _counter.send(seconds, file.fileno(), theirs)
        finally:
            os.close(theirs)  # the other end closes with the process that counts
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        if not poll.poll(1000 * (seconds + PATIENCE)):
            close()  # it hangs itself
            return None
        said = pipe.read(ANSWER_BYTES)
    return int(said) if said and said.isdigit() else None


class _Counter:
    """The process that counts, and the line to it, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def send(self, seconds: float, *descriptors: int) -> None:
        message = [str(seconds).encode()]
        with self._lock:
            try:
                socket.send_fds(self._opened(), message, descriptors)
            except OSError:  # it has died
                self._end()
                socket.send_fds(self._opened(), message, descriptors)

    def close(self) -> None:
        with self._lock:
            self._end()

    def _opened(self) -> socket.socket:
        if self._line is None:
            self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._line.settimeout(PATIENCE)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "engine.counting", "--serve"],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    # None of our secrets; and threads would be lost in the copies.
                    env={"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
                    start_new_session=True,
                )
        return self._line

    def _end(self) -> None:
        if self._line:
            self._line.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


def _start_anew() -> None:
    global _counter
    _counter = _Counter()


_counter = _Counter()
# A fork of this process has the line, but not the lock's owner, and the child is its sibling.
os.register_at_fork(after_in_child=_start_anew)
atexit.register(close)
