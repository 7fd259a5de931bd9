"""Reads items that are printed as blocks of labelled values, one block after the other."""

from __future__ import annotations

from collections.abc import Sequence

from engine.matching.tables import cells, labelled
from engine.matching.tables.arithmetic import Row
from engine.matching.tables.columns import Column
from engine.matching.tables.headings import Finder
from engine.matching.tables.labelled import Spot
from engine.matching.tables.listed import Listed
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import Strip

LEAST_BLOCKS = 2
LEAST_LABELS = 2
"""Different labels that make a block."""

CONFIDENCE = 0.7
FIT = 0.9


def find(
    columns: Sequence[Column], strips: Sequence[Strip], finder: Finder, readings: Readings
) -> Listed | None:
    """The blocks, a new one wherever the first label comes again; None if there are no two."""
    spots = [spot for spot in labelled.find(strips, finder) if spot.value]
    if len({spot.column for spot in spots}) < min(LEAST_LABELS, len(columns)):
        return None
    blocks = _blocks(spots)
    if len(blocks) < LEAST_BLOCKS:
        return None
    items = tuple(_item(block, columns, strips, readings) for block in blocks)
    rows = frozenset(strips[spot.at].row for spot in spots)
    filled = sum(value.value is not None for item in items for value in item.values())
    share = filled / max(1, len(items) * len(columns))
    return Listed(items, CONFIDENCE * share, "", rows)


def _blocks(spots: Sequence[Spot]) -> list[list[Spot]]:
    first = spots[0].column
    found: list[list[Spot]] = []
    for spot in spots:
        if spot.column == first:
            found.append([])
        if all(other.column != spot.column for other in found[-1]):
            found[-1].append(spot)
    return found


def _item(
    block: Sequence[Spot], columns: Sequence[Column], strips: Sequence[Strip], readings: Readings
) -> Row:
    found = {column.path: cells.NOTHING for column in columns}
    for spot in block:
        column = columns[spot.column]
        found[column.path] = cells.read(column, spot.value, readings, strips[spot.at].page, FIT)
    return found
