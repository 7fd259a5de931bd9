"""The stage of the service's tests: a database, a store, a broker, and the cast.

Alice's organisation owns things, Bob is her colleague with a key of his own, Charlie is a stranger.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import django
import pytest
from kombu.transport.virtual import Channel
from pytest_django import Settings

from tests import servers

# The folder of settings that are read at import; what tests write lies in their own tmp_path.
HOME = tempfile.TemporaryDirectory(prefix="ocrwell-tests-")
os.environ |= {  # noqa: TID251
    "DJANGO_SETTINGS_MODULE": "ocrwell.settings",
    "OCRWELL_DATA_DIR": HOME.name,
    "OCRWELL_DATABASE_URL": servers.DATABASE_URL if servers.REAL else "",
    "OCRWELL_REDIS_URL": "",
}
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from ocrwell import queue, storage  # noqa: E402
from ocrwell.accounts import keys  # noqa: E402
from ocrwell.accounts.models import Org  # noqa: E402
from ocrwell.storage import LocalStore, Store  # noqa: E402
from tests.factories import make_org  # noqa: E402

# Not from the environment: pytest-django may have read that of the process that started this one.
settings.REDIS_URL = servers.REDIS_URL if servers.REAL else ""
# Read by Celery when it first needs it. No message leaves this process.
settings.CELERY_BROKER_URL = "memory://"
# Passwords that cost little.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def environment(data_dir: Path, **over: str) -> dict[str, str]:
    """For a process of its own: an installation in this folder."""
    inherited = os.environ  # noqa: TID251
    ours = {"OCRWELL_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    return inherited | ours | servers.variables(data_dir) | over


def pytest_unconfigure() -> None:
    servers.clear()
    HOME.cleanup()


def pytest_configure() -> None:
    if servers.REAL and (away := servers.away()):
        raise pytest.UsageError(f"no answer from {', '.join(away)}: make services starts them")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file instead of memory: threads and processes share it as they do in service."""
    file = tmp_path_factory.mktemp("database") / "test.sqlite3"
    name = f"ocrwell_{secrets.token_hex(8)}" if servers.REAL else str(file)
    connections["default"].settings_dict["TEST"]["NAME"] = name


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    """Every test's client has a WhiteNoise of its own, which looks at each file as it starts."""
    middleware: Any = import_string("whitenoise.middleware.WhiteNoiseMiddleware")
    find, found = middleware.add_files_from_finders, dict[str, Any]()

    def copy(self: Any) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "add_files_from_finders", copy)
        yield


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """In Redis; what the database counted is rolled back."""
    if servers.REAL:
        servers.empty(servers.REDIS_URL)


@pytest.fixture
def local_store(settings: Settings, tmp_path: Path) -> Iterator[LocalStore]:
    settings.S3_ENDPOINT = ""
    settings.STORE_DIR = tmp_path / "store"
    storage.store.cache_clear()
    yield LocalStore(settings.STORE_DIR)
    storage.store.cache_clear()


@pytest.fixture
def s3_store(settings: Settings) -> Iterator[Store]:
    """A bucket of this process's own in a real MinIO. Tests that use it are marked ``services``."""
    settings.S3_ENDPOINT = settings.S3_PUBLIC_ENDPOINT = servers.S3_ENDPOINT
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = servers.S3_KEYS
    settings.S3_BUCKET = bucket = f"ocrwell-test-{os.getpid()}"
    storage.store.cache_clear()
    found = storage.store()
    found.prepare()
    yield found
    _empty(found)
    cast(Any, found)._client.remove_bucket(bucket)
    storage.store.cache_clear()


def objects(store: Store) -> set[str]:
    """The keys of everything in it, whatever kind of store it is."""
    return set(store.older(timezone.now() + timedelta(days=1)))


def _empty(store: Store) -> None:
    for key in objects(store):
        store.delete(key)


@pytest.fixture(scope="session")
def _bucket() -> None:
    """The one of the real stack."""
    if servers.REAL:
        for name, value in servers.new_bucket().items():
            setattr(settings, name.removeprefix("OCRWELL_"), value)
        settings.S3_PUBLIC_ENDPOINT = settings.S3_ENDPOINT
        storage.store.cache_clear()
        storage.store().prepare()


@pytest.fixture
def store(request: pytest.FixtureRequest, _bucket: None) -> Iterator[Store]:
    """Of the kind that belongs to the stack, unless the test asks for ``local_store`` first."""
    if not servers.REAL:
        request.getfixturevalue("local_store")
    found = storage.store()
    yield found
    if not isinstance(found, LocalStore):
        _empty(found)


@pytest.fixture
def hints() -> Iterator[Callable[[], int]]:
    """How many messages to the OCR workers were sent since the last look."""

    def count() -> int:
        with queue.app.connection_for_read() as connection:
            purge = cast(Channel, connection.default_channel).queue_purge
            return purge("ocr") or 0

    count()
    yield count
    count()


@dataclass(frozen=True)
class Person:
    org: Org
    key: str
    api: Client


@pytest.fixture
def alice(db: None, store: Store) -> Person:
    return _person(make_org(name="Alice's organisation"))


@pytest.fixture
def bob(alice: Person) -> Person:
    return _person(alice.org)


@pytest.fixture
def charlie(db: None, store: Store) -> Person:
    return _person(make_org(name="Charlie's organisation"))


@pytest.fixture
def nobody(db: None, store: Store) -> Client:
    """A client without a key."""
    return Client(raise_request_exception=False)


def _person(org: Org) -> Person:
    _, key = keys.issue(org=org, name="test")
    return Person(org, key, Client(raise_request_exception=False, headers={"X-API-Key": key}))
