"""Documents as read, with the fields asked for and what the scorer accepts as right for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench import corpora, namings
from bench.drawn import Drawn, draw_many
from bench.drawn.schemas import LISTS
from bench.drawn.schemas import schema as invent
from bench.namings import Naming
from engine import pipeline, schema
from engine.pipeline import Options
from engine.schema import Node
from engine.types import Box, Line, Page, Word

Truth = tuple[str, tuple[Any, ...]]
"""``text``, ``number``, ``date`` or ``flag``, and the values that are right.

One of them is enough for a single value; an array should hold all of them. None: the document does
not say it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A document and a schema. ``group`` is its vendor: no group is in two folds.

    ``truth`` goes by the dotted path in the schema; a path that is not there is not known. The
    line items are apart, each by the dotted paths of its columns: ``items.price``.
    """

    corpus: str
    file: str
    group: str
    pages: tuple[Page, ...]
    schema: dict[str, Any]
    node: Node
    truth: Mapping[str, Truth]
    lines: tuple[Mapping[str, Truth], ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """``group`` is the key of the vendor in the manifest, ``truth`` that of the file of fields."""

    category: str
    group: str
    truth: str
    namings: Sequence[Naming]
    options: tuple[str, ...] = ()


_AS_SCANS = ("--ocr", "ocr", "--dpi", "200")
_SOURCES = {
    "sroie": _Source("receipts_sroie", "group", "fields", namings.SROIE),
    "wild": _Source("receipts_wild", "group", "boxes_labels", namings.WILD),
    "invoices": _Source("invoices", "vendor", "fields", namings.INVOICES),
    "invoices_200dpi": _Source("invoices", "vendor", "fields", namings.INVOICES, _AS_SCANS),
    "nda": _Source("contracts_nda", "id", "fields", namings.NDA),
}
_WILD_LABELS = {
    "Store_name_value": "store_name",
    "Date_value": "date",
    "Total_value": "total",
    "Tax_value": "tax",
    "Subtotal_value": "subtotal",
    "Tel_value": "phone",
}
_COLUMNS = ("description", "quantity", "unit_price", "line_total")

CORPORA = tuple(_SOURCES)
NAMINGS = min(len(source.namings) for source in _SOURCES.values())
"""Of every corpus there are so many."""


def corpus(name: str, naming: int = 0) -> list[Example]:
    """All documents of a corpus, asked for by the names of this naming."""
    source = _SOURCES[name]
    wanted = namings.schema(source.namings[naming])
    node = schema.parse(wanted)
    names = rename(name, naming)
    pages = readings(source.category, *source.options)
    found = []
    for entry in corpora.entries(source.category):
        stated = _stated(source, entry)
        truth = _truth(name, stated)
        lines = tuple(_cells(line, names) for line in _lines(stated))
        found.append(
            Example(
                corpus=name,
                file=entry["file"],
                group=entry[source.group],
                pages=pages.get(entry["file"], ()),
                schema=wanted,
                node=node,
                truth={names[key]: value for key, value in truth.items() if key in names},
                lines=lines,
            )
        )
    return found


def drawn(count: int, first: int = 0) -> list[Example]:
    """Documents drawn by ourselves, a text layer each; asked by invented schemas for what they say
    and for a few things that they do not."""
    return [_drawn(document) for document in draw_many(count, first)]


def category(name: str) -> str:
    """The folder of a corpus."""
    return _SOURCES[name].category


def rename(name: str, naming: int) -> dict[str, str]:
    """The dotted path in the schema for each name of the ground truth, as the scorer wants it."""
    return {key: wish.path for key, wish in _SOURCES[name].namings[naming].items()}


def right(kind: str, got: object, want: object) -> bool:
    """Whether the scorer takes one value for the other; it has no rule for yes and no."""
    if kind == "flag":
        return got is want
    return bool(corpora.scorer().same(kind, got, want))


@cache
def readings(folder: str, *options: str) -> Mapping[str, tuple[Page, ...]]:
    """The pages of every document of a folder, by the file's name."""
    with corpora.read(folder, *options).open(encoding="utf-8") as results:
        rows = [json.loads(row) for row in results]
    return {Path(row["file"]).name: tuple(map(_page, row.get("pages", ()))) for row in rows}


