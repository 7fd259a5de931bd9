from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from ocrwell.errors import FileTooLarge, InvalidField, NotFound, ServiceError, UnsupportedFormat
from ocrwell.jobs import submission
from ocrwell.jobs.models import Job, Upload
from ocrwell.storage import LocalStore
from tests.factories import PDF, PNG, make_submission, make_upload, stored, together
from tests.stage import Person


def submit(person: Person, upload: Upload, **over: Any) -> Job:
    return submission.submit(make_submission(upload, **{"org": person.org} | over))


def test_a_submitted_upload_becomes_a_pending_job(alice: Person, store: LocalStore) -> None:
    job = submit(alice, make_upload(alice.org))
    job.refresh_from_db()
    assert (job.org, job.state, job.mode, job.dialect) == (alice.org, "pending", "text", "native")
    assert (job.filename, job.batches.get().attempt) == ("invoice.pdf", 0)
    assert stored(store.root) == {job.source_key}
    assert store.read(job.source_key) == PDF


def test_workers_hear_of_a_job_once_it_is_committed(
    alice: Person,
    hints: Callable[[], int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submit(alice, make_upload(alice.org))
        assert hints() == 0
    assert hints() == 1


def test_a_colleague_may_submit_and_a_stranger_not(
    alice: Person, bob: Person, charlie: Person
) -> None:
    upload = make_upload(alice.org)
    with pytest.raises(NotFound):
        submit(charlie, upload)
    assert submit(bob, upload).org == alice.org


def test_a_file_that_has_not_arrived_is_named(alice: Person) -> None:
    with pytest.raises(InvalidField) as refused:
        submit(alice, make_upload(alice.org, None))
    assert [(d.field, d.reason) for d in refused.value.details] == [("upload_id", "not_uploaded")]


def test_an_upload_that_can_no_longer_be_filled_is_gone(alice: Person) -> None:
    quarter, day = timedelta(minutes=15), timedelta(hours=24)
    with pytest.raises(NotFound):
        submit(alice, make_upload(alice.org, None, age=quarter))
    assert submit(alice, make_upload(alice.org, age=day - timedelta(minutes=1)))


def test_an_upload_is_submitted_once(alice: Person, store: LocalStore) -> None:
    upload = make_upload(alice.org)
    job = submit(alice, upload)
    with pytest.raises(InvalidField) as refused:
        submit(alice, upload)
    assert refused.value.details[0].reason == "already_submitted"
    assert stored(store.root) == {job.source_key}


def test_a_file_that_comes_after_submission_changes_nothing(
    alice: Person, store: LocalStore
) -> None:
    upload = make_upload(alice.org)
    job = submit(alice, upload)
    store.put(upload.key, PDF + b"late")
    with pytest.raises(InvalidField, match="already"):
        submit(alice, upload)
    assert stored(store.root) == {job.source_key}
    assert store.read(job.source_key) == PDF


def test_a_refusal_leaves_the_upload_as_it_was(alice: Person, store: LocalStore) -> None:
    upload = make_upload(alice.org)
    with pytest.raises(InvalidField, match="must be the same"):
        submit(alice, upload, filename="other.pdf")
    assert stored(store.root) == {upload.key}
    submit(alice, upload)


@pytest.mark.parametrize(
    ("filename", "content", "refusal"),
    [
        ("a.pdf", PNG, UnsupportedFormat),
        ("a.png", PDF, UnsupportedFormat),
        ("a.jpg", PNG, UnsupportedFormat),
        ("a.pdf", b"MZ\x90\x00", UnsupportedFormat),
        ("a.pdf", b"", UnsupportedFormat),
        ("a.png", b"\x89PN", UnsupportedFormat),
        ("a.pdf", PDF + b" " * 20 * 2**20, FileTooLarge),
    ],
)
def test_a_file_that_is_not_what_it_says_is_deleted_at_once(
    alice: Person, store: LocalStore, filename: str, content: bytes, refusal: type[ServiceError]
) -> None:
    with pytest.raises(refusal):
        submit(alice, make_upload(alice.org, content, filename=filename))
    assert stored(store.root) == set()
    assert not Job.objects.exists()


def test_after_a_refused_file_another_may_come(alice: Person, store: LocalStore) -> None:
    upload = make_upload(alice.org, PNG)
    with pytest.raises(UnsupportedFormat, match=r"'invoice.pdf' but its content is PNG"):
        submit(alice, upload)
    store.put(upload.key, PDF)
    assert submit(alice, upload).state == "pending"


def test_a_file_of_exactly_the_limit_is_taken(alice: Person, settings: Settings) -> None:
    settings.MAX_FILE_BYTES = len(PDF)
    assert submit(alice, make_upload(alice.org)).state == "pending"


@pytest.mark.django_db(transaction=True)
def test_of_many_submissions_at_once_one_makes_a_job(alice: Person, store: LocalStore) -> None:
    upload = make_upload(alice.org)

    def attempt() -> str:
        try:
            return str(submit(alice, upload).state)
        except InvalidField as error:
            return error.details[0].reason

    outcomes = together(8, attempt)
    assert outcomes.count("pending") == 1
    assert set(outcomes) <= {"pending", "already_submitted", "not_uploaded"}
    assert stored(store.root) == {Job.objects.get().source_key}
