from __future__ import annotations

import os
import time
from datetime import timedelta

from ocrwell.jobs import lifecycle, results, retention
from ocrwell.jobs.models import Job, Upload
from ocrwell.jobs.results import PageText
from ocrwell.storage import LocalStore
from tests.factories import make_claim, make_job, make_upload, stored
from tests.stage import Person

DAY = timedelta(hours=24)


def test_a_source_is_forgotten_and_the_result_stays(alice: Person, store: LocalStore) -> None:
    job = make_job(alice.org)
    results.save(make_claim(), [PageText(1, "text")])
    retention.forget_source(job)
    assert stored(store.root) == {f"jobs/{job.id}/1/result.json"}
    assert Job.objects.get().source_deleted_at is not None


def test_of_a_failed_job_nothing_stays(alice: Person, store: LocalStore) -> None:
    job = make_job(alice.org)
    claim = make_claim()
    results.save(claim, [PageText(1, "written by a worker that died then")])
    lifecycle.fail(claim, reason="because")
    retention.forget_source(job)
    assert stored(store.root) == set()


def test_the_sweep_deletes_the_sources_of_ended_jobs(alice: Person, store: LocalStore) -> None:
    done, failed, working, pending = (make_job(alice.org) for _ in range(4))
    lifecycle.complete(make_claim(), page_count=1)
    lifecycle.fail(make_claim(), reason="because")
    make_claim()
    retention.sweep()
    assert stored(store.root) == {f"jobs/{job.id}/source" for job in (working, pending)}
    forgotten = Job.objects.exclude(source_deleted_at=None)
    assert set(forgotten) == {done, failed}


def test_the_sweep_forgets_uploads_after_a_day(alice: Person, store: LocalStore) -> None:
    young = make_upload(alice.org, age=DAY - timedelta(minutes=1))
    make_upload(alice.org, age=DAY)
    make_upload(alice.org, None, age=DAY)
    retention.sweep()
    assert stored(store.root) == {young.key}
    assert Upload.objects.get() == young


def test_an_old_upload_goes_without_its_job(alice: Person, store: LocalStore) -> None:
    job = make_job(alice.org)
    late = Upload.objects.get()
    store.put(late.key, b"sent again after the job was submitted")
    Upload.objects.update(created_at=late.created_at - DAY)
    retention.sweep()
    assert stored(store.root) == {job.source_key}


def test_sweeping_twice_is_sweeping_once(alice: Person, store: LocalStore) -> None:
    make_job(alice.org)
    lifecycle.complete(make_claim(), page_count=1)
    retention.sweep()
    before = Job.objects.values().get()
    retention.sweep()
    assert Job.objects.values().get() == before


def test_after_a_day_everything_leaves_the_store(alice: Person, store: LocalStore) -> None:
    old, young = make_job(alice.org), make_job(alice.org)
    past = time.time() - DAY.total_seconds() - 1
    os.utime(store.root / old.source_key, (past, past))
    retention.expire()
    assert stored(store.root) == {young.source_key}
