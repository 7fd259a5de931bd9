"""Documents with ground truth, which are not part of this repository: where they are, what is read
on them, what the scorer says."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("OCRWELL_BENCH_SHARED", ROOT.parent / "shared"))
SCORER = SHARED / "eval" / "score.py"
OUT = ROOT / "bench" / "out"
SOME_FAILED = 1
"""Exit status of the command line where some of the files gave an error."""

FIGURES = {
    "forms_funsd": ("funsd.bag_f1", "funsd.word_f1"),
    "receipts_sroie": ("sroie.bag_f1",),
    "scans_text": ("scans.cer",),
}


def available() -> bool:
    return SCORER.exists()


def folder(category: str) -> Path:
    return SHARED / "corpora" / category


def entries(category: str) -> list[dict[str, Any]]:
    """What the folder's manifest says of each document."""
    manifest = json.loads((folder(category) / "manifest.json").read_text())
    listed: list[dict[str, Any]] = manifest["entries"]
    return listed


def documents(category: str) -> list[Path]:
    return [folder(category) / entry["file"] for entry in entries(category)]


@cache
def read(category: str, *options: str) -> Path:
    """The results of reading every document of a folder through the command line.

    They are kept in ``OUT`` until ``forget``, however the engine changes. Raises ``RuntimeError``
    where nothing could be read at all.
    """
    OUT.mkdir(exist_ok=True)
    name = "-".join((category, *(option.strip("-") for option in options)))
    results = OUT / f"{name}.jsonl"
    if not results.exists():
        command = [sys.executable, "-m", "engine", "read", "--jobs", "2", *options]
        unfinished = results.with_suffix(".unfinished")
        with unfinished.open("wb") as out:
            files = map(str, documents(category))
            status = subprocess.run([*command, *files], cwd=ROOT, stdout=out, check=False)
        if status.returncode not in (0, SOME_FAILED):
            raise RuntimeError(f"{' '.join(command)} … exited with {status.returncode}")
        unfinished.rename(results)
    return results


def forget() -> None:
    """Throw all readings away: what is asked for next is read afresh."""
    for results in OUT.glob("*.jsonl"):
        results.unlink()
    read.cache_clear()


def score(category: str, results: Path, names: Mapping[str, str] | None = None) -> dict[str, float]:
    """The scorer's figures, by name; ``names`` are those of the schema by those of the truth."""
    command = [sys.executable, str(SCORER), str(folder(category)), str(results)]
    if names is not None:
        renamed = results.with_suffix(".names.json")
        renamed.write_text(json.dumps(names))
        command += ["--rename", str(renamed)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    figures = dict(line.rsplit(" ", 1) for line in printed.splitlines())
    return {name: float(value) for name, value in figures.items()}


@cache
def scorer() -> ModuleType:
    """The scorer as a module: what counts as right is said there and nowhere else."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SCORER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unread(category: str) -> list[str]:
    """Names of the documents that gave an error or no text."""
    rows = [json.loads(line) for line in read(category).read_text().splitlines()]
    with_text = {
        Path(row["file"]).name
        for row in rows
        if any(page["text"].strip() for page in row.get("pages", []))
    }
    return [path.name for path in documents(category) if path.name not in with_text]
