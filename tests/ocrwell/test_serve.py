from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from ocrwell.management import processes
from ocrwell.management.commands import serve
from ocrwell.settings import BASE_DIR
from tests.stage import environment


def test_a_port_that_is_taken_is_refused_with_the_way_out(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.HOST, settings.PORT = taken.getsockname()
        with pytest.raises(CommandError, match=f"{settings.PORT}: .* Set OCRWELL_PORT"):
            call_command("serve")


def test_every_part_is_told_what_the_settings_say(settings: Settings) -> None:
    settings.HOST, settings.PORT, settings.OCR_PROCESSES = "127.0.0.9", 8123, 7
    web, ocr, io, scheduler = (part.arguments for part in serve.parts())
    assert "127.0.0.9:8123" in web
    assert ocr[ocr.index("--concurrency") + 1] == "7"
    assert io[io.index("-Q") + 1] == "io"
    assert "beat" in scheduler


@pytest.mark.slow
def test_a_process_runs_alone_in_the_place_of_its_command(tmp_path: Path) -> None:
    line = [sys.executable, str(BASE_DIR / "manage.py"), "run", "scheduler"]
    with subprocess.Popen(line, env=environment(tmp_path), cwd=tmp_path) as process:
        wanted = [sys.executable, *processes.arguments("scheduler")]
        deadline = time.monotonic() + 60
        while psutil.Process(process.pid).cmdline() != wanted:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.kill()
    # Nothing beside the data folder: containers can write nowhere else.
    assert not list(tmp_path.glob("celery*"))


def test_a_process_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'cron'"):
        call_command("run", "cron")
