"""Pages of a job that are read while others are not: kept until the job is put together."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.types import Box, Line, Page, Word
from ocrwell.jobs import lifecycle
from ocrwell.jobs.lifecycle import Claim
from ocrwell.storage import store


def save(claim: Claim, pages: Sequence[Page]) -> None:
    content = json.dumps([packed(page) for page in pages], ensure_ascii=False)
    # Half a surrogate pair, from a broken text layer, could not be written.
    store().put(_key(claim), gzip.compress(content.encode(errors="replace"), compresslevel=3))


def load(job_id: UUID) -> Iterator[Page]:
    """The pages of all work on the job that is done, in their order; raises Missing."""
    for claim in lifecycle.done(job_id):
        for page in json.loads(gzip.decompress(store().read(_key(claim)))):
            yield unpacked(*page)


def note(claim: Claim, seconds: Mapping[str, float]) -> None:
    """How long the steps of this work took."""
    store().put(_note_key(claim), json.dumps(dict(seconds)).encode())


def noted(job_id: UUID) -> Counter[str]:
    """The seconds of all work on the job that is done, by step."""
    total = Counter[str]()
    for claim in lifecycle.done(job_id):
        total.update(json.loads(store().read(_note_key(claim))))
    return total


def _note_key(claim: Claim) -> str:
    return f"jobs/{claim.job_id}/work/seconds/{claim.name}"


def _key(claim: Claim) -> str:
    return f"jobs/{claim.job_id}/work/pages/{claim.name}"


def packed(page: Page) -> list[Any]:
    """Without names: a page has hundreds of words."""
    lines = [[_word(word) for word in line.words] for line in page.lines]
    size = [page.number, page.width, page.height]
    return [*size, page.text, page.source, page.rotation, lines]


def _word(word: Word) -> list[Any]:
    box = word.box
    return [word.text, box.x0, box.y0, box.x1, box.y1, word.confidence]


def unpacked(number: int, width: int, height: int, text: str, *rest: Any) -> Page:
    source, rotation, lines = rest
    read = tuple(
        Line(tuple(Word(text, Box(*box), confidence) for text, *box, confidence in words))
        for words in lines
    )
    return Page(number, width, height, read, text, source, rotation)
