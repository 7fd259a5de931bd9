"""The services of Compose, started by hand: with its commands, its settings and its health checks,
behind its proxy, on the servers of ``make services``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import servers
from tests.api.conftest import free_port
from tests.deploy import proxy
from tests.deploy.proxy import HOST, Proxy
from tests.deploy.test_compose import ROOT, SERVICES, seconds, variables
from tests.stage import environment

pytestmark = [pytest.mark.services, pytest.mark.slow, proxy.needed]
RUN = ("web", "ocr", "io", "scheduler")
READY_WITHIN = 120
RECEIPT = (ROOT / "samples" / "receipt.jpg").read_bytes()


@dataclass(frozen=True)
class Installation:
    home: Path
    port: int
    bucket: str

    def variables(self, name: str) -> dict[str, str]:
        """What Compose gives a service, with what has another name or place here."""
        given = variables(SERVICES[name])
        inherited = environment(self.home).items()
        others = {key: value for key, value in inherited if not key.startswith("OCRWELL_")}
        own = {"OCRWELL_PORT": str(self.port), "OCRWELL_S3_BUCKET": self.bucket}
        return others | {key: self._here(value) for key, value in given.items()} | own

    def _here(self, value: str) -> str:
        for theirs, ours in (
            (r"/run/secrets", str(self.home)),
            (r"/var/lib/ocrwell", str(self.home / "data")),
            (r"http://minio:9000", servers.S3_ENDPOINT),
            (r"\$\{PUBLIC_HOST.*\}", HOST),
            (r"172\.31\.250\.2", "127.0.0.1"),
            (r"\$\{\w+:-(\w*)\}", r"\1"),
        ):
            value = re.sub(theirs, ours, value)
        return value

    def start(self, name: str, *command: str, **to: Any) -> subprocess.Popen[str]:
        line = [sys.executable, str(ROOT / "manage.py"), *command]
        return subprocess.Popen(line, env=self.variables(name), cwd=self.home, text=True, **to)

    def healthy(self, name: str) -> bool:
        _, program, *arguments = SERVICES[name]["healthcheck"]["test"]
        assert program == "python"
        line = [sys.executable, *(each.replace(":8000/", f":{self.port}/") for each in arguments)]
        ran = subprocess.run(
            line, env=self.variables(name), cwd=ROOT, capture_output=True, check=False
        )
        return ran.returncode == 0


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    given, bucket = servers.variables(tmp_path), servers.new_bucket()
    secrets = {
        "secret_key": "anything",
        "database_url": given["OCRWELL_DATABASE_URL"],
        "redis_url": given["OCRWELL_REDIS_URL"],
        "s3_access_key": servers.S3_KEYS[0],
        "s3_secret_key": servers.S3_KEYS[1],
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(value)
    return Installation(tmp_path, free_port(), bucket["OCRWELL_S3_BUCKET"])


def test_a_receipt_goes_all_the_way(installation: Installation) -> None:
    key = prepared(installation)
    with ExitStack() as stack:
        for name in RUN:
            stack.enter_context(running(installation, name))
        door = stack.enter_context(behind_proxy(installation))
        until(lambda: door.ask("GET", "/readyz").status == 200, READY_WITHIN)
        assert installation.healthy("web")
        assert installation.healthy("ocr")
        place = post(door, key, "/v1/uploads", filename="receipt.jpg")
        assert place["upload_url"].startswith(f"https://{HOST}/{installation.bucket}/uploads/")
        assert door.ask("PUT", place["upload_url"], RECEIPT).status == 200
        asked = {"filename": "receipt.jpg", "mode": "text", "upload_id": place["upload_id"]}
        job = post(door, key, "/v1/documents", **asked)["job"]

        def read() -> Any:
            return door.ask("GET", f"/v1/jobs/{job['id']}", X_API_Key=key).body

        until(lambda: read()["job"]["status"] == "completed", READY_WITHIN)
        assert "R-20418" in read()["result"]["pages"][0]["text"]
    assert not installation.healthy("web")
    # One that is ended before it could say goodbye is believed to live until its lease is over.
    until(lambda: not installation.healthy("ocr"), READY_WITHIN)
    # The data folder is all that they write to, and nothing there has to last: processes that sign
    # nothing make up a key.
    assert {each.name for each in installation.home.iterdir()} == {
        *("data", "nginx", "secret_key", "database_url", "redis_url"),
        *("s3_access_key", "s3_secret_key"),
    }
    assert list((installation.home / "data").glob("*")) == [installation.home / "data/secret_key"]


def prepared(installation: Installation) -> str:
    """The key of an organisation, after two machines that started at the same time."""
    for each in [installation.start("prepare", "prepare") for _ in range(2)]:
        assert each.wait(READY_WITHIN) == 0
    made = installation.start("web", "create_org", "Acme", stdout=subprocess.PIPE)
    return made.communicate(timeout=READY_WITHIN)[0].split()[-1]


@contextmanager
def running(installation: Installation, name: str) -> Iterator[None]:
    """One service until the end of the block; it stops in the time that Compose gives it."""
    process = installation.start(name, *SERVICES[name]["command"])
    try:
        yield
        assert process.poll() is None
        process.terminate()
        process.wait(seconds(SERVICES[name].get("stop_grace_period", "10s")))
    finally:
        process.kill()
        process.wait()


@contextmanager
def behind_proxy(installation: Installation) -> Iterator[Proxy]:
    home = installation.home / "nginx"
    home.mkdir()
    web, store = f"127.0.0.1:{installation.port}", urlsplit(servers.S3_ENDPOINT).netloc
    with proxy.started(home, WEB=web, STORE=store, BUCKET=installation.bucket) as door:
        yield door


def post(door: Proxy, key: str, path: str, **fields: str) -> Any:
    answer = door.ask("POST", path, json.dumps(fields).encode(), X_API_Key=key)
    assert answer.status in (200, 202), answer.content
    return answer.body


def until(met: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.2)
