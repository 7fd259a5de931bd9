"""The webhook endpoints of the native contract."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from ocrwell.webhooks.models import Endpoint
from tests.stage import Person

JSON = "application/json"
URL = "/v1/webhooks"
HOOK = "https://1.1.1.1/ocr-callback"


def put(person: Person, url: Any = HOOK) -> Any:
    return person.api.put(URL, {"url": url}, JSON)


def test_setting_a_webhook_answers_as_published(alice: Person) -> None:
    answer = put(alice)
    assert answer.status_code == 200
    assert list(answer.json()) == ["webhook"]
    webhook = answer.json()["webhook"]
    assert list(webhook) == ["url", "secret", "created_at"]
    assert webhook["url"] == HOOK
    assert re.fullmatch("whsec_[0-9a-f]{64}", webhook["secret"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", webhook["created_at"])


def test_the_secret_is_shown_only_then(alice: Person) -> None:
    told = put(alice).json()["webhook"]
    answer = alice.api.get(URL)
    assert answer.status_code == 200
    assert answer.json() == {"webhook": {"url": HOOK, "created_at": told["created_at"]}}
    assert told["secret"] not in answer.content.decode()


def test_without_a_webhook_it_is_null(alice: Person) -> None:
    answer = alice.api.get(URL)
    assert (answer.status_code, answer.json()) == (200, {"webhook": None})


def test_putting_again_rotates_the_secret(alice: Person) -> None:
    first, second = put(alice).json()["webhook"], put(alice).json()["webhook"]
    assert first["secret"] != second["secret"]
    assert Endpoint.objects.get().secret == second["secret"]


def test_deleting_answers_204_whether_there_was_one_or_not(alice: Person) -> None:
    put(alice)
    for _ in range(2):
        answer = alice.api.delete(URL)
        assert (answer.status_code, answer.content) == (204, b"")
    assert alice.api.get(URL).json() == {"webhook": None}


def test_a_webhook_is_its_organisations(alice: Person, bob: Person, charlie: Person) -> None:
    put(alice)
    assert bob.api.get(URL).json()["webhook"]["url"] == HOOK
    assert charlie.api.get(URL).json() == {"webhook": None}
    assert charlie.api.delete(URL).status_code == 204
    put(charlie, "https://8.8.8.8/")
    assert alice.api.get(URL).json()["webhook"]["url"] == HOOK
    assert bob.api.delete(URL).status_code == 204
    assert alice.api.get(URL).json() == {"webhook": None}
    assert charlie.api.get(URL).json()["webhook"]["url"] == "https://8.8.8.8/"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "required"),
        ({"url": None}, "null"),
        ({"url": ""}, "blank"),
        ({"url": 5}, "invalid"),
        ({"url": [HOOK]}, "invalid"),
        ({"url": "example.com"}, "invalid"),
        ({"url": "https://example.com/\0"}, "null_characters_not_allowed"),
        ({"url": "https://example.com/\ud800"}, "surrogate_characters_not_allowed"),
        ({"url": "https://1.1.1.1/" + "a" * 2000}, "max_length"),
        ({"url": "http://1.1.1.1/"}, "https_required"),
        ({"url": "https://127.0.0.1/"}, "forbidden_address"),
        ({"url": "https://me:secret@1.1.1.1/"}, "credentials"),
        ({"url": "https://1.1.1.1/#x"}, "fragment"),
    ],
)
def test_a_webhook_that_does_not_do_is_refused_with_the_reason(
    alice: Person, body: Any, reason: str
) -> None:
    put(alice)
    answer = alice.api.put(URL, json.dumps(body), JSON)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "validation_error")
    assert error["details"] == [{"field": "url", "reason": reason}]
    assert "url" in error["message"]
    assert Endpoint.objects.get().url == HOOK


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"url": NaN}'])
def test_a_body_that_is_no_json_object_is_refused(alice: Person, text: str) -> None:
    answer = alice.api.put(URL, text, JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_the_body_is_json_whatever_its_header_says(alice: Person) -> None:
    text = json.dumps({"url": HOOK})
    answer = alice.api.generic("PUT", URL, text, "application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_there_are_no_other_methods(alice: Person, method: str) -> None:
    assert alice.api.generic(method, URL, "{}", JSON).status_code == 405


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_webhook_takes_a_key(nobody: Client, method: str) -> None:
    answer = nobody.generic(method, URL, json.dumps({"url": HOOK}), JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert not Endpoint.objects.exists()
