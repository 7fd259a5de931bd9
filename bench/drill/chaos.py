"""Everything dies at some time: does every job still end once, as it should, with its own text?"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads

import psutil

from bench.drill import papers, stack
from bench.drill.client import Client, NoAnswer
from bench.drill.papers import Paper
from bench.drill.report import Report
from bench.drill.stack import Stack

JOBS = 200
ORGS = ("Alder", "Birch", "Cedar", "Dogwood")
READ_WITHIN = 420.0
KILL_EVERY = (3.0, 7.0)
CALM_AFTER = 100.0
"""Seconds after which nobody is hurt any more."""
RESULT_TTL = 10
OPEN_AT_A_TIME = 4
"""Jobs of one organisation."""
EXPIRE = """
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from ocrwell.jobs import retention
retention.expire(now=timezone.now() + timedelta(minutes=16))
"""


@dataclass
class Damage:
    """What was done to the stack, and when."""

    chance: random.Random
    start: float = field(default_factory=time.monotonic)
    kills: Counter[str] = field(default_factory=Counter)

    def outages(self) -> list[tuple[float, str, Callable[[], None]]]:
        return [
            (15, "Redis flushed and restarted", _lose_redis),
            (30, "PostgreSQL restarted", lambda: stack.servers("restart", "postgres")),
            (45, "MinIO stopped for 20 s", lambda: _pause_store(20)),
        ]

    def kill(self, victims: Sequence[tuple[str, psutil.Process]]) -> None:
        name, victim = self.chance.choice(victims)
        try:
            victim.kill()
            self.kills[name] += 1
        except psutil.NoSuchProcess:
            pass


def main(seed: int | None = None) -> bool:
    """Whether all went well."""
    seed = random.SystemRandom().randrange(10_000) if seed is None else seed
    print(f"{JOBS} documents of {len(ORGS)} organisations (seed {seed})", flush=True)
    chance, report = random.Random(seed), Report()
    with (
        _receiver() as (url, heard),
        stack.installed(
            "chaos", OCRWELL_OCR_PROCESSES="2", OCRWELL_RESULT_TTL_SECONDS=str(RESULT_TTL)
        ) as ours,
    ):
        clients = ours.clients(*ORGS, webhook=url)
        batch = papers.mixed(JOBS, chance)
        damage = Damage(chance)
        over = threading.Event()
        hurting = threading.Thread(target=_hurt, args=(ours, damage, over))
        hurting.start()
        try:
            faults = _read(batch, clients, report)
        finally:
            over.set()
            hurting.join()
        report.add("killed with -9", dict(damage.kills), sum(damage.kills.values()) > 5)
        _judge(ours, faults, heard, report)
    return report.show()


def _hurt(ours: Stack, damage: Damage, over: threading.Event) -> None:
    outages = damage.outages()
    while not over.wait(damage.chance.uniform(*KILL_EVERY)):
        age = time.monotonic() - damage.start
        if outages and age > outages[0][0]:
            _, name, hurt = outages.pop(0)
            print(f"{age:4.0f} s  {name}", flush=True)
            hurt()
        if age < CALM_AFTER:
            damage.kill(_victims(ours))


def _victims(ours: Stack) -> list[tuple[str, psutil.Process]]:
    """Readers most of the time, now and then what starts them or the worker of small things."""
    readers = [("reader", each) for each in ours.readers()]
    return 3 * readers + [("worker", each) for each in ours.workers()]


def _read(batch: list[Paper], clients: list[Client], report: Report) -> list[str]:
    start = time.monotonic()
    with ThreadPoolExecutor(OPEN_AT_A_TIME * len(clients)) as threads:
        turns = [clients[number % len(clients)] for number in range(len(batch))]
        faults = [fault for fault in threads.map(_one, turns, batch) if fault]
    answers: Counter[str] = Counter()
    for client in clients:
        answers += client.answers
    report.add("seconds", f"{time.monotonic() - start:.0f}")
    report.add("answers", dict(sorted(answers.items())))
    return faults


def _one(client: Client, paper: Paper) -> str:
    try:
        job_id = client.submit(paper)
        fault = paper.fault(client.wait(job_id, READ_WITHIN))
    except NoAnswer as error:
        fault = str(error)
    return f"{paper.filename} {paper.number}: {fault}" if fault else ""


def _judge(ours: Stack, faults: list[str], heard: Counter[str], report: Report) -> None:
    report.add("documents that came back wrong", len(faults), not faults)
    for fault in faults[:20]:
        report.add("", fault[:300], False)
    states = dict(ours.rows("SELECT state, count(*) FROM jobs_job GROUP BY state"))
    ended = states.get("completed", 0) + states.get("failed", 0)
    report.add("jobs, by how they ended", states, ended == sum(states.values()) == JOBS)
    left = ours.rows("SELECT count(*) FROM jobs_pagebatch")[0][0]
    report.add("batches left to do", left, left == 0)
    _until(lambda: len(heard) >= JOBS, 90)
    ids = {str(row[0]) for row in ours.rows("SELECT id FROM jobs_job")}
    report.add("jobs whose webhook arrived", len(ids & set(heard)), ids == set(heard))
    again = sum(heard.values()) - len(heard)
    report.add("webhooks that arrived again", again)
    told = "SELECT count(*), count(DISTINCT job_id) FROM webhooks_delivery"
    deliveries, of_jobs = ours.rows(told)[0]
    report.add("jobs that were told twice", deliveries - of_jobs, deliveries == of_jobs == JOBS)
    _until(lambda: not _results(ours), RESULT_TTL + 30)
    orphans = ours.objects()
    ours.python(EXPIRE)
    report.add("orphans that the second net takes", len(orphans))
    report.add("objects left in the bucket", len(ours.objects()), not ours.objects())


def _results(ours: Stack) -> list[str]:
    return [name for name in ours.objects() if name.endswith("result.json")]


def _until(true: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not true() and time.monotonic() < deadline:
        time.sleep(0.5)


def _lose_redis() -> None:
    stack.flush_redis()
    stack.servers("restart", "redis")


def _pause_store(seconds: float) -> None:
    stack.servers("stop", "minio")
    time.sleep(seconds)
    stack.servers("start", "minio")


@contextmanager
def _receiver() -> Iterator[tuple[str, Counter[str]]]:
    """The URL of a server that counts the webhooks of each job."""
    heard: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard[loads(self.rfile.read(length))["job"]["id"]] += 1
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard
    finally:
        server.shutdown()
        server.server_close()
