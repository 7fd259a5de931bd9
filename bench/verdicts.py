"""What became of every value that the ground truth knows: right or wrong, flagged or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench import corpora, leaves
from bench.examples import Example, Truth, right

Row = Mapping[str, Any]
"""A line of results: ``file``, ``data`` and ``fields`` as the command line prints them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One value. ``evidence`` is the field's as the command line prints it, empty without one."""

    example: Example
    path: str
    truth: Truth
    got: object
    evidence: Mapping[str, Any]
    right: bool

    @property
    def absent(self) -> bool:
        """Whether the document does not say it: right is only to find nothing."""
        return not self.truth[1]

    @property
    def flag(self) -> bool:
        return bool(self.evidence.get("flag"))


def fields(example: Example, row: Row) -> Iterator[Verdict]:
    """Of single values and of arrays of them."""
    for path, truth in example.truth.items():
        got = corpora.scorer().dig(row.get("data") or {}, path)
        if isinstance(got, list):
            yield from _items(example, row, path, got)
        else:
            yield _verdict(example, row, path, truth, got)


def cells(example: Example, row: Row) -> Iterator[Verdict]:
    """Of the line items: those wanted, then what was got beyond them."""
    if not example.lines:
        return
    array = next(iter(example.lines[0])).rpartition(".")[0]
    wanted = [{_column(path): truth for path, truth in line.items()} for line in example.lines]
    got = corpora.scorer().dig(row.get("data") or {}, array) or []
    places = leaves.aligned(wanted, got, _is_right)
    for line, at in zip(example.lines, places, strict=True):
        for path, truth in line.items():
            if at is None:
                yield _verdict(example, row, path, truth, None, array)
            else:
                name = _column(path)
                yield _verdict(example, row, f"{array}.{at}.{name}", truth, got[at].get(name))
    for at in set(range(len(got))).difference(places):
        for name, value in got[at].items():
            if value:
                yield _verdict(example, row, f"{array}.{at}.{name}", ("text", ()), value)


def _items(example: Example, row: Row, path: str, got: list[Any]) -> Iterator[Verdict]:
    kind, values = example.truth[path]
    places = leaves.aligned([(kind, (value,)) for value in values], got, _is_right)
    for value, at in zip(values, places, strict=True):
        place = path if at is None else f"{path}.{at}"
        yield _verdict(example, row, place, (kind, (value,)), None if at is None else got[at])
    for at in set(range(len(got))).difference(places):
        yield _verdict(example, row, f"{path}.{at}", (kind, ()), got[at])


def _verdict(
    example: Example, row: Row, path: str, truth: Truth, got: object, stands_in: str = ""
) -> Verdict:
    """``stands_in`` is the path whose evidence counts where there is no item to have any."""
    evidence = (row.get("fields") or {}).get(stands_in or path) or {}
    good = _is_right(got, truth) if truth[1] else not got
    return Verdict(example, path, truth, got, evidence, good)


def _is_right(got: object, truth: Truth) -> bool:
    kind, values = truth
    return any(right(kind, got, value) for value in values)


def _column(path: str) -> str:
    return path.rpartition(".")[2]
