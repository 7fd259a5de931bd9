"""Accuracy on documents with ground truth, which are not part of this repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("OCRWELL_BENCH_SHARED", ROOT.parent / "shared"))
SCORER = SHARED / "eval" / "score.py"
OUT = ROOT / "bench" / "out"
FIGURES = {
    "forms_funsd": ("funsd.bag_f1", "funsd.word_f1"),
    "receipts_sroie": ("sroie.bag_f1",),
    "scans_text": ("scans.cer",),
}


def available() -> bool:
    return SCORER.exists()


def documents(category: str) -> list[Path]:
    folder = SHARED / "corpora" / category
    entries = json.loads((folder / "manifest.json").read_text())["entries"]
    return [folder / entry["file"] for entry in entries]


@cache
def read(category: str) -> Path:
    """Read every document of a folder through the command line, once; returns the results' file."""
    OUT.mkdir(exist_ok=True)
    results = OUT / f"{category}.jsonl"
    command = [sys.executable, "-m", "engine", "read", *map(str, documents(category))]
    with results.open("wb") as out:
        subprocess.run(command, cwd=ROOT, stdout=out, check=False)
    return results


def score(category: str, results: Path) -> dict[str, float]:
    """The scorer's figures of this category, by name."""
    command = [sys.executable, str(SCORER), str(SHARED / "corpora" / category), str(results)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = dict(line.rsplit(" ", 1) for line in printed.splitlines())
    return {name: float(figures[name]) for name in FIGURES[category]}


def unread(category: str) -> list[str]:
    """Names of the documents that gave an error or no text."""
    rows = [json.loads(line) for line in read(category).read_text().splitlines()]
    with_text = {
        Path(row["file"]).name
        for row in rows
        if any(page["text"].strip() for page in row.get("pages", []))
    }
    return [path.name for path in documents(category) if path.name not in with_text]
