from __future__ import annotations

import re
from contextlib import suppress

import pytest

from engine import schema
from engine.types import FieldValue
from ocrwell.accounts.models import Member
from ocrwell.errors import InvalidField, NotFound
from ocrwell.jobs import corrections, results, retention, values
from ocrwell.jobs.models import Correction, Job
from ocrwell.jobs.results import Result
from ocrwell.jobs.values import Value
from tests.factories import make_previewed, together
from tests.stage import Person


@pytest.fixture
def job(alice: Person) -> Job:
    return make_previewed(alice.org)


@pytest.fixture
def bob(job: Job) -> Member:
    return Member.objects.create_user("bob", None, org=job.org)


def value(job: Job, path: str) -> Value:
    every = values.every(results.look(job), corrections.settled(job))
    return next(value for value in every if value.path == path)


def test_the_last_correction_of_a_value_counts(job: Job, bob: Member) -> None:
    corrections.correct(job, value(job, "total"), 1, bob)
    corrections.correct(job, value(job, "paid"), True, bob)
    corrections.correct(job, value(job, "total"), None, bob)
    assert corrections.settled(job) == {"total": None, "paid": True}


def test_confirming_keeps_what_was_corrected_before(job: Job, bob: Member) -> None:
    corrections.correct(job, value(job, "total"), 1, bob)
    corrections.confirm(job, value(job, "total"), bob)
    assert corrections.settled(job) == {"total": 1}


def test_what_is_taken_back_counts_no_more_and_stays_in_the_history(job: Job, bob: Member) -> None:
    corrections.correct(job, value(job, "total"), 1, bob)
    corrections.take_back(job, value(job, "total"), bob)
    assert corrections.settled(job) == {}
    rows = corrections.history(job)["total"]
    assert [row.value for row in rows] == [1, corrections.AS_READ]
    assert corrections.standing({"total": rows}) == {}


def test_where_nothing_was_written_there_is_nothing_to_take_back(job: Job, bob: Member) -> None:
    corrections.take_back(job, value(job, "total"), bob)
    assert corrections.history(job) == {}


def test_whoever_comes_after_the_document_has_gone_leaves_nothing(job: Job, bob: Member) -> None:
    late = value(job, "total")
    retention.forget(job)
    with pytest.raises(NotFound):
        corrections.correct(job, late, 1, bob)
    assert not Correction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_corrections_that_race_with_forgetting_none_stays(job: Job, bob: Member) -> None:
    total = value(job, "total")
    turns = iter([True, False, False, False])

    def one() -> None:
        if next(turns):
            retention.forget(job)
            return
        with suppress(NotFound):
            corrections.correct(job, total, 1, bob)

    together(4, one)
    assert not Correction.objects.exists()


def test_a_path_that_no_row_can_hold_is_refused(job: Job, bob: Member) -> None:
    names = ("x" * 501,)
    long = Value(names, "text", None, None, FieldValue(None, 0.0), True, "", False)
    with pytest.raises(InvalidField):
        corrections.correct(job, long, "y", bob)


ASKED = {
    "type": "object",
    "properties": {
        "status": {"enum": ["open", "paid", ""]},
        "rate": {"type": "number", "enum": [7, 19.5]},
        "due": {"type": "string", "format": "date"},
        "seen": {"type": "string", "format": "date-time"},
        "pages": {"type": "integer"},
        "sure": {"enum": [True]},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"n": {"enum": [1]}}}},
    },
}
DATA = {"status": "paid", "rate": 7, "due": "", "seen": "", "pages": 2, "sure": True}


def asked(path: str) -> Value:
    result = Result(data={**DATA, "rows": [{"n": 1}]}, schema=ASKED)
    every = values.every(result, {}, schema.parse(ASKED))
    return next(value for value in every if value.path == path)


@pytest.mark.parametrize(
    ("path", "text", "new"),
    [
        ("status", " open ", "open"),
        ("status", "", None),
        ("rate", "7", 7),
        ("rate", "19.50", 19.5),
        ("due", "2026-02-28", "2026-02-28"),
        ("seen", "2026-02-28T07:05:00", "2026-02-28T07:05:00"),
        ("seen", "2026-02-28T07:05:00.5+01:00", "2026-02-28T07:05:00.5+01:00"),
        ("pages", "-12", -12),
        ("sure", "false", False),
        ("rows.0.n", "1", 1),
    ],
)
def test_what_the_schema_allows_is_taken(path: str, text: str, new: object) -> None:
    assert corrections.parsed(asked(path), text) == new


@pytest.mark.parametrize(
    ("path", "text", "advice"),
    [
        ("status", "Paid", "Choose one of: open, paid."),
        ("rate", "20", "Choose one of: 7, 19.5."),
        ("due", "28.02.2026", "such as 2026-03-18"),
        ("due", "2026-02-30", "a day that exists"),
        ("due", "20260228", "such as 2026-03-18"),
        ("seen", "2026-02-28", "such as 2026-03-18T14:30:00"),
        ("seen", "2026-02-28T25:00:00", "a time"),
        ("pages", "1.5", "a whole number"),
        ("rows.0.n", "2", "Choose one of: 1."),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(path: str, text: str, advice: str) -> None:
    with pytest.raises(InvalidField, match=re.escape(advice)):
        corrections.parsed(asked(path), text)


def test_without_a_schema_only_the_kind_counts() -> None:
    result = Result(data=DATA)
    every = {value.path: value for value in values.every(result, {})}
    assert corrections.parsed(every["status"], "Paid") == "Paid"
    assert corrections.parsed(every["pages"], "1.5") == 1.5
