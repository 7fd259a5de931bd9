"""The description of the DeepRead API is complete, and so is the page that shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.validation import validate_schema
from pytest_django import Settings

from ocrwell import urls
from ocrwell.api import orders
from ocrwell.api.description import deepread as description
from ocrwell.dialects import deepread, deepread_result
from ocrwell.jobs.models import Job

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return description.build("/deepread")


def test_it_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["info"]["version"] == settings.VERSION
    validate_schema(described)  # type: ignore[no-untyped-call]


def test_every_route_and_method_is_described(described: dict[str, Any]) -> None:
    routes = {
        re.sub("<str:(.*?)>", r"{\1}", f"/{route.pattern}"): methods(route.callback)
        for route in urls.described_deepread
    }
    assert routes == {path: set(each) for path, each in described["paths"].items()}


def methods(view: Any) -> set[str]:
    return {method for method in METHODS if hasattr(view.view_class, method)}


def test_every_status_of_the_dialect_is_described(described: dict[str, Any]) -> None:
    told = {int(status) for each in operations(described) for status in each["responses"]}
    assert told == {200, 500, *deepread.ERRORS.values()} - {405}


def operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for path in described["paths"].values() for each in path.values()]


def test_words_are_those_of_the_code(described: dict[str, Any]) -> None:
    shapes = described["components"]["schemas"]
    sent = shapes["Submission"]["properties"]
    assert set(sent["pipeline"]["enum"]) == set(Job.Pipeline.values) == set(deepread.PIPELINES)
    assert sent["version"]["maxLength"] == orders.MAX_VERSION
    assert set(shapes["Status"]["enum"]) == set(deepread_result.STATES.values())
    refusals = shapes["PageError"]["properties"]["detail"]["properties"]["error"]["enum"]
    assert set(refusals) == set(deepread.REFUSED_PAGES.values())


def test_it_is_served_for_the_address_that_it_is_asked_at(
    nobody: Client, settings: Settings
) -> None:
    answer = nobody.get("/deepread/v1/openapi.json")
    assert answer.json()["servers"][0]["url"] == "/deepread"
    settings.DEEPREAD_HOSTS = ["api.deepread.tech"]
    answer = nobody.get("/v1/openapi.json", headers={"Host": "api.deepread.tech"})
    assert answer.json()["servers"][0]["url"] == "/"
    assert "/v1/process" in answer.json()["paths"]


def test_a_page_shows_it(nobody: Client) -> None:
    assert b"swagger-ui" in nobody.get("/deepread/v1/docs").content
