"""serve: web, OCR worker and scheduler on this machine until a signal; what dies is restarted."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ocrwell.management import processes

READY_WITHIN = 120.0
GRACE_SECONDS = 15.0
RESTART_PAUSE = 1.0
PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """One process of the stack, in a process group of its own."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = field(default=None)
    restart_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            start_new_session=True,
            env=processes.environment(),
            preexec_fn=_follow_parent,  # safe: this process has no threads
        )

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Everything in its process group, so that no child outlives it."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _follow_parent() -> None:
    """Ask Linux to stop this process when its parent dies, even by SIGKILL."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def parts() -> list[Part]:
    return [Part(name, processes.arguments(name)) for name in processes.NAMES]


class Command(BaseCommand):
    help = "Run web, worker and scheduler on this machine until a signal."

    def handle(self, *args: Any, **options: Any) -> None:
        _check_port()
        call_command("prepare")
        self.stopped = False
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        running = parts()
        try:
            for part in running:
                part.start()
            self._announce(running)
            while not self.stopped:
                self._revive(running)
                time.sleep(0.2)
        finally:
            self.stdout.write("Stopping: jobs at work are kept for the next start.")
            _shut_down(running)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped = True

    def _revive(self, running: list[Part]) -> None:
        now = time.monotonic()
        for part in running:
            if part.running:
                continue
            if part.restart_at == 0.0:
                self.stderr.write(f"The {part.name} process ended; starting it again.")
                part.kill()
                part.restart_at = now + RESTART_PAUSE
            elif now >= part.restart_at:
                part.restart_at = 0.0
                part.start()

    def _announce(self, running: list[Part]) -> None:
        """Say when the stack can work, or what keeps it."""
        deadline, url = time.monotonic() + READY_WITHIN, _url()
        reason = "nothing answers"
        while not self.stopped and time.monotonic() < deadline:
            self._revive(running)
            ready, reason = _ready(url)
            if ready:
                self.stdout.write(f"ocrwell is ready at {url} (stop with Ctrl-C)")
                return
            time.sleep(0.2)
        if not self.stopped:
            self.stderr.write(f"Still not ready after {READY_WITHIN:.0f} s: {reason}")


def _url() -> str:
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::") else settings.HOST  # noqa: S104
    return f"http://{host}:{settings.PORT}"


def _check_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"cannot listen on {settings.HOST}:{settings.PORT}: {error.strerror}. "
                "Set OCRWELL_PORT (or OCRWELL_HOST) to something else."
            ) from error


def _ready(url: str) -> tuple[bool, str]:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310
            return True, ""
    except urllib.error.HTTPError as error:
        return False, str(json.load(error).get("checks"))
    except OSError as error:
        return False, str(error)


def _shut_down(running: list[Part]) -> None:
    """Ask, wait, then kill whatever is left of each process group."""
    for part in running:
        if part.running and part.process:
            part.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    while any(p.running for p in running) and time.monotonic() < deadline:
        time.sleep(0.05)
    for part in running:
        part.kill()
