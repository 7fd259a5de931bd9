"""A client as its developer would write it: it tries again where the service says so."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import urllib3

from bench.drill.papers import Paper

ENDS = ("completed", "failed")


class NoAnswer(Exception):
    """A call to the API got no answer at all, or one that the contract does not know."""


@dataclass
class Client:
    """One organisation's. ``answers`` counts the answers by call and status."""

    base: str
    key: str
    patience: float = 120.0
    pause: float = 1.0
    answers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        timeout = urllib3.Timeout(connect=5, read=30)
        self._http = urllib3.PoolManager(timeout=timeout, retries=False, maxsize=8)

    def submit(self, paper: Paper) -> str:
        """The id of the paper's job."""
        place = self._insist("POST", "/v1/uploads", {"filename": paper.filename})
        self._put(place["upload_url"], paper.content)
        order = {"upload_id": place["upload_id"], "filename": paper.filename, **paper.order}
        again = {"Idempotency-Key": place["upload_id"]}
        return str(self._insist("POST", "/v1/documents", order, again)["job"]["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        return self._insist("GET", f"/v1/jobs/{job_id}")

    def wait(self, job_id: str, within: float) -> dict[str, Any]:
        """The answer that says how the job ended."""
        deadline = time.monotonic() + within
        while (answer := self.job(job_id))["job"]["status"] not in ENDS:
            if time.monotonic() > deadline:
                raise NoAnswer(f"job {job_id} is {answer['job']['status']} after {within:.0f} s")
            time.sleep(self.pause)
        return answer

    def time(self, paper: Paper, within: float) -> float:
        """Seconds from the submission of a paper to its end."""
        job_id, start = self.submit(paper), time.monotonic()
        fault = paper.fault(self.wait(job_id, within))
        if fault:
            raise NoAnswer(fault)
        return time.monotonic() - start

    def _insist(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Again while it is 503."""
        deadline = time.monotonic() + self.patience
        while True:
            status, content = self._call(method, path, body, headers or {})
            self.answers[f"{method} {path.split('/')[2]} {status}"] += 1
            if status in (200, 202):
                return content
            if status != 503 or time.monotonic() > deadline:
                raise NoAnswer(f"{method} {path}: {status} {content}")
            time.sleep(self.pause)

    def _call(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        sent = None if body is None else json.dumps(body)
        try:
            answer = self._http.request(
                method, self.base + path, body=sent, headers={"X-API-Key": self.key, **headers}
            )
            return answer.status, json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise NoAnswer(f"{method} {path}: {error}") from error

    def _put(self, url: str, content: bytes) -> None:
        """To the store, which may be away for a while: that is no call to the API."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                status = self._http.request("PUT", url, body=content).status
            except urllib3.exceptions.HTTPError:
                status = 503
            self.answers[f"PUT file {status}"] += 1
            if status == 200:
                return
            if status < 500 or time.monotonic() > deadline:
                raise NoAnswer(f"PUT file: {status}")
            time.sleep(self.pause)
