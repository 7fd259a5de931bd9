"""From the upload to the job, with a folder here and with a real MinIO in ``test-services``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.db import OperationalError, connection
from django.db.models.signals import post_save
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from ocrwell.errors import (
    FileTooLarge,
    InvalidField,
    NotFound,
    ServiceError,
    Unavailable,
    UnsupportedFormat,
)
from ocrwell.jobs import submission
from ocrwell.jobs.models import IdempotencyKey, Job, Upload
from ocrwell.storage import Store, Unreachable
from tests.factories import PDF, PNG, make_submission, make_upload, together
from tests.stage import Person, objects

Happens = Callable[[str, Callable[[], object]], None]


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def before(store: Store, monkeypatch: pytest.MonkeyPatch) -> Happens:
    """Something that happens just before the store next does this."""

    def happen(deed: str, what: Callable[[], object]) -> None:
        real = getattr(type(store), deed)

        def do(self: Store, *args: Any) -> object:
            monkeypatch.setattr(type(store), deed, real)
            what()
            return real(self, *args)

        monkeypatch.setattr(type(store), deed, do)

    return happen


def submit(person: Person, upload: Upload, **over: Any) -> Job:
    return submission.submit(make_submission(upload, **{"org": person.org} | over))


def test_a_submitted_upload_becomes_a_pending_job(alice: Person, store: Store) -> None:
    job = submit(alice, make_upload(alice.org))
    job.refresh_from_db()
    assert (job.org, job.state, job.mode, job.dialect) == (alice.org, "pending", "text", "native")
    assert (job.filename, job.batches.get().attempt) == ("invoice.pdf", 0)
    assert objects(store) == {job.source_key}
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


def test_an_upload_is_submitted_once(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org)
    job = submit(alice, upload)
    with pytest.raises(InvalidField) as refused:
        submit(alice, upload)
    assert refused.value.details[0].reason == "already_submitted"
    assert objects(store) == {job.source_key}


def test_an_empty_file_is_refused(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org, b"")
    with pytest.raises(InvalidField) as refused:
        submit(alice, upload)
    assert refused.value.details[0].reason == "empty"
    assert objects(store) == set()


def test_a_file_that_comes_after_submission_changes_nothing(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org)
    job = submit(alice, upload)
    store.put(upload.key, PDF + b"late")
    with pytest.raises(InvalidField, match="already"):
        submit(alice, upload)
    assert objects(store) == {job.source_key}
    assert store.read(job.source_key) == PDF


def test_a_refusal_leaves_the_upload_as_it_was(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org)
    with pytest.raises(InvalidField, match="must be the same"):
        submit(alice, upload, filename="other.pdf")
    assert objects(store) == {upload.key}
    submit(alice, upload)


@pytest.mark.parametrize(
    ("filename", "content", "refusal"),
    [
        ("a.pdf", PNG, UnsupportedFormat),
        ("a.png", PDF, UnsupportedFormat),
        ("a.jpg", PNG, UnsupportedFormat),
        ("a.pdf", b"MZ\x90\x00", UnsupportedFormat),
        ("a.png", b"\x89PN", UnsupportedFormat),
        ("a.pdf", PDF + b" " * 20 * 2**20, FileTooLarge),
    ],
)
def test_a_file_that_is_not_what_it_says_is_deleted_at_once(
    alice: Person, store: Store, filename: str, content: bytes, refusal: type[ServiceError]
) -> None:
    with pytest.raises(refusal):
        submit(alice, make_upload(alice.org, content, filename=filename))
    assert objects(store) == set()
    assert not Job.objects.exists()


def test_a_file_is_checked_as_it_was_copied(alice: Person, store: Store, before: Happens) -> None:
    upload = make_upload(alice.org)
    before("copy", lambda: store.put(upload.key, PNG))
    with pytest.raises(UnsupportedFormat, match="its content is PNG"):
        submit(alice, upload)
    assert objects(store) == set()
    assert not Job.objects.exists()


def test_a_file_that_comes_while_it_is_checked_comes_too_late(
    alice: Person, store: Store, before: Happens
) -> None:
    upload = make_upload(alice.org)
    before("head", lambda: store.put(upload.key, PNG))
    job = submit(alice, upload)
    assert store.read(job.source_key) == PDF
    assert objects(store) == {job.source_key}


def test_a_file_that_grows_behind_the_first_look_is_not_taken(
    alice: Person, store: Store, before: Happens, settings: Settings
) -> None:
    settings.MAX_FILE_BYTES = len(PDF)
    upload = make_upload(alice.org)
    before("copy", lambda: store.put(upload.key, PDF + b" "))
    with pytest.raises(FileTooLarge):
        submit(alice, upload)
    assert objects(store) == set()


def test_after_a_refused_file_another_may_come(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org, PNG)
    with pytest.raises(UnsupportedFormat, match=r"'invoice.pdf' but its content is PNG"):
        submit(alice, upload)
    store.put(upload.key, PDF)
    assert submit(alice, upload).state == "pending"


def test_a_file_of_exactly_the_limit_is_taken(alice: Person, settings: Settings) -> None:
    settings.MAX_FILE_BYTES = len(PDF)
    assert submit(alice, make_upload(alice.org)).state == "pending"


@pytest.mark.django_db(transaction=True)
def test_of_many_submissions_at_once_one_makes_a_job(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org)

    def attempt() -> str:
        try:
            return str(submit(alice, upload).state)
        except InvalidField as error:
            return error.details[0].reason

    outcomes = together(8, attempt)
    assert sorted(outcomes) == ["already_submitted"] * 7 + ["pending"]
    job = Job.objects.get()
    assert objects(store) == {job.source_key}
    assert store.read(job.source_key) == PDF


def test_a_call_that_broke_off_before_it_made_the_job_can_be_made_again(
    alice: Person, store: Store
) -> None:
    def lose(**_: object) -> None:
        raise OperationalError("the connection is lost")

    upload = make_upload(alice.org)
    post_save.connect(lose, sender=Job)
    try:
        with pytest.raises(OperationalError):
            submit(alice, upload)
    finally:
        post_save.disconnect(lose, sender=Job)
    assert len(objects(store)) == 2  # the upload and what now belongs to no job
    job = submit(alice, upload)
    assert {job.source_key} < objects(store)
    assert upload.key not in objects(store)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_was_committed_although_nobody_heard_of_it_has_its_document(
    alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, commit = make_upload(alice.org), cast(Any, connection)._commit
    lost = iter([False, True])  # first the idempotency key is committed, then the job

    def commit_and_lose() -> None:
        commit()
        if next(lost, False):
            raise OperationalError("the connection is lost")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "_commit", commit_and_lose)
        with pytest.raises(OperationalError):
            submit(alice, upload, idempotency_key="1", digest="a")
    job = Job.objects.get()
    assert store.read(job.source_key) == PDF
    assert submit(alice, upload, idempotency_key="1", digest="a") == job
    with pytest.raises(InvalidField, match="already"):
        submit(alice, upload)
    assert objects(store) == {job.source_key}


def test_a_refused_submission_leaves_nothing_but_the_upload(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org)
    lost = IdempotencyKey(org=alice.org, key="1")
    with pytest.raises(Unavailable):
        submission._submit(make_submission(upload), lost)
    assert objects(store) == {upload.key}
    assert not Job.objects.exists()


def test_what_only_remains_to_be_tidied_up_does_not_refuse_a_job(
    alice: Person, store: Store, before: Happens
) -> None:
    def fail() -> None:
        raise Unreachable

    upload = make_upload(alice.org)
    before("delete", fail)
    job = submit(alice, upload)
    assert objects(store) == {job.source_key, upload.key}
