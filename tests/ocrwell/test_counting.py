"""How many pages a document has, told to the web process by another."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ocrwell.jobs import counting
from tests.engine import drawn

ONE, THREE = drawn.make_pdf(), drawn.make_pdf(pages=[["a"], ["b"], ["c"]])


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    yield
    counting.close()
    assert not counters()


def counters() -> list[psutil.Process]:
    """Without their copies, of which one may be on its way out."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if counts(child) and not counts(child.parent())]


def counts(process: psutil.Process | None) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process is not None and "engine.counting" in process.cmdline()
    return False


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def two_frames() -> bytes:
    frame = drawn.draw(["a"])
    return drawn.encoded(frame, "TIFF", save_all=True, append_images=[frame])


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (THREE, 3),
        (b"junk\n" + ONE, 1),
        (drawn.make_encrypted_pdf(owner_only=True), 1),
        (two_frames(), 2),
        *((drawn.make_image(format=name), 1) for name in ("PNG", "JPEG", "WebP", "BMP", "TIFF")),
        (drawn.make_encrypted_pdf(), None),
        (drawn.make_broken_pdf(), None),
        (b"II*\0" + b"\xff" * 100, None),
        (b"MZ", None),
        (b"", None),
    ],
)
def test_every_format_is_counted_and_nothing_else(
    content: bytes, number: int | None, tmp_path: Path
) -> None:
    (tmp_path / "document").write_bytes(content)
    assert counting.pages(content) == number
    assert counting.pages(tmp_path / "document") == number


def test_pictures_of_one_page_need_no_process() -> None:
    assert counting.pages(drawn.make_image(format="JPEG")) == 1
    assert not counters()


def test_a_document_of_too_many_pages_is_not_counted() -> None:
    pdf = drawn.make_document([["a"]])
    for _ in range(1000):
        pdf.new_page()
    assert counting.pages(pdf.tobytes()) is None


def bomb() -> bytes:
    """A PDF of some KB whose cross-references unpack to a quarter of a gigabyte."""
    packed = zlib.compress(zlib.compress(bytes(2**28), 1), 9)
    head = b"%PDF-1.5\n"
    entries = b"/Type /XRef /Size 1300000 /W [1 4 200] /Root 1 0 R"
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    stream = b"1 0 obj <<%b %b /Length %d>> stream\n" % (entries, filters, len(packed))
    return head + stream + packed + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % len(head)


def test_a_file_that_unpacks_to_gigabytes_ends_only_who_opened_it() -> None:
    assert counting.pages(bomb()) is None
    assert counting.pages(THREE) == 3


def slow() -> bytes:
    """A PDF that must be searched for its objects, all of it."""
    return ONE.replace(b"startxref", b"") + b"%d 0 obj <</A (b)>> endobj\n" * 600_000


def test_who_takes_too_long_is_ended() -> None:
    assert counting.pages(slow(), seconds=0.02) is None
    (counter,) = counters()
    wait_until(lambda: not counter.children())
    assert counting.pages(THREE) == 3


def test_a_counter_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counting.pages(THREE) == 3
    (counter,) = counters()
    counter.suspend()
    monkeypatch.setattr(counting, "PATIENCE", 0.2)
    assert counting.pages(THREE, seconds=0.1) is None
    monkeypatch.undo()
    assert counting.pages(THREE) == 3
    assert counter not in counters()


def test_a_counter_that_died_is_replaced() -> None:
    assert counting.pages(THREE) == 3
    (counter,) = counters()
    counter.kill()
    wait_until(lambda: counter.status() == psutil.STATUS_ZOMBIE)
    assert counting.pages(THREE) == 3


def test_eight_threads_get_each_their_own_number() -> None:
    documents = {n: drawn.make_pdf(pages=[["x"]] * n) for n in range(1, 9)}
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(counting.pages, [*documents.values()] * 10)
        assert list(found) == [*documents] * 10
    assert len(counters()) == 1


def test_nothing_is_left_open() -> None:
    counting.pages(THREE)
    before = psutil.Process().num_fds()
    for content in (THREE, drawn.make_broken_pdf(), drawn.make_image(), b"MZ"):
        counting.pages(content)
    assert psutil.Process().num_fds() == before
    (counter,) = counters()
    wait_until(lambda: not counter.children())


def test_a_process_that_forks_shares_no_counter_with_its_child() -> None:
    code = (
        "import os, sys; from ocrwell.jobs import counting\n"
        "document = sys.stdin.buffer.read()\n"
        "assert counting.pages(document) == 3\n"
        "child = os.fork()\n"
        "if not child: os._exit(counting.pages(document))\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3\n"
        "assert counting.pages(document) == 3"
    )
    subprocess.run([sys.executable, "-c", code], input=THREE, check=True)


def test_the_counter_ends_with_whom_it_counted_for() -> None:
    code = (
        "import sys, time; from ocrwell.jobs import counting\n"
        "assert counting.pages(sys.stdin.buffer.read()) == 3\n"
        "print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run:
        assert run.stdin
        assert run.stdout
        run.stdin.write(THREE)
        run.stdin.close()
        assert run.stdout.readline() == b"\n"
        (counter,) = counters()
        run.send_signal(signal.SIGKILL)
        run.wait()
    wait_until(lambda: not counter.is_running())


def test_the_counter_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCRWELL_SECRET_KEY", "of this process alone")
    counting.pages(THREE)
    (counter,) = counters()
    assert set(counter.environ()) <= {"PYTHONPATH", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}
