"""What came out of a job as the DeepRead API tells it: wrapped fields, pages, and a preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ocrwell.jobs import values
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from ocrwell.jobs.values import Scalar, Value

STATES: dict[str, str] = {
    Job.State.PENDING: "queued",
    Job.State.PROCESSING: "processing",
    Job.State.COMPLETED: "completed",
    Job.State.FAILED: "failed",
}
"""Our words for the states of a job, and theirs."""

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Headers of whatever a preview's address leads to: it is the permission, so it is told to nobody,
and nothing stays where it was shown.
"""

LEGIBLE = 0.8
"""The mean confidence of a page's letters below which a person should look at it."""
ILLEGIBLE = "Much of this page is hard to read."
MOST_REASONS = 3

Data = dict[str, dict[str, Any]]


def fields(result: Result, settled: Mapping[str, Scalar | None] | None = None) -> Data:
    """Each property at the top of the schema with what is to be said of it; ``settled`` has what
    people wrote or confirmed, by path.
    """
    found = {value.path: value for value in values.every(result, settled or {})}
    tops = values.tops(result)
    parts: dict[values.Names, list[Value]] = {names: [] for names in tops.values()}
    depth = max(map(len, parts), default=0)
    for value in found.values():
        parts[value.names[:depth]].append(value)
    return {
        name: _wrapped(values.plain(result, names, found), parts[names], names)
        for name, names in tops.items()
    }


def _wrapped(value: values.Json, parts: Sequence[Value], names: values.Names) -> dict[str, Any]:
    unsure = [part for part in parts if part.is_open]
    pages = (part.evidence.page for part in parts if part.evidence.page is not None)
    wrapped = {"value": value, "hil_flag": bool(unsure), "found_on_page": next(pages, None)}
    if unsure:
        wrapped["reason"] = _reason(unsure, names)
    if any(part.settled for part in parts):
        wrapped["corrected"] = True
    return wrapped


def _reason(unsure: Sequence[Value], names: values.Names) -> str:
    """Each reason with the part of the field that it is about."""
    told = [_about(part, names) for part in unsure[:MOST_REASONS]]
    more = len(unsure) - len(told)
    return " ".join([*told, f"And {more} more."] if more else told)


def _about(part: Value, names: values.Names) -> str:
    inner = values.path(part.names[len(names) :])
    return f"{inner}: {part.reason}" if inner else part.reason


def page(text: PageText, data: Data) -> dict[str, Any]:
    """A page with the fields of the data that were found on it, and why a person should look."""
    here = {name: each for name, each in data.items() if each["found_on_page"] == text.number}
    reasons = [f"{name}: {each['reason']}" for name, each in here.items() if each["hil_flag"]]
    if text.confidence is not None and text.confidence < LEGIBLE:
        reasons.append(ILLEGIBLE)
    return {
        "page_number": text.number,
        "text": text.text,
        "hil_flag": bool(reasons),
        "review_reason": " ".join(reasons) or None,
        "data": here,
    }


def numbers(data: Data) -> dict[str, int | float]:
    """How much of it a person should look at, in fields at the top of the schema."""
    total, unsure = len(data), sum(each["hil_flag"] for each in data.values())
    return {
        "total_fields": total,
        "fields_requiring_review": unsure,
        "review_percentage": round(100 * unsure / total, 1) if total else 0.0,
    }


def preview(
    job: Job,
    result: Result | None,
    settled: Mapping[str, Scalar | None],
    image_url: Callable[[int], str],
) -> dict[str, Any]:
    """What anybody with the link of a job may know; ``result`` is there once it is completed."""
    result = result or Result()
    data = fields(result, settled)
    return {
        "file_name": job.filename,
        "status": STATES[job.state],
        "created_at": timestamp(job.created_at),
        "pages": [_shown(job, text, data, image_url) for text in result.pages],
        "data": data,
        "metadata": {
            "page_count": job.page_count or 0,
            "pipeline": job.pipeline,
            "review_percentage": numbers(data)["review_percentage"],
        },
    }


def _shown(job: Job, text: PageText, data: Data, image_url: Callable[[int], str]) -> dict[str, Any]:
    told = page(text, data)
    return {
        "page_number": text.number,
        "image_url": image_url(text.number) if job.include_images else None,
        **{key: told[key] for key in ("text", "hil_flag", "data")},
    }


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second, with a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
