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
    packed = [word.text, box.x0, box.y0, box.x1, box.y1, word.confidence]
    return [*packed, word.other] if word.other else packed


def unpacked(number: int, width: int, height: int, text: str, *rest: Any) -> Page:
    source, rotation, lines = rest
    read = tuple(Line(tuple(_unpacked_word(*word) for word in words)) for words in lines)
    return Page(number, width, height, read, text, source, rotation)


def _unpacked_word(text: str, *numbers: Any) -> Word:
    """Where two readings agreed, and in older parts, there is no other one."""
    x0, y0, x1, y1, confidence, *other = numbers
    return Word(text, Box(x0, y0, x1, y1), confidence, *other)
