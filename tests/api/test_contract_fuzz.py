"""Whatever is sent to the native API, its answer is one that the description promises."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance

from engine import formats
from ocrwell.jobs import lifecycle, uploads
from ocrwell.jobs.models import Job
from tests.api.fuzzed import kept_connection, local
from tests.factories import (
    FOUND,
    make_claim,
    make_completed,
    make_extracted,
    make_job,
    make_upload,
)
from tests.stage import Person

pytest_plugins = ["schemathesis.pytest.plugin"]

EXAMPLES = 40
# What is well formed may still be refused: an upload that nobody made, a host that is private.
EXCLUDED: list[CheckFunction] = [positive_data_acceptance]
# The contract's table; the fault of a wrong method is a bad request, too.
CODES = {
    400: {"bad_request", "validation_error", "unsupported_format"},
    401: {"unauthorized"},
    404: {"not_found"},
    405: {"bad_request"},
    409: {"duplicate_request"},
    410: {"result_expired"},
    413: {"file_too_large"},
    422: {"invalid_schema"},
}
LIMITS = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}


described = schemathesis.openapi.from_wsgi("/v1/openapi.json", local)


@schemathesis.serializer("application/pdf", "image/bmp", "image/tiff")
def as_it_is(context: object, content: bytes) -> bytes:
    return content


@dataclass(frozen=True)
class World:
    """An organisation that has something behind every path."""

    person: Person
    jobs: list[str]

    def lead(self, case: Case[Any]) -> None:
        """Make most of the well-formed cases lead somewhere, each of them always to the same."""
        draw = zlib.crc32(repr(case.path_parameters or case.body).encode(errors="replace"))
        lead = LEADS.get(case.operation.definition.raw["operationId"])
        if lead and draw % 4 and case.meta and not case.meta.generation.mode.is_negative:
            lead(self, case, draw // 4)


def to_a_job(world: World, case: Case[Any], draw: int) -> None:
    case.path_parameters["job_id"] = world.jobs[draw % len(world.jobs)]


def to_an_open_upload(world: World, case: Case[Any], draw: int) -> None:
    media_types = {each.media_type: each.extensions[0] for each in formats.ALL}
    name = "a" + media_types[case.media_type or "image/png"]
    _, url = uploads.create(org=world.person.org, filename=name)
    case.path_parameters["token"] = url.rpartition("/")[2]


def to_a_file(world: World, case: Case[Any], draw: int) -> None:
    upload = make_upload(world.person.org)
    body(case).update(upload_id=str(upload.id), filename=upload.filename)
    if draw % 2:
        case.headers.pop("Idempotency-Key", None)


def to_an_address(world: World, case: Case[Any], draw: int) -> None:
    """Which needs no look-up, and is not called here."""
    path = body(case)["url"].rpartition("/")[2]
    body(case)["url"] = f"https://8.8.{draw % 256}.8/{path}"


def body(case: Case[Any]) -> dict[str, Any]:
    return cast(dict[str, Any], case.body)


LEADS: dict[str, Callable[[World, Case[Any], int], None]] = {
    "uploadFile": to_an_open_upload,
    "submitDocument": to_a_file,
    "getJob": to_a_job,
    "setWebhook": to_an_address,
}


@pytest.fixture
def world(alice: Person) -> World:
    alice.org.rate_limit = 10**9
    alice.org.save()
    make_failed(alice)
    make_extracted(alice.org, FOUND)
    make_completed(alice.org, "AGREEMENT...", "")
    expired = make_completed(alice.org, "gone")
    Job.objects.filter(pk=expired.pk).update(expires_at=expired.created_at)
    make_job(alice.org)
    make_claim()
    make_job(alice.org)
    return World(alice, [str(job.pk) for job in Job.objects.order_by("pk")])


def make_failed(person: Person) -> None:
    make_job(person.org)
    lifecycle.fail(make_claim(), reason="Document could not be read.")


@pytest.fixture(autouse=True)
def _kept_connection() -> Iterator[None]:
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
        code = answer.json()["error"]["code"]
        assert code in CODES[answer.status_code], case.as_curl_command()
    elif case.operation.definition.raw["security"]:
        assert set(answer.headers) >= LIMITS, case.as_curl_command()
