"""The description of the native API is right and complete, and so is the page that shows it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from ocrwell import errors, urls
from ocrwell.api.description import document, operations
from ocrwell.dialects import native
from ocrwell.webhooks import sign
from tests.api.conftest import Web

OPERATIONS = {
    ("post", "/v1/uploads"): ("createUpload", "200 400 401 413 429 500 503"),
    ("put", "/uploads/{token}"): ("uploadFile", "200 400 404 413 500 503"),
    ("post", "/v1/documents"): ("submitDocument", "202 400 401 404 409 413 422 429 500 503"),
    ("get", "/v1/jobs/{job_id}"): ("getJob", "200 400 401 404 410 429 500 503"),
    ("get", "/v1/webhooks"): ("getWebhook", "200 400 401 429 500 503"),
    ("put", "/v1/webhooks"): ("setWebhook", "200 400 401 413 429 500 503"),
    ("delete", "/v1/webhooks"): ("deleteWebhook", "204 400 401 429 500 503"),
}
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
HEADLESS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--virtual-time-budget=10000",
    "--enable-logging=stderr",
]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document.build(urls.described)


def operation(described: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in every_operation(described) if each["operationId"] == name)
    return found


def every_operation(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in (*described["paths"].values(), *described["webhooks"].values()):
        yield from path.values()


def every_dict(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from every_dict(inner)


def closed(described: dict[str, Any]) -> dict[str, Any]:
    """The same, but an object has only the fields that are described."""
    copy = deepcopy(described)
    for each in every_dict(copy["components"]["schemas"]):
        if each.get("type") == "object" and "properties" in each:
            each.setdefault("additionalProperties", False)
    return copy


def fits(described: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    whole = {**schema, "components": described["components"]}
    return jsonschema_rs.is_valid(whole, value, draft=jsonschema_rs.Draft202012)


def test_the_document_is_open_to_everybody_and_may_be_cached(nobody: Client) -> None:
    answer = nobody.get("/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == document.build(urls.described)
    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=300"}
    again = nobody.get("/v1/openapi.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert nobody.head("/v1/openapi.json").status_code == 200
    assert nobody.post("/v1/openapi.json").json()["error"]["code"] == "bad_request"


def test_the_document_is_made_once() -> None:
    assert document.text(tuple(urls.described)) is document.text(tuple(urls.described))


def test_the_document_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    validate_schema(described)  # type: ignore[no-untyped-call]


def test_every_schema_is_a_valid_json_schema(described: dict[str, Any]) -> None:
    for schema in described["components"]["schemas"].values():
        assert jsonschema_rs.meta.is_valid(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


def test_making_the_document_warns_of_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    document.build(urls.described)
    assert not GENERATOR_STATS
    assert capfd.readouterr().err == ""


def test_every_route_and_method_is_described(described: dict[str, Any]) -> None:
    found = {
        (method, path): (each["operationId"], " ".join(each["responses"]))
        for path, methods in described["paths"].items()
        for method, each in methods.items()
    }
    assert found == OPERATIONS
    routes = {re.sub("<str:(.*)>", r"{\1}", f"/{route.pattern}") for route in urls.described}
    assert routes == set(described["paths"])


def test_no_route_of_the_api_is_left_out() -> None:
    rest = {str(route.pattern) for route in urls.api if route not in urls.described}
    assert rest == {"v1/openapi.json", "v1/docs", "^v1(/.*)?$", "deepread/"}


def test_every_operation_says_what_it_is_for(described: dict[str, Any]) -> None:
    for each in every_operation(described):
        assert each["summary"]
        assert each["description"]
        assert set(each["tags"]) <= set(operations.TAGS)
        assert all(part["description"] for part in each.get("parameters", ()))
        assert all(answer["description"] for answer in each["responses"].values())


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    refs = {each["$ref"] for each in every_dict(described) if "$ref" in each}
    assert refs
    for ref in refs:
        kind, name = ref.removeprefix("#/components/").split("/")
        assert name in described["components"][kind]


def test_no_component_is_left_over(described: dict[str, Any]) -> None:
    used = {each["$ref"] for each in every_dict(described) if "$ref" in each}
    for kind in ("schemas", "headers"):
        for name in described["components"][kind]:
            assert f"#/components/{kind}/{name}" in used


def test_the_codes_are_those_of_the_dialect(described: dict[str, Any]) -> None:
    error = described["components"]["schemas"]["Error"]["properties"]["error"]
    codes = {code for _, code in native.ERRORS.values()} | {"internal_error"}
    assert set(error["properties"]["code"]["enum"]) == codes
    for status, code in native.ERRORS.values():
        if status != 405:
            assert f"| {status} | `{code}` |" in described["info"]["description"]


def test_every_kind_of_error_is_an_answer_of_some_operation(described: dict[str, Any]) -> None:
    shown = {
        (int(status), example["value"]["error"]["code"])
        for each in every_operation(described)
        for status, answer in each["responses"].items()
        if status.startswith(("4", "5"))
        for example in answer["content"]["application/json"]["examples"].values()
    }
    wrong_method = native.ERRORS[errors.MethodNotAllowed]
    assert shown == {*native.ERRORS.values(), (500, "internal_error")} - {wrong_method}


def test_every_example_is_what_its_schema_says(described: dict[str, Any]) -> None:
    strict = closed(described)
    bodies = [each for each in every_dict(described) if {"schema", "examples"} <= set(each)]
    assert len(bodies) > 30
    for body in bodies:
        for example in body["examples"].values():
            assert fits(strict, body["schema"], example["value"]), example


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"job": {"status": "processing"}}, "a result before its time"),
        ({"job": {"mode": "structured"}}, "pages in structured mode"),
        ({"job": {"completed_at": None}}, "no time"),
        ({"job": {"failed_at": "yesterday", "status": "failed"}}, "a failed job with a result"),
        ({"result": None}, "no result"),
        ({"result": {"pages": []}}, "no page"),
        ({"result": {"data": {}}}, "data in text mode"),
    ],
)
def test_a_job_that_contradicts_itself_is_none(
    described: dict[str, Any], change: dict[str, Any], why: str
) -> None:
    answer = operation(described, "getJob")["responses"]["200"]["content"]["application/json"]
    good = answer["examples"]["CompletedInTextMode"]["value"]
    bad = {key: good[key] | (change.get(key) or {}) for key in good}
    if "result" in change:
        bad["result"] = change["result"]
    bad["job"] = {name: value for name, value in bad["job"].items() if value is not None}
    assert fits(described, answer["schema"], good)
    assert not fits(described, answer["schema"], bad), why


def test_what_a_client_may_send(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    filename = schemas["CreateUploadRequest"]["properties"]["filename"]
    assert (filename["minLength"], filename["maxLength"]) == (1, 255)
    submission = schemas["SubmitDocumentRequest"]
    assert submission["properties"]["mode"]["enum"] == ["text", "structured"]
    assert set(submission["required"]) == {"upload_id", "filename", "mode"}
    assert schemas["SetWebhookRequest"]["properties"]["url"]["maxLength"] == 2000
    for each in every_operation(described):
        assert each.get("requestBody", {"required": True})["required"]


def test_a_schema_is_needed_in_structured_mode_only(described: dict[str, Any]) -> None:
    body = {"upload_id": "x", "filename": "a.pdf"}
    schema = described["components"]["schemas"]["SubmitDocumentRequest"]
    assert fits(described, schema, body | {"mode": "text"})
    assert fits(described, schema, body | {"mode": "structured", "schema": {"total": 0}})
    assert not fits(described, schema, body | {"mode": "structured"})
    assert not fits(described, schema, body | {"mode": "structured", "schema": None})


def test_the_idempotency_key_is_a_header_of_submissions(described: dict[str, Any]) -> None:
    (header,) = operation(described, "submitDocument")["parameters"]
    assert (header["name"], header["in"]) == ("Idempotency-Key", "header")
    assert not header.get("required")
    assert header["schema"] == {"type": "string", "minLength": 1, "maxLength": 64}


def test_evidence_is_asked_for_in_the_query(described: dict[str, Any]) -> None:
    asked, _ = operation(described, "getJob")["parameters"]
    assert (asked["name"], asked["in"]) == ("include", "query")
    assert not asked.get("required")
    assert asked["schema"] == {"type": "string", "enum": ["evidence"]}
    assert "addition to the contract" in asked["description"]
    assert "addition to the contract" in described["info"]["description"]


@pytest.mark.parametrize(
    "change",
    [{"value": []}, {"confidence": 1.1}, {"flag": None}, {"page": 0}, {"box": [1, 2, 3]}],
    ids=str,
)
def test_a_field_that_makes_no_sense_is_none(
    described: dict[str, Any], change: dict[str, Any]
) -> None:
    answer = operation(described, "getJob")["responses"]["200"]["content"]["application/json"]
    whole = answer["examples"]["CompletedWithEvidence"]["value"]
    assert set(whole["result"]["fields"]) >= {"tenant", "rooms", "rooms.1.area"}
    field = described["components"]["schemas"]["Field"]
    for good in whole["result"]["fields"].values():
        assert fits(described, field, good)
        assert not fits(described, field, good | change)


def test_every_operation_but_the_upload_needs_a_key(described: dict[str, Any]) -> None:
    scheme = described["components"]["securitySchemes"]["ApiKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "X-API-Key")
    for name, _ in OPERATIONS.values():
        wanted: list[Any] = [] if name == "uploadFile" else [{"ApiKey": []}]
        assert operation(described, name)["security"] == wanted


def test_the_headers_of_answers(described: dict[str, Any]) -> None:
    def named(name: str, status: str) -> set[str]:
        return set(operation(described, name)["responses"][status]["headers"])

    limits = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert named("getJob", "200") == {"X-Request-Id"} | limits
    assert named("getJob", "401") == named("uploadFile", "404") == {"X-Request-Id"}
    assert named("getJob", "429") == {"X-Request-Id", "Retry-After"} | limits
    assert named("uploadFile", "503") == {"X-Request-Id", "Retry-After"}
    assert named("submitDocument", "202") == {"X-Request-Id", "Idempotent-Replayed"} | limits


@pytest.mark.parametrize("event", ["job.completed", "job.failed"])
def test_the_headers_of_callbacks_are_those_that_are_sent(
    described: dict[str, Any], event: str
) -> None:
    sent = sign.headers(
        delivery_id="1", event=event, body=b"{}", secrets=["whsec_YQ==", "whsec_Yg=="], now=1
    )
    headers = described["webhooks"][event]["post"]["parameters"]
    assert {each["name"] for each in headers} == set(sent) - {"Content-Type", "User-Agent"}
    for each in headers:
        assert jsonschema_rs.is_valid(each["schema"], sent[each["name"]]), each["name"]
        assert each["required"] != each["name"].endswith("-Previous")


def test_the_document_tells_the_version_and_the_way(described: dict[str, Any]) -> None:
    info = described["info"]
    assert (info["title"], info["version"]) == ("ocrwell API", settings.VERSION)
    for word in ("upload_url", "status", "5 minutes", "24 hours", "request_id", "Retry-After"):
        assert word in info["description"]
    assert described["servers"][0]["url"] == "/"


def test_the_page_is_open_to_everybody(nobody: Client) -> None:
    answer = nobody.get("/v1/docs")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>ocrwell API</title>" in answer.content.decode()
    assert nobody.post("/v1/docs").json()["error"]["code"] == "bad_request"


def test_the_page_may_load_from_this_server_only(nobody: Client) -> None:
    policy = dict(
        rule.strip().split(" ", 1)
        for rule in nobody.get("/v1/docs")["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert set(" ".join(policy.values()).split()) == {"'self'", "'none'", "data:"}
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"


def test_everything_that_the_page_asks_for_is_served_here(nobody: Client) -> None:
    page = nobody.get("/v1/docs").content.decode()
    asked = re.findall(r'(?:src|href)="([^"]+)"', page)
    static = [path for path in asked if path.startswith("/static/")]
    assert set(asked) - set(static) == {"openapi.json", "data:,"}
    assert len(static) == 4
    for path in static:
        answer = nobody.get(path)
        assert answer.status_code == 200
        assert b"".join(answer), path
    assert not re.search(r"<script>|<style|style=|onload=|https?:", page)


def test_the_script_of_the_page_asks_no_stranger_for_an_opinion(nobody: Client) -> None:
    script = b"".join(nobody.get("/static/api/docs.js")).decode()
    assert "validatorUrl: null" in script
    assert "http" not in script


def test_the_text_of_the_document_is_json() -> None:
    assert json.loads(document.text(tuple(urls.described))) == document.build(urls.described)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_shows_the_page_under_its_policy(web: Web, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{web.port}/v1/docs"
    found = subprocess.run(
        [str(CHROMIUM), *HEADLESS, f"--user-data-dir={tmp_path}", "--dump-dom", url],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    shown = re.findall(r'data-path="([^"]+)"', found.stdout)
    assert len(shown) == len(OPERATIONS) + 2
    assert {path for _, path in OPERATIONS} <= set(shown)
    assert "Content Security Policy" not in found.stderr
