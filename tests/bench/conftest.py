"""A tiny corpus of our own, read already, and a scorer to go with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import corpora, examples, fields
from tests.bench.shelf import lay

# As much of the real scorer, which is not part of this repository, as the evaluation leans on.
SCORER = r"""
import json, re, sys

def squash(s):
    return re.sub(r"\W", "", str(s)).upper()

def number(s):
    found = re.sub(r"[^0-9.]", "", str(s))
    return float(found) if re.fullmatch(r"\d+(\.\d+)?", found) else None

def dates(s):
    return set(re.findall(r"\d\d/\d\d/\d{4}", str(s)))

def same(kind, got, want):
    if kind == "number":
        return number(got) is not None and number(got) == number(want)
    if not got:
        return False
    return bool(dates(got) & dates(want)) if kind == "date" else squash(got) == squash(want)

def kind_of(name):
    return "date" if "date" in name else "number" if "total" in name else "text"

def dig(data, path):
    for part in path.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data

if __name__ == "__main__":
    names = json.load(open(sys.argv[4])) if "--rename" in sys.argv else {}
    rows = [json.loads(row) for row in open(sys.argv[2])]
    print("documents", len(rows))
    print("sroie.fields", len(names))
    print("sroie.bag_f1 0.9")
    print("sroie_exact.macro 0.1")
    print("sroie.company", sum(bool(dig(row["data"], names["company"])) for row in rows))
    print("sroie.macro 0.5")
"""

RECEIPTS = {
    "a.png": ("northam", ["NORTHAM BAKERY", "4 Mill Lane, Northam", "02/03/2026", "TOTAL 12.50"]),
    "b.png": ("northam", ["NORTHAM BAKERY", "4 Mill Lane, Northam", "05/03/2026", "TOTAL 7.00"]),
    "c.png": ("tolmere", ["TOLMERE FOODS", "2 Market Place, York", "09/03/2026", "TOTAL 30.00"]),
}


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of documents with ground truth; results go beside it."""
    folder, out = tmp_path / "shared", tmp_path / "out"
    out.mkdir()
    (folder / "eval").mkdir(parents=True)
    (folder / "eval" / "score.py").write_text(SCORER)
    monkeypatch.setattr(corpora, "SHARED", folder)
    monkeypatch.setattr(corpora, "SCORER", folder / "eval" / "score.py")
    monkeypatch.setattr(corpora, "OUT", out)
    monkeypatch.setattr(fields, "RESULTS", out / "fields")
    _forget()
    yield folder
    _forget()


@pytest.fixture
def receipts(shared: Path) -> Path:
    """Three receipts of two shops."""
    entries, truths = [], {}
    for file, (group, (company, address, date, total)) in RECEIPTS.items():
        name = file.replace(".png", ".json")
        entries.append({"file": file, "group": group, "ground_truth": {"fields": name}})
        truth = {"company": company, "address": address, "date": date}
        truths[name] = {**truth, "total": total.removeprefix("TOTAL ")}
    texts = {file: lines for file, (_, lines) in RECEIPTS.items()}
    return lay("receipts_sroie", entries, truths, texts)


def _forget() -> None:
    corpora.read.cache_clear()
    corpora.scorer.cache_clear()
    examples.readings.cache_clear()
