"""A batch of pages on its way through the engine: fetched, read, kept; whoever reads the last one
of a job puts its result together.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from engine import matching, pipeline, schema
from engine.errors import UnreadableDocument
from engine.matching import labels
from engine.pipeline import Clock, OnPage, Options, Outcome
from engine.types import Page, Reader
from ocrwell import request_id
from ocrwell.jobs import lifecycle, parts, results, retention
from ocrwell.jobs.lifecycle import Claim, Lost
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageSize, PageText, Result
from ocrwell.metrics import counters
from ocrwell.metrics.counters import BATCHES, FIELDS, PAGES, STAGE_SECONDS
from ocrwell.storage import Missing, store
from ocrwell.webhooks import endings
from workers.lease import BrokenOff
from workers.outage import Outage, endure

logger = logging.getLogger(__name__)

SOURCE_GONE = "Document could not be read: its file is gone."
TOO_SLOW = "Document could not be processed: some of its pages take longer than {} minutes."


def run(claim: Claim, reader: Reader, proceed: OnPage) -> None:
    """Read the pages of a claim. Anything unforeseen is raised: the lease lapses, and the pages are
    tried again until their attempts are used up.
    """
    job = Job.objects.get(pk=claim.job_id)
    with request_id.working_on(request_id=job.request_id, job_id=str(job.pk)):
        _run(job, claim, reader, proceed)


def _run(job: Job, claim: Claim, reader: Reader, proceed: OnPage) -> None:
    try:
        ended = _work(job, claim, reader, proceed)
    except (BrokenOff, Lost):
        lifecycle.release(claim)
        return
    except Outage:
        endure(lambda: lifecycle.release(claim, pause=settings.OUTAGE_PAUSE))
        return
    except Missing:
        ended = endings.fail(claim, reason=SOURCE_GONE)
    except UnreadableDocument as error:
        ended = endings.fail(claim, reason=str(error))
    except SoftTimeLimitExceeded:
        minutes = int(settings.BATCH_TIME_LIMIT.total_seconds() // 60)
        ended = endings.fail(claim, reason=TOO_SLOW.format(minutes))
    if ended:
        retention.forget_source(job)
        logger.info("job %s ended", claim.job_id)


def _work(job: Job, claim: Claim, reader: Reader, proceed: OnPage) -> bool:
    """Whether the job has ended with this."""
    clock = Clock()
    with clock.step("fetch"):
        source = endure(lambda: store().read(job.source_key))
    options = Options(max_pages=settings.MAX_PAGES)
    if claim.last is None:
        page_count = pipeline.page_count(source, options)
        claim = endure(lambda: lifecycle.cut(claim, page_count=page_count))
    options = replace(options, first=claim.first, last=claim.last)
    outcome = pipeline.run(source, reader, options, proceed)
    with clock.step("store"):
        pages = _gathered(job, claim, outcome)
    ended = bool(pages) and _complete(job, claim, pages, clock)
    _count(outcome, clock)
    return ended


def _gathered(job: Job, claim: Claim, outcome: Outcome) -> Sequence[Page]:
    """All pages of the document, if these were the last ones to be read."""
    read = outcome.pages
    if len(read) == outcome.page_count:
        return read
    if job.mode == Job.Mode.TEXT:
        read = tuple(replace(page, lines=()) for page in read)
    endure(lambda: parts.save(claim, read))
    if not endure(lambda: lifecycle.finish(claim, upto=read[-1].number)):
        return ()
    pages = [*endure(lambda: list(parts.load(claim.job_id))), *read]
    return sorted(pages, key=lambda page: page.number)


def _complete(job: Job, claim: Claim, pages: Sequence[Page], clock: Clock) -> bool:
    with clock.step("fields"):
        result = _text(pages) if job.mode == Job.Mode.TEXT else _fields(job, pages)
    with clock.step("store"):
        key = endure(lambda: results.save(claim, result))
        ended = endure(lambda: endings.complete(claim, page_count=len(pages), result_key=key))
        if not ended:
            endure(lambda: results.discard(claim, key))
    counters.add(Counter(FIELDS.of(str(f.flag).lower()) for f in result.fields.values()))
    return ended


def _count(outcome: Outcome, clock: Clock) -> None:
    stages = {**outcome.seconds, **clock.seconds}
    counters.add(
        {
            **Counter(PAGES.of(page.source) for page in outcome.pages),
            **{STAGE_SECONDS.of(stage): seconds for stage, seconds in stages.items()},
            BATCHES.of(): 1,
        }
    )


def _text(pages: Sequence[Page]) -> Result:
    return Result(pages=tuple(PageText(page.number, page.text) for page in pages))


def _fields(job: Job, pages: Sequence[Page]) -> Result:
    wanted = schema.parse(json.loads(endure(lambda: store().read(job.schema_key))))
    found = matching.extract(wanted, pages, labels.load(settings.LABEL_DIR))
    return Result(
        data=found.data,
        fields=found.fields,
        sizes=tuple(
            PageSize(page.number, page.width, page.height, page.rotation) for page in pages
        ),
    )
