"""HTTPS only: what is refused, who is believed about it, and what an answer then looks like."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from pytest_django import Settings

from ocrwell import env, peer
from ocrwell.accounts.models import Member
from tests.stage import Person

HERE, AWAY, PROXY = "127.0.0.1", "203.0.113.7", "10.0.0.2"
UPLOAD = '{"filename": "a.pdf"}'


@pytest.fixture
def proxied(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy on another machine is trusted, beside those on this one."""
    monkeypatch.setenv("OCRWELL_TEST_PROXIES", "127.0.0.0/8,::1,10.0.0.0/24,fd00::/64")
    settings.TRUSTED_PROXIES = env.networks("OCRWELL_TEST_PROXIES")


def ask(person: Person, address: str, said: str | None = None, path: str = "/v1/uploads") -> Any:
    headers = {"Host": "testserver"} | ({} if said is None else {"X-Forwarded-Proto": said})
    return person.api.generic(
        "POST", path, UPLOAD, "application/json", REMOTE_ADDR=address, headers=headers
    )


ALLOWED = {
    "from this machine": (HERE, None),
    "from another of its addresses": ("127.8.9.1", None),
    "over IPv6": ("::1", None),
    "over IPv6 in IPv4's name": ("::ffff:127.0.0.1", None),
    "through a proxy on this machine": (HERE, "https"),
    "through a proxy over IPv6": ("::1", "https"),
    "through a trusted proxy": (PROXY, "https"),
    "through a trusted proxy with another spelling": (PROXY, " HTTPS "),
    "through a trusted proxy that is mapped": (f"::ffff:{PROXY}", "https"),
    "through a trusted proxy with IPv6": ("fd00::7", "https"),
    "through two proxies": (PROXY, "https, https"),
}
REFUSED = {
    "from elsewhere": (AWAY, None),
    "from elsewhere over IPv6": ("2001:db8::1", None),
    "from a private network": ("192.168.1.5", None),
    "from nowhere": ("", None),
    "from nonsense": ("unix:", None),
    "from a stranger who claims HTTPS": (AWAY, "https"),
    "from a neighbour of the proxies": ("10.0.1.2", "https"),
    "from a trusted proxy that says nothing": (PROXY, None),
    "through a trusted proxy in plain": (PROXY, "http"),
    "through a proxy on this machine in plain": (HERE, "http"),
    "through a proxy over IPv6 in plain": ("::1", "http"),
    "with a claim before what the proxy adds": (PROXY, "https, http"),
    "with a claim after it": (PROXY, "http,https"),
    "with nonsense": (PROXY, "wss"),
    "with nothing": (PROXY, ""),
}


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("how", ALLOWED)
def test_a_call_that_nobody_can_read_is_answered(alice: Person, how: str) -> None:
    assert ask(alice, *ALLOWED[how]).status_code == 200


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("how", REFUSED)
@pytest.mark.parametrize(
    "path", ["/v1/uploads", "/nothing", "/admin/", "/", "/static/admin/css/base.css"]
)
def test_a_call_in_plain_http_is_refused(alice: Person, how: str, path: str) -> None:
    answer = ask(alice, *REFUSED[how], path=path)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
    body = answer.json()
    assert set(body) == {"error", "request_id"}
    assert body["error"]["code"] == "bad_request"
    assert body["request_id"] == answer["X-Request-Id"] == str(UUID(body["request_id"]))
    assert "Location" not in answer


def test_the_refusal_says_what_to_do(alice: Person) -> None:
    message = ask(alice, AWAY).json()["error"]["message"]
    for word in ("https://", "OCRWELL_TRUSTED_PROXIES", "OCRWELL_REQUIRE_HTTPS=false"):
        assert word in message


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize("how", [*ALLOWED, *REFUSED])
def test_an_operator_may_allow_plain_http(alice: Person, settings: Settings, how: str) -> None:
    settings.REQUIRE_HTTPS = False
    assert ask(alice, *(ALLOWED | REFUSED)[how]).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("said", [None, "http"])
def test_probes_are_answered_over_plain_http(nobody: Client, path: str, said: str | None) -> None:
    headers = {} if said is None else {"X-Forwarded-Proto": said}
    answer = nobody.get(path, REMOTE_ADDR=AWAY, headers=headers)
    assert answer.json()["status"] in ("ok", "unavailable")


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/x", "//healthz", "/HEALTHZ", "/healthz%00"])
def test_what_only_looks_like_a_probe_is_refused(nobody: Client, path: str) -> None:
    assert nobody.get(path, REMOTE_ADDR=AWAY).status_code == 400


@pytest.mark.usefixtures("local_store")
def test_an_upload_url_has_the_scheme_that_the_client_used(alice: Person) -> None:
    assert ask(alice, HERE, "https").json()["upload_url"].startswith("https://testserver/")
    assert ask(alice, HERE).json()["upload_url"].startswith("http://testserver/")
    url = ask(alice, HERE, "https").json()["upload_url"]
    put = alice.api.put(url.partition("testserver")[2], b"%PDF-1.7", "application/pdf")
    assert put.status_code == 200


@pytest.mark.usefixtures("local_store")
def test_a_connection_that_is_encrypted_itself_is_answered(alice: Person) -> None:
    answer = alice.api.post(
        "/v1/uploads", UPLOAD, "application/json", secure=True, REMOTE_ADDR=AWAY
    )
    assert answer.json()["upload_url"].startswith("https://")


@pytest.mark.parametrize(("said", "secure"), [("https", True), (None, False)])
def test_cookies_are_for_https_where_the_client_uses_it(
    db: None, said: str | None, secure: bool
) -> None:
    Member.objects.create_superuser("olivia", "open sesame please")
    web = Client(headers={"X-Forwarded-Proto": said} if said else {})
    form = {"username": "olivia", "password": "open sesame please"}
    cookies = web.post("/admin/login/", form).cookies
    assert {name: bool(cookie["secure"]) for name, cookie in cookies.items()} == {
        "sessionid": secure,
        "csrftoken": secure,
    }


def test_a_form_over_https_is_accepted_from_its_own_page_only(db: None) -> None:
    headers = {"Host": "testserver", "X-Forwarded-Proto": "https"}
    web = Client(enforce_csrf_checks=True, headers=headers)
    web.get("/admin/login/")
    form = {"username": "x", "password": "y", "csrfmiddlewaretoken": web.cookies["csrftoken"].value}
    for origin, status in (("https://testserver", 200), ("http://testserver", 403)):
        answer = web.post("/admin/login/", form, headers={"origin": origin})
        assert answer.status_code == status


ADDRESSES = [
    (AWAY, None, AWAY),
    (AWAY, "1.2.3.4", AWAY),
    (PROXY, None, PROXY),
    (PROXY, "1.2.3.4", "1.2.3.4"),
    (PROXY, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
    (PROXY, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
    (PROXY, "10.0.0.8,10.0.0.9", "10.0.0.8"),
    (PROXY, "6.6.6.6, nonsense", PROXY),
    (PROXY, "", PROXY),
    (PROXY, "2001:DB8::0001", "2001:db8::/64"),
    (PROXY, "[2001:db8::1]:443", "2001:db8::/64"),
    (PROXY, "1.2.3.4:56789", "1.2.3.4"),
    (f"::ffff:{AWAY}", "1.2.3.4", AWAY),
    (HERE, f"::ffff:{AWAY}", AWAY),
    ("", "1.2.3.4", ""),
]


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize(("connection", "said", "expected"), ADDRESSES)
def test_a_client_has_the_last_address_that_is_no_proxys(
    connection: str, said: str | None, expected: str
) -> None:
    headers = {} if said is None else {"X-Forwarded-For": said}
    request = RequestFactory().get("/", REMOTE_ADDR=connection, headers=headers)
    assert peer.address(request) == expected


def test_by_default_only_this_machine_is_a_trusted_proxy(settings: Settings) -> None:
    assert [str(network) for network in settings.TRUSTED_PROXIES] == ["127.0.0.0/8", "::1/128"]
    assert settings.REQUIRE_HTTPS


@pytest.mark.parametrize("nonsense", ["everyone", "10.0.0.0/33", "10.0.0.1/8"])
def test_proxies_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("OCRWELL_TEST_PROXIES", nonsense)
    with pytest.raises(ImproperlyConfigured, match="OCRWELL_TEST_PROXIES"):
        env.networks("OCRWELL_TEST_PROXIES")
