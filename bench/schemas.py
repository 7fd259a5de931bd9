"""Large schemas of other people, and how much of what they ask for comes back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from bench import corpora, leaves
from bench.examples import readings, right
from engine import matching, schema

CATEGORY = "schema_extractbench"


def report() -> Iterator[str]:
    """A line for each schema: leaves reached, values got, share flagged, seconds.

    A gold leaf that is null, "", 0 or false is left out: finding nothing would reach it.
    """
    for entry in corpora.entries(CATEGORY):
        wanted, gold = (_loaded(entry["ground_truth"][part]) for part in ("schema", "gold"))
        sheets = readings(CATEGORY)[entry["file"]]
        try:
            node = schema.parse(wanted.get("schema_definition", wanted))
        except schema.InvalidSchema as fault:
            yield f"{entry['id']}: schema refused, {fault}"
            continue
        start = time.perf_counter()
        found = matching.extract(node, sheets)
        seconds = time.perf_counter() - start
        hit, want = leaves.reached(gold, found.data, same), leaves.count(gold)
        flagged = sum(value.flag for value in found.fields.values())
        yield (
            f"{entry['id']}, pages {len(sheets)}: "
            f"{hit} of {want} leaves reached ({hit / max(1, want):.4f}), "
            f"{leaves.count(found.data)} values given, "
            f"flagged {flagged / max(1, len(found.fields)):.4f}, {seconds:.2f} s"
        )


def same(got: object, want: object) -> bool:
    """By the scorer's notion of the kind that the wanted value is of."""
    if isinstance(want, bool):
        return got is want
    if isinstance(want, int | float):
        return right("number", got, want)
    kind = "date" if corpora.scorer().dates(want) else "text"
    return right(kind, got, want)


def _loaded(file: str) -> dict[str, Any]:
    text = (corpora.folder(CATEGORY) / file).read_text()
    found: dict[str, Any] = json.loads(text)
    return found
