from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from ocrwell import queue
from tests.stage import environment

NOTHING_LISTENS = "redis://127.0.0.1:1/0"
WAKE = "import ocrwell.wsgi, ocrwell.queue as queue; queue.wake()"


@pytest.fixture
def dead_broker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = NOTHING_LISTENS
    monkeypatch.setattr(queue.app.conf, "broker_url", NOTHING_LISTENS)


def test_a_message_reaches_the_queue_of_the_ocr_workers(hints: Callable[[], int]) -> None:
    queue.wake()
    queue.wake()
    assert hints() == 2


def test_the_broker_that_needs_no_server_is_always_there() -> None:
    queue.check()


def test_a_broker_that_does_not_answer_says_so(dead_broker: None) -> None:
    with pytest.raises(OSError, match="the broker does not answer"):
        queue.check()


def test_a_hint_that_cannot_be_sent_is_no_error(tmp_path: Path) -> None:
    waked = subprocess.run(
        [sys.executable, "-c", WAKE],
        env=environment(tmp_path, OCRWELL_REDIS_URL=NOTHING_LISTENS),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "the broker does not take messages" in waked.stderr
    assert "Traceback" not in waked.stderr
