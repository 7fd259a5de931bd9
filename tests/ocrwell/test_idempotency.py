from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ocrwell.errors import DuplicateRequest, InvalidField, NotFound, Unavailable
from ocrwell.jobs import idempotency, submission
from ocrwell.jobs.models import IdempotencyKey, Job, Upload
from ocrwell.storage import Store
from tests.factories import PDF, make_submission, make_upload, together
from tests.stage import Person, objects

DAY = timedelta(hours=24)


def submit(upload: Upload, key: str = "key", digest: str = "digest") -> Job:
    return submission.submit(make_submission(upload, idempotency_key=key, digest=digest))


def age(by: timedelta) -> None:
    IdempotencyKey.objects.update(created_at=timezone.now() - by)


def test_the_same_call_gives_the_same_job(alice: Person) -> None:
    upload = make_upload(alice.org)
    first, again = submit(upload), submit(upload)
    assert first == again == Job.objects.get()
    assert first.request_id == again.request_id


def test_another_body_is_a_duplicate(alice: Person) -> None:
    submit(make_upload(alice.org))
    with pytest.raises(DuplicateRequest):
        submit(make_upload(alice.org), digest="another")
    assert Job.objects.count() == 1


def test_organisations_do_not_share_keys(alice: Person, charlie: Person) -> None:
    jobs = {submit(make_upload(alice.org)), submit(make_upload(charlie.org))}
    assert len(jobs) == 2


def test_without_a_key_every_call_is_a_new_one(alice: Person) -> None:
    upload = make_upload(alice.org)
    submit(upload, key="")
    with pytest.raises(InvalidField):
        submit(upload, key="")


def test_a_key_is_good_for_a_day(alice: Person) -> None:
    upload = make_upload(alice.org)
    first = submit(upload)
    age(DAY - timedelta(minutes=1))
    assert submit(upload) == first
    age(DAY)
    second = submit(make_upload(alice.org), digest="another")
    assert second != first
    assert IdempotencyKey.objects.get().job == second


def test_a_refused_submission_is_not_remembered(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org, None)
    with pytest.raises(InvalidField):
        submit(upload)
    assert not IdempotencyKey.objects.exists()
    store.put(upload.key, PDF)
    assert submit(upload, digest="another").state == "pending"


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_once_make_one_job(alice: Person, store: Store) -> None:
    upload = make_upload(alice.org)
    jobs = together(8, lambda: submit(upload))
    assert set(jobs) == {Job.objects.get()}
    assert len({(job.request_id, job.created_at) for job in jobs}) == 1
    assert objects(store) == {jobs[0].source_key}


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_once_that_must_fail_all_say_why(alice: Person) -> None:
    upload = make_upload(alice.org)

    def refused() -> str:
        with pytest.raises(NotFound) as error:
            submission.submit(
                make_submission(upload, upload_id="nonsense", idempotency_key="key", digest="d")
            )
        return error.value.message

    assert len(set(together(8, refused))) == 1
    assert not IdempotencyKey.objects.exists()


def test_a_call_waits_for_the_first_and_gives_up_in_time(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.1)
    IdempotencyKey.objects.create(org=alice.org, key="key", digest="digest")
    with pytest.raises(Unavailable):
        submit(make_upload(alice.org))


def test_a_first_call_that_died_gives_its_place_away(alice: Person) -> None:
    IdempotencyKey.objects.create(org=alice.org, key="key", digest="digest")
    age(idempotency.RESERVED_FOR)
    assert submit(make_upload(alice.org)) == IdempotencyKey.objects.get().job


def test_a_call_that_lost_its_place_makes_no_job_and_can_be_repeated(
    alice: Person, store: Store
) -> None:
    def lose_the_place(reservation: IdempotencyKey | None) -> Job:
        assert reservation
        reservation.delete()
        return submission._submit(asked, IdempotencyKey(pk=reservation.pk))

    upload = make_upload(alice.org)
    asked = make_submission(upload)
    with pytest.raises(Unavailable):
        idempotency.once(org=alice.org, key="key", digest="d", submit=lose_the_place)
    assert not Job.objects.exists()
    assert objects(store) == {upload.key}
    assert submit(upload).state == "pending"


def test_keys_are_forgotten_after_their_day(alice: Person) -> None:
    submit(make_upload(alice.org), key="old")
    age(DAY)
    submit(make_upload(alice.org), key="new")
    idempotency.sweep()
    assert [each.key for each in IdempotencyKey.objects.all()] == ["new"]
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
        ('{"a": {"x": [1.0, 2], "y": null}}', '{"a": {"y": null, "x": [1, 2.0]}}'),
        ('{"a": 1e2, "b": 1.50}', '{"a": 100, "b": 1.5}'),
        ('{"ä": "\\ud800"}', '{"\\u00e4": "\\uD800"}'),
        ('{"a": 1e400}', '{"a": 1e500}'),
    ],
)
def test_equal_json_has_one_digest(one: str, other: str) -> None:
    assert idempotency.digest(one) == idempotency.digest(other)


@pytest.mark.parametrize("other", ['"1"', "true", "null", "[1]", "1.5", '" "', "{}", "10"])
def test_different_json_has_different_digests(other: str) -> None:
    assert idempotency.digest('{"a": 1}') != idempotency.digest(f'{{"a": {other}}}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_spaces_and_escapes_do_not_count(body: object) -> None:
    compact = json.dumps(body, separators=(",", ":"))
    spacious = json.dumps(body, indent=2, ensure_ascii=False)
    assert idempotency.digest(compact) == idempotency.digest(spacious)
