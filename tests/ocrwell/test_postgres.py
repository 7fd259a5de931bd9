"""Whether a connection to PostgreSQL still stands, seen without asking the server."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import dj_database_url
import pytest
from django.db import connections

from ocrwell.postgres.base import DatabaseWrapper

pytestmark = [pytest.mark.services, pytest.mark.django_db]

URL = os.environ.get(  # noqa: TID251
    "OCRWELL_TEST_DATABASE_URL", "postgresql://ocrwell:ocrwell@127.0.0.1:5490/ocrwell"
)


def connect() -> Any:
    settings = connections["default"].settings_dict | {"OPTIONS": {}} | dj_database_url.parse(URL)
    connection = DatabaseWrapper(settings)
    connection.connect()
    return connection


def ask(line: Any, question: str, *values: object) -> Any:
    with line.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


@pytest.fixture
def line() -> Iterator[Any]:
    with closing(connect()) as connection:
        yield connection


@pytest.fixture
def other() -> Iterator[Any]:
    with closing(connect()) as connection:
        yield connection


def stop(line: Any, other: Any) -> None:
    """The server ends a connection, as it does when it stops."""
    inside = line.connection
    assert ask(other, "SELECT pg_terminate_backend(%s)", inside.info.backend_pid)
    assert select.select([inside], [], [], 10)[0]


def test_a_connection_that_stands_is_usable_and_not_asked(line: Any, other: Any) -> None:
    ask(line, "SELECT 'something'")
    assert line.is_usable()
    last = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert ask(other, last, line.connection.info.backend_pid) == "SELECT 'something'"


def test_a_connection_that_the_server_ended_is_not(line: Any, other: Any) -> None:
    stop(line, other)
    assert not line.is_usable()


def test_the_next_query_is_asked_over_a_fresh_one(line: Any, other: Any) -> None:
    first = line.connection
    stop(line, other)
    line.health_check_enabled, line.health_check_done = True, False
    assert ask(line, "SELECT 1") == 1
    assert line.connection is not first


def test_after_an_error_the_server_is_asked(line: Any, other: Any) -> None:
    line.errors_occurred = True
    assert line.is_usable()
    stop(line, other)
    assert not line.is_usable()


def test_what_is_closed_is_not_usable(line: Any) -> None:
    line.connection.close()
    assert not line.is_usable()
    line.connection = None
    assert not line.is_usable()
