from __future__ import annotations

import os
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from ocrwell import ids
from ocrwell.jobs import lifecycle, results, retention
from ocrwell.jobs.models import Job, Upload
from ocrwell.jobs.results import PageText, Result
from ocrwell.storage import LocalStore, Store
from tests import servers
from tests.factories import lapse, make_claim, make_completed, make_job, make_upload
from tests.stage import Person, objects

DAY, READING = timedelta(hours=24), timedelta(minutes=5)
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
OLD = Result((PageText(1, "written by a worker that died then"),))
NEW = Result((PageText(1, "text"),))


def test_a_source_is_forgotten_and_the_result_stays(alice: Person, store: Store) -> None:
    job = make_job(alice.org)
    results.save(make_claim(), NEW)
    retention.forget_source(job)
    assert objects(store) == {f"jobs/{job.id}/1-1/result.json"}
    assert Job.objects.get().source_deleted_at is not None


def test_of_a_failed_job_nothing_stays(alice: Person, store: Store) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    results.save(claim, OLD)
    lifecycle.fail(claim, reason="because")
    retention.forget_source(job)
    assert objects(store) == set()


def test_the_sweep_deletes_the_sources_of_ended_jobs(alice: Person, store: Store) -> None:
    done, failed, working, pending = (make_job(alice.org) for _ in range(4))
    lifecycle.complete(make_claim(), page_count=1, result_key="")
    lifecycle.fail(make_claim(), reason="because")
    make_claim()
    retention.sweep()
    assert objects(store) == {job.source_key for job in (working, pending)}
    forgotten = Job.objects.exclude(source_deleted_at=None)
    assert set(forgotten) == {done, failed}


def test_what_a_job_was_made_of_goes_with_its_source(alice: Person, store: Store) -> None:
    job = make_job(alice.org, mode="structured", schema={"total": 0})
    assert objects(store) == {job.source_key, job.schema_key}
    lifecycle.complete(make_claim(), page_count=1, result_key="")
    retention.forget_source(job)
    assert objects(store) == set()


def test_the_sweep_deletes_results_whose_time_is_over(alice: Person, store: Store) -> None:
    read, unread, expired = (make_completed(alice.org, "text") for _ in range(3))
    results.fetch(read)
    Job.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    retention.sweep()
    assert objects(store) == {f"{job.prefix}/1-1/result.json" for job in (read, unread)}
    assert Job.objects.exclude(content_deleted_at=None).get() == expired


def test_a_dead_attempts_result_goes_with_the_others(alice: Person, store: Store) -> None:
    job = make_job(alice.org)
    results.save(make_claim(), OLD)
    lapse(job)
    results.save(make_claim(), NEW)
    retention.forget(job)
    assert objects(store) == set()


def test_a_forgotten_job_says_when_and_holds_nothing_of_the_document(alice: Person) -> None:
    job = make_completed(alice.org, "text")
    retention.forget(job)
    job.refresh_from_db()
    assert job.source_deleted_at is not None
    assert job.content_deleted_at is not None
    assert (job.state, job.filename, job.failure_reason) == ("completed", "", "")


def test_a_failed_job_keeps_its_reason_and_no_file_name(alice: Person) -> None:
    job = make_job(alice.org)
    lifecycle.fail(make_claim(), reason="because")
    retention.sweep()
    job.refresh_from_db()
    assert (job.filename, job.failure_reason) == ("", "because")
    assert job.content_deleted_at is not None


def test_the_sweep_forgets_uploads_after_a_day(alice: Person, store: Store) -> None:
    young = make_upload(alice.org, age=DAY - timedelta(minutes=1))
    make_upload(alice.org, age=DAY)
    make_upload(alice.org, None, age=DAY)
    retention.sweep()
    assert objects(store) == {young.key}
    assert Upload.objects.get() == young


def test_an_old_upload_goes_without_its_job(alice: Person, store: Store) -> None:
    job = make_job(alice.org)
    late = Upload.objects.get()
    store.put(late.key, b"sent again after the job was submitted")
    Upload.objects.update(created_at=late.created_at - DAY)
    retention.sweep()
    assert objects(store) == {job.source_key}


