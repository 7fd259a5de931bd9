"""``python -m bench.second``: what the second reading finds on documents with ground truth, and
what it costs.

A word is wrong where the truth of its line says something else; lines that cannot be brought
together with the truth do not count. What a digital PDF says of itself is taken for its truth.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import corpora
from engine import ocr, pipeline
from engine.pipeline import Options
from engine.second import differences
from engine.types import Box, Line, Page

Truth = list[tuple[str, Box]]

FILES = 15
DIGITAL = ("invoices", "tables_icdar2013", "contracts_nda")
SHORTEST, LONGEST = 0.6, 1.6
"""Of a line: the truth that it is compared with."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.second", description=__doc__)
    parser.add_argument("--files", type=int, default=FILES, help="of each folder, at most")
    parser.add_argument("folders", nargs="*", default=[*TRUTHS, *DIGITAL], metavar="FOLDER")
    args = parser.parse_args()
    for category in args.folders:
        print(_report(category, _counted(category, args.files)), flush=True)


def _counted(category: str, files: int) -> Counter[str]:
    reader, options = ocr.load(), Options(check=True)
    count: Counter[str] = Counter()
    for file in corpora.documents(category)[:files]:
        outcome = pipeline.run(file, reader, options)
        count["milliseconds"] += round(1000 * outcome.seconds.get("second reading", 0.0))
        count["pages"] += len(outcome.pages)
        for page in outcome.pages:
            truth = TRUTHS[category](file) if category in TRUTHS else []
            count.update(_verdicts(page, truth))
    return count


def _report(category: str, count: Counter[str]) -> str:
    each = f"{count['milliseconds'] / max(1, count['pages']) / 1000:.2f} s a page"
    if category in DIGITAL:
        return f"{category}: {count['text differ']} of {count['text words']} words differ, {each}"
    wrong, differ, both = count["wrong"], count["differ"], count["wrong differ"]
    return (
        f"{category}: {count['words']} words, {wrong} wrong, {differ} where the readings differ; "
        f"{both / max(1, differ):.2f} of these are wrong, "
        f"{both / max(1, wrong):.2f} of the wrong ones are found, {each}"
    )


def _verdicts(page: Page, truth: Truth) -> Iterator[str]:
    """What each word counts as."""
    there: dict[int | None, list[tuple[float, str]]] = {}
    for text, box in truth:
        there.setdefault(_home(box, page.lines), []).append((box.x0, text))
    for place, line in enumerate(page.lines):
        said = _comparable(" ".join(text for _, text in sorted(there.get(place, []))), line)
        wrong = differences([word.text for word in line.words], said) if said else {}
        for number, word in enumerate(line.words):
            verdict = ("wrong", number in wrong), ("differ", bool(word.other))
            yield from _names(verdict, "" if said else page.source)


def _names(verdict: tuple[tuple[str, bool], ...], source: str) -> Iterator[str]:
    names = [name for name, holds in verdict if holds]
    prefix = f"{source} ".lstrip() if source else ""
    yield f"{prefix}words"
    yield from (prefix + name for name in names)
    if len(names) > 1:
        yield prefix + " ".join(names)


def _comparable(said: str, line: Line) -> str:
    """What the truth says where the line stands; "" if that may be something else."""
    share = len(said.replace(" ", "")) / len(line.text.replace(" ", ""))
    return said if SHORTEST <= share <= LONGEST else ""


def _home(box: Box, lines: tuple[Line, ...]) -> int | None:
    """The number of the line that lies over most of the box."""
    shared = {place: _shared(line.box, box) for place, line in enumerate(lines)}
    best = max(shared, key=lambda place: shared[place], default=None)
    return best if best is not None and shared[best] > 0 else None


def _shared(one: Box, other: Box) -> float:
    """The area that both cover, 0 where they barely touch."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    enough = wide > 0.3 * min(one.width, other.width) and high > min(one.height, other.height) / 2
    return wide * high if enough else 0.0


def _forms(file: Path) -> Truth:
    items = json.loads(file.with_suffix(".json").read_text())["form"]
    words = [word for item in items for word in item["words"]]
    return [(word["text"], Box(*word["box"])) for word in words if word["text"].strip()]


def _receipts(file: Path) -> Truth:
    with file.with_suffix(".boxes.csv").open(encoding="utf-8", errors="replace") as rows:
        found = [(row[:8], ",".join(row[8:])) for row in csv.reader(rows, quoting=csv.QUOTE_NONE)]
    numbers = [([float(edge) for edge in edges], text) for edges, text in found if len(edges) == 8]
    return [
        (text, Box(min(at[::2]), min(at[1::2]), max(at[::2]), max(at[1::2])))
        for at, text in numbers
    ]


TRUTHS: dict[str, Callable[[Path], Truth]] = {"receipts_sroie": _receipts, "forms_funsd": _forms}


if __name__ == "__main__":
    main()
