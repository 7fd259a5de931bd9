"""Whatever is sent to the DeepRead API, its answer is one that the description promises."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance

from ocrwell.accounts.models import Plan
from ocrwell.jobs import artefacts, lifecycle
from ocrwell.jobs.models import Job
from tests.api.fuzzed import kept_connection, local
from tests.factories import FOUND, PDF, PNG, complete, make_claim
from tests.stage import Person

pytest_plugins = ["schemathesis.pytest.plugin"]

EXAMPLES = 30
# What is well formed may still be refused: a schema that is none, a host that is private.
EXCLUDED: list[CheckFunction] = [positive_data_acceptance]
SCHEMA = '{"type": "object", "properties": {"vendor": {"type": "string"}}}'
LIMITS = {f"x-ratelimit-{name}" for name in ("limit", "remaining", "used", "reset")}


described = schemathesis.openapi.from_wsgi("/deepread/v1/openapi.json", local)


@dataclass(frozen=True)
class World:
    """An organisation that has something behind every path."""

    person: Person
    jobs: list[Job]

    def lead(self, case: Case[Any]) -> None:
        """Make most of the well-formed cases lead somewhere, each of them always to the same."""
        draw = zlib.crc32(repr(case.path_parameters or case.body).encode(errors="replace"))
        lead = LEADS.get(case.operation.definition.raw["operationId"])
        if lead and draw % 4 and case.meta and not case.meta.generation.mode.is_negative:
            lead(self, case, draw // 4)


def to_a_job(world: World, case: Case[Any], draw: int) -> None:
    case.path_parameters["job_id"] = str(world.jobs[draw % len(world.jobs)].pk)


def to_a_preview(world: World, case: Case[Any], draw: int) -> None:
    case.path_parameters["token"] = world.jobs[draw % len(world.jobs)].preview_token


def to_a_file(world: World, case: Case[Any], draw: int) -> None:
    path = artefacts.path(world.jobs[0], artefacts.SEARCHABLE)
    case.path_parameters["token"], _, case.path_parameters["name"] = path.partition("/")


def with_a_document(world: World, case: Case[Any], draw: int) -> None:
    sent = cast(dict[str, Any], case.body)
    sent["file"] = PNG if draw % 2 else PDF
    if sent.get("schema"):
        sent["schema"] = SCHEMA
    for name in ("blueprint_id", "webhook_url"):
        if draw % 5:
            sent.pop(name, None)


LEADS: dict[str, Callable[[World, Case[Any], int], None]] = {
    "processDocument": with_a_document,
    "getJob": to_a_job,
    "getPreview": to_a_preview,
    "getFile": to_a_file,
}


@pytest.fixture
def world(alice: Person) -> World:
    Plan.objects.update(calls_a_minute=10**9)
    complete_one(alice, "searchable", "")
    complete_one(alice, "standard", SCHEMA)
    submit(alice, "fast", "")
    lifecycle.fail(make_claim(), reason="Document could not be read.")
    submit(alice, "fast", "")
    return World(alice, list(Job.objects.order_by("pk")))


def submit(person: Person, pipeline: str, schema: str) -> None:
    sent = {
        "file": SimpleUploadedFile("a.pdf", PDF),
        "pipeline": pipeline,
        "schema": schema,
    }
    assert person.api.post("/deepread/v1/process", sent).status_code == 200


def complete_one(person: Person, pipeline: str, schema: str) -> None:
    submit(person, pipeline, schema)
    artefacts.save(complete(FOUND), artefacts.SEARCHABLE, PDF)


@pytest.fixture(autouse=True)
def _kept_connection(world: World) -> Iterator[None]:
    with kept_connection():
        yield


@pytest.mark.usefixtures("local_store")
@described.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_answer_is_one_that_is_described(case: Case[Any], world: World) -> None:
    world.lead(case)
    answer = case.call_and_validate(
        headers={"X-API-Key": world.person.key}, excluded_checks=EXCLUDED
    )
    if answer.status_code >= 400:
        assert set(answer.json()) == {"detail", "request_id"}, case.as_curl_command()
    if case.operation.definition.raw["security"] and answer.status_code not in (401, 405):
        assert set(answer.headers) >= LIMITS, case.as_curl_command()
