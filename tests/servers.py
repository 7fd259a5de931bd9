"""The servers of the real stack: where they listen, and what each installation gets of them.

The tests run on a database file, a folder and messages in files, or, where OCRWELL_TEST_STACK is
``real``, on the servers that ``make services`` starts.
"""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from minio import Minio
from minio.deleteobjects import DeleteObject
from psycopg import sql

_given = os.environ  # noqa: TID251
REAL = _given.get("OCRWELL_TEST_STACK") == "real"
DATABASE_URL = _given.get(
    "OCRWELL_TEST_DATABASE_URL", "postgresql://ocrwell:ocrwell@127.0.0.1:5490/ocrwell"
)
S3_ENDPOINT = _given.get("OCRWELL_TEST_S3_ENDPOINT", "http://127.0.0.1:9490")
S3_KEYS = ("ocrwell", "ocrwell-secret")


def _redis_url(number: int) -> str:
    given = _given.get("OCRWELL_TEST_REDIS_URL", "redis://127.0.0.1:6390/0")
    return urlsplit(given)._replace(path=f"/{number}").geturl()


# Processes that run tests side by side have eight of Redis' databases each: the first is their
# own, their installations take turns with the others.
_NUMBERS = 8
_FIRST = _NUMBERS * int(_given.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = _redis_url(_FIRST)

_databases: list[str] = []
_buckets: list[str] = []


def away() -> list[str]:
    """The addresses where no server answers."""
    given = (DATABASE_URL, REDIS_URL, S3_ENDPOINT)
    listed = [urlsplit(url).netloc.rpartition("@")[2] for url in given]
    return [address for address in listed if not _listens(address)]


@cache
def variables(data_dir: Path) -> dict[str, str]:
    """The settings of the installation in this folder: on the real stack it has a fresh database
    and empty queues.
    """
    if not REAL:
        return {"OCRWELL_DATABASE_URL": "", "OCRWELL_REDIS_URL": ""}
    database = new_database()
    queues = _redis_url(_FIRST + 1 + len(_databases) % (_NUMBERS - 1))
    empty(queues)
    return {"OCRWELL_DATABASE_URL": database, "OCRWELL_REDIS_URL": queues}


def new_database() -> str:
    """The URL of an empty one."""
    _databases.append(f"ocrwell_{secrets.token_hex(8)}")
    _execute("CREATE DATABASE {}", _databases[-1])
    return urlsplit(DATABASE_URL)._replace(path=f"/{_databases[-1]}").geturl()


def new_bucket() -> dict[str, str]:
    """The settings of a store of its own, where that is a bucket."""
    if not REAL:
        return {}
    _buckets.append(f"ocrwell-{secrets.token_hex(8)}")
    return {
        "OCRWELL_S3_ENDPOINT": S3_ENDPOINT,
        "OCRWELL_S3_ACCESS_KEY": S3_KEYS[0],
        "OCRWELL_S3_SECRET_KEY": S3_KEYS[1],
        "OCRWELL_S3_BUCKET": _buckets[-1],
    }


def clear() -> None:
    """Remove all databases and buckets that were made."""
    while _databases:
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", _databases.pop())
    while _buckets:
        _remove(_buckets.pop())


def empty(redis_url: str) -> None:
    _redis(redis_url).flushdb()


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url)


def minio() -> Minio:
    address = urlsplit(S3_ENDPOINT)
    return Minio(address.netloc, *S3_KEYS, secure=address.scheme == "https")


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        return False
    return True


def _execute(statement: str, database: str) -> None:
    with psycopg.connect(DATABASE_URL, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(database)))


def _remove(name: str) -> None:
    client = minio()
    if not client.bucket_exists(name):
        return
    found = client.list_objects(name, recursive=True)
    list(client.remove_objects(name, (DeleteObject(each.object_name) for each in found)))
    client.remove_bucket(name)
