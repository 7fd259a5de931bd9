"""Seconds a page, in this process, after one warm-up read."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from engine import pipeline
from engine.pipeline import Options
from engine.types import Reader


def seconds_per_page(
    files: Sequence[Path], reader: Reader, options: Options, runs: int = 3
) -> float:
    """Median over the runs of the whole time divided by the pages read."""
    pipeline.run(files[0], reader, options)
    return statistics.median(_once(files, reader, options) for _ in range(runs))


def _once(files: Sequence[Path], reader: Reader, options: Options) -> float:
    start = time.perf_counter()
    pages = sum(len(pipeline.run(file, reader, options).pages) for file in files)
    return (time.perf_counter() - start) / pages
