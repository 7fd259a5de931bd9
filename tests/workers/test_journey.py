"""One document's way, with a reader that follows a script."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from pytest_django import Settings

from engine import schema
from engine.scripted import ScriptedReader
from engine.types import FieldValue, Image
from ocrwell.jobs import lifecycle, results
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText
from ocrwell.storage import LocalStore
from tests.engine import drawn
from tests.factories import PNG, lapse, make_claim, make_job, stored
from tests.stage import Person
from workers import journey
from workers.lease import BrokenOff

SCAN = drawn.make_scanned_pdf(pages=[["one"], ["two"], ["three"]])


def go_on(pages_done: int, page_count: int) -> None:
    pass


def only() -> Job:
    return Job.objects.get()


def test_a_picture_becomes_a_result_and_nothing_else_is_kept(
    alice: Person, store: LocalStore, reader: ScriptedReader
) -> None:
    job = make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), reader, go_on)
    assert (only().state, only().page_count) == ("completed", 1)
    assert results.fetch(only()).pages == (PageText(1, "INVOICE INV-4821"),)
    assert stored(store.root) == {f"jobs/{job.id}/1/result.json"}
    assert only().source_deleted_at is not None


def test_a_scan_has_a_result_for_every_page(alice: Person, reader: ScriptedReader) -> None:
    make_job(alice.org, SCAN)
    seen: list[tuple[int, int]] = []
    journey.run(make_claim(), reader, lambda done, count: seen.append((done, count)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert only().page_count == 3
    assert [page.number for page in results.fetch(only()).pages] == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (drawn.make_broken_pdf(), "a.pdf", "damaged"),
        (drawn.make_encrypted_pdf(), "a.pdf", "password"),
        (PNG[:200], "a.png", "Document could not be read"),
        (b"\xff\xd8\xff and so on", "a.jpg", "Document could not be read"),
        (b"BM\0\0\0\0\0\0\0\0", "a.bmp", "Document could not be read"),
    ],
)
def test_what_cannot_be_read_fails_with_the_plain_reason(
    alice: Person,
    store: LocalStore,
    reader: ScriptedReader,
    content: bytes,
    filename: str,
    reason: str,
) -> None:
    make_job(alice.org, content, filename=filename)
    journey.run(make_claim(), reader, go_on)
    assert only().state == "failed"
    assert reason in only().failure_reason
    assert stored(store.root) == set()


def test_a_document_of_too_many_pages_fails(
    alice: Person, store: LocalStore, settings: Settings, reader: ScriptedReader
) -> None:
    settings.MAX_PAGES = 2
    make_job(alice.org, SCAN)
    journey.run(make_claim(), reader, go_on)
    assert only().failure_reason == "Document could not be read: it has more than 2 pages."
    assert stored(store.root) == set()


def test_a_source_that_is_gone_fails_the_job(
    alice: Person, store: LocalStore, reader: ScriptedReader
) -> None:
    job = make_job(alice.org)
    store.delete(job.source_key)
    journey.run(make_claim(), reader, go_on)
    assert (only().state, only().failure_reason) == ("failed", journey.SOURCE_GONE)


def test_a_worker_that_must_stop_gives_the_job_back(
    alice: Person, store: LocalStore, reader: ScriptedReader
) -> None:
    def stop_after_one(pages_done: int, page_count: int) -> None:
        raise BrokenOff

    job = make_job(alice.org, SCAN)
    journey.run(make_claim(), reader, stop_after_one)
    assert (only().state, only().losses) == ("pending", 0)
    assert stored(store.root) == {job.source_key}
    journey.run(make_claim(), reader, go_on)
    assert (only().state, only().attempt) == ("completed", 2)


def test_whoever_lost_the_job_leaves_no_result(alice: Person, store: LocalStore) -> None:
    def be_replaced(image: Image) -> Sequence[str]:
        if only().attempt == 1:
            lapse(job)
            make_claim()
        return ["too late"]

    job = make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), ScriptedReader(be_replaced), go_on)
    assert (only().state, only().attempt) == ("processing", 2)
    assert stored(store.root) == {job.source_key}


def test_whoever_lost_the_job_cannot_fail_it(alice: Person, store: LocalStore) -> None:
    job = make_job(alice.org, drawn.make_broken_pdf())
    old = make_claim()
    lapse(job)
    new = make_claim()
    journey.run(old, ScriptedReader([]), go_on)
    assert only().state == "processing"
    assert stored(store.root) == {job.source_key}
    assert lifecycle.renew(new)


def test_a_document_that_takes_too_long_fails(alice: Person, store: LocalStore) -> None:
    def run_out_of_time(image: Image) -> Sequence[str]:
        raise SoftTimeLimitExceeded

    make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), ScriptedReader(run_out_of_time), go_on)
    assert only().state == "failed"
    assert "takes longer than 60 minutes" in only().failure_reason
    assert stored(store.root) == set()


def test_a_bug_leaves_the_lease_to_lapse_and_the_third_ends_it(
    alice: Person, store: LocalStore
) -> None:
    def fall_over(image: Image) -> Sequence[str]:
        raise ZeroDivisionError

    job = make_job(alice.org, PNG, filename="a.png")
    for attempt in (1, 2, 3):
        with pytest.raises(ZeroDivisionError):
            journey.run(make_claim(), ScriptedReader(fall_over), go_on)
        assert (only().state, only().attempt) == ("processing", attempt)
        assert stored(store.root) == {job.source_key}
        lapse(job)
    assert lifecycle.fail_hopeless() == [job.id]


def test_in_structured_mode_the_fields_come_back_in_the_schemas_shape(
    alice: Person, store: LocalStore
) -> None:
    wanted = {"invoice_number": "", "total": 0, "paid": False, "items": [{"name": ""}]}
    pages = drawn.make_pdf(pages=[["Invoice number: INV-4821", "Total: 7,582.44"]])
    job = make_job(alice.org, pages, mode="structured", schema=wanted)
    journey.run(make_claim(), ScriptedReader([["Invoice number: INV-4821"]] * 9), go_on)
    data = {"invoice_number": "INV-4821", "total": 7582.44, "paid": False, "items": []}
    assert results.fetch(only()).data == data
    assert stored(store.root) == {f"{job.prefix}/1/result.json"}


def test_a_result_in_structured_mode_has_its_evidence(
    alice: Person, reader: ScriptedReader
) -> None:
    wanted = {"invoice_number": "", "items": [{"name": ""}]}
    make_job(alice.org, SCAN, mode="structured", schema=wanted)
    journey.run(make_claim(), reader, go_on)
    found = results.fetch(only())
    assert found.pages == ()
    assert found.data == schema.conform(schema.parse(wanted), found.data)
    assert [size.number for size in found.sizes] == [1, 2, 3]
    assert {(size.width, size.height, size.rotation) for size in found.sizes} == {(1653, 2339, 0)}
    assert all(isinstance(each, FieldValue) for each in found.fields.values())
