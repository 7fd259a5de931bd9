"""What a submission costs the web process: milliseconds at the median, over loopback HTTP."""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

from bench.corpora import ROOT

RUNS = 200
WARM_UP = 20
STARTS_WITHIN = 30.0
# The server of ``make serve`` without its workers: OCR is timed elsewhere.
WORKER = ("--worker-class", "ocrwell.server.Worker", "--threads", "16")
WEB = ("-m", "gunicorn", "ocrwell.wsgi", *WORKER)
SCHEMA = {"invoice_number": "", "total": 0, "line_items": [{"description": "", "amount": 0}]}


def milliseconds(mode: str) -> float:
    """The median time from a request to its 202 in this mode, idempotency key included."""
    with tempfile.TemporaryDirectory(prefix="ocrwell-bench-") as folder, _web(folder) as line:
        environment = os.environ | {"OCRWELL_DATA_DIR": folder}
        key = _manage(environment, "create_org", "Bench", "--rate-limit", "1000000")
        headers = {"X-API-Key": key.splitlines()[-1]}
        times = [_submit(line, headers, mode, number) for number in range(WARM_UP + RUNS)]
    return statistics.median(times[WARM_UP:]) * 1000


def _submit(
    line: http.client.HTTPConnection, headers: dict[str, str], mode: str, number: int
) -> float:
    document = ROOT / "samples" / "invoice.pdf"
    place = _call(line, "POST", "/v1/uploads", {"filename": document.name}, headers)
    _call(line, "PUT", urlsplit(place["upload_url"]).path, document.read_bytes(), {})
    body = {"upload_id": place["upload_id"], "filename": document.name, "mode": mode}
    start = time.perf_counter()
    keyed = headers | {"Idempotency-Key": f"bench-{number}"}
    _call(line, "POST", "/v1/documents", body | {"schema": SCHEMA}, keyed)
    return time.perf_counter() - start


def _call(
    line: http.client.HTTPConnection, method: str, path: str, body: Any, headers: dict[str, str]
) -> dict[str, Any]:
    line.request(method, path, body if isinstance(body, bytes) else json.dumps(body), headers)
    with line.getresponse() as response:
        text = response.read()
        if response.status not in (200, 202):
            raise RuntimeError(f"{method} {path}: {response.status} {text.decode()}")
    return cast(dict[str, Any], json.loads(text or b"{}"))


@contextmanager
def _web(folder: str) -> Iterator[http.client.HTTPConnection]:
    environment = os.environ | {"OCRWELL_DATA_DIR": folder}
    _manage(environment, "migrate")
    port = free_port()
    bind = ("--bind", f"127.0.0.1:{port}", "--keep-alive", "60", "--log-level", "error")
    server = subprocess.Popen(
        [sys.executable, *WEB, *bind], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
            yield line
    finally:
        server.terminate()
        server.wait(30)


def _manage(environment: dict[str, str], *command: str) -> str:
    arguments = [sys.executable, "manage.py", *command]
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast(int, probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
