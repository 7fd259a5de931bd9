"""The web process as ``serve`` starts it: streaming is the server's work as much as ours."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from _pytest.nodeid import coerce_node_id
from django.test import override_settings

from ocrwell.management.commands import serve
from tests.factories import stored
from tests.stage import environment

STARTS_WITHIN = 60.0
READ_SECONDS = 3
COMMANDS = """
import io, json, shlex, sys
import django
from django.core.management import call_command
django.setup()
said = []
for command in sys.argv[1:]:
    out = io.StringIO()
    call_command(*shlex.split(command), stdout=out)
    said.append((out.getvalue().splitlines() or [""])[-1])
print(json.dumps(said))
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests with one id only one is run by processes side by side: Schemathesis puts the
    operation into the name of a test but not into its id.
    """
    for item in items:
        if item.parent and not item.nodeid.endswith(item.name):
            item._id = coerce_node_id(f"{item.parent.nodeid}::{item.name}")
    if len({item.nodeid for item in items}) < len(items):
        raise pytest.UsageError("there are tests with the same id")


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


@dataclass(frozen=True)
class Web:
    port: int
    key: str
    store: Path
    log: Path

    def call(
        self, method: str, path: str, body: Any = None, chunked: bool = False, **headers: str
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(line):
            line.request(method, path, body=body, headers=named, encode_chunked=chunked)
            with line.getresponse() as response:
                text = response.read()
                return Answer(response.status, json.loads(text or b"null"))

    def post(self, path: str, body: Any) -> Answer:
        return self.call("POST", path, json.dumps(body), X_API_Key=self.key)

    def place(self, filename: str = "invoice.pdf") -> tuple[str, str]:
        """An upload's id, and the path its file is PUT to."""
        body = self.post("/v1/uploads", {"filename": filename}).body
        return body["upload_id"], body["upload_url"].partition(str(self.port))[2]

    def raw(self, *pieces: bytes) -> bytes:
        """Send these bytes, say that no more will come, and return the whole answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            for piece in pieces:
                line.sendall(piece)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def left(self) -> set[str]:
        return stored(self.store)


@contextlib.contextmanager
def serving(home: Path, **variables: str) -> Iterator[Web]:
    """The web process of a fresh installation, with an organisation. Its store is a folder: what a
    bucket takes does not come this way.
    """
    _, key = manage(home, "migrate", "create_org Acme --rate-limit 1000000", **variables)
    port = free_port()
    with override_settings(HOST="127.0.0.1", PORT=port):
        web = serve.parts()[0]
    log = home / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *web.arguments], env=environment(home, **variables), stderr=file
        )
    try:
        wait_for(port)
        # It listens before it has loaded everything: the first answer takes longer than others.
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            line.request("GET", "/healthz")
            line.getresponse().read()
        yield Web(port, key, home / "store", log)
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="session")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    home = tmp_path_factory.mktemp("web")
    with serving(home, OCRWELL_READ_SECONDS=str(READ_SECONDS)) as web:
        yield web


@pytest.fixture
def web(_web: Web) -> Web:
    """The server, with nothing in its store."""
    for name in _web.left():
        (_web.store / name).unlink()
    return _web


def manage(home: Path, *commands: str, **variables: str) -> list[str]:
    """The last line that each of these commands of ``manage.py`` prints, all in one process."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, *commands],
        env=environment(home, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return list(json.loads(done.stdout))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
