"""A file in, the JSON row of the command line out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine import crew, matching, ocr, pages, pipeline, schema
from engine.errors import UnreadableDocument
from engine.matching import labels
from engine.ocr.models import ModelFilesError
from engine.pipeline import Outcome
from engine.types import Box, FieldValue, Line, Page, Reader, Word

Read = Callable[[str, crew.Report], Outcome]


def reading(
    mode: pipeline.Mode, dpi: int | None, model_dir: Path | None, threads: int
) -> crew.Work:
    """Makes this process ready to read files; text layers alone need no models."""
    read = _ready(mode, dpi, model_dir, threads)

    def work(file: str, report: crew.Report) -> str:
        outcome = read(file, report)
        return _written({**_head(file, outcome), "pages": _pages(outcome)})

    return work


def extracting(
    reading: Mapping[str, Any], schema_text: str, label_dir: Path | None, fields_only: bool
) -> crew.Work:
    """Makes this process ready to find a schema's fields in files that are read like this."""
    node = schema.parse(json.loads(schema_text))
    lexicon = _lexicon(label_dir)
    read = _ready(**reading)

    def work(file: str, report: crew.Report) -> str:
        outcome = read(file, report)
        found = matching.extract(node, outcome.pages, lexicon)
        row = _head(file, outcome) | ({} if fields_only else {"pages": _pages(outcome)})
        fields = {path: field(each) for path, each in found.fields.items()}
        return _written({**row, "data": found.data, "fields": fields})

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
        "words": [_item(word) for word in found.words],
    }


def _lexicon(label_dir: Path | None) -> labels.Lexicon:
    try:
        return labels.load(label_dir)
    except labels.FaultyTable as fault:
        raise crew.NotReady(str(fault)) from fault


def _ready(mode: pipeline.Mode, dpi: int | None, model_dir: Path | None, threads: int) -> Read:
    options = pipeline.Options(ocr=mode, dpi=dpi or pages.DPI)
    reader = None if mode == "text" else _reader(model_dir, threads)
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


def _head(file: str, outcome: Outcome) -> dict[str, Any]:
    return {"file": file, "page_count": outcome.page_count}


def _pages(outcome: Outcome) -> list[dict[str, Any]]:
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
    return {**_item(line), "words": [_item(word) for word in line.words]}


def _item(item: Line | Word) -> dict[str, Any]:
    return {
        "text": item.text,
        "box": _box(item.box),
        "confidence": round(item.confidence, 4),
    }


def _box(box: Box) -> list[float]:
    return [round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1)]


def _written(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)
