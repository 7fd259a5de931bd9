"""One document's way through the engine: fetched, read, its result kept, its source deleted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from engine import matching, pipeline, schema
from engine.errors import UnreadableDocument
from engine.matching import labels
from engine.pipeline import Options, Outcome
from engine.schema import Node
from engine.types import Reader
from ocrwell.jobs import lifecycle, results, retention
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageSize, PageText, Result
from ocrwell.storage import Missing, store
from ocrwell.webhooks import endings
from workers.lease import BrokenOff

logger = logging.getLogger(__name__)

SOURCE_GONE = "Document could not be read: its file is gone."
TOO_SLOW = "Document could not be processed: it takes longer than {} minutes."


def run(claim: Claim, reader: Reader, proceed: Callable[[int, int], None]) -> None:
    """Read a claimed job's document. Anything unforeseen is raised: the lease lapses, and the job
    is tried again until its attempts are used up.
    """
    job = Job.objects.get(pk=claim.job_id)
    try:
        source, wanted = store().read(job.source_key), _wanted(job)
        outcome = pipeline.run(source, reader, Options(max_pages=settings.MAX_PAGES), proceed)
    except BrokenOff:
        lifecycle.release(claim)
        return
    except Missing:
        ended = endings.fail(claim, reason=SOURCE_GONE)
    except UnreadableDocument as error:
        ended = endings.fail(claim, reason=str(error))
    except SoftTimeLimitExceeded:
        minutes = int(settings.JOB_TIME_LIMIT.total_seconds() // 60)
        ended = endings.fail(claim, reason=TOO_SLOW.format(minutes))
    else:
        ended = _complete(claim, outcome, wanted)
    if ended:
        retention.forget_source(job)
        logger.info("job %s ended, attempt %d", claim.job_id, claim.attempt)


def _wanted(job: Job) -> Node | None:
    """The fields to find, in structured mode."""
    if job.mode != Job.Mode.STRUCTURED:
        return None
    return schema.parse(json.loads(store().read(job.schema_key)))


def _complete(claim: Claim, outcome: Outcome, wanted: Node | None) -> bool:
    results.save(claim, _text(outcome) if wanted is None else _fields(outcome, wanted))
    if endings.complete(claim, page_count=outcome.page_count):
        return True
    results.discard(claim)
    return False


def _text(outcome: Outcome) -> Result:
    return Result(pages=tuple(PageText(page.number, page.text) for page in outcome.pages))


def _fields(outcome: Outcome, wanted: Node) -> Result:
    found = matching.extract(wanted, outcome.pages, labels.load(settings.LABEL_DIR))
    return Result(
        data=found.data,
        fields=found.fields,
        sizes=tuple(
            PageSize(page.number, page.width, page.height, page.rotation) for page in outcome.pages
        ),
    )
