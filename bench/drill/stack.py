"""An installation on the real servers that ``make services`` starts, empty and of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis
from minio import Minio

from bench.corpora import ROOT
from bench.drill.client import Client
from bench.submit import free_port

DATABASE = "postgresql://ocrwell:ocrwell@127.0.0.1:5490"
REDIS = "redis://127.0.0.1:6390/15"
STORE, STORE_KEY, STORE_SECRET = "127.0.0.1:9490", "ocrwell", "ocrwell-secret"
READY_WITHIN = 120.0
MAKE_ORGS = """
import sys, django
django.setup()
from ocrwell.accounts import keys
from ocrwell.accounts.models import Org
from ocrwell.webhooks import endpoints
for name in sys.argv[2:]:
    org = Org.objects.create(name=name, rate_limit=1_000_000)
    if sys.argv[1]:
        endpoints.put(org=org, url=sys.argv[1])
    print(keys.issue(org=org, name="drill")[1])
"""


@dataclass
class Stack:
    """``name`` is that of its database and its bucket."""

    name: str
    home: Path
    port: int
    variables: Mapping[str, str]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home / "log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.variables,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + READY_WITHIN
        while not self._ready():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"the stack does not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def clients(self, *names: str, webhook: str = "") -> list[Client]:
        """Of a new organisation each, which are told at that URL."""
        keys = self.python(MAKE_ORGS, webhook, *names).split()
        return [Client(self.base, key) for key in keys]

    def python(self, code: str, *arguments: str) -> str:
        """What a piece of code says that runs in this installation."""
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            env={**self.variables, "DJANGO_SETTINGS_MODULE": "ocrwell.settings"},
            stdout=subprocess.PIPE,
            text=True,
            timeout=120,
            check=True,
        ).stdout

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(f"{DATABASE}/{self.name}") as connection:
            return connection.execute(query).fetchall()

    def objects(self) -> list[str]:
        found = _store().list_objects(self.name, recursive=True)
        return [each.object_name or "" for each in found]

    def processes(self) -> list[psutil.Process]:
        """All of it but the one that starts the others."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def readers(self) -> list[psutil.Process]:
        """The processes that read documents."""
        return [each for each in self.processes() if _is_worker(each.parent(), "ocr@%h")]

    def workers(self) -> list[psutil.Process]:
        """The processes that hand out work, of both classes."""
        found = psutil.Process(self.process.pid).children()
        return [each for each in found if _is_worker(each, "ocr@%h") or _is_worker(each, "io@%h")]

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/readyz", timeout=5):  # noqa: S310
                return True
        except OSError:
            return False


@contextmanager
def installed(name: str, **over: str) -> Iterator[Stack]:
    """A stack that is ready; afterwards nothing of it is left."""
    name = f"drill-{name}-{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="ocrwell-drill-") as home:
        port = free_port()
        stack = Stack(name, Path(home), port, _environment(name, home, port) | over)
        redis.Redis.from_url(REDIS).flushdb()
        _maintain(f'CREATE DATABASE "{name}"')
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()
            _maintain(f'DROP DATABASE "{name}" WITH (FORCE)')
            _drop_bucket(name)


def flush_redis() -> None:
    redis.Redis.from_url(REDIS).flushall()


def servers(*what: str) -> None:
    """``stop``, ``start`` or ``restart``, and the name of a server."""
    subprocess.run(["bin/services", *what], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def _environment(name: str, home: str, port: int) -> dict[str, str]:
    return os.environ | {
        "OCRWELL_DATA_DIR": home,
        "OCRWELL_PORT": str(port),
        "OCRWELL_DATABASE_URL": f"{DATABASE}/{name}",
        "OCRWELL_REDIS_URL": REDIS,
        "OCRWELL_S3_ENDPOINT": f"http://{STORE}",
        "OCRWELL_S3_ACCESS_KEY": STORE_KEY,
        "OCRWELL_S3_SECRET_KEY": STORE_SECRET,
        "OCRWELL_S3_BUCKET": name,
        "OCRWELL_WEBHOOK_ALLOW": "127.0.0.0/8",
        "OCRWELL_WEBHOOK_RETRY_DELAYS": "2,5,10",
        "PYTHONUNBUFFERED": "1",
    }


def _maintain(statement: str) -> None:
    with psycopg.connect(f"{DATABASE}/ocrwell", autocommit=True) as connection:
        connection.execute(statement)


def _store() -> Minio:
    return Minio(STORE, access_key=STORE_KEY, secret_key=STORE_SECRET, secure=False)


def _drop_bucket(name: str) -> None:
    store = _store()
    if store.bucket_exists(name):
        for each in store.list_objects(name, recursive=True):
            store.remove_object(name, each.object_name or "")
        store.remove_bucket(name)


def _is_worker(process: psutil.Process | None, node: str) -> bool:
    try:
        return process is not None and node in process.cmdline()
    except psutil.Error:
        return False
