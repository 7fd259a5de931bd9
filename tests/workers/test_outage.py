"""What is done while a server is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from pytest_django import Settings

from workers import outage
from workers.outage import Outage, endure, tolerated
from workers.process import stopping


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(outage, "TRY_EVERY", 0.01)
    yield
    stopping.value = False


class Server:
    """Answers after it was away for so many calls."""

    def __init__(self, away: int, problem: type[Exception] = OSError) -> None:
        self.away, self.problem, self.calls = away, problem, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.away:
            raise self.problem("away")
        return "here"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("problem", [OSError, ConnectionError, OperationalError])
def test_the_call_is_made_again_until_the_server_is_back(problem: type[Exception]) -> None:
    server = Server(3, problem)
    assert endure(server) == "here"
    assert server.calls == 4


def test_patience_ends(settings: Settings) -> None:
    settings.OUTAGE_PATIENCE = timedelta(seconds=0.05)
    server = Server(10_000)
    with pytest.raises(Outage):
        endure(server)
    assert 1 < server.calls < 100


def test_a_worker_that_must_stop_does_not_wait() -> None:
    stopping.value = True
    server = Server(1)
    with pytest.raises(Outage):
        endure(server)
    assert server.calls == 1


def test_a_mistake_of_ours_is_no_outage() -> None:
    server = Server(1, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        endure(server)


def test_what_is_done_again_anyway_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with tolerated():
        Server(1)()
    assert [record.getMessage() for record in caplog.records] == ["a server is away: away"]
    assert caplog.records[0].exc_info is None
