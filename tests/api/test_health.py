from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from ocrwell import queue
from ocrwell.api import health
from ocrwell.api.health import Check
from ocrwell.jobs import presence
from ocrwell.jobs.models import WorkerProcess
from ocrwell.storage import LocalStore

# Looks are taken from other threads, which see what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

PROBES = ("/healthz", "/readyz", "/metrics")


def checks(api: Client) -> tuple[int, dict[str, str]]:
    answer = api.get("/readyz")
    return answer.status_code, answer.json()["checks"]


@pytest.fixture(params=["refuses", "is silent"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """One behind which no server is, or one that takes connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "is silent":
            server.listen(16)
        yield server.getsockname()[1]


def test_a_web_process_that_answers_is_healthy_without_a_key(nobody: Client) -> None:
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_is_when_everything_works(nobody: Client) -> None:
    presence.report("worker")
    answer = nobody.get("/readyz")
    assert answer.status_code == 200
    parts = ("database", "store", "broker", "worker")
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(parts, "ok")}


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "elsewhere.example", "a_b"])
def test_probes_are_answered_whatever_host_is_asked(
    nobody: Client, settings: Settings, path: str, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["ocr.example.com"]
    assert nobody.get(path, headers={"host": host}).status_code in (200, 503)
    assert nobody.get("/v1/jobs/1", headers={"host": host}).status_code == 400


def test_not_ready_without_a_worker(nobody: Client) -> None:
    status, found = checks(nobody)
    assert status == 503
    assert "no OCR worker is alive" in found.pop("worker")
    assert set(found.values()) == {"ok"}


def test_not_ready_without_a_store(nobody: Client, local_store: LocalStore) -> None:
    presence.report("worker")
    local_store.root.parent.mkdir(exist_ok=True)
    local_store.root.write_bytes(b"a file where the folder should be")
    status, found = checks(nobody)
    assert status == 503
    assert found.pop("store") != "ok"
    assert set(found.values()) == {"ok"}


def test_not_ready_without_a_broker(
    nobody: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    presence.report("worker")
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setattr(queue.app.conf, "broker_url", settings.REDIS_URL)
    began = time.monotonic()
    status, found = checks(nobody)
    assert time.monotonic() - began < 3
    assert status == 503
    assert found.pop("broker") in ("the broker does not answer", health.SILENT)
    assert set(found.values()) == {"ok"}


def test_not_ready_without_a_database(
    nobody: Client, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    postgres: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": port,
        "OPTIONS": {"connect_timeout": 4},
    }
    monkeypatch.setitem(connections.settings, "default", connection.settings_dict | postgres)
    began = time.monotonic()
    status, found = checks(nobody)
    assert time.monotonic() - began < 3
    assert status == 503
    assert "ok" not in (found.pop("database"), found.pop("worker"))
    assert set(found.values()) == {"ok"}
    assert nobody.get("/healthz").status_code == 200


def test_not_ready_without_its_tables(nobody: Client) -> None:
    table = WorkerProcess._meta.db_table
    rename = "ALTER TABLE {} RENAME TO {}"
    with connection.cursor() as cursor:
        cursor.execute(rename.format(table, "elsewhere"))
        try:
            status, found = checks(nobody)
        finally:
            cursor.execute(rename.format("elsewhere", table))
    assert status == 503
    assert table in found["worker"]


def test_of_what_is_stuck_nobody_asks_twice() -> None:
    asked, free = list[None](), threading.Event()

    def look() -> None:
        asked.append(None)
        free.wait(10)

    check = Check(look)
    first = check.start()
    assert check.start() is first
    assert health._outcome(first, time.monotonic() + 0.05) == health.SILENT
    free.set()
    assert health._outcome(first, time.monotonic() + 10) == "ok"
    assert health._outcome(check.start(), time.monotonic() + 10) == "ok"
    assert len(asked) == 2
