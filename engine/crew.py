"""Shares items out to worker processes; one that dies or stalls takes only its own item with it."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pkgutil import resolve_name
from typing import Any

Report = Callable[[int, int], None]
"""Says that so many of so many parts of an item are done."""

Work = Callable[[str, Report], str]
"""Turns one item into its answer."""

PATIENCE = 300.0
"""Seconds without a word from a busy worker before it counts as stalled."""


class NotReady(Exception):
    """The work cannot be done at all; raised by the function that starts a worker."""


class NoAnswer(Exception):
    """This item has no answer, and why; raised by the work."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the workers do: ``start``, a ``module:function`` that only they import, is called with
    ``settings`` by each of them and returns its ``Work``."""

    start: str
    settings: Mapping[str, Any]
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item: the answer, or else why there is none."""

    item: str
    text: str | None
    failure: str = ""


def answers(
    job: Job, items: Sequence[str], workers: int, report: Report | None = None
) -> Iterator[Answer]:
    """One answer an item, in the items' order, each as soon as it and those before it are there.

    Raises ``NotReady`` when a worker cannot start.
    """
    crew = _Crew(job, items, report or (lambda done, total: None))
    try:
        crew.fill(workers)
        for index in range(len(items)):
            while index not in crew.answers:
                crew.listen()
            yield crew.answers.pop(index)
    finally:
        crew.dismiss()


class _Worker:
    """A process and the one item it has in hand, by its index."""

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(job, theirs), daemon=True)
        with _deaf():
            self.process.start()
        theirs.close()
        self.ready = False

    def take(self, index: int, item: str) -> None:
        self.index = index
        self.heard = time.monotonic()
        with suppress(OSError):  # a process that is gone is noticed where it is listened to
            self.pipe.send(item)

    def end(self, grace: float = 0.0) -> int | None:
        self.process.join(grace)
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return self.process.exitcode


class _Crew:
    def __init__(self, job: Job, items: Sequence[str], report: Report) -> None:
        self._job = job
        self._items = items
        self._report = report
        self._waiting = deque(range(len(items)))
        self._busy: dict[Connection, _Worker] = {}
        self.answers: dict[int, Answer] = {}

    def fill(self, workers: int) -> None:
        while self._waiting and len(self._busy) < workers:
            self._hand_out(_Worker(self._job))

    def dismiss(self) -> None:
        for worker in self._busy.values():
            worker.end()
        self._busy.clear()

    def listen(self) -> None:
        """Hear what the workers have to say, and end those that have been silent too long."""
        oldest = min(worker.heard for worker in self._busy.values())
        rest = max(0.0, oldest + self._job.patience - time.monotonic())
        talking = wait(list(self._busy), timeout=rest)
        for worker in [w for pipe, w in self._busy.items() if pipe in talking]:
            self._hear(worker)
        for worker in list(self._busy.values()):
            if time.monotonic() - worker.heard > self._job.patience:
                self._lose(worker, f"it made no progress for {self._job.patience:.0f} seconds")

    def _hear(self, worker: _Worker) -> None:
        try:
            kind, value = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker)
            return
        worker.heard = time.monotonic()
        if kind == "ready":
            worker.ready = True
        elif kind == "part":
            self._report(*value)
        elif kind == "answer":
            self.answers[worker.index] = Answer(self._items[worker.index], *value)
            self._hand_out(worker)
        else:
            raise NotReady(value)

    def _hand_out(self, worker: _Worker) -> None:
        if self._waiting:
            self._busy[worker.pipe] = worker
            index = self._waiting.popleft()
            worker.take(index, self._items[index])
        else:
            self._busy.pop(worker.pipe, None)
            worker.end()

    def _lose(self, worker: _Worker, why: str = "") -> None:
        """A worker is gone, or has to go; another takes its place."""
        size = len(self._busy)
        del self._busy[worker.pipe]
        # One that hung up is on its way out, and its own exit code says why.
        code = worker.end(grace=0.0 if why else 5.0)
        if not worker.ready:
            raise NotReady(f"a worker process ended while it started ({_cause(code)})")
        failure = why or f"the process that read it ended ({_cause(code)})"
        self.answers[worker.index] = Answer(self._items[worker.index], None, failure)
        self.fill(size)


def _serve(job: Job, pipe: Connection) -> None:
    """A worker's life: start, then an answer for each item, until nobody asks any more."""
    try:
        work: Work = resolve_name(job.start)(**job.settings)
    except NotReady as reason:
        pipe.send(("not ready", str(reason)))
        return
    with suppress(EOFError, BrokenPipeError):
        pipe.send(("ready", None))
        while True:
            pipe.send(("answer", _answer(work, pipe.recv(), pipe)))


def _answer(work: Work, item: str, pipe: Connection) -> tuple[str | None, str]:
    try:
        return work(item, lambda *part: pipe.send(("part", part))), ""
    except NoAnswer as reason:
        return None, str(reason)


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C reaches the whole process group. Processes started in here never hear it, the parent
    ends them; the parent hears it afterwards."""
    # Started along with a first process, the tracker would lift the block again.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
