"""Counts the pages of files that nobody has looked at yet, in processes that may die of them.

``python -m engine.counting FILE`` prints the number. ``python -m engine.counting --serve`` answers
over the socket that is its standard input until that is closed: each message brings the seconds
that a file may take, the file, and the pipe that its number is written to. Every file has a process
of its own, a copy of one that has all it needs loaded, and it ends by itself, whatever happens.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from engine import pages
from engine.errors import UnreadableDocument

SECONDS = 5.0
MEMORY = 1 << 30
UNREADABLE = 1

_MESSAGE_BYTES = 32


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0, or 1 when the file could not be read; past its limits a signal ends it."""
    parser = argparse.ArgumentParser(prog="python -m engine.counting", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE")
    what.add_argument("--serve", action="store_true", help="answer over standard input")
    args = parser.parse_args(argv)
    if args.serve:
        serve(socket.socket(fileno=os.dup(sys.stdin.fileno())))
        return 0
    confine(SECONDS)
    try:
        number = count(args.file.read_bytes())
    except (OSError, MemoryError, UnreadableDocument) as fault:
        sys.stderr.write(f"{args.file}: {str(fault) or 'it needs too much memory.'}\n")
        return UNREADABLE
    sys.stdout.write(f"{number}\n")
    return 0


def count(content: bytes) -> int:
    """Raises ``UnreadableDocument`` as reading would."""
    with pages.opened(content) as document:
        return document.page_count


def confine(seconds: float) -> None:
    """Bound what this process may take. The clock is the kernel's: no loop can keep it waiting."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    cpu = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(line: socket.socket) -> None:
    """Count what comes over the line, each file in a copy of this process."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    while True:
        message, descriptors, _, _ = socket.recv_fds(line, _MESSAGE_BYTES, 2)
        if not message:
            return
        if os.fork() == 0:
            line.close()
            _answer(float(message), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _answer(seconds: float, document: int, pipe: int) -> None:
    """Never returns."""
    status = UNREADABLE
    try:
        confine(seconds)
        with open(document, "rb") as file:
            file.seek(0)
            number = count(file.read())
        os.write(pipe, str(number).encode())
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
