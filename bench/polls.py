"""How many polls of jobs one web process on one core answers, and how fast: ``GET /v1/jobs/{id}``.

Calls are due at a fixed rate, and time counts from when a call was due: a server that falls
behind is not waited for, so its queue shows. Another core makes the calls. Database, queue and
store are those that the settings name; let the database be one of its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil

from bench.corpora import ROOT
from bench.submit import free_port, wait_for

# More than the server has threads: of several that poll, some always wait.
LINES = 32
WARM_UP_SECONDS = 3.0
SHARES = {"waiting": 7, "completed": 2, "failed": 1}
"""Of ten polls in the mix; most find a job that is not done yet."""


@dataclass
class Run:
    """The calls of one row of the table: milliseconds of each, and what went wrong."""

    name: str
    took: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    web_cpu: float = 0.0
    own_cpu: float = 0.0

    def row(self) -> str:
        times = sorted(self.took) or [math.nan]
        at = [times[math.ceil(len(times) * share) - 1] for share in (0.5, 0.95, 0.99, 1)]
        shown = "".join(f"{each:8.1f}" for each in at)
        calls = len(self.took)
        return (
            f"{self.name:10}{calls:8}{calls / self.seconds:8.0f}{self.wrong.total():8}{shown}"
            f"{self.web_cpu / self.seconds:8.0%}{self.web_cpu * 1000 / max(1, calls):10.2f}"
            f"{self.own_cpu / self.seconds:8.0%}"
        )


HEAD = (
    f"{'jobs':10}{'calls':>8}{'per s':>8}{'errors':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}"
    f"{'max ms':>8}{'web':>8}{'ms a call':>10}{'caller':>8}"
)


def main(argv: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(argv)
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory(prefix="ocrwell-bench-") as folder:
        port = free_port()
        environment = os.environ | {"OCRWELL_DATA_DIR": folder, "OCRWELL_PORT": str(port)}
        stage = _stage(environment)
        with _on(max(cores)), _web(stage["web"], environment, min(cores)) as server:
            wait_for(port)
            _poll(Run("warm-up"), _calls(stage, SHARES, port), port, args.rate, WARM_UP_SECONDS)
            print(f"{args.rate} polls a second for {args.seconds} s over {LINES} connections")
            print(HEAD, flush=True)
            for name, shares in {"waiting": {"waiting": 1}, "mixed": SHARES}.items():
                run = _measured(name, server, _calls(stage, shares, port), port, args)
                print(run.row(), flush=True)
                for what, count in run.wrong.most_common(5):
                    print(f"  {count} x {what}", flush=True)


def _measured(
    name: str, server: psutil.Process, calls: list[bytes], port: int, args: argparse.Namespace
) -> Run:
    run = Run(name)
    web, own = _cpu(server), time.process_time()
    _poll(run, calls, port, args.rate, args.seconds)
    run.web_cpu, run.own_cpu = _cpu(server) - web, time.process_time() - own
    return run


@contextmanager
def _on(core: int) -> Iterator[None]:
    """This process and its threads, on one core for a while."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _stage(environment: dict[str, str]) -> dict[str, Any]:
    arguments = [sys.executable, "-m", "bench.polled"]
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def _web(arguments: list[str], environment: dict[str, str], core: int) -> Iterator[psutil.Process]:
    """The web process as ``serve`` starts it, on one core."""
    with tempfile.TemporaryFile() as log:
        web = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stderr=log,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
        try:
            yield psutil.Process(web.pid)
        finally:
            web.terminate()
            web.wait(30)


def _cpu(server: psutil.Process) -> float:
    """Seconds of CPU that the server and its children have used."""
    times = [each.cpu_times() for each in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def _calls(stage: dict[str, Any], shares: dict[str, int], port: int) -> list[bytes]:
    """Requests in these shares, one after the other and round again."""
    states = [state for state, share in shares.items() for _ in range(share)]
    rounds = [itertools.cycle(stage[state]) for state in states]
    head = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-API-Key: {stage['key']}\r\n\r\n"
    count = len(rounds) * len(stage["waiting"])
    return [f"GET {next(rounds[at % len(rounds)])}{head}".encode() for at in range(count)]


def _poll(run: Run, calls: list[bytes], port: int, rate: float, seconds: float) -> None:
    numbers, last = itertools.count(), int(rate * seconds)
    start = time.perf_counter() + 0.1

    def work() -> None:
        with closing(Line(port)) as line:
            for number in itertools.takewhile(lambda each: each < last, numbers):
                due = start + number / rate
                time.sleep(max(0.0, due - time.perf_counter()))
                problem = line.ask(calls[number % len(calls)])
                run.took.append((time.perf_counter() - due) * 1000)
                if problem:
                    run.wrong[problem] += 1

    threads = [threading.Thread(target=work) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.seconds = time.perf_counter() - start


class Line:
    """A connection that is kept as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sock: socket.socket | None = None

    def ask(self, request: bytes) -> str:
        """Nothing, or what was wrong with the answer."""
        try:
            status = self._answer(request)
        except OSError as error:
            self.close()
            return type(error).__name__
        return "" if status == b"200" else f"status {status.decode()}"

    def close(self) -> None:
        if self.sock:
            self.sock.close()
        self.sock = None

    def _answer(self, request: bytes) -> bytes:
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        fields = head.lower().split(b"\r\n")
        length = next(int(each.split(b":")[1]) for each in fields if b"content-length:" in each)
        while len(body) < length:
            body += self._more()
        if b"connection: close" in fields:
            self.close()
        return fields[0].split()[1]

    def _more(self) -> bytes:
        got = self.sock.recv(65536) if self.sock else b""
        if not got:
            raise ConnectionError("closed in the middle")
        return got


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.polls", description=__doc__)
    parser.add_argument("--rate", type=int, default=300, help="polls a second")
    parser.add_argument("--seconds", type=int, default=60, help="for each row of the table")
    return parser


if __name__ == "__main__":
    main()
