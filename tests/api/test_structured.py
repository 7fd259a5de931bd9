"""Structured mode over HTTP: what a schema may be, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine import schema as schemas
from ocrwell.jobs.models import Job, Upload
from ocrwell.jobs.results import Result
from ocrwell.storage import Store
from tests.factories import complete, make_upload
from tests.stage import Person, objects

JSON = "application/json"
RECEIPT = {"merchant": "", "date": "", "total": 0}
KB = 1024
# One for every rule of the contract; the rest is the engine's own business, and tested there.
INVALID = {
    "a list": ([], "not_an_object"),
    "a string": ("text", "not_an_object"),
    "a number": (1, "not_an_object"),
    "tuple items": (
        {"type": "object", "properties": {"a": {"type": "array", "items": [{"type": "string"}]}}},
        "tuple_items",
    ),
    "an external $ref": ({"$ref": "https://example.com/schema.json"}, "external_ref"),
    "a circular $ref": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        "circular_ref",
    ),
    "an empty composition": (
        {"type": "object", "properties": {"a": {"anyOf": []}}},
        "empty_composition",
    ),
    "another type": (
        {"type": "object", "properties": {"a": {"type": "null"}}},
        "unsupported_type",
    ),
    "two elements in an array": ({"items": ["", ""]}, "array_length"),
    "a reserved name": ({"$id": ""}, "reserved_name"),
}


def submit(person: Person, **over: Any) -> Any:
    upload = make_upload(person.org)
    body = {"upload_id": str(upload.id), "filename": "invoice.pdf", "mode": "structured"}
    return person.api.post("/v1/documents", json.dumps(body | over), JSON)


def refusal(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    error = answer.json()["error"]
    details = [(each["field"], each["reason"]) for each in error.get("details", [])]
    return answer.status_code, error["code"], details


def test_a_submission_in_structured_mode(alice: Person, store: Store) -> None:
    answer = submit(alice, schema=RECEIPT)
    assert answer.status_code == 202
    assert answer.json()["job"]["mode"] == "structured"
    job = Job.objects.get()
    assert objects(store) == {job.source_key, job.schema_key}
    assert json.loads(store.read(job.schema_key)) == RECEIPT


def test_a_completed_job_returns_its_data(alice: Person) -> None:
    data = {"merchant": "Prentiss & Co.", "date": "18/03/2026", "total": 42.6}
    job_id = submit(alice, schema=RECEIPT).json()["job"]["id"]
    complete(Result(data=data))
    body = alice.api.get(f"/v1/jobs/{job_id}").json()
    assert body["result"] == {"data": data}
    assert (body["job"]["status"], body["job"]["mode"]) == ("completed", "structured")
    assert body["job"]["page_count"] == 1


@pytest.mark.parametrize(("over", "reason"), [({}, "required"), ({"schema": None}, "required")])
def test_structured_mode_needs_a_schema(alice: Person, over: Any, reason: str) -> None:
    assert refusal(submit(alice, **over)) == (400, "validation_error", [("schema", reason)])


def test_in_text_mode_a_schema_does_not_count(alice: Person) -> None:
    assert submit(alice, mode="text", schema={"a": None}).status_code == 202


@pytest.mark.parametrize("what", INVALID)
def test_an_invalid_schema_is_422_and_names_the_place(
    alice: Person, store: Store, what: str
) -> None:
    schema, reason = INVALID[what]
    status, code, ((place, found),) = refusal(submit(alice, schema=schema))
    assert (status, code, found) == (422, "invalid_schema", reason)
    assert place.startswith("schema")
    assert objects(store) == {Upload.objects.get().key}
    assert not Job.objects.exists()


def sized(size: int) -> str:
    """A template whose text has exactly this many bytes, white space included."""
    empty = '{ "a": "" }'
    return empty.replace('""', '"' + "x" * (size - len(empty)) + '"')


def send(person: Person, schema: str) -> Any:
    upload = make_upload(person.org)
    body = f'{{"upload_id": "{upload.id}", "schema" :\n{schema}, "filename": "invoice.pdf", '
    return person.api.generic("POST", "/v1/documents", body + '"mode": "structured"}', JSON)


@pytest.mark.parametrize("schema", [sized(64 * KB), '{"a":"' + "ü" * (32 * KB - 4) + '"}'])
def test_a_schema_of_64_kb_is_accepted(alice: Person, schema: str) -> None:
    assert len(schema.encode()) == 64 * KB
    assert send(alice, schema).status_code == 202


@pytest.mark.parametrize(
    "schema",
    [sized(64 * KB + 1), '{"a": ' + " " * 64 * KB + '""}', '{"a":"' + "ü" * 32 * KB + '"}'],
)
def test_a_schema_of_more_than_64_kb_as_it_was_sent_is_422(alice: Person, schema: str) -> None:
    expected = (422, "invalid_schema", [("schema", "too_large")])
    assert refusal(send(alice, schema)) == expected


def test_a_schema_that_converts_to_more_than_64_kb_is_422(alice: Person) -> None:
    name = "n" * 1000
    wide = {"type": "object", "properties": {f"{name}{i}": {"type": "string"} for i in range(9)}}
    properties = {f"p{i}": {"$ref": "#/$defs/wide"} for i in range(8)}
    schema = {"type": "object", "properties": properties, "$defs": {"wide": wide}}
    assert len(json.dumps(schema)) < 64 * KB
    status, code, ((_, reason),) = refusal(submit(alice, schema=schema))
    assert (status, code, reason) == (422, "invalid_schema", "too_large")


def test_a_schema_beside_other_members_is_measured_alone(alice: Person) -> None:
    assert submit(alice, schema=RECEIPT, note="x" * 100 * KB).status_code == 202


def test_the_last_of_two_schemas_counts(alice: Person) -> None:
    assert send(alice, '{"a": null}, "schema": {"a": ""}').status_code == 202
    assert send(alice, '{"a": ""}, "schema": {"a": null}').status_code == 422


def nested(depth: int, wrap: Callable[[Any], Any], inner: Any) -> Any:
    for _ in range(depth):
        inner = wrap(inner)
    return inner


@pytest.mark.parametrize("form", ["template", "JSON Schema"])
def test_objects_nest_deeply(alice: Person, form: str) -> None:
    depth = schemas.MAX_DEPTH - 1
    schema = (
        nested(depth, lambda inner: {"a": inner}, "")
        if form == "template"
        else nested(
            depth,
            lambda inner: {"type": "object", "properties": {"a": inner}},
            {"type": "string"},
        )
    )
    upload = make_upload(alice.org)
    body = {"upload_id": str(upload.id), "filename": "invoice.pdf", "mode": "structured"}
    text = json.dumps(body | {"schema": schema})
    headers = {"Idempotency-Key": "deep"}
    for _ in range(2):
        answer = alice.api.generic("POST", "/v1/documents", text, JSON, headers=headers)
        assert answer.status_code == 202


@pytest.mark.parametrize("depth", range(300, 1500, 60))
def test_a_body_nested_too_deeply_is_refused_wherever_it_is_noticed(
    alice: Person, depth: int
) -> None:
    deep = "[" * depth + "]" * depth
    upload = make_upload(alice.org, None)
    body = f'{{"upload_id": "{upload.id}", "filename": "invoice.pdf", "mode": "structured", '
    text = f'{body}"schema": {{"a": "", "b": {deep}}}}}'
    headers = {"Idempotency-Key": "deep"}
    answer = alice.api.generic("POST", "/v1/documents", text, JSON, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) in [
        (400, "bad_request"),
        (422, "invalid_schema"),
    ]
