"""What all tests share: how many run at the same time, which of them first, and the stage.

The engine's tests need no service: the stage of the others is set where Django is installed.
"""

from __future__ import annotations

import os
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest_plugins = ["tests.stage"] if find_spec("django") else []

LONG = ("slow", "browser", "ocr")
"""The marks of tests that take long, longest first."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: half of the time the tests wait for processes."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long tests first: one that starts last would leave the other cores idle."""
    ranks: defaultdict[Path, int] = defaultdict(lambda: len(LONG))
    for item in items:
        for rank, name in enumerate(LONG):
            if item.get_closest_marker(name):
                ranks[item.path] = min(ranks[item.path], rank)
    items.sort(key=lambda item: ranks[item.path])
