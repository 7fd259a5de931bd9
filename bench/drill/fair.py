"""A large document of one organisation, a small one of another; one worker, two, one that dies."""

from __future__ import annotations

import statistics
import time
from contextlib import AbstractContextManager

from bench.drill import papers, stack
from bench.drill.client import Client
from bench.drill.report import Report
from bench.drill.stack import Stack

PAGES = 300
WITHIN = 1200.0
BATCH = 10
BATCHES = "SELECT first, last, attempt FROM jobs_pagebatch WHERE last IS NOT NULL"
ALONE = 5
"""How often the small job is timed alone."""


def main() -> bool:
    """Whether all is within its bounds."""
    report = Report()
    with _workers(1) as ours:
        large, small = ours.clients("Large", "Small")
        small.pause = 0.1
        alone = statistics.median(_small(small, number) for number in range(ALONE))
        behind, one = _together(large, small)
        report.add("1 page alone, s", f"{alone:.2f}")
        report.add("1 page behind 300, s", f"{behind:.2f}")
        report.add("as a ratio (3)", f"{behind / alone:.2f}", behind <= 3 * alone)
        report.add("300 pages with one worker, s", f"{one:.1f}")
    with _workers(2) as ours:
        (large,) = ours.clients("Large")
        two = large.time(papers.scan("200002", PAGES), WITHIN)
        report.add("300 pages with two workers, s", f"{two:.1f}")
        report.add("as a ratio (0.6)", f"{two / one:.2f}", two <= 0.6 * one)
        again = _killed(ours, large)
        report.add("pages read again after a kill (1 to 10)", again, 0 < again <= BATCH)
    return report.show()


def _workers(count: int) -> AbstractContextManager[Stack]:
    return stack.installed(
        f"fair{count}", OCRWELL_OCR_PROCESSES=str(count), OCRWELL_OCR_THREADS="1"
    )


def _small(client: Client, number: int) -> float:
    return client.time(papers.scan(str(100_000 + number), 1), WITHIN)


def _together(large: Client, small: Client) -> tuple[float, float]:
    """Seconds of the small job, and of the large one that was there before it."""
    job_id, start = _at_work(large)
    behind = _small(small, 77)
    large.wait(job_id, WITHIN)
    return behind, time.monotonic() - start


def _killed(ours: Stack, large: Client) -> int:
    """How many pages had to be read again when one of the workers was killed in the middle."""
    job_id, _ = _at_work(large)
    seen: dict[int, tuple[int, int]] = {}
    killed = False
    while large.job(job_id)["job"]["status"] == "processing":
        for first, last, attempt in ours.rows(BATCHES):
            seen[first] = (last - first + 1, attempt)
        if not killed and len(seen) > 5:
            ours.readers()[0].kill()
            killed = True
        time.sleep(0.3)
    large.wait(job_id, WITHIN)
    return sum((attempt - 1) * pages for pages, attempt in seen.values())


def _at_work(large: Client) -> tuple[str, float]:
    """The large job, as soon as somebody works on it, and when it was submitted."""
    job_id, start = large.submit(papers.scan("300003", PAGES)), time.monotonic()
    while large.job(job_id)["job"]["status"] == "pending":
        time.sleep(0.05)
    return job_id, start
