"""Thousands of pages through the same processes: does their memory stay what it was?"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from bench.drill import papers, stack
from bench.drill.client import Client
from bench.drill.report import Report
from bench.drill.stack import Stack

PAGES = 2000
SETTLED = 200
"""Pages after which memory is looked at first."""
OF_ONE = 20
"""Pages of a document."""
GROWTH = 1.10
WITHIN = 3600.0
AT_A_TIME = 6


def main() -> bool:
    """Whether memory stayed within its bounds, in processes that were never replaced."""
    report = Report()
    with stack.installed("soak", OCRWELL_OCR_PROCESSES="2", OCRWELL_WORKER_MAX_MB="8000") as ours:
        (client,) = ours.clients("Soak")
        before, start = {each.pid for each in ours.readers()}, time.monotonic()
        _read(client, SETTLED)
        settled = _megabytes(ours)
        report.add(f"MB a reader after {SETTLED} pages", f"{settled:.0f}")
        _read(client, PAGES - SETTLED)
        ended = _megabytes(ours)
        report.add(f"MB a reader after {PAGES} pages", f"{ended:.0f}")
        report.add(f"as a ratio ({GROWTH})", f"{ended / settled:.3f}", ended <= GROWTH * settled)
        same = before == {each.pid for each in ours.readers()}
        report.add("the same processes", same, same)
        report.add("pages a second", f"{PAGES / (time.monotonic() - start):.2f}")
    return report.show()


def _read(client: Client, pages: int) -> None:
    """Scans and pictures of all sizes that the papers come in."""
    numbers = range(100_000, 100_000 + pages // OF_ONE)
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        list(threads.map(lambda n: client.time(papers.scan(str(n), OF_ONE), WITHIN), numbers))


def _megabytes(ours: Stack) -> float:
    """Of the largest of the processes that read."""
    return max(each.memory_info().rss for each in ours.readers()) / 2**20
