"""Pages travel between workers as they were read."""

from __future__ import annotations

import gzip
import json

import pytest

from engine.types import Box, Line, Page, Word
from ocrwell.jobs import lifecycle, parts
from ocrwell.jobs.lifecycle import Claim
from ocrwell.storage import Store
from tests.factories import make_claim, make_job
from tests.stage import Person, objects

TOTAL = Word("Total", Box(1, 2, 3.5, 4), 0.99)
AMOUNT = Word("1,250.00", Box(5, 2, 9, 4), 0.4, "1,280.00")
PAGE = Page(1, 1000, 1400, (Line((TOTAL, AMOUNT)), Line((TOTAL,))), "Total 1,250.00", "text", 90)


@pytest.fixture
def claim(alice: Person) -> Claim:
    """On the first of several batches."""
    make_job(alice.org)
    return lifecycle.cut(make_claim(), page_count=99)


def test_a_page_comes_back_with_what_else_was_read(claim: Claim) -> None:
    parts.save(claim, [PAGE])
    lifecycle.finish(claim, upto=1)
    assert list(parts.load(claim.job_id)) == [PAGE]


def test_a_part_of_an_older_worker_can_be_read(claim: Claim, store: Store) -> None:
    parts.save(claim, [PAGE])
    lifecycle.finish(claim, upto=1)
    (key,) = (key for key in objects(store) if "/pages/" in key)
    old = [1, 1000, 1400, "Total", "ocr", 0, [[["Total", 1, 2, 3.5, 4, 0.99]]]]
    store.put(key, gzip.compress(json.dumps([old]).encode()))
    assert list(parts.load(claim.job_id)) == [Page(1, 1000, 1400, (Line((TOTAL,)),), "Total")]
