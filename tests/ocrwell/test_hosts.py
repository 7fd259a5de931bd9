"""Separate domains: which host name serves the API, the dashboard, both or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from ocrwell import env
from tests.stage import Person

API, BOARD, OTHER = "api.example.com", "board.example.com", "other.example.com"


def serves(person: Person, host: str) -> set[str]:
    """Which parts answer on a host; whatever does not says so like any unknown route."""
    calls: dict[str, Any] = {
        "api": person.api.post(
            "/v1/uploads", {"filename": "a.pdf"}, "application/json", headers={"host": host}
        ),
        "dashboard": person.api.get("/admin/login/", headers={"host": host}),
        "front": person.api.get("/", headers={"host": host}),
    }
    for answer in calls.values():
        if answer.status_code == 404:
            assert answer.json()["error"]["code"] == "not_found"
            assert answer.json()["request_id"] == answer["X-Request-Id"]
    return {part for part, answer in calls.items() if answer.status_code in (200, 302)}


BOTH, BOARD_ONLY = {"api", "dashboard", "front"}, {"dashboard", "front"}


@pytest.mark.parametrize(
    ("api_hosts", "dashboard_hosts", "expected"),
    [
        ([], [], {API: BOTH, BOARD: BOTH, OTHER: BOTH}),
        ([API], [], {API: {"api"}, BOARD: BOARD_ONLY, OTHER: BOARD_ONLY}),
        ([], [BOARD], {API: {"api"}, BOARD: BOARD_ONLY, OTHER: {"api"}}),
        ([API], [BOARD], {API: {"api"}, BOARD: BOARD_ONLY, OTHER: set()}),
        ([API, OTHER], [BOARD, OTHER], {API: {"api"}, BOARD: BOARD_ONLY, OTHER: BOTH}),
    ],
)
def test_a_host_serves_what_it_is_listed_for(
    alice: Person,
    settings: Settings,
    api_hosts: list[str],
    dashboard_hosts: list[str],
    expected: dict[str, set[str]],
) -> None:
    settings.API_HOSTS, settings.DASHBOARD_HOSTS = api_hosts, dashboard_hosts
    assert {host: serves(alice, host) for host in expected} == expected


@pytest.fixture
def separate(settings: Settings) -> None:
    settings.API_HOSTS, settings.DASHBOARD_HOSTS = [API], [BOARD]


@pytest.mark.usefixtures("separate")
@pytest.mark.parametrize("host", [API.upper(), f"{API}:8443", f"{API}.", "Api.Example.Com:1"])
def test_neither_case_nor_port_make_another_host(alice: Person, host: str) -> None:
    assert serves(alice, host) == {"api"}


@pytest.mark.usefixtures("separate")
@pytest.mark.parametrize("host", [f"x.{API}", f"{API}.evil.example", "example.com", "127.0.0.1"])
def test_what_only_looks_like_a_listed_host_serves_nothing(alice: Person, host: str) -> None:
    assert serves(alice, host) == set()


@pytest.mark.usefixtures("separate")
@pytest.mark.parametrize("host", [API, BOARD, OTHER])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_answered_on_every_host(nobody: Client, host: str, path: str) -> None:
    answer = nobody.get(path, headers={"host": host})
    assert answer.json()["status"] in ("ok", "unavailable")


@pytest.mark.usefixtures("separate")
@pytest.mark.parametrize(("host", "status"), [(API, 200), (BOARD, 200), (OTHER, 404)])
def test_files_come_with_what_needs_them(nobody: Client, host: str, status: int) -> None:
    answer = nobody.get("/static/admin/css/base.css", headers={"host": host})
    assert (answer.status_code, bool(b"".join(answer))) == (status, True)
    answer.close()


@pytest.mark.usefixtures("local_store")
@pytest.mark.usefixtures("separate")
def test_a_file_is_put_where_the_api_is(alice: Person) -> None:
    body = {"filename": "a.pdf"}
    here = {"host": API}
    url = alice.api.post("/v1/uploads", body, "application/json", headers=here).json()["upload_url"]
    assert url.startswith(f"http://{API}/uploads/")
    path = url.partition(API)[2]
    assert (
        alice.api.put(path, b"%PDF", "application/pdf", headers={"host": BOARD}).status_code == 404
    )
    assert alice.api.put(path, b"%PDF", "application/pdf", headers=here).status_code == 200


@pytest.mark.usefixtures("separate")
def test_a_host_that_is_none_is_a_bad_request(nobody: Client) -> None:
    assert nobody.get("/", headers={"host": "a b"}).status_code == 400


@pytest.mark.usefixtures("separate")
def test_a_problem_is_answered_as_everywhere(alice: Person) -> None:
    answer = alice.api.put("/v1/uploads", "{}", headers={"host": API})
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "bad_request")


def test_host_names_are_read_as_they_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCRWELL_TEST_HOSTS", "API.example.com, b.example.com:8443,[::1]:80")
    assert env.hosts("OCRWELL_TEST_HOSTS") == ["api.example.com", "b.example.com", "[::1]"]


@pytest.mark.parametrize("nonsense", ["https://api.example.com", "a b", "*", "api_.example.com/x"])
def test_a_host_name_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, nonsense: str
) -> None:
    monkeypatch.setenv("OCRWELL_TEST_HOSTS", nonsense)
    with pytest.raises(ImproperlyConfigured, match="OCRWELL_TEST_HOSTS must list host names"):
        env.hosts("OCRWELL_TEST_HOSTS")
