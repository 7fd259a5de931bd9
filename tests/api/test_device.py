"""How a program gets a key, over HTTP: the two endpoints as they are published."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from ocrwell.accounts import device
from ocrwell.accounts.models import DeviceLogin, Member
from tests import windows
from tests.stage import Person

CODE, TOKEN = "/deepread/v1/agent/device/code", "/deepread/v1/agent/device/token"
JSON = "application/json"
pytestmark = pytest.mark.django_db


def post(web: Client, url: str, body: Any, **over: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return web.generic("POST", url, text, over.pop("content_type", JSON), **over)


def approve(person: Person, answer: Any) -> None:
    login = device.find(answer["user_code"])
    assert login is not None
    member = Member.objects.create_user("bob", None, org=person.org)
    assert device.approve(login, member=member, org=person.org)


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_program_asks_and_is_told_where_its_person_says_yes(nobody: Client, slash: str) -> None:
    answer = post(nobody, CODE + slash, {"agent_name": "my-agent"})
    assert answer.status_code == 200
    body = answer.json()
    assert re.fullmatch("[0-9a-f]{64}", body.pop("device_code"))
    code = body.pop("user_code")
    assert re.fullmatch("[B-DF-HJ-NP-TV-Z]{4}-[B-DF-HJ-NP-TV-Z]{4}", code)
    assert body == {
        "verification_uri": "http://testserver/activate",
        "verification_uri_complete": f"http://testserver/activate?code={quote(code)}",
        "expires_in": 900,
        "interval": 5,
    }
    assert answer["Cache-Control"] == "no-store"
    login = DeviceLogin.objects.get()
    assert (login.agent_name, login.address) == ("my-agent", "127.0.0.1")


@pytest.mark.parametrize(
    "body", ["", " \n", "{}", '{"agent_name": null}', '{"agent_name": ""}', '{"other": 1}', b""]
)
def test_a_program_need_not_say_its_name(nobody: Client, body: str) -> None:
    assert post(nobody, CODE, body).status_code == 200
    assert DeviceLogin.objects.get().agent_name == ""


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_the_body_is_json_whatever_its_type_says(nobody: Client, media_type: str) -> None:
    answer = post(nobody, CODE, {"agent_name": "a"}, content_type=media_type)
    assert answer.status_code == 200
    body = {"device_code": answer.json()["device_code"]}
    polled = post(nobody, TOKEN, body, content_type=media_type)
    assert polled.json()["error"] == "authorization_pending"


@pytest.mark.parametrize("name", ["a\x00b\ud800\u202e", "a" * 101, "<b>", "Grüße"])
def test_any_text_is_a_name(nobody: Client, name: str) -> None:
    assert post(nobody, CODE, {"agent_name": name}).status_code == 200


@pytest.mark.parametrize(
    "body", [{"agent_name": 5}, {"agent_name": ["a"]}, [], "nonsense", b"\xff"]
)
def test_a_request_that_makes_no_sense_is_a_bad_request(nobody: Client, body: Any) -> None:
    answer = post(nobody, CODE, body)
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)
    assert not DeviceLogin.objects.exists()


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_published_dance(nobody: Client, alice: Person, slash: str) -> None:
    asked = post(nobody, CODE + slash, {"agent_name": "my-agent"}).json()
    body = {"device_code": asked["device_code"]}
    pending = post(nobody, TOKEN + slash, body)
    assert (pending.status_code, pending["Cache-Control"]) == (200, "no-store")
    nothing = {"api_key": None, "key_prefix": None}
    assert pending.json() == {"error": "authorization_pending", **nothing}
    approve(alice, asked)
    found = post(nobody, TOKEN + slash, body).json()
    assert found["error"] is None
    assert found["api_key"].startswith("sk_live_")
    assert found["api_key"].startswith(found["key_prefix"])
    again = post(nobody, TOKEN + slash, body)
    assert (again.status_code, again.json()) == (200, {"error": "expired_token", **nothing})
    answer = nobody.get("/v1/jobs/1", headers={"X-API-Key": found["api_key"]})
    assert answer.status_code == 404


def test_a_denied_program_is_told(nobody: Client, alice: Person) -> None:
    asked = post(nobody, CODE, "").json()
    login = device.find(asked["user_code"])
    assert login is not None
    member = Member.objects.create_user("bob", None, org=alice.org)
    device.deny(login, member=member)
    answer = post(nobody, TOKEN, {"device_code": asked["device_code"]})
    assert answer.status_code == 200
    assert answer.json() == {"error": "access_denied", "api_key": None, "key_prefix": None}


@pytest.mark.parametrize("code", ["a7f3c9d2e1b8", "x" * 10_000, "你好"])
def test_an_unknown_device_code_has_expired(nobody: Client, code: str) -> None:
    answer = post(nobody, TOKEN, {"device_code": code})
    assert (answer.status_code, answer.json()["error"]) == (200, "expired_token")


@pytest.mark.parametrize(
    "body", ["", "{}", {"device_code": None}, {"device_code": 5}, {"device_code": {}}, "[]", "x"]
)
def test_who_polls_without_a_device_code_is_told_so(nobody: Client, body: Any) -> None:
    answer = post(nobody, TOKEN, body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"detail", "request_id"}


@pytest.mark.parametrize("url", [CODE, TOKEN])
def test_only_post_is_answered(nobody: Client, url: str) -> None:
    assert nobody.get(url).status_code == 405


def test_a_key_is_neither_needed_nor_looked_at(nobody: Client) -> None:
    assert post(nobody, CODE, "", headers={"X-API-Key": "nonsense"}).status_code == 200


def test_an_address_gets_thirty_codes_a_minute(nobody: Client) -> None:
    assert {post(nobody, CODE, "").status_code for _ in range(30)} == {200}
    refused = post(nobody, CODE, "")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert DeviceLogin.objects.count() == 30
    assert post(nobody, CODE, "", REMOTE_ADDR="127.0.0.7").status_code == 200
    assert post(nobody, TOKEN, {"device_code": "x"}).status_code == 200
    windows.end()
    assert post(nobody, CODE, "").status_code == 200


def test_the_page_is_on_a_host_of_the_dashboard(nobody: Client, settings: Settings) -> None:
    settings.DEEPREAD_HOSTS = ["api.deepread.test"]
    uri = "verification_uri"
    url = CODE.removeprefix("/deepread")
    answer = post(nobody, url, "", headers={"Host": "api.deepread.test"})
    assert answer.json()[uri] == "http://api.deepread.test/activate"
    settings.DASHBOARD_HOSTS = ["people.test"]
    answer = post(nobody, url, "", headers={"Host": "api.deepread.test"})
    assert answer.json()[uri] == "http://people.test/activate"
