"""The DeepRead contract, statement by statement: submitting a document and asking for its job."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ocrwell.accounts.models import Plan
from ocrwell.jobs import artefacts, lifecycle
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import PageText, Result
from ocrwell.storage import Store
from tests.api.deepread_calls import MB, PROCESS, TEXT, ask, refused, send, submit
from tests.engine import drawn
from tests.factories import FOUND, PDF, complete, make_claim, make_completed
from tests.stage import Person, objects

SCHEMA = json.dumps({"type": "object", "properties": {"vendor": {"type": "string"}}})
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


# Submitting


def test_a_document_is_queued(alice: Person) -> None:
    answer = send(alice.api)
    assert answer.status_code == 200
    job = Job.objects.get()
    assert answer.json() == {"id": str(job.pk), "status": "queued"}
    assert (job.dialect, job.mode, job.filename) == ("deepread", "text", "invoice.pdf")


def test_what_is_left_out_has_the_published_defaults(alice: Person) -> None:
    job = submit(alice, pipeline="", include_images="", schema="", webhook_url="")
    asked = (job.pipeline, job.include_images, job.include_pages, job.searchable_pdf)
    assert asked == ("standard", True, False, False)
    assert job.webhook_url == ""


@pytest.mark.parametrize("name", ["standard", "searchable", "fast"])
def test_a_pipeline_has_a_name(alice: Person, name: str) -> None:
    job = submit(alice, pipeline=name)
    assert (job.pipeline, job.searchable_pdf) == (name, name == "searchable")


def test_newer_clients_ask_for_the_searchable_pdf_itself(alice: Person) -> None:
    assert submit(alice, searchable_pdf="true").searchable_pdf


@pytest.mark.parametrize("field", ["include_images", "include_pages"])
def test_flags_are_words(alice: Person, field: str) -> None:
    assert getattr(submit(alice, **{field: "True"}), field)
    assert not getattr(submit(alice, **{field: "false"}), field)
    status, detail = refused(send(alice.api, **{field: "maybe"}))
    assert (status, detail) == (400, f"'{field}' takes 'true' or 'false'.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pipeline": "gpt"}, "There is no pipeline 'gpt'. Use one of 'fast', 'standard', 'searc"),
        ({"schema": "{"}, "The schema is not valid JSON"),
        ({"schema": "null"}, "The schema is null"),
        ({"schema": "[" * 20_000}, "The schema is nested too deeply"),
        ({"schema": '"' + "x" * 70_000 + '"'}, "The schema exceeds 64 KB"),
        (
            {"schema": '{"type": "object", "properties": {"a": {"type": "poem"}}}'},
            "schema.properties.a.type",
        ),
        ({"schema": SCHEMA, "blueprint_id": "660e8400"}, "Provide 'schema' or 'blueprint_id'"),
        ({"version": "x" * 101}, "'version' takes at most 100 characters"),
        ({"webhook_url": "http://8.8.8.8/x"}, "'webhook_url' must begin with https://"),
        ({"webhook_url": "https://127.0.0.1/x"}, "'webhook_url' is not allowed"),
        ({"webhook_url": "nowhere"}, "'webhook_url' must be an absolute URL"),
    ],
)
def test_a_wrong_field_is_named(alice: Person, fields: dict[str, str], said: str) -> None:
    status, detail = refused(send(alice.api, **fields))
    assert status == 400
    assert said in detail
    assert not Job.objects.exists()


def test_a_blueprint_that_is_not_there_is_not_found(alice: Person) -> None:
    assert refused(send(alice.api, blueprint_id="660e8400"))[0] == 404


def test_fields_of_other_versions_are_ignored(alice: Person) -> None:
    submit(alice, version="dp02", colour="blue")


def test_a_schema_asks_for_fields(alice: Person, store: Store) -> None:
    job = submit(alice, schema=SCHEMA)
    assert job.mode == "structured"
    assert json.loads(store.read(job.schema_key)) == json.loads(SCHEMA)
    assert store.read(job.source_key) == PDF


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_the_content_says_which_format_it_is(alice: Person, kind: str) -> None:
    submit(alice, drawn.make_image(format=kind, dpi=40))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\3\4 a spreadsheet", "not supported"), (b"", "The file is empty")],
)
def test_other_files_are_refused(alice: Person, store: Store, content: bytes, said: str) -> None:
    status, detail = refused(send(alice.api, content))
    assert status == 400
    assert said in detail
    assert objects(store) == set()


def test_a_request_without_a_file_says_how_to_send_one(alice: Person) -> None:
    for body in ({"pipeline": "fast"}, {"document": SimpleUploadedFile("a.pdf", PDF)}):
        status, detail = refused(alice.api.post(PROCESS, body))
        assert status == 400
        assert "'file'" in detail
    status, detail = refused(alice.api.post(PROCESS, {"file": "[object Object]"}))
    assert (status, "openAsBlob" in detail) == (400, True)
    status, detail = refused(alice.api.post(PROCESS, PDF, "application/pdf"))
    assert (status, "multipart/form-data" in detail) == (400, True)
    status, detail = refused(alice.api.post(PROCESS, b"--x", "multipart/form-data; boundary=(x"))
    assert (status, "multipart/form-data" in detail) == (400, True)


def test_two_files_are_too_many(alice: Person) -> None:
    two = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)]
    status, detail = refused(alice.api.post(PROCESS, {"file": two}))
    assert (status, detail) == (400, "Send one document at a time, in the field 'file'.")


def test_the_plan_says_how_large_a_file_may_be(alice: Person, store: Store) -> None:
    Plan.objects.filter(pk="pro").update(max_file_mb=1)
    assert refused(send(alice.api, PDF + bytes(MB))) == (413, "The file exceeds 1 MB.")
    assert objects(store) == set()
    submit(alice, PDF)


def test_a_key_is_needed(nobody: Client) -> None:
    status, detail = refused(send(nobody))
    assert (status, "X-API-Key" in detail) == (401, True)


def test_a_damaged_document_is_accepted_and_fails_as_a_job(alice: Person) -> None:
    assert submit(alice, b"%PDF-1.7 damaged").reserved_pages == 1


# Asking


def test_a_waiting_job_is_queued_then_processing(alice: Person) -> None:
    job = submit(alice)
    body = ask(alice, job).json()
    assert body["id"] == str(job.pk)
    assert body["status"] == "queued"
    assert TIME.fullmatch(body["created_at"])
    assert "result" not in body
    make_claim()
    assert ask(alice, job).json()["status"] == "processing"


def test_a_completed_job_tells_its_text(alice: Person) -> None:
    job = submit(alice)
    complete(TEXT, page_count=2)
    body = ask(alice, job).json()
    assert body["status"] == "completed"
    assert TIME.fullmatch(body["completed_at"])
    result = body["result"]
    assert result["text"] == result["text_preview"] == "# Invoice\n\nTotal: 5\n\nPage two"
    assert result["text_url"] is None
    assert "data" not in result
    assert result["pages"][1] == {
        "page_number": 2,
        "text": "Page two",
        "hil_flag": False,
        "review_reason": None,
        "data": {},
    }
    assert body["metadata"] == {
        "page_count": 2,
        "pipeline": "standard",
        "review_percentage": 0.0,
        "fields_requiring_review": 0,
        "total_fields": 0,
        "step_timings": {},
    }
    assert body["preview_url"].startswith("http://testserver/preview/")
    assert len(body["preview_url"].rpartition("/")[2]) >= 22
    assert "webhook_url" not in body
    assert "artifacts" not in body


def test_a_schema_brings_data_with_flags_and_reasons(alice: Person) -> None:
    job = submit(alice, schema=SCHEMA)
    complete(FOUND)
    body = ask(alice, job).json()
    assert body["result"]["data"]["merchant"] == {
        "value": "Grüße & Co.",
        "hil_flag": False,
        "found_on_page": 2,
    }
    paid = body["result"]["data"]["paid"]
    assert (paid["value"], paid["hil_flag"], paid["found_on_page"]) == (None, True, None)
    assert paid["reason"] == "Nothing was found."
    assert body["result"]["data"]["items"]["value"] == [{"price": 4.8}]
    numbers = body["metadata"]
    assert (numbers["total_fields"], numbers["fields_requiring_review"]) == (3, 1)
    assert numbers["review_percentage"] == 33.3


@pytest.mark.parametrize(
    ("images", "pages", "listed"),
    [("true", "false", True), ("false", "true", True), ("false", "false", False)],
)
def test_pages_are_listed_on_request(alice: Person, images: str, pages: str, listed: bool) -> None:
    job = submit(alice, include_images=images, include_pages=pages)
    complete(TEXT)
    assert ("pages" in ask(alice, job).json()["result"]) is listed


def test_the_preview_of_the_text_has_500_letters(alice: Person) -> None:
    job = submit(alice)
    complete(Result((PageText(1, "é" * 600),)))
    result = ask(alice, job).json()["result"]
    assert (len(result["text"]), result["text_preview"]) == (600, "é" * 500)


def test_a_text_above_1_mb_has_an_address_of_its_own(alice: Person, nobody: Client) -> None:
    job = submit(alice)
    text = "x" * (MB + 1)
    artefacts.save(job, artefacts.TEXT, text.encode())
    complete(Result((PageText(1, text),)))
    result = ask(alice, job).json()["result"]
    assert (result["text"], result["text_preview"]) == (None, "x" * 500)
    answer = nobody.get(result["text_url"])
    assert (answer.status_code, answer.getvalue()) == (200, text.encode())
    assert answer["Content-Length"] == str(len(text))
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert 'filename="invoice.md"' in answer["Content-Disposition"]
    assert nobody.get(result["text_url"].replace("text.md", "other.md")).status_code == 404
    assert nobody.get(result["text_url"].replace("files/0", "files/1")).status_code == 404
    Job.objects.update(expires_at=timezone.now())
    assert refused(nobody.get(result["text_url"]))[0] == 404


def test_a_searchable_pdf_has_an_address(alice: Person, nobody: Client) -> None:
    job = submit(alice, pipeline="searchable")
    assert "artifacts" not in ask(alice, job).json()
    artefacts.save(job, artefacts.SEARCHABLE, PDF)
    complete(TEXT)
    answer = nobody.get(ask(alice, job).json()["artifacts"]["searchable_pdf_url"])
    assert (answer["Content-Type"], answer.getvalue()) == ("application/pdf", PDF)


def test_a_failed_job_says_why(alice: Person) -> None:
    job = submit(alice)
    lifecycle.fail(make_claim(), reason="Document could not be read: the file is damaged.")
    body = ask(alice, job).json()
    assert body["status"] == "failed"
    assert body["error"] == "Document could not be read: the file is damaged."
    assert "result" not in body


def test_jobs_of_others_and_of_the_native_api_are_not_found(
    alice: Person, bob: Person, charlie: Person
) -> None:
    job = submit(alice)
    assert ask(bob, job).status_code == 200
    assert refused(ask(charlie, job)) == (404, "There is no such job.")
    assert refused(alice.api.get("/deepread/v1/jobs/nonsense"))[0] == 404
    complete(TEXT)
    native = make_completed(alice.org, "text")
    status, detail = refused(ask(alice, native))
    assert (status, detail) == (404, "This job belongs to another API of this service. Ask there.")
    assert Job.objects.get(pk=native.pk).first_read_at is None


def test_a_job_is_not_found_by_the_native_api(alice: Person) -> None:
    answer = alice.api.get(f"/v1/jobs/{submit(alice).pk}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_what_is_our_own_fault_is_told_in_the_same_words(alice: Person, store: Store) -> None:
    job = submit(alice)
    store.put(complete(TEXT).result_key, b"{")
    assert refused(ask(alice, job)) == (500, "Unexpected server error.")


# Keeping


def kept(job: Job) -> timedelta:
    assert job.expires_at
    assert job.finished_at
    return job.expires_at - job.finished_at


def test_results_are_kept_a_day_however_often_they_are_read(alice: Person) -> None:
    job = submit(alice)
    complete(TEXT)
    ask(alice, job)
    job.refresh_from_db()
    assert kept(job) == timedelta(hours=24)


def test_an_organisation_may_keep_them_for_another_time(alice: Person) -> None:
    alice.org.retention_hours = 2
    alice.org.save()
    job = submit(alice)
    complete(TEXT)
    job.refresh_from_db()
    assert kept(job) == timedelta(hours=2)


def test_an_expired_result_is_not_found(alice: Person) -> None:
    job = submit(alice)
    complete(TEXT)
    Job.objects.update(expires_at=timezone.now())
    status, detail = refused(ask(alice, job))
    assert (status, "expired" in detail) == (404, True)