def _drawn(document: Drawn) -> Example:
    wanted, paths = invent(document, seed=0)
    lists = [field for field in LISTS if field in paths]
    single = {f: path for f, path in paths.items() if f.partition(".")[0] not in lists}
    return Example(
        corpus="drawn",
        file=document.name,
        group=document.vendor,
        pages=pipeline.run(document.pdf, None, Options(ocr="text")).pages,
        schema=wanted,
        node=schema.parse(wanted),
        truth={path: _told(document.truth, field) for field, path in single.items()},
        lines=tuple(
            {paths[f"{field}.{c}"]: _told(item, c) for c in item if f"{field}.{c}" in paths}
            for field in lists
            for item in document.truth.get(field) or ()
        ),
    )


def _told(facts: Mapping[str, Any], field: str) -> Truth:
    """A day is right as printed and as ISO, "three (3) years" also as "3 years"; what was left
    blank is not there."""
    value = facts.get(field)
    if isinstance(value, list):
        return "text", tuple(value)
    values = () if value is None else (value,)
    if isinstance(value, bool):
        return "flag", values
    if f"{field}_iso" in facts or field == "date":
        return "date", (*values, *filter(None, [facts.get(f"{field}_iso")]))
    if isinstance(value, int | float):
        return "number", values
    return "text", (*values, *(_TWICE.sub(r"\1 ", each) for each in values if _TWICE.match(each)))


_TWICE = re.compile(r"[^\W\d]+ \((\d+)\) ")
"""A number in words and in digits."""


def _page(row: Mapping[str, Any]) -> Page:
    lines = tuple(Line(tuple(_words(line["words"]))) for line in row["lines"])
    size = (row["width"], row["height"])
    return Page(row["page"], *size, lines, row["text"], row["source"], row["rotation"])


def _words(rows: Iterable[Mapping[str, Any]]) -> Iterable[Word]:
    return (Word(row["text"], Box(*row["box"]), row["confidence"]) for row in rows)


def _stated(source: _Source, entry: Mapping[str, Any]) -> dict[str, Any]:
    path = corpora.folder(source.category) / entry["ground_truth"][source.truth]
    stated: dict[str, Any] = json.loads(path.read_text())
    return stated


def _truth(name: str, stated: dict[str, Any]) -> dict[str, Truth]:
    """What counts, by the names of the ground truth: the scorer's own rules for each corpus."""
    if name == "sroie":
        kinds = {"date": "date", "total": "number"}
        return {key: (kinds.get(key, "text"), (value,)) for key, value in stated.items()}
    if name == "wild":
        return _labelled(stated["annotations"])
    if name == "nda":
        fields = {**dict.fromkeys(stated["keys_to_consider"], ()), **stated["fields"]}
        return {
            key: ("date" if "date" in key else "text", tuple(values))
            for key, values in fields.items()
        }
    return _printed(stated)


def _labelled(boxes: Iterable[Mapping[str, str]]) -> dict[str, Truth]:
    """A shop's name or a date may be in several boxes: all of them together are right, too."""
    found: dict[str, Truth] = {}
    for label, key in _WILD_LABELS.items():
        values = tuple(box["text"] for box in boxes if box["label"] == label)
        values = tuple(value for value in values if value.strip())
        if len(values) > 1 and key == "store_name":
            values = ("".join(values), *values)
        if len(values) > 1 and key == "date":
            values = (" ".join(values), *values)
        kind = {"date": "date", "store_name": "text", "phone": "text"}.get(key, "number")
        found[key] = (kind, values)
    return found


def _printed(stated: Mapping[str, Any]) -> dict[str, Truth]:
    fields = stated["fields"]
    printed = stated.get("value_printed_in_text_layer") or dict.fromkeys(fields, True)
    return {
        key: (corpora.scorer().kind_of(key), (value,))
        for key, value in fields.items()
        if printed.get(key) and key != "currency" and not isinstance(value, list | dict)
    }


def _lines(stated: Mapping[str, Any]) -> list[dict[str, Any]]:
    fields = stated.get("fields")
    lines: list[dict[str, Any]] = fields.get("lines", []) if isinstance(fields, dict) else []
    return lines


def _cells(line: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Truth]:
    return {
        names[f"lines.{column}"]: ("text" if column == "description" else "number", (line[column],))
        for column in _COLUMNS
        if line.get(column) not in (None, "")
    }
