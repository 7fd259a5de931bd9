"""Folders of documents for the evaluation to measure with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from bench import corpora
from engine.scripted import typed


def lay(
    category: str,
    entries: Sequence[dict[str, Any]],
    truths: Mapping[str, Any],
    texts: Mapping[str, Sequence[str]],
    *options: str,
) -> Path:
    """Make a folder of documents of one typed page each, and their reading."""
    folder = corpora.folder(category)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"entries": entries}))
    for name, truth in truths.items():
        (folder / name).write_text(truth if isinstance(truth, str) else json.dumps(truth))
    for file in texts:
        if file.endswith(".png"):
            Image.new("RGB", (600, 400), "white").save(folder / file)
    reading = "".join(json.dumps(row(file, lines)) + "\n" for file, lines in texts.items())
    name = "-".join((category, *(option.strip("-") for option in options)))
    (corpora.OUT / f"{name}.jsonl").write_text(reading)
    return folder


def row(file: str, texts: Sequence[str]) -> dict[str, Any]:
    """What the command line prints for a typed page."""
    lines = [
        {"words": [{"text": w.text, "box": _edges(w.box), "confidence": 0.99} for w in line.words]}
        for line in typed(texts)
    ]
    page = {"page": 1, "width": 600, "height": 400, "rotation": 0, "source": "ocr"}
    return {
        "file": f"somewhere/{file}",
        "pages": [{**page, "text": "\n".join(texts), "lines": lines}],
    }


def _edges(box: Any) -> list[float]:
    return [box.x0, box.y0, box.x1, box.y1]
