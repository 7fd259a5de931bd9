"""Lines of the log: one object a line, with the ids, and with nothing that is nobody's business."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from ocrwell import env, logs, request_id
from ocrwell.management.commands import serve
from tests.api.conftest import free_port, manage, wait_for
from tests.stage import environment

SECRET = "sk_live_0123456789abcdef"
BROKEN = b"GET /uploads/%b HTTP/1.1\r\nHost: a\r\n%b\r\n\r\n"
ALIKE = {"timestamp", "level", "logger", "message"}
STRAY = """
import ocrwell.wsgi
from ocrwell.queue import app
app.send_task("workers.tasks.none", queue="io")
"""


@pytest.fixture
def line() -> Callable[..., Any]:
    """What the formatter makes of a record."""

    def made(text: str = "said %s", *args: object, error: Any = None, **extra: object) -> Any:
        exc_info = (type(error), error, error.__traceback__) if error else None
        record = logging.LogRecord("here", logging.INFO, "x.py", 1, text, args, exc_info)
        vars(record).update(extra)
        logs.Context().filter(record)
        said = logs.Json().format(record)
        assert "\n" not in said
        return json.loads(said)

    return made


def test_a_line_is_one_object_with_the_time_in_utc(line: Callable[..., Any]) -> None:
    found = line("said %s", "this")
    when = datetime.fromisoformat(found.pop("timestamp"))
    assert when.utcoffset() == timedelta(0)
    assert found == {"level": "INFO", "logger": "here", "message": "said this"}


def test_an_exception_is_part_of_its_line(line: Callable[..., Any]) -> None:
    found = line("it failed", error=ValueError("no\nsuch thing"))
    assert found["message"] == "it failed"
    assert "ValueError: no\nsuch thing" in found["exception"]


def test_what_libraries_attach_stays_here(line: Callable[..., Any]) -> None:
    found = line("said", request={"X-API-Key": SECRET}, data={"args": [SECRET]}, status_code=400)
    assert set(found) == ALIKE


def test_a_line_about_a_job_names_it_and_the_request_that_submitted_it(
    line: Callable[..., Any],
) -> None:
    with request_id.working_on(request_id="r", job_id="j"):
        found = line("said")
        with request_id.working_on(request_id="", job_id="k"):
            assert {"request_id", "job_id"} & set(line("said")) == {"job_id"}
        assert (request_id.current(), request_id.job()) == ("r", "j")
    assert (found["request_id"], found["job_id"]) == ("r", "j")
    assert (request_id.current(), request_id.job()) == ("-", "-")


def test_a_job_is_of_one_thread_only() -> None:
    seen = list[str]()
    with request_id.working_on(request_id="r", job_id="j"):
        thread = threading.Thread(target=lambda: seen.append(request_id.job()))
        thread.start()
        thread.join()
    assert seen == ["-"]


def test_a_format_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.choice("OCRWELL_TEST_CHOICE", "line", "json") == "line"
    monkeypatch.setenv("OCRWELL_TEST_CHOICE", "json")
    assert env.choice("OCRWELL_TEST_CHOICE", "line", "json") == "json"
    monkeypatch.setenv("OCRWELL_TEST_CHOICE", "xml")
    with pytest.raises(ImproperlyConfigured, match="OCRWELL_TEST_CHOICE must be line or json"):
        env.choice("OCRWELL_TEST_CHOICE", "line", "json")


@contextmanager
def running(number: int, home: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A part of the stack as ``serve`` starts it, and the file of its log."""
    with override_settings(HOST="127.0.0.1", PORT=port):
        part = serve.parts()[number]
    log = home / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *part.arguments],
            env=environment(home, OCRWELL_LOG_FORMAT="json"),
            stdout=file,
            stderr=file,
        )
    try:
        yield process, log
    finally:
        process.terminate()
        process.wait(30)


def lines(log: Path) -> list[Any]:
    """All lines, each of which must be one object of the same shape."""
    found = [json.loads(each) for each in log.read_text().splitlines()]
    assert all(set(each) >= ALIKE for each in found)
    return found


def await_line(log: Path, logger: str, words: str = "") -> Any:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for each in lines(log):
            if each["logger"] == logger and words in each["message"]:
                return each
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


@pytest.mark.slow
def test_every_line_of_the_web_process_looks_alike(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    port = free_port()
    with running(0, tmp_path, port) as (process, log):
        wait_for(port)
        for header in (f"X-API-Key {SECRET}", f"X-API-Key: {SECRET}\0", f"({SECRET}): x"):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
                client.sendall(BROKEN % (SECRET.encode(), header.encode()))
                assert b"400" in client.recv(4096)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            client.sendall(BROKEN % (SECRET.encode(), b"Connection: close"))
            assert b"405" in client.recv(4096)
        assert await_line(log, "ocrwell.request_id")["request_id"]
        (worker,) = psutil.Process(process.pid).children()
        worker.kill()
        await_line(log, "gunicorn.error", "SIGKILL")
    assert {each["logger"] for each in lines(log)} == {"gunicorn.error", "ocrwell.request_id"}
    assert log.read_text().count("Invalid HTTP") == 3
    assert SECRET not in log.read_text()


@pytest.mark.slow
def test_every_line_of_a_celery_worker_looks_alike(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    with running(2, tmp_path, free_port()) as (_, log):
        subprocess.run([sys.executable, "-c", STRAY], env=environment(tmp_path), check=True)
        found = await_line(log, "celery.worker.consumer.consumer")
    assert found["level"] == "ERROR"
    assert "KeyError" in found["exception"]
