"""The queue of files: what is put arrives once, and what lies there besides does no harm."""

from __future__ import annotations

import os
import queue as plain
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocrwell import file_queue, queue
from tests.ocrwell.put import open_queue
from tests.stage import environment

MANY = 2000
GARBAGE = [b"", b"{", b"\xff", b"7", b"null", b"{}", b'{"properties": []}', b"[" * 100_000]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "messages").mkdir()
    file_queue.Transport.global_state.clear()  # it knows the queues of another folder
    return tmp_path


def put(home: Path, count: int) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "tests.ocrwell.put", str(home), str(count)]
    return subprocess.Popen(arguments, env=environment(home))


def left(home: Path) -> set[str]:
    return {file.name for file in (home / "messages").iterdir()}


def taken(home: Path, process: subprocess.Popen[bytes]) -> Iterator[int]:
    """What one reader gets until the queue is empty and nobody writes any more."""
    with open_queue(home) as mine:
        while True:
            ended = process.poll() is not None
            try:
                message = mine.get(timeout=0.2)
            except plain.Empty:
                if ended:
                    return
                continue
            message.ack()
            yield message.payload


def test_every_message_of_another_process_arrives_once(home: Path) -> None:
    putting = put(home, MANY)
    with ThreadPoolExecutor(2) as readers:
        found = list(readers.map(lambda _: list(taken(home, putting)), range(2)))
    assert putting.wait(60) == 0
    assert sorted(number for each in found for number in each) == list(range(MANY))
    assert left(home) == set()


@pytest.mark.parametrize("content", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_message_is_dropped(home: Path, content: bytes) -> None:
    (home / "messages" / "0_first.ocr.msg").write_bytes(content)
    (home / "messages" / "0_folder.ocr.msg").mkdir()
    with open_queue(home) as mine:
        mine.put("work")
        assert mine.get(timeout=20).payload == "work"
    assert left(home) == {"0_folder.ocr.msg"}


def test_a_message_that_is_being_written_is_not_there_yet(home: Path) -> None:
    unfinished = home / "messages" / f"0_first.ocr.msg{file_queue.UNFINISHED}"
    unfinished.touch()
    with open_queue(home) as mine:
        assert mine.qsize() == 0
        with pytest.raises(plain.Empty):
            mine.get(block=False)
        assert mine.clear() == 0
    assert left(home) == {unfinished.name}


def test_what_a_killed_process_left_is_removed_later(home: Path) -> None:
    orphan = home / "messages" / f"0_first.ocr.msg{file_queue.UNFINISHED}"
    orphan.touch()
    long_ago = time.time() - 2 * file_queue.ORPHAN_SECONDS
    os.utime(orphan, (long_ago, long_ago))
    with open_queue(home):
        assert left(home) == set()


def test_processes_that_start_at_the_same_time_find_the_queue(home: Path) -> None:
    starting = [put(home, 1) for _ in range(4)]
    assert [process.wait(60) for process in starting] == [0] * 4
    with open_queue(home) as mine:
        assert [mine.get(timeout=20).payload for _ in starting] == [0] * 4


def test_without_redis_the_messages_are_files(tmp_path: Path) -> None:
    wake = "import ocrwell.wsgi, ocrwell.queue as queue; queue.wake()"
    waked = subprocess.run(
        [sys.executable, "-c", wake],
        env=environment(tmp_path, OCRWELL_REDIS_URL=""),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "the broker does not take messages" not in waked.stderr
    assert "Traceback" not in waked.stderr
    (message,) = (tmp_path / "broker" / "messages").iterdir()
    assert message.name.endswith(".ocr.msg")
    assert queue.app.connection_for_write().transport_cls == "memory"
