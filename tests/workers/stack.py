"""A whole stack as an operator starts it, for tests that use it over HTTP."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests import servers
from tests.api.conftest import free_port, manage
from tests.inside import Inside
from tests.stage import environment

# The tests poll without a pause.
ORG = "create_org Acme --rate-limit 1000000"


@contextmanager
def running(home: Path, *commands: str, **settings: str) -> Iterator[Stack]:
    """A stack that is ready, with an organisation, after these commands of ``manage.py``; its log
    is printed if a test fails.
    """
    stack = Stack(home, settings | servers.new_bucket())
    try:
        stack.start()
        stack.key, *stack.said = manage(home, ORG, *commands, **stack.settings)
        yield stack
    finally:
        if stack.process.poll() is None:
            stack.stop()
        print(stack.log.read_text())  # noqa: T201


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def error(self) -> str:
        """Status and code, in one."""
        return f"{self.status} {self.body['error']['code']}"


@dataclass
class Stack:
    home: Path
    settings: Mapping[str, str]
    key: str = ""
    said: list[str] = field(default_factory=list)
    """The last line of each command that ``running`` was given."""
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        ours = {"OCRWELL_PORT": str(self.port), "OCRWELL_OCR_PROCESSES": "1"}
        env = environment(self.home, **ours, **self.settings)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], env=env, stdout=log, stderr=log
            )
        until(lambda: "ocrwell is ready" in self.log.read_text(), 120)

    def stop(self) -> list[psutil.Process]:
        """Ask it to stop; what is left of its processes then."""
        family = self.family()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return psutil.wait_procs(family, timeout=20)[1]

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def inside(self) -> Inside:
        return Inside(self.home, servers.variables(self.home) | dict(self.settings))

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def ocr_process(self) -> psutil.Process:
        """The one that reads; its parent only hands out work."""
        with_parents = [(each, each.parent()) for each in self.family()]
        return next(each for each, parent in with_parents if parent and names_ocr(parent))

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """With the organisation's key, unless other headers are given."""
        content = body if isinstance(body, bytes | str | None) else json.dumps(body)
        sent = {"X-API-Key": self.key} if headers is None else headers
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, content, dict(sent))
            with line.getresponse() as response:
                text = response.read()
                return Answer(response.status, dict(response.headers), json.loads(text or b"null"))

    def put(self, url: str, content: bytes, media_type: str = "") -> Answer:
        """A file to its upload URL, which is the service's own or a bucket's."""
        where = urlsplit(url)
        headers = {"Content-Type": media_type} if media_type else {}
        with closing(http.client.HTTPConnection(where.netloc, timeout=60)) as line:
            line.request("PUT", f"{where.path}?{where.query}", content, headers)
            with line.getresponse() as response:
                text = response.read()
                ours = response.headers["Content-Type"] == "application/json"
                body = json.loads(text) if ours else None
                return Answer(response.status, dict(response.headers), body)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = self.ask(method, path, body)
        return answer.status, answer.body

    def submit(self, filename: str, content: bytes, **fields: Any) -> tuple[int, Any]:
        _, place = self.call("POST", "/v1/uploads", {"filename": filename})
        self.put(place["upload_url"], content)
        body = {"upload_id": place["upload_id"], "filename": filename, "mode": "text"} | fields
        return self.call("POST", "/v1/documents", body)

    def accept(self, filename: str, content: bytes, **fields: Any) -> str:
        status, body = self.submit(filename, content, **fields)
        assert status == 202, body
        return str(body["job"]["id"])

    def job(self, job_id: str) -> Any:
        return self.call("GET", f"/v1/jobs/{job_id}")[1]

    def status(self, job_id: str) -> str:
        return str(self.job(job_id)["job"]["status"])

    def ended(self, job_id: str, within: float) -> Any:
        until(lambda: self.status(job_id) in ("completed", "failed"), within)
        return self.job(job_id)

    def result_key(self, job_id: str) -> str:
        """It names the first page and the attempt of the batch that was read last."""
        query = "SELECT result_key FROM jobs_job WHERE id = %s"
        ((key,),) = self.inside.rows(query, job_id.replace("-", ""))
        return str(key)


def names_ocr(process: psutil.Process) -> bool:
    return "ocr@%h" in process.cmdline()


def is_web(process: psutil.Process) -> bool:
    return "gunicorn" in process.cmdline()


def until(true: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} seconds"
        time.sleep(0.1)
