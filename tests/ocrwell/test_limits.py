"""The count of calls: in the database here, in a real Redis in ``test-services``."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
import redis
from pytest_django import Settings

from ocrwell.accounts import limits
from ocrwell.accounts.models import Window
from tests import servers, windows
from tests.factories import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.services)])
def counter(request: pytest.FixtureRequest, settings: Settings) -> Iterator[None]:
    """Where uses are counted."""
    settings.REDIS_URL = servers.REDIS_URL if request.param == "redis" else ""
    limits._script.cache_clear()
    windows.end()
    yield
    limits._script.cache_clear()


@pytest.fixture
def in_the_database(settings: Settings) -> None:
    settings.REDIS_URL = ""


@pytest.mark.usefixtures("counter")
def test_a_limit_is_used_up_one_by_one() -> None:
    uses = [limits.count("a", 3) for _ in range(5)]
    assert [use.remaining for use in uses] == [2, 1, 0, 0, 0]
    assert [use.allowed for use in uses] == [True, True, True, False, False]
    assert {use.limit for use in uses} == {3}


@pytest.mark.usefixtures("counter")
def test_a_window_begins_with_its_first_use_and_keeps_its_end() -> None:
    before = int(time.time())
    ends = {limits.count("a", 3).resets_at for _ in range(5)}
    assert len(ends) == 1
    assert before + 60 <= ends.pop() <= before + 62


@pytest.mark.usefixtures("counter")
def test_keys_are_counted_apart() -> None:
    assert limits.count("a", 1).allowed
    assert limits.count("b", 1).allowed
    assert not limits.count("a", 1).allowed


@pytest.mark.usefixtures("counter")
def test_a_window_that_is_over_starts_anew() -> None:
    first = limits.count("a", 1)
    assert not limits.count("a", 1).allowed
    windows.end()
    again = limits.count("a", 1)
    assert again.allowed
    assert again.resets_at >= first.resets_at


@pytest.mark.services
def test_a_line_that_redis_closed_is_opened_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = servers.REDIS_URL
    limits._script.cache_clear()
    with closing(redis.Redis.from_url(servers.REDIS_URL)) as other:
        other.flushdb()
        assert limits.count("a", 9).remaining == 8
        number = urlsplit(servers.REDIS_URL).path.removeprefix("/")
        ours = [each["id"] for each in other.client_list() if each["db"] == number]
        assert sum(other.client_kill_filter(_id=each, skipme=True) for each in ours)
    assert limits.count("a", 9).remaining == 7
    assert "does not count" not in caplog.text
    limits._script.cache_clear()


@pytest.mark.usefixtures("in_the_database")
def test_a_clock_that_went_ahead_and_was_put_right_shuts_nobody_out() -> None:
    limits.count("a", 1)
    Window.objects.update(resets_at=int(time.time()) + 86_400)
    use = limits.count("a", 1)
    assert use.allowed
    assert use.wait_seconds <= 60


@pytest.mark.usefixtures("counter")
def test_of_many_at_once_exactly_the_limit_is_let_through() -> None:
    uses = together(40, lambda: limits.count("a", 25))
    assert sum(use.allowed for use in uses) == 25
    assert sorted(use.remaining for use in uses) == sorted([*range(25), *[0] * 15])


def test_the_database_counts_when_redis_does_not(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits._script.cache_clear()
    assert [limits.count("a", 1).allowed for _ in range(2)] == [True, False]
    assert "Redis does not count" in caplog.text
    limits._script.cache_clear()


def test_a_redis_that_is_silent_is_waited_for_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    limits._script.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        began = time.monotonic()
        assert [limits.count("a", 9).remaining for _ in range(9)] == list(range(8, -1, -1))
        assert time.monotonic() - began < 1.5
    assert caplog.text.count("Redis does not count") == 1
    limits._script.cache_clear()


@pytest.mark.usefixtures("in_the_database")
def test_windows_that_are_long_over_are_forgotten() -> None:
    limits.count("old", 1)
    limits.count("new", 1)
    Window.objects.filter(key="old").update(resets_at=int(time.time()) - 61)
    limits.sweep()
    assert [window.key for window in Window.objects.all()] == ["new"]
