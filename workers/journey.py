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

from engine import markdown, matching, pipeline, schema, searchable
from engine.errors import TooManyPages, UnreadableDocument
from engine.matching import labels
from engine.pictures import jpeg
from engine.pipeline import Clock, OnImage, OnPage, Options, Outcome
from engine.types import Image, Page, Reader
from ocrwell import request_id
from ocrwell.accounts import quota
from ocrwell.accounts.models import Plan
from ocrwell.jobs import artefacts, lifecycle, parts, pictures, results, retention
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
    job = Job.objects.select_related("org__plan").get(pk=claim.job_id)
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
    options = _options(job)
    if claim.last is None:
        page_count = pipeline.page_count(source, options)
        _check_plan(job, page_count)
        claim = endure(lambda: lifecycle.cut(claim, page_count=page_count))
    options = replace(options, first=claim.first, last=claim.last)
    outcome = pipeline.run(source, reader, options, proceed, _keeping(job, clock))
    clock.seconds |= outcome.seconds
    with clock.step("store"):
        pages = _gathered(job, claim, outcome, clock)
    ended = False
    if pages:
        _add_searchable(job, source, pages, clock)
        ended = _complete(job, claim, pages, clock)
    _count(outcome, clock)
    return ended


def _options(job: Job) -> Options:
    if job.dialect == Job.Dialect.NATIVE:
        return Options(max_pages=settings.MAX_PAGES)
    return Options(max_pages=settings.MOST_PAGES, check=job.pipeline != Job.Pipeline.FAST)


def _check_plan(job: Job, page_count: int) -> None:
    """The pages of some documents could not be counted when they were submitted."""
    if job.dialect == Job.Dialect.DEEPREAD:
        refused = quota.refusal(job.org.plan, page_count, Plan.objects.all())
        if refused:
            raise TooManyPages(refused)


def _keeping(job: Job, clock: Clock) -> OnImage | None:
    """What keeps the pictures of the pages, where somebody wants them."""

    def keep(page: Page, image: Image) -> None:
        with clock.step("pictures"):
            picture = jpeg(image)
            endure(lambda: pictures.save(job, page, picture))

    return keep if job.include_images else None


def _gathered(job: Job, claim: Claim, outcome: Outcome, clock: Clock) -> Sequence[Page]:
    """All pages of the document, if these were the last ones to be read."""
    read = outcome.pages
    if job.dialect == Job.Dialect.DEEPREAD:
        read = tuple(replace(page, text=markdown.page(page)) for page in read)
    elif job.mode == Job.Mode.TEXT:
        read = tuple(replace(page, lines=()) for page in read)
    if len(read) == outcome.page_count:
        return read
    endure(lambda: parts.save(claim, read))
    endure(lambda: parts.note(claim, clock.seconds))
    if not endure(lambda: lifecycle.finish(claim, upto=read[-1].number)):
        return ()
    pages = [*endure(lambda: list(parts.load(claim.job_id))), *read]
    return sorted(pages, key=lambda page: page.number)


def _add_searchable(job: Job, source: bytes, pages: Sequence[Page], clock: Clock) -> None:
    if not job.searchable_pdf:
        return
    with clock.step("searchable PDF"):
        pdf = searchable.make(source, pages)
        endure(lambda: artefacts.save(job, artefacts.SEARCHABLE, pdf))


def _complete(job: Job, claim: Claim, pages: Sequence[Page], clock: Clock) -> bool:
    with clock.step("fields"):
        result = Result() if job.mode == Job.Mode.TEXT else _fields(job, pages)
    if job.mode == Job.Mode.TEXT or job.dialect == Job.Dialect.DEEPREAD:
        result = replace(result, pages=_texts(pages))
    with clock.step("store"):
        before = endure(lambda: parts.noted(claim.job_id))
        result = replace(result, seconds=before + Counter(clock.seconds))
        key = endure(lambda: _saved(job, claim, result))
        ended = endure(lambda: endings.complete(claim, page_count=len(pages), result_key=key))
        if not ended:
            endure(lambda: results.discard(claim, key))
    counters.add(Counter(FIELDS.of(str(f.flag).lower()) for f in result.fields.values()))
    return ended


def _saved(job: Job, claim: Claim, result: Result) -> str:
    """The key of the result; a text that is too long for it lies beside it."""
    if job.dialect == Job.Dialect.DEEPREAD and results.is_long(result.text):
        artefacts.save(job, artefacts.TEXT, result.text.encode(errors="replace"))
    return results.save(claim, result)


def _count(outcome: Outcome, clock: Clock) -> None:
    counters.add(
        {
            **Counter(PAGES.of(page.source) for page in outcome.pages),
            **{STAGE_SECONDS.of(stage): seconds for stage, seconds in clock.seconds.items()},
            BATCHES.of(): 1,
        }
    )


def _texts(pages: Sequence[Page]) -> tuple[PageText, ...]:
    return tuple(PageText(page.number, page.text, _confidence(page)) for page in pages)


def _confidence(page: Page) -> float | None:
    """Mean over the letters that were read; None where there are none to tell."""
    words = [word for line in page.lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else None


def _fields(job: Job, pages: Sequence[Page]) -> Result:
    wanted = json.loads(endure(lambda: store().read(job.schema_key)))
    lexicon = labels.load(settings.LABEL_DIR)
    found = matching.extract(schema.parse(wanted), pages, lexicon, check=_options(job).check)
    return Result(
        data=found.data,
        fields=found.fields,
        sizes=tuple(
            PageSize(page.number, page.width, page.height, page.rotation) for page in pages
        ),
        schema=wanted,
    )
