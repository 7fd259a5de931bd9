"""The whole stack as an operator starts it, used over HTTP, and hurt."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.api.conftest import wait_for
from tests.engine import drawn
from tests.workers.stack import Stack, is_web, running, until

pytestmark = [pytest.mark.slow, pytest.mark.ocr]

LINES = ["Invoice number INV-4821", "Harwood Networks Limited", "Total due 7582.44"]
SCAN_PAGES = 4  # enough that a signal never meets the last one
SCAN = drawn.make_scanned_pdf(pages=[LINES] * SCAN_PAGES)
LOST_WITHIN = 60.0
READ_WITHIN = 120.0  # it may have to wait until the lost job is read again
Orphan = tuple[str, float]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as ready:
        yield ready


@pytest.fixture(scope="module")
def orphan(stack: Stack) -> Orphan:
    """A job whose worker was killed in its middle, and when."""
    job_id = stack.accept("scan.pdf", SCAN)
    until(lambda: stack.status(job_id) == "processing", 60)
    stack.ocr_process().kill()
    return job_id, time.monotonic()


def test_a_job_whose_worker_was_killed_stays_at_work(stack: Stack, orphan: Orphan) -> None:
    assert stack.status(orphan[0]) == "processing"


@pytest.mark.parametrize(
    ("filename", "content"),
    [("invoice.pdf", drawn.make_pdf(pages=[LINES])), ("scan.png", drawn.make_image(LINES))],
)
def test_a_good_document_becomes_its_text(stack: Stack, filename: str, content: bytes) -> None:
    found = stack.ended(stack.accept(filename, content), READ_WITHIN)
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
    job = stack.ended(stack.accept(filename, content), READ_WITHIN)["job"]
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
    web.wait(30)
    until(lambda: any(map(is_web, stack.family())), 60)
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
    assert stack.result_key(job_id) == f"jobs/{job_id}/1-2/result.json"
    # A job counts as ended just before its source and its pages are deleted.
    until(lambda: stack.inside.names(f"jobs/{job_id}/") == {stack.result_key(job_id)}, 60)


def test_stopping_leaves_no_process_and_starting_again_finishes_the_work(stack: Stack) -> None:
    at_work = stack.accept("scan.pdf", SCAN)
    waiting = stack.accept("image.png", drawn.make_image(LINES))
    until(lambda: stack.status(at_work) == "processing", 60)
    assert len(stack.family()) >= 4
    assert stack.stop() == []
    stack.start()
    assert stack.ended(waiting, READ_WITHIN)["job"]["status"] == "completed"
    assert stack.ended(at_work, READ_WITHIN)["job"]["status"] == "completed"
    assert re.fullmatch(rf"jobs/{at_work}/[234]-1/result.json", stack.result_key(at_work))


def test_nothing_but_results_is_left_behind(stack: Stack) -> None:
    until(lambda: {Path(name).name for name in stack.inside.names()} == {"result.json"}, 60)


def test_killed_outright_it_leaves_no_process_either(stack: Stack) -> None:
    family = stack.family()
    os.kill(stack.process.pid, signal.SIGKILL)
    stack.process.wait(30)
    assert psutil.wait_procs(family, timeout=20)[1] == []
