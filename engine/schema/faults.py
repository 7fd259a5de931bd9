"""What is wrong with a schema, and where, in words for its author and for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Place:
    """Where in the schema; ``str()`` gives ``schema.line_items[0]``, shortened if it is long."""

    step: str | int = "schema"
    up: Place | None = None

    def __str__(self) -> str:
        steps = [_written(step) for step in self._steps()][::-1]
        if len(steps) > 16:
            steps = [*steps[:8], ".…", *steps[-8:]]
        return "".join(steps).removeprefix(".")

    def _steps(self) -> Iterator[str | int]:
        place: Place | None = self
        while place:
            yield place.step
            place = place.up


class InvalidSchema(Exception):
    """The schema cannot be used; ``str()`` tells its author where and what to do about it."""

    def __init__(self, place: Place, reason: str, advice: str) -> None:
        super().__init__(place, reason, advice)
        self.reason = reason
        """One word, for programs."""
        self._place, self._advice = place, advice

    @property
    def path(self) -> str:
        return str(self._place)

    def __str__(self) -> str:
        return f"{self.path} {self._advice}"


def _written(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    name = step if len(step) <= 40 else step[:39] + "…"
    return f".{name}" if _PLAIN.fullmatch(name) else f"[{json.dumps(name)}]"


_PLAIN = re.compile(r"[\w$…-]+")
