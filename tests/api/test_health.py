from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from ocrwell import queue
from ocrwell.jobs import presence
from ocrwell.jobs.models import WorkerProcess
from ocrwell.storage import LocalStore


def checks(api: Client) -> tuple[int, dict[str, str]]:
    answer = api.get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_a_web_process_that_answers_is_healthy_without_a_key(nobody: Client) -> None:
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_is_when_everything_works(nobody: Client) -> None:
    presence.report("worker")
    answer = nobody.get("/readyz")
    assert answer.status_code == 200
    parts = ("database", "store", "broker", "worker")
    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(parts, "ok")}


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
    nobody: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence.report("worker")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(queue.app.conf, "broker_url", settings.REDIS_URL)
    status, found = checks(nobody)
    assert status == 503
    assert found.pop("broker") == "the broker does not answer"
    assert set(found.values()) == {"ok"}


def test_not_ready_without_its_tables(nobody: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {WorkerProcess._meta.db_table} RENAME TO elsewhere")
    status, found = checks(nobody)
    assert status == 503
    assert WorkerProcess._meta.db_table in found["worker"]
