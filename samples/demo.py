"""The main job, end to end: a throw-away stack, the samples through its API, their text."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
SAMPLES = {"invoice.pdf": "application/pdf", "receipt.jpg": "image/jpeg"}
READY_WITHIN = 120.0
DONE_WITHIN = 120.0


class DemoFailed(Exception):
    pass


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ocrwell-demo-") as folder:
        port = _free_port()
        environment = os.environ | {"OCRWELL_DATA_DIR": folder, "OCRWELL_PORT": str(port)}
        print(f"Starting a stack of its own on port {port} ...", flush=True)
        with _stack(environment, Path(folder, "serve.log")) as server:
            base = f"http://127.0.0.1:{port}"
            _wait_until_ready(base, server)
            key = _create_org(environment)
            for name, media_type in SAMPLES.items():
                _show(name, *_read(base, key, FOLDER / name, media_type))
    print("\nThat was the demo. `make serve` starts a stack that stays.")


def _read(base: str, key: str, path: Path, media_type: str) -> tuple[dict[str, Any], float]:
    """One document through the native API; returns the finished job's answer and the seconds."""
    start = time.monotonic()
    upload = _call("POST", f"{base}/v1/uploads", key, {"filename": path.name})
    _send("PUT", upload["upload_url"], {"Content-Type": media_type}, path.read_bytes())
    order = {"upload_id": upload["upload_id"], "filename": path.name, "mode": "text"}
    job_id = _call("POST", f"{base}/v1/documents", key, order)["job"]["id"]
    while time.monotonic() - start < DONE_WITHIN:
        answer = _call("GET", f"{base}/v1/jobs/{job_id}", key)
        if answer["job"]["status"] == "completed":
            return answer, time.monotonic() - start
        if answer["job"]["status"] == "failed":
            raise DemoFailed(f"{path.name}: {answer['job']['failure_reason']}")
        time.sleep(0.5)
    raise DemoFailed(f"{path.name} was not read within {DONE_WITHIN:.0f} s")


def _show(name: str, answer: dict[str, Any], seconds: float) -> None:
    pages = answer["result"]["pages"]
    print(f"\n=== samples/{name}: {len(pages)} page(s) in {seconds:.1f} s")
    for page in pages:
        print(f"--- page {page['page']}")
        print(page["text"])


def _call(method: str, url: str, key: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    data = json.dumps(body).encode() if body is not None else None
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    return cast(dict[str, Any], json.loads(_send(method, url, headers, data)))


def _send(method: str, url: str, headers: dict[str, str], data: bytes | None) -> bytes:
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return cast(bytes, response.read())
    except urllib.error.HTTPError as error:
        raise DemoFailed(f"{method} {url}: {error.code} {error.read().decode()}") from error


def _create_org(environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "create_org", "Demo"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()[-1]


@contextmanager
def _stack(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``manage.py serve`` while it is needed; its log is printed if something goes wrong."""
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield server
    except (DemoFailed, subprocess.CalledProcessError):
        print(log.read_text(errors="replace"), file=sys.stderr)
        raise
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _wait_until_ready(base: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            _send("GET", f"{base}/readyz", {}, None)
        except (OSError, DemoFailed):
            time.sleep(0.3)
        else:
            return
    raise DemoFailed("the stack did not become ready")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast(int, probe.getsockname()[1])


if __name__ == "__main__":
    try:
        main()
    except DemoFailed as failure:
        sys.exit(f"The demo failed: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
