"""Queries that are written once find what the same queries find that Django writes every time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models import CharField, DateTimeField, F, UUIDField
from django.forms import model_to_dict
from django.utils import timezone

from ocrwell import ids
from ocrwell.accounts.models import ApiKey
from ocrwell.jobs.models import Job
from ocrwell.prepared import Given, Prepared
from tests.factories import make_completed, make_job
from tests.stage import Person

pytestmark = pytest.mark.django_db

JOB = Prepared(Job.objects.filter(id=Given("id", UUIDField())))
KEY = Prepared(
    ApiKey.objects.select_related("org").filter(
        digest=Given("digest", CharField()), created_at__lte=Given("now", DateTimeField())
    )
)


def test_every_column_is_what_django_reads(alice: Person) -> None:
    for job in (make_completed(alice.org, "a"), make_job(alice.org)):
        found = JOB.first(id=job.pk)
        assert found is not None
        assert vars(found) | {"_state": 0} == vars(Job.objects.get(pk=job.pk)) | {"_state": 0}
        assert not found._state.adding


def test_what_belongs_to_it_comes_with_it(alice: Person, django_assert_num_queries: Any) -> None:
    found = KEY.first(digest=ApiKey.objects.get().digest, now=timezone.now())
    assert found is not None
    with django_assert_num_queries(0):
        assert model_to_dict(found.org) == model_to_dict(alice.org)


def test_values_are_compared_as_what_they_are(alice: Person, charlie: Person) -> None:
    key = ApiKey.objects.get(org=alice.org)
    early, same = key.created_at - timedelta(microseconds=1), key.created_at
    assert KEY.first(digest=key.digest, now=early) is None
    assert KEY.first(digest=key.digest, now=same) == key
    assert KEY.first(digest=key.digest + "'", now=same) is None
    assert KEY.first(digest="%s", now=same) is None


def test_where_there_is_nothing_nothing_is_found(db: None) -> None:
    assert JOB.first(id=ids.new()) is None


def test_of_several_the_first_is_found(alice: Person) -> None:
    jobs = [make_job(alice.org) for _ in range(3)]
    latest = Prepared(Job.objects.filter(org=Given("org", UUIDField())).order_by("-created_at"))
    assert latest.first(org=alice.org.pk) == jobs[-1]


def test_what_it_found_can_be_changed_like_any_row(alice: Person) -> None:
    found = JOB.first(id=make_job(alice.org).pk)
    assert found is not None
    found.filename = "b.pdf"
    found.save()
    assert Job.objects.get().filename == "b.pdf"


def test_only_whole_rows_are_found() -> None:
    with pytest.raises(TypeError, match="whole rows"):
        Prepared(Job.objects.annotate(of=F("org__name"))).first()


def test_its_errors_are_djangos(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Job._meta.db_table} RENAME TO elsewhere")
    with pytest.raises(DatabaseError):
        JOB.first(id=ids.new())
