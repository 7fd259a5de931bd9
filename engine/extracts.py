"""A file in, the JSON row with its fields out: what only the command ``extract`` has to load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import crew, matching, rows, schema
from engine.matching import labels


def extracting(
    reading: Mapping[str, Any], schema_text: str, label_dir: Path | None, fields_only: bool
) -> crew.Work:
    """Makes this process ready to find a schema's fields in files that are read like this."""
    node = schema.parse(json.loads(schema_text))
    lexicon = _lexicon(label_dir)
    read = rows.ready(**reading)

    def work(file: str, report: crew.Report) -> str:
        outcome = read(file, report)
        found = matching.extract(node, outcome.pages, lexicon, check=reading["check"])
        row = rows.head(file, outcome) | ({} if fields_only else {"pages": rows.page_list(outcome)})
        fields = {path: rows.field(each) for path, each in found.fields.items()}
        return rows.written({**row, "data": found.data, "fields": fields})

    return work


def _lexicon(label_dir: Path | None) -> labels.Lexicon:
    try:
        return labels.load(label_dir)
    except labels.FaultyTable as fault:
        raise crew.NotReady(str(fault)) from fault
