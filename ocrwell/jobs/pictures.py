"""The pages of a job as people look at them: a picture of each, and its words with their places.

Whoever reads a page writes both, and whoever reads it again writes the same again.
"""

from __future__ import annotations

import json

from engine.types import Page
from ocrwell.jobs import parts
from ocrwell.jobs.models import Job
from ocrwell.storage import store


def save(job: Job, page: Page, picture: bytes) -> None:
    """The picture is a JPEG of the page upright, of the size in pixels that the page says."""
    content = json.dumps(parts.packed(page), ensure_ascii=False)
    store().put(job.words_key(page.number), content.encode(errors="replace"))
    store().put(job.image_key(page.number), picture)


def picture(job: Job, number: int) -> bytes:
    """Raises Missing."""
    return store().read(job.image_key(number))


def page(job: Job, number: int) -> Page:
    """Raises Missing."""
    return parts.unpacked(*json.loads(store().read(job.words_key(number))))
