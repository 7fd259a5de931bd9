"""One document's way, with a reader that follows a script."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from PIL import Image
from pytest_django import Settings

from engine import schema, types
from engine.scripted import ScriptedReader
from engine.types import FieldValue
from ocrwell.jobs import lifecycle, results
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText
from ocrwell.storage import LocalStore, Store
from tests.engine import drawn
from tests.factories import PNG, batch, lapse, make_claim, make_job
from tests.stage import Person, objects
from workers import journey

SCAN = drawn.make_scanned_pdf(pages=[["one"], ["two"], ["three"]])


def go_on(pages_done: int, page_count: int) -> bool:
    return True


def stop(pages_done: int, page_count: int) -> bool:
    return False


def only() -> Job:
    return Job.objects.get()


def test_a_picture_becomes_a_result_and_nothing_else_is_kept(
    alice: Person, store: Store, reader: ScriptedReader
) -> None:
    job = make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), reader, go_on)
    assert (only().state, only().page_count) == ("completed", 1)
    assert results.fetch(only()).pages == (PageText(1, "INVOICE INV-4821"),)
    assert objects(store) == {f"jobs/{job.id}/1-1/result.json"}
    assert only().source_deleted_at is not None


def test_a_scan_has_a_result_for_every_page(alice: Person, reader: ScriptedReader) -> None:
    make_job(alice.org, SCAN)
    seen: list[tuple[int, int]] = []

    def see(pages_done: int, page_count: int) -> bool:
        seen.append((pages_done, page_count))
        return True

    journey.run(make_claim(), reader, see)
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
    store: Store,
    reader: ScriptedReader,
    content: bytes,
    filename: str,
    reason: str,
) -> None:
    make_job(alice.org, content, filename=filename)
    journey.run(make_claim(), reader, go_on)
    assert only().state == "failed"
    assert reason in only().failure_reason
    assert objects(store) == set()


def test_a_document_of_too_many_pages_fails(
    alice: Person, store: Store, settings: Settings, reader: ScriptedReader
) -> None:
    settings.MAX_PAGES = 2
    make_job(alice.org, SCAN)
    journey.run(make_claim(), reader, go_on)
    assert only().failure_reason == "Document could not be read: it has more than 2 pages."
    assert objects(store) == set()


def test_a_source_that_is_gone_fails_the_job(
    alice: Person, store: Store, reader: ScriptedReader
) -> None:
    job = make_job(alice.org)
    store.delete(job.source_key)
    journey.run(make_claim(), reader, go_on)
    assert (only().state, only().failure_reason) == ("failed", journey.SOURCE_GONE)


def test_a_worker_that_must_stop_gives_back_what_it_has_not_read(
    alice: Person, store: Store, reader: ScriptedReader
) -> None:
    job = make_job(alice.org, SCAN)
    journey.run(make_claim(), reader, stop)
    assert ranges(job) == [(1, 1, "done", 0), (2, 3, "waiting", 0)]
    assert (only().state, only().page_count) == ("processing", 3)
    journey.run(make_claim(), reader, go_on)
    assert (only().state, only().page_count) == ("completed", 3)
    assert [page.number for page in results.fetch(only()).pages] == [1, 2, 3]
    assert objects(store) == {only().result_key}


def ranges(job: Job) -> list[tuple[int, int | None, str, int]]:
    batches = job.batches.order_by("first")
    return list(batches.values_list("first", "last", "state", "losses"))


def make_tiff(page_count: int) -> bytes:
    """Pages with a little ink, of which each is a pixel wider than the one before."""
    pages = [Image.new("L", (WIDTH + number, 100), 255) for number in range(page_count)]
    for page in pages:
        page.paste(0, (20, 40, 120, 50))
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    return file.getvalue()


class PageReader(ScriptedReader):
    """Reads from each of these pages what stands there for it, however often it is asked."""

    def __init__(self, *texts: str) -> None:
        super().__init__(lambda image: [texts[image.shape[1] - WIDTH]])


WIDTH = 200
NUMBERS = ["one", "two", "three", "four", "five"]


@pytest.fixture
def long_job(alice: Person, settings: Settings) -> Job:
    """In three batches."""
    settings.BATCH_PAGES = 2
    return make_job(alice.org, make_tiff(len(NUMBERS)), filename="a.tiff")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_long_document_is_put_together_by_whoever_reads_the_last_of_it(
    long_job: Job, store: Store, order: tuple[int, ...]
) -> None:
    reader = PageReader(*NUMBERS)
    first = lifecycle.cut(make_claim(), page_count=5)
    claims = [first, make_claim(), make_claim()]
    assert [(claim.first, claim.last) for claim in claims] == [(1, 2), (3, 4), (5, 5)]
    for number, turn in enumerate(order):
        journey.run(claims[turn], reader, go_on)
        assert only().state == ("completed" if number == 2 else "processing")
    texts = [page.text for page in results.fetch(only()).pages]
    assert texts == NUMBERS
    assert objects(store) == {only().result_key}


def test_what_a_killed_worker_had_read_before_is_not_read_again(long_job: Job) -> None:
    reader = PageReader(*NUMBERS)
    for _ in range(2):
        journey.run(make_claim(), reader, go_on)
    make_claim()
    lapse(long_job)
    assert ranges(long_job) == [(1, 2, "done", 0), (3, 4, "done", 0), (5, 5, "at work", 0)]
    reader.calls = 0
    journey.run(make_claim(), reader, go_on)
    assert (only().state, reader.calls) == ("completed", 1)


def test_fields_are_found_on_all_pages_of_a_long_document(
    alice: Person, settings: Settings
) -> None:
    settings.BATCH_PAGES = 1
    texts = ["Invoice number: INV-4821", "Total: 7,582.44"]
    wanted = {"invoice_number": "", "total": 0}
    make_job(alice.org, make_tiff(2), filename="a.tiff", mode="structured", schema=wanted)
    for _ in texts:
        journey.run(make_claim(), PageReader(*texts), go_on)
    found = results.fetch(only())
    assert found.data == {"invoice_number": "INV-4821", "total": 7582.44}
    assert [size.number for size in found.sizes] == [1, 2]
    assert found.fields["total"].page == 2
    assert found.schema == wanted


def test_a_page_that_cannot_be_read_fails_the_job_and_ends_the_work_on_the_others(
    long_job: Job, store: Store
) -> None:
    first = lifecycle.cut(make_claim(), page_count=5)
    other = make_claim()
    store.put(long_job.source_key, drawn.make_broken_pdf())
    journey.run(other, ScriptedReader([]), go_on)
    assert only().state == "failed"
    assert lifecycle.claim() is None
    assert not lifecycle.renew(first)
    assert objects(store) == set()


def test_while_the_store_is_away_the_pages_wait_without_blame(
    alice: Person, settings: Settings, local_store: LocalStore, reader: ScriptedReader
) -> None:
    settings.OUTAGE_PATIENCE = settings.OUTAGE_PAUSE = timedelta()
    job = make_job(alice.org, PNG, filename="a.png")
    hidden = local_store.root.rename(local_store.root.with_name("elsewhere"))
    local_store.root.write_text("not a folder")
    for _ in range(4):
        journey.run(make_claim(), reader, go_on)
        assert (batch(job).state, batch(job).losses) == ("waiting", 0)
    local_store.root.unlink()
    hidden.rename(local_store.root)
    journey.run(make_claim(), reader, go_on)
    assert only().state == "completed"


def test_whoever_lost_the_job_leaves_no_result(alice: Person, store: Store) -> None:
    def be_replaced(image: types.Image) -> Sequence[str]:
        if batch(job).attempt == 1:
            lapse(job)
            make_claim()
        return ["too late"]

    job = make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), ScriptedReader(be_replaced), go_on)
    assert (batch(job).state, batch(job).attempt) == ("at work", 2)
    assert objects(store) == {job.source_key}


def test_whoever_lost_the_job_cannot_fail_it(alice: Person, store: Store) -> None:
    job = make_job(alice.org, drawn.make_broken_pdf())
    old = make_claim()
    lapse(job)
    new = make_claim()
    journey.run(old, ScriptedReader([]), go_on)
    assert only().state == "processing"
    assert objects(store) == {job.source_key}
    assert lifecycle.renew(new)


def test_a_document_that_takes_too_long_fails(alice: Person, store: Store) -> None:
    def run_out_of_time(image: types.Image) -> Sequence[str]:
        raise SoftTimeLimitExceeded

    make_job(alice.org, PNG, filename="a.png")
    journey.run(make_claim(), ScriptedReader(run_out_of_time), go_on)
    assert only().state == "failed"
    assert "take longer than 15 minutes" in only().failure_reason
    assert objects(store) == set()


def test_a_bug_leaves_the_lease_to_lapse_and_the_third_ends_it(alice: Person, store: Store) -> None:
    def fall_over(image: types.Image) -> Sequence[str]:
        raise ZeroDivisionError

    job = make_job(alice.org, PNG, filename="a.png")
    for attempt in (1, 2, 3):
        with pytest.raises(ZeroDivisionError):
            journey.run(make_claim(), ScriptedReader(fall_over), go_on)
        assert (only().state, batch(job).attempt) == ("processing", attempt)
        assert objects(store) == {job.source_key}
        lapse(job)
    assert lifecycle.fail_hopeless() == [job.id]


def test_in_structured_mode_the_fields_come_back_in_the_schemas_shape(
    alice: Person, store: Store
) -> None:
    wanted = {"invoice_number": "", "total": 0, "paid": False, "items": [{"name": ""}]}
    pages = drawn.make_pdf(pages=[["Invoice number: INV-4821", "Total: 7,582.44"]])
    job = make_job(alice.org, pages, mode="structured", schema=wanted)
    journey.run(make_claim(), ScriptedReader([["Invoice number: INV-4821"]] * 9), go_on)
    data = {"invoice_number": "INV-4821", "total": 7582.44, "paid": False, "items": []}
    assert results.fetch(only()).data == data
    assert objects(store) == {f"{job.prefix}/1-1/result.json"}


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
