"""What people write in the place of values that were read. Nothing is ever written over: the last
correction of a value counts, and those before it tell how it came about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ocrwell.accounts.models import Member
from ocrwell.errors import InvalidField, NotFound
from ocrwell.jobs import previews, results
from ocrwell.jobs.models import Correction, Job
from ocrwell.jobs.values import Scalar, Value

AS_READ = {"as_read": True}
"""Stands in the place of a value when a person takes back what was written: no value of a field is
an object.
"""
MOST_CHARACTERS = 2000
MOST_DIGITS = 30
MOST_PATH = 500
MOST_NAMED = 20
BOOLEANS = {"true": True, "false": False}
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NO_NUMBER = "Write a number, such as 1250 or 1250.50, or leave it empty if there is none."
NO_WHOLE_NUMBER = "Write a whole number, such as 12, or leave it empty if there is none."
_DAY, _TIME = r"\d{4}-\d\d-\d\d", r"T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
_MOMENTS = {
    "date": (
        re.compile(_DAY, re.ASCII),
        "Write a day that exists as year, month, day, such as 2026-03-18.",
    ),
    "date-time": (
        re.compile(_DAY + _TIME, re.ASCII),
        "Write a day that exists and a time, such as 2026-03-18T14:30:00.",
    ),
}


def settled(job: Job) -> dict[str, Scalar | None]:
    """What people wrote or confirmed, by path."""
    rows = Correction.objects.filter(job=job).order_by("pk")
    return _kept(dict(rows.values_list("path", "value")))


def history(job: Job) -> dict[str, list[Correction]]:
    """Of each value what was written, the first first."""
    found: dict[str, list[Correction]] = {}
    for row in Correction.objects.filter(job=job).select_related("member").order_by("pk"):
        found.setdefault(row.path, []).append(row)
    return found


def standing(written: Mapping[str, Sequence[Correction]]) -> dict[str, Scalar | None]:
    """What counts of a history, by path."""
    return _kept({path: rows[-1].value for path, rows in written.items()})


def _kept(last: Mapping[str, Any]) -> dict[str, Scalar | None]:
    return {path: value for path, value in last.items() if value != AS_READ}


def parsed(value: Value, text: str) -> Scalar | None:
    """What a person typed in the place of a value; None for nothing.

    Raises InvalidField for what a client that sent this schema does not expect there.
    """
    text = text.strip()
    if value.kind == "list" or not text:
        return None
    if value.kind == "boolean":
        return _boolean(text)
    new = _number(text) if value.kind == "number" else _text(text)
    if value.choices and new not in value.choices:
        raise InvalidField(_choose(value.choices))
    if value.leaf is not None and value.leaf.kind == "integer" and not isinstance(new, int):
        raise InvalidField(NO_WHOLE_NUMBER)
    if value.leaf is not None and isinstance(new, str):
        _check_moment(value.leaf.hints.format, new)
    return new


def correct(job: Job, value: Value, new: Scalar | None, member: Member) -> None:
    """Write down what the value should be; raises InvalidField and NotFound."""
    _write(job, value, new, member)


def confirm(job: Job, value: Value, member: Member) -> None:
    """It is right as it stands. Of a list as a whole no value is kept."""
    _write(job, value, value.value, member)


def take_back(job: Job, value: Value, member: Member) -> None:
    """What was read counts again, with all its doubts."""
    if value.settled:
        _write(job, value, AS_READ, member)


def _write(job: Job, value: Value, new: object, member: Member) -> None:
    if len(value.path) > MOST_PATH:
        raise InvalidField("The name of this field is too long to be corrected here.")
    with transaction.atomic():
        # Whoever forgets the job waits for this row, and then deletes the correction too.
        row = Job.objects.select_for_update().filter(pk=job.pk).first()
        if row is None or results.is_over(row):
            raise NotFound(previews.GONE)
        Correction.objects.create(job=job, path=value.path, value=new, member=member)


def _check_moment(format: str, text: str) -> None:  # noqa: A002
    """Of the formats of JSON Schema those that the matcher writes too."""
    if format not in _MOMENTS:
        return
    pattern, advice = _MOMENTS[format]
    try:
        valid = pattern.fullmatch(text) and datetime.fromisoformat(text)
    except ValueError:
        valid = None
    if not valid:
        raise InvalidField(advice)


def _choose(choices: Sequence[Scalar]) -> str:
    rest = " and others that the schema names" if len(choices) > MOST_NAMED else ""
    return f"Choose one of: {', '.join(map(str, choices[:MOST_NAMED]))}{rest}."


def _boolean(text: str) -> bool:
    if text not in BOOLEANS:
        raise InvalidField("Choose yes, no or nothing.")
    return BOOLEANS[text]


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text) or len(text) > MOST_DIGITS:
        raise InvalidField(NO_NUMBER)
    return int(text) if _WHOLE.fullmatch(text) else float(text)


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise InvalidField(f"Write {MOST_CHARACTERS} characters at most.")
    if _CONTROL.search(text):
        raise InvalidField("There is a character in it that cannot be shown. Type it anew.")
    return text.replace("\r\n", "\n")