def test_sweeping_twice_is_sweeping_once(alice: Person, store: Store) -> None:
    make_job(alice.org)
    lifecycle.complete(make_claim(), page_count=1, result_key="")
    retention.sweep()
    before = Job.objects.values().get()
    retention.sweep()
    assert Job.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_what_has_no_row_to_belong_to_leaves_the_store_after_a_quarter(
    alice: Person, store: Store
) -> None:
    read, forgotten = make_completed(alice.org, "text"), make_completed(alice.org, "text")
    retention.forget(forgotten)
    waiting, nobodys = make_job(alice.org), f"jobs/{ids.new()}/source"
    submitted, open_ = Upload.objects.first(), make_upload(alice.org)
    assert submitted
    late = {submitted.key, f"{forgotten.prefix}/9/result.json", nobodys, f"uploads/{ids.new()}"}
    for key in (*late, "other"):
        store.put(key, b"content")
    kept = {waiting.source_key, f"{read.prefix}/1-1/result.json", open_.key, "other"}
    retention.expire(timezone.now() + QUARTER - MINUTE)
    assert objects(store) == kept | late
    retention.expire(timezone.now() + QUARTER + MINUTE)
    assert objects(store) == kept


@pytest.mark.django_db(transaction=True)
def test_after_a_day_and_the_time_to_read_everything_leaves_the_store(
    alice: Person, local_store: LocalStore
) -> None:
    old, young, waiting = (
        make_completed(alice.org, "text"),
        make_completed(alice.org, "text"),
        make_job(alice.org),
    )
    results_of = [f"{job.prefix}/1-1/result.json" for job in (old, young)]
    past = time.time() - (DAY + READING).total_seconds() - 1
    for name in (results_of[0], waiting.source_key):
        os.utime(local_store.root / name, (past, past))
    retention.expire()
    assert objects(local_store) == {results_of[1], waiting.source_key}


@pytest.mark.django_db(transaction=True)
def test_in_the_end_only_what_is_waited_for_stays(alice: Person, store: Store) -> None:
    make_completed(alice.org, "text")
    working, waiting = make_job(alice.org), make_job(alice.org)
    make_claim()
    make_upload(alice.org)
    for key in ("other", "partial/left"):
        store.put(key, b"content")
    retention.expire(timezone.now() + DAY + READING + MINUTE)
    assert objects(store) == {working.source_key, waiting.source_key}


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_deleted_does_not_keep_the_others(
    local_store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"uploads/{ids.new()}" for _ in range(9)]
    for key in keys:
        local_store.put(key, b"content")
    real = os.unlink

    def refuse(path: Path, **over: object) -> None:
        if path == local_store.root / keys[3]:
            raise PermissionError(path)
        real(path)

    monkeypatch.setattr(os, "unlink", refuse)
    monkeypatch.setattr(retention, "BATCH", 2)
    retention.expire(timezone.now() + DAY)
    assert objects(local_store) == {keys[3]}


def test_jobs_of_an_older_database_get_their_times(alice: Person) -> None:
    done, failed = make_completed(alice.org, "text"), make_job(alice.org)
    lifecycle.fail(make_claim(), reason="because")
    Job.objects.update(expires_at=None)
    import_module("ocrwell.jobs.migrations.0003_times_of_older_jobs").give_times(apps, None)
    done.refresh_from_db()
    failed.refresh_from_db()
    assert done.finished_at is not None
    assert done.expires_at == done.finished_at + DAY
    assert failed.content_deleted_at is not None
    assert failed.filename == ""
    assert results.fetch(done).pages[0].text == "text"


def test_what_cannot_be_deleted_is_not_called_deleted(
    alice: Person, local_store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, **_: object) -> None:
        raise PermissionError(path)

    stuck, other = make_completed(alice.org, "text"), make_completed(alice.org, "text")
    Job.objects.update(expires_at=timezone.now())
    with monkeypatch.context() as broken:
        broken.setattr(os, "unlink", refuse)
        retention.sweep()
    assert not Job.objects.exclude(content_deleted_at=None).exists()
    retention.sweep()
    assert set(Job.objects.exclude(content_deleted_at=None)) == {stuck, other}
    assert objects(local_store) == set()


@pytest.mark.skipif(servers.REAL, reason="PostgreSQL's files are its own")
@pytest.mark.django_db(transaction=True)
def test_not_even_the_name_of_a_file_can_be_found_in_the_database_later(alice: Person) -> None:
    word = "Xylographer"
    folder = Path(connection.settings_dict["NAME"]).parent

    def found() -> set[str]:
        files = folder.glob(f"{Path(connection.settings_dict['NAME']).name}*")
        return {file.name for file in files if word.encode() in file.read_bytes()}

    job = make_job(alice.org, filename=f"{word}.pdf")
    assert found()
    lifecycle.complete(make_claim(), page_count=1, result_key="")
    Job.objects.update(expires_at=timezone.now())
    retention.sweep()
    retention.expire()
    job.refresh_from_db()
    assert job.content_deleted_at
    assert found() == set()
