"""What callers see of a PostgreSQL that is away, silent or busy, or closes its connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from tests import servers
from tests.api.conftest import Answer, Web, serving
from tests.factories import PDF
from tests.wire import Wire
from tests.workers.stack import until

pytestmark = [pytest.mark.services, pytest.mark.slow]

CONNECT_SECONDS, STATEMENT_SECONDS = 3, 2
OPTIONS = urlencode({"options": f"-c statement_timeout={STATEMENT_SECONDS}s"})
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
BLOCKED = f"{OTHERS} AND wait_event_type = 'Lock'"


@dataclass(frozen=True)
class Served:
    web: Web
    wire: Wire
    database: str
    """The URL of its database, past the wire."""

    def upload(self) -> Answer:
        return self.web.post("/v1/uploads", {"filename": "a.pdf"})

    def submit(self) -> Answer:
        upload_id, path = self.web.place("a.pdf")
        self.web.call("PUT", path, PDF)
        body = {"upload_id": upload_id, "filename": "a.pdf", "mode": "text"}
        return self.web.post("/v1/documents", body)

    def database_check(self) -> str:
        return str(self.web.call("GET", "/readyz").body["checks"]["database"])

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database, autocommit=True) as other:
            return other.execute(statement.encode()).fetchall()

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        with psycopg.connect(self.database) as other:
            other.execute(f"LOCK TABLE {table}".encode())
            yield


@pytest.fixture(scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    database = servers.new_database()
    given = urlsplit(database)
    assert given.hostname
    assert given.port
    with Wire(given.hostname, given.port) as wire:
        here = given.netloc.replace(f":{given.port}", f":{wire.port}")
        url = given._replace(netloc=here, query=OPTIONS).geturl()
        home = tmp_path_factory.mktemp("postgres")
        with serving(home, OCRWELL_DATABASE_URL=url) as web:
            yield Served(web, wire, database)


@pytest.fixture
def served(_served: Served) -> Iterator[Served]:
    """A web process, its connections to PostgreSQL, and what can happen to them."""
    yield _served
    _served.wire.mend()


def refusal(answer: Answer) -> str:
    code = "" if answer.status < 400 else answer.body["error"]["code"]
    return f"{answer.status} {code}".strip()


def test_connections_that_were_closed_between_two_calls_are_made_anew(served: Served) -> None:
    for _ in range(3):
        assert served.upload().status == 200
        assert served.rows(f"SELECT pg_terminate_backend(pid) {OTHERS}")
    assert served.upload().status == 200
    assert served.database_check() == "ok"


@pytest.mark.parametrize(
    ("call", "table"),
    [(Served.upload, "jobs_upload"), (Served.submit, "jobs_job")],
    ids=["alone", "in a transaction"],
)
def test_a_connection_that_is_closed_in_the_middle_is_a_503(
    served: Served, call: Callable[[Served], Answer], table: str
) -> None:
    with served.locked(table), ThreadPoolExecutor(1) as thread:
        answer = thread.submit(call, served)
        until(lambda: bool(served.rows(f"SELECT pid {BLOCKED}")), STATEMENT_SECONDS)
        served.rows(f"SELECT pg_terminate_backend(pid) {BLOCKED}")
        assert refusal(answer.result()) == "503 service_unavailable"
    assert call(served).status < 300


def test_a_statement_that_takes_too_long_is_a_503(served: Served) -> None:
    with served.locked("jobs_upload"):
        since = time.monotonic()
        assert refusal(served.upload()) == "503 service_unavailable"
        assert STATEMENT_SECONDS <= time.monotonic() - since < STATEMENT_SECONDS + 3
    assert served.upload().status == 200


@pytest.mark.parametrize("harm", [Wire.cut, Wire.silence], ids=["away", "silent"])
def test_without_its_server_every_call_is_a_503_within_seconds(
    served: Served, harm: Callable[[Wire], None]
) -> None:
    assert served.upload().status == 200
    harm(served.wire)
    since = time.monotonic()
    assert refusal(served.upload()) == "503 service_unavailable"
    assert time.monotonic() - since < CONNECT_SECONDS + 2
    assert served.database_check() != "ok"
    assert served.web.call("GET", "/healthz").status == 200
    served.wire.mend()
    assert served.upload().status == 200
    assert served.database_check() == "ok"
