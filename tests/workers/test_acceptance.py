"""The whole stack as an operator starts it, used over HTTP, and hurt."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from tests.api.conftest import free_port, manage, wait_for
from tests.engine import drawn
from tests.factories import stored
from tests.stage import environment

pytestmark = [pytest.mark.slow, pytest.mark.ocr]

LINES = ["Invoice number INV-4821", "Harwood Networks Limited", "Total due 7582.44"]
SCAN_PAGES = 8  # enough that a signal never meets the last one
SCAN = drawn.make_scanned_pdf(pages=[LINES] * SCAN_PAGES)
LOST_WITHIN = 60.0
Orphan = tuple[str, float]


@dataclass
class Stack:
    home: Path
    key: str = ""
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        env = environment(self.home, OCRWELL_PORT=str(self.port), OCRWELL_OCR_PROCESSES="1")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], env=env, stdout=log, stderr=log
            )
        until(lambda: "ocrwell is ready" in self.log.read_text(), 60)

    def stop(self) -> list[psutil.Process]:
        """Ask it to stop; what is left of its processes then."""
        family = self.family()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return psutil.wait_procs(family, timeout=5)[1]

    @property
    def log(self) -> Path:
        return self.home / "log"

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def ocr_process(self) -> psutil.Process:
        """The one that reads; its parent only hands out work."""
        with_parents = [(each, each.parent()) for each in self.family()]
        return next(each for each, parent in with_parents if parent and names_ocr(parent))

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        content = body if isinstance(body, bytes | None) else json.dumps(body)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            line.request(method, path, content, {"X-API-Key": self.key})
            with line.getresponse() as response:
                return response.status, json.loads(response.read() or b"null")

    def submit(self, filename: str, content: bytes) -> tuple[int, Any]:
        _, place = self.call("POST", "/v1/uploads", {"filename": filename})
        self.call("PUT", urlsplit(place["upload_url"]).path, content)
        body = {"upload_id": place["upload_id"], "filename": filename, "mode": "text"}
        return self.call("POST", "/v1/documents", body)

    def accept(self, filename: str, content: bytes) -> str:
        status, body = self.submit(filename, content)
        assert status == 202, body
        return str(body["job"]["id"])

    def job(self, job_id: str) -> Any:
        return self.call("GET", f"/v1/jobs/{job_id}")[1]

    def status(self, job_id: str) -> str:
        return str(self.job(job_id)["job"]["status"])

    def ended(self, job_id: str, within: float) -> Any:
        until(lambda: self.status(job_id) in ("completed", "failed"), within)
        return self.job(job_id)

    def row(self, job_id: str) -> tuple[int, int]:
        """How often the job was tried, and how many workers it cost."""
        query = "SELECT attempt, losses FROM jobs_job WHERE id = ?"
        with closing(sqlite3.connect(self.home / "ocrwell.sqlite3")) as database:
            found = database.execute(query, [job_id.replace("-", "")]).fetchone()
        return int(found[0]), int(found[1])


def names_ocr(process: psutil.Process) -> bool:
    return "ocr@%h" in process.cmdline()


def is_web(process: psutil.Process) -> bool:
    return "gunicorn" in process.cmdline()


def until(true: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("stack"))
    try:
        running.start()
        running.key = manage(running.home, "create_org", "Acme").splitlines()[-1]
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        print(running.log.read_text())  # noqa: T201  shown when a test fails


@pytest.fixture(scope="module")
def orphan(stack: Stack) -> Orphan:
    """A job whose worker was killed in its middle, and when."""
    job_id = stack.accept("scan.pdf", SCAN)
    until(lambda: stack.status(job_id) == "processing", 10)
    stack.ocr_process().kill()
    return job_id, time.monotonic()


def test_a_job_whose_worker_was_killed_stays_at_work(stack: Stack, orphan: Orphan) -> None:
    assert stack.status(orphan[0]) == "processing"


@pytest.mark.parametrize(
    ("filename", "content"),
    [("invoice.pdf", drawn.make_pdf(pages=[LINES])), ("scan.png", drawn.make_image(LINES))],
)
def test_a_good_document_becomes_its_text(stack: Stack, filename: str, content: bytes) -> None:
    found = stack.ended(stack.accept(filename, content), 20)
    assert found["job"]["status"] == "completed"
    text = found["result"]["pages"][0]["text"]
    assert "INV-4821" in text
    assert "7582.44" in text


@pytest.mark.parametrize(
    ("filename", "content", "reason"),
    [
        ("locked.pdf", drawn.make_encrypted_pdf(), "protected by a password"),
        ("broken.pdf", drawn.make_broken_pdf(), "damaged"),
        ("cut.png", drawn.make_image(LINES)[:999], "could not be read"),
    ],
)
def test_a_bad_document_becomes_a_failed_job_with_a_reason(
    stack: Stack, filename: str, content: bytes, reason: str
) -> None:
    job = stack.ended(stack.accept(filename, content), 20)["job"]
    assert job["status"] == "failed"
    assert reason in job["failure_reason"]


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("mislabelled.pdf", drawn.make_image(LINES, "JPEG"), "unsupported_format"),
        ("unsupported.pdf", b"PK\x03\x04 an office document", "unsupported_format"),
        ("empty.pdf", b"", "validation_error"),
    ],
)
def test_a_file_that_is_none_is_refused(
    stack: Stack, filename: str, content: bytes, code: str
) -> None:
    status, body = stack.submit(filename, content)
    assert (status, body["error"]["code"]) == (400, code)


def test_a_web_process_that_died_is_started_again(stack: Stack) -> None:
    (web,) = (each for each in stack.family() if each.ppid() == stack.process.pid and is_web(each))
    web.kill()
    web.wait(5)
    until(lambda: any(map(is_web, stack.family())), 10)
    wait_for(stack.port)
    assert stack.call("GET", "/healthz") == (200, {"status": "ok"})


def test_a_job_survives_the_death_of_its_worker_and_is_done_once(
    stack: Stack, orphan: Orphan
) -> None:
    job_id, killed = orphan
    found = stack.ended(job_id, killed + LOST_WITHIN - time.monotonic())
    assert found["job"]["status"] == "completed"
    assert found["job"]["page_count"] == len(found["result"]["pages"]) == SCAN_PAGES
    assert all("INV-4821" in page["text"] for page in found["result"]["pages"])
    assert stack.row(job_id) == (2, 1)
    assert stored(stack.home / "store" / "jobs" / job_id) == {"2/result.json"}


def test_stopping_leaves_no_process_and_starting_again_finishes_the_work(stack: Stack) -> None:
    at_work = stack.accept("scan.pdf", SCAN)
    waiting = stack.accept("image.png", drawn.make_image(LINES))
    until(lambda: stack.status(at_work) == "processing", 10)
    assert len(stack.family()) >= 4
    assert stack.stop() == []
    stack.start()
    assert stack.ended(waiting, 30)["job"]["status"] == "completed"
    assert stack.ended(at_work, 30)["job"]["status"] == "completed"
    assert stack.row(at_work) == (2, 0)


def test_nothing_but_results_is_left_behind(stack: Stack) -> None:
    left = {Path(name).name for name in stored(stack.home / "store")}
    assert left == {"result.json"}


def test_killed_outright_it_leaves_no_process_either(stack: Stack) -> None:
    family = stack.family()
    os.kill(stack.process.pid, signal.SIGKILL)
    stack.process.wait(5)
    assert psutil.wait_procs(family, timeout=20)[1] == []
