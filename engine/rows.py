"""A file in, the JSON row of the command line out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine import crew, ocr, pages, pipeline
from engine.errors import UnreadableDocument
from engine.ocr.models import ModelFilesError
from engine.pipeline import Outcome
from engine.types import Box, FieldValue, Line, Page, Reader, Word

Read = Callable[[str, crew.Report], Outcome]


def reading(
    mode: pipeline.Mode,
    dpi: int | None,
    model_dir: Path | None,
    threads: int,
    *,
    check: bool = False,
) -> crew.Work:
    """Makes this process ready to read files; text layers alone need no models."""
    read = ready(mode, dpi, model_dir, threads, check=check)

    def work(file: str, report: crew.Report) -> str:
        outcome = read(file, report)
        return written({**head(file, outcome), "pages": page_list(outcome)})

    return work


def field(found: FieldValue) -> dict[str, Any]:
    """A field with its evidence."""
    return {
        "value": found.value,
        "confidence": round(found.confidence, 4),
        "flag": found.flag,
        "reason": found.reason or None,
        "page": found.page,
        "box": _box(found.box) if found.box else None,
        "words": [_word(word) for word in found.words],
    }


def ready(
    mode: pipeline.Mode,
    dpi: int | None,
    model_dir: Path | None,
    threads: int,
    *,
    check: bool = False,
) -> Read:
    """A way to read files in this process."""
    options = pipeline.Options(ocr=mode, dpi=dpi or pages.DPI, check=check)
    reader = None if mode == "text" and not check else _reader(model_dir, threads)
    return lambda file, report: _read(file, reader, options, report)


def _reader(model_dir: Path | None, threads: int) -> Reader:
    try:
        return ocr.load(model_dir, threads)
    except ModelFilesError as fault:
        raise crew.NotReady(str(fault)) from fault


def _read(
    file: str, reader: Reader | None, options: pipeline.Options, report: crew.Report
) -> Outcome:
    try:
        return pipeline.run(Path(file), reader, options, report)
    except UnreadableDocument as fault:
        raise crew.NoAnswer(fault.reason) from fault
    except OSError as fault:
        reason = (fault.strerror or str(fault)).lower()
        raise crew.NoAnswer(f"Document could not be read: {reason}.") from fault


def head(file: str, outcome: Outcome) -> dict[str, Any]:
    """What every row begins with."""
    return {"file": file, "page_count": outcome.page_count}


def page_list(outcome: Outcome) -> list[dict[str, Any]]:
    """The pages with their words."""
    return [_page(page) for page in outcome.pages]


def _page(page: Page) -> dict[str, Any]:
    return {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
        "source": page.source,
        "text": page.text,
        "lines": [_line(line) for line in page.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {**_item(line), "words": [_word(word) for word in line.words]}


def _word(word: Word) -> dict[str, Any]:
    return _item(word) | ({"other": word.other} if word.other else {})


def _item(item: Line | Word) -> dict[str, Any]:
    return {
        "text": item.text,
        "box": _box(item.box),
        "confidence": round(item.confidence, 4),
    }


def _box(box: Box) -> list[float]:
    return [round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1)]


def written(row: Mapping[str, Any]) -> str:
    """The row as one line."""
    return json.dumps(row, ensure_ascii=False)
