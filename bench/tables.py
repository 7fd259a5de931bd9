"""Tables that are asked for by their printed headings: how many of their cells come back in rows.

A document is asked for all its tables at once. Columns without a heading cannot be asked for and
are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bench import corpora, leaves
from bench.examples import readings, right
from engine import matching, schema

CATEGORY = "tables_icdar2013"

Table = list[dict[str, str]]
"""Its rows, by the name of the column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in the true structure of a table; ``rows`` and ``columns`` are those it spans."""

    rows: range
    columns: range
    text: str


def report() -> Iterator[str]:
    """A line for each document and one for all: precision, recall and F1 of the cells."""
    total = (0, 0, 0)
    for entry in corpora.entries(CATEGORY):
        structure = corpora.folder(CATEGORY) / entry["ground_truth"]["structure"]
        wanted, truth = asked(structure)
        node = schema.parse(wanted)
        got = matching.extract(node, readings(CATEGORY)[entry["file"]]).data
        counts = leaves.reached(truth, got, _same), leaves.count(got), leaves.count(truth)
        total = (total[0] + counts[0], total[1] + counts[1], total[2] + counts[2])
        yield f"{entry['id']}, tables {len(truth)}: {_figures(*counts)}"
    yield f"tables, all: {_figures(*total)}"


def asked(structure: Path) -> tuple[dict[str, Any], dict[str, Table]]:
    """The schema for all tables of a document, and what they hold."""
    root = ElementTree.parse(structure).getroot()  # noqa: S314
    properties, truth = {}, {}
    for number, table in enumerate(root.iter("table"), 1):
        cells = list(_cells(table))
        titles = headings(cells)
        columns = {name: {"type": "string", "title": title} for name, title in titles.items()}
        item = {"type": "object", "properties": columns}
        properties[f"table_{number}"] = {"type": "array", "items": item}
        truth[f"table_{number}"] = body(cells, titles)
    return {"type": "object", "properties": properties}, truth


def headings(cells: Sequence[Cell]) -> dict[str, str]:
    """The titles of the columns that have one; the field of a column is named by its place."""
    found: dict[int, list[str]] = {}
    head = _head(cells)
    for cell in sorted(cells, key=lambda cell: cell.rows.start):
        if cell.rows.start in head:
            for column in cell.columns:
                found.setdefault(column, []).append(cell.text)
    return {_field(column): " ".join(found[column]) for column in sorted(found)}


def body(cells: Sequence[Cell], titles: Mapping[str, str]) -> Table:
    """The rows below the headings, in the columns with a title."""
    rows: dict[int, dict[str, str]] = {}
    head = _head(cells)
    for cell in cells:
        name = _field(cell.columns.start)
        if cell.rows.start not in head and name in titles:
            rows.setdefault(cell.rows.start, {})[name] = cell.text
    return [rows[number] for number in sorted(rows)]


def _head(cells: Sequence[Cell]) -> range:
    """The first row, as many rows down as a cell in it reaches; below a cell over several columns
    their own headings follow."""
    first = min(cell.rows.start for cell in cells)
    top = [cell for cell in cells if cell.rows.start == first]
    wide = any(len(cell.columns) > 1 for cell in top)
    return range(first, max(first + wide, *(cell.rows[-1] for cell in top)) + 1)


def _cells(table: ElementTree.Element) -> Iterator[Cell]:
    """Of all regions of the table: it may go on elsewhere."""
    for region in table.iter("region"):
        down, right_by = (int(region.get(f"{way}-increment", 0)) for way in ("row", "col"))
        for cell in region.iter("cell"):
            text = " ".join((cell.findtext("content") or "").split())
            if text:
                yield Cell(_span(cell, "row", down), _span(cell, "col", right_by), text)


def _span(cell: ElementTree.Element, way: str, shift: int) -> range:
    start = int(cell.get(f"start-{way}", 0))
    return range(start + shift, int(cell.get(f"end-{way}", start)) + shift + 1)


def _field(column: int) -> str:
    return f"field_{column + 1}"


def _same(got: object, want: object) -> bool:
    return right("text", got, want)


def _figures(hit: int, got: int, want: int) -> str:
    precision, recall = hit / max(1, got), hit / max(1, want)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"cells precision {precision:.4f}, recall {recall:.4f}, f1 {f1:.4f}"
