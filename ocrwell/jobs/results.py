"""What came out of a job: kept in the store, written by the worker, read for the client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from engine.types import Box, FieldValue, Word
from ocrwell.errors import ResultExpired
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.storage import Missing, store

LONG_TEXT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PageText:
    """``confidence`` is the mean of the page's letters, from 0 to 1, None where nobody says it."""

    number: int
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PageSize:
    """The pixels of a page as it was read, turned clockwise by ``rotation`` degrees."""

    number: int
    width: int
    height: int
    rotation: int


@dataclass(frozen=True, slots=True)
class Result:
    """The pages of a job in text mode, of one of the DeepRead API in any; in structured mode the
    data, and where it was found: every field by its dotted path, and the sizes of the pages that
    its boxes lie on. ``seconds`` is the work that each step took, ``schema`` what the client sent.
    """

    pages: tuple[PageText, ...] = ()
    data: object = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    sizes: tuple[PageSize, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    schema: object = None

    @property
    def text(self) -> str:
        """All pages that have any, parted by blank lines."""
        return "\n\n".join(page.text for page in self.pages if page.text)


def is_long(text: str) -> bool:
    """Whether it is to be fetched from an address of its own."""
    return len(text.encode(errors="replace")) > LONG_TEXT_BYTES


def save(claim: Claim, result: Result) -> str:
    """Write what came out of a job; returns the key that the job has to be completed with."""
    body = {
        "pages": [asdict(page) for page in result.pages],
        "data": result.data,
        "fields": {path: asdict(found) for path, found in result.fields.items()},
        "sizes": [asdict(size) for size in result.sizes],
        "seconds": dict(result.seconds),
        "schema": result.schema,
    }
    # Half a surrogate pair, from a broken text layer, could not be sent.
    content = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    key = f"jobs/{claim.job_id}/{claim.name}/result.json"
    store().put(key, content)
    return key


def discard(claim: Claim, key: str) -> None:
    """Remove what an attempt wrote, unless the job was completed with it after all: the answer to a
    commit can be lost.
    """
    if not Job.objects.filter(pk=claim.job_id, result_key=key).exists():
        store().delete(key)


def fetch(job: Job) -> Result:
    """The result of a completed job, for its client. In the native API the first reading starts the
    clock of its retention; in the DeepRead API that runs from the end of the job.

    Raises ResultExpired when its time is over, deleted or not.
    """
    result = look(job)
    if job.first_read_at is None:
        now = timezone.now()
        native = job.dialect == Job.Dialect.NATIVE
        clock = {"expires_at": now + settings.RESULT_TTL} if native else {}
        Job.objects.filter(pk=job.pk, first_read_at=None).update(first_read_at=now, **clock)
    return result


def look(job: Job) -> Result:
    """The result, without any clock; raises ResultExpired."""
    if is_over(job):
        raise ResultExpired
    try:
        return _parsed(store().read(job.result_key))
    except Missing as error:
        raise ResultExpired from error


def is_over(job: Job) -> bool:
    """Whether the time of what the job holds of the document has ended, however late the sweep."""
    expired = job.expires_at is not None and job.expires_at <= timezone.now()
    return job.content_deleted_at is not None or expired


def _parsed(content: bytes) -> Result:
    """Older results have no data, no fields and sizes, no seconds, or no schema."""
    body = json.loads(content)
    return Result(
        tuple(PageText(**page) for page in body["pages"]),
        body.get("data"),
        {path: _field(**found) for path, found in body.get("fields", {}).items()},
        tuple(PageSize(**size) for size in body.get("sizes", ())),
        body.get("seconds", {}),
        body.get("schema"),
    )


def _field(box: dict[str, Any] | None, words: list[dict[str, Any]], **rest: Any) -> FieldValue:
    return FieldValue(
        **rest, box=Box(**box) if box else None, words=tuple(_word(**word) for word in words)
    )


def _word(box: dict[str, Any], **rest: Any) -> Word:
    return Word(**rest, box=Box(**box))
