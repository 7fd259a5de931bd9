"""What is counted, and counting it: ``add({PAGES.of("ocr"): 3, PAGES.of("text"): 1})``."""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from django.db import Error, connection, transaction

from ocrwell.metrics.models import Counter

logger = logging.getLogger(__name__)

_TABLE = Counter._meta.db_table  # noqa: SLF001
ADD = f"""
INSERT INTO {_TABLE} AS seen (name, labels, value) VALUES {{}}
ON CONFLICT (name, labels) DO UPDATE SET value = seen.value + excluded.value
"""  # noqa: S608  the table's name is our own


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One of the numbers of a metric: its name and the values of its labels, as they are kept."""

    name: str
    labels: str


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that only grows, for every combination of its labels' values."""

    name: str
    help: str
    labels: tuple[str, ...] = ()

    def of(self, *values: str) -> Line:
        """The line with these values, in the order of the labels."""
        if len(values) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}")
        return Line(self.name, json.dumps(values))


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often something took how long, in seconds: at most the bound of each bucket."""

    name: str
    help: str
    bounds: tuple[float, ...]

    def of(self, seconds: float) -> dict[Line, float]:
        """What one more of so many seconds adds."""
        bucket = bisect_left(self.bounds, seconds)
        return {self._bucket(bucket): 1.0, Line(f"{self.name}_sum", "[]"): seconds}

    def read(self, found: Mapping[Line, float]) -> tuple[list[tuple[str, float]], float]:
        """The buckets, each with all that the smaller ones hold, and the sum of the seconds."""
        counts = [found.get(self._bucket(each), 0.0) for each in range(len(self.bounds) + 1)]
        ends = [*map(str, self.bounds), "+Inf"]
        total = found.get(Line(f"{self.name}_sum", "[]"), 0.0)
        return list(zip(ends, accumulate(counts), strict=True)), total

    def _bucket(self, number: int) -> Line:
        return Line(f"{self.name}_bucket", json.dumps([str(number)]))


PAGES = Metric("ocrwell_pages", "Pages read, by where their words came from", ("source",))
STAGE_SECONDS = Metric("ocrwell_stage_seconds", "Seconds of work on documents", ("stage",))
BATCHES = Metric("ocrwell_batches", "Batches of pages finished")
LEASES_LAPSED = Metric("ocrwell_leases_lapsed", "Batches taken over from a worker that fell silent")
JOBS_ENDED = Metric("ocrwell_jobs_ended", "Jobs that ended, by how and mode", ("state", "mode"))
FIELDS = Metric("ocrwell_fields", "Fields answered, by whether a person should look", ("flagged",))
WEBHOOK_ATTEMPTS = Metric(
    "ocrwell_webhook_attempts", "Tries to deliver a webhook, by what came of it", ("outcome",)
)
METRICS = (PAGES, STAGE_SECONDS, BATCHES, LEASES_LAPSED, JOBS_ENDED, FIELDS, WEBHOOK_ATTEMPTS)
JOB_SECONDS = Histogram(
    "ocrwell_job_seconds",
    "Seconds from a job's submission to its end",
    (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 300.0, 1800.0),
)


def add(amounts: Mapping[Line, float]) -> None:
    """Add to these lines: at once, or when the caller's transaction has been committed, so that
    work that is undone is not counted and no line stays locked. Never raises because of the
    database: one that is away costs a count.
    """
    rows = [(line.name, line.labels, amount) for line, amount in sorted(amounts.items()) if amount]
    if connection.in_atomic_block:
        transaction.on_commit(partial(_add, rows), robust=True)
    else:
        _add(rows)


def read() -> dict[Line, float]:
    rows = Counter.objects.values_list("name", "labels", "value")
    return {Line(name, labels): value for name, labels, value in rows}


def values(line: Line) -> list[str]:
    """The values of a line's labels."""
    return [str(each) for each in json.loads(line.labels)]


def _add(rows: list[tuple[str, str, float]]) -> None:
    """One statement, which locks the lines in the same order whoever adds to them."""
    if not rows:
        return
    statement = ADD.format(", ".join(["(%s, %s, %s)"] * len(rows)))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [each for row in rows for each in row])
    except Error:
        logger.warning("not counted: the database does not answer")
        connection.close_if_unusable_or_obsolete()
