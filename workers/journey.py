"""One document's way through the engine: fetched, read, its result kept, its source deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from engine import pipeline
from engine.errors import UnreadableDocument
from engine.pipeline import Options, Outcome
from engine.types import Reader
from ocrwell.jobs import lifecycle, results, retention
from ocrwell.jobs.lifecycle import Claim
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText
from ocrwell.storage import Missing, store
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
        source = store().read(job.source_key)
        outcome = pipeline.run(source, reader, Options(max_pages=settings.MAX_PAGES), proceed)
    except BrokenOff:
        lifecycle.release(claim)
        return
    except Missing:
        ended = lifecycle.fail(claim, reason=SOURCE_GONE)
    except UnreadableDocument as error:
        ended = lifecycle.fail(claim, reason=str(error))
    except SoftTimeLimitExceeded:
        minutes = int(settings.JOB_TIME_LIMIT.total_seconds() // 60)
        ended = lifecycle.fail(claim, reason=TOO_SLOW.format(minutes))
    else:
        ended = _complete(claim, outcome)
    if ended:
        retention.forget_source(job)
        logger.info("job %s ended, attempt %d", claim.job_id, claim.attempt)


def _complete(claim: Claim, outcome: Outcome) -> bool:
    results.save(claim, [PageText(page.number, page.text) for page in outcome.pages])
    if lifecycle.complete(claim, page_count=outcome.page_count):
        return True
    results.discard(claim)
    return False
