"""Receivers on this machine, which the operator of the tests allows, and a resolver to script."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from tests.webhooks.receivers import Receiver, hints, receiving


@pytest.fixture
def receiver(loopback_allowed: None) -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def loopback_allowed(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def short_delays(settings: Settings) -> None:
    settings.WEBHOOK_RETRY_DELAYS = [timedelta(minutes=each) for each in (1, 2, 3)]


@pytest.fixture
def _no_hints() -> Iterator[None]:
    hints()
    yield
    hints()


class Names:
    """What the resolver answers: for each look-up of a name the next of its lists."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def __call__(self, host: str, port: int, **rest: Any) -> list[Any]:
        self.asked.append(host)
        if host not in self.answers:
            return list(self._real(host, port, **rest))
        left = self.answers[host]
        found = left.pop(0) if len(left) > 1 else left[0]
        return [self._real(each, port, **rest)[0] for each in found]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver whose own server does not answer."""

    def hang(*_: object, **__: object) -> list[Any]:
        time.sleep(4)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    resolver = Names()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver
