from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.types import FieldValue
from ocrwell.dialects import deepread_result
from ocrwell.jobs import values
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from tests.factories import FOUND

T0 = datetime(2026, 3, 23, 2, 15, 0, 999_999, tzinfo=UTC)
TYPICAL = "It is outside of the typical range."
INVOICE = Result(
    pages=(PageText(1, "# Acme Inc"), PageText(2, "Total 1250.00", confidence=0.5)),
    data={
        "vendor": {"name": "Acme Inc", "city": ""},
        "total": 1250.0,
        "items": [{"price": 4.8}, {"price": 0}],
        "taxes": [],
    },
    fields={
        "vendor.name": FieldValue("Acme Inc", 0.99, page=1),
        "vendor.city": FieldValue(None, 0.1, True, values.NOT_FOUND),
        "total": FieldValue(1250.0, 0.5, True, TYPICAL, page=2),
        "items": FieldValue(None, 0.9),
        "items.0.price": FieldValue(4.8, 0.9, page=2),
        "items.1.price": FieldValue(None, 0.0),
        "taxes": FieldValue(None, 0.2, True, values.NO_ROWS),
    },
)
DATA = deepread_result.fields(INVOICE)


def job(**over: Any) -> Job:
    known = {
        "filename": "invoice.pdf",
        "state": "completed",
        "page_count": 2,
        "created_at": T0,
        "include_images": True,
    }
    return Job(dialect="deepread", pipeline="standard", **known | over)


def image_url(number: int) -> str:
    return f"https://here/{number}.jpg"


def test_a_flagged_field_has_its_reason_and_its_page() -> None:
    assert DATA["total"] == {
        "value": 1250.0,
        "hil_flag": True,
        "found_on_page": 2,
        "reason": TYPICAL,
    }


def test_a_field_that_is_sure_has_no_reason() -> None:
    assert deepread_result.fields(FOUND)["merchant"] == {
        "value": "Grüße & Co.",
        "hil_flag": False,
        "found_on_page": 2,
    }


def test_below_the_top_there_is_plain_json_with_nulls() -> None:
    assert DATA["vendor"] == {
        "value": {"name": "Acme Inc", "city": None},
        "hil_flag": True,
        "found_on_page": 1,
        "reason": f"city: {values.NOT_FOUND}",
    }
    assert DATA["items"] == {
        "value": [{"price": 4.8}, {"price": None}],
        "hil_flag": False,
        "found_on_page": 2,
    }


def test_a_list_without_rows_is_flagged() -> None:
    assert DATA["taxes"] == {
        "value": [],
        "hil_flag": True,
        "found_on_page": None,
        "reason": values.NO_ROWS,
    }


def test_many_reasons_are_cut_short() -> None:
    (address,) = deepread_result.fields(Result(data={"a": dict.fromkeys("bcdef", "")})).values()
    assert address["reason"].startswith(f"b: {values.NOT_FOUND} c: ")
    assert address["reason"].endswith("And 2 more.")


def test_a_correction_replaces_the_value_and_its_flag() -> None:
    data = deepread_result.fields(INVOICE, {"total": 1205, "vendor.city": None})
    assert data["total"] == {
        "value": 1205,
        "hil_flag": False,
        "found_on_page": 2,
        "corrected": True,
    }
    assert data["vendor"]["hil_flag"] is False


def test_a_page_has_the_fields_found_on_it() -> None:
    assert deepread_result.page(INVOICE.pages[0], DATA) == {
        "page_number": 1,
        "text": "# Acme Inc",
        "hil_flag": True,
        "review_reason": f"vendor: city: {values.NOT_FOUND}",
        "data": {"vendor": DATA["vendor"]},
    }


def test_a_page_that_is_hard_to_read_says_so() -> None:
    told = deepread_result.page(PageText(3, "T0ta1", confidence=0.5), {})
    assert (told["hil_flag"], told["review_reason"]) == (True, deepread_result.ILLEGIBLE)


@pytest.mark.parametrize("confidence", [None, 0.95])
def test_a_page_without_doubts_has_no_reason(confidence: float | None) -> None:
    told = deepread_result.page(PageText(3, "Total", confidence), {})
    assert (told["hil_flag"], told["review_reason"], told["data"]) == (False, None, {})


def test_numbers_count_the_fields_at_the_top() -> None:
    assert deepread_result.numbers(DATA) == {
        "total_fields": 4,
        "fields_requiring_review": 3,
        "review_percentage": 75.0,
    }


def test_without_fields_there_is_nothing_to_review() -> None:
    assert deepread_result.numbers({})["review_percentage"] == 0


def test_a_result_that_is_no_object_is_one_field() -> None:
    (field,) = deepread_result.fields(Result(data=["a", "b"])).items()
    assert field == ("data", {"value": ["a", "b"], "hil_flag": False, "found_on_page": None})


def test_a_preview_has_what_the_contract_says_and_nothing_else() -> None:
    body = deepread_result.preview(job(), INVOICE, {}, image_url)
    pages, data = body.pop("pages"), body.pop("data")
    assert body == {
        "file_name": "invoice.pdf",
        "status": "completed",
        "created_at": "2026-03-23T02:15:00Z",
        "metadata": {"page_count": 2, "pipeline": "standard", "review_percentage": 75.0},
    }
    assert data == DATA
    assert pages[0] == {
        "page_number": 1,
        "image_url": "https://here/1.jpg",
        "text": "# Acme Inc",
        "hil_flag": True,
        "data": {"vendor": DATA["vendor"]},
    }


@pytest.mark.parametrize(("state", "told"), [("pending", "queued"), ("failed", "failed")])
def test_the_preview_of_a_job_without_a_result_is_empty(state: str, told: str) -> None:
    body = deepread_result.preview(job(state=state, page_count=None), None, {}, image_url)
    assert (body["status"], body["pages"], body["data"]) == (told, [], {})
    assert body["metadata"]["page_count"] == 0


def test_pages_without_pictures_have_no_address_of_one() -> None:
    body = deepread_result.preview(job(include_images=False), INVOICE, {}, image_url)
    assert [page["image_url"] for page in body["pages"]] == [None, None]
