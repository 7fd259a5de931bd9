"""The frame: logging in and out, what the browser is told, and the pages for problems."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ocrwell.accounts.models import Member
from tests import windows
from tests.dashboard.conftest import PASSWORD, Belongings, Seat, page

LOGIN, HOME = "/admin/login/", "/admin/"


def log_in(web: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return web.post(LOGIN, {"username": username, "password": password, "next": HOME}, **extra)


def test_a_person_logs_in_and_out(alice: Seat) -> None:
    web = Client()
    assert web.get(HOME)["Location"] == f"{LOGIN}?next={HOME}"
    assert log_in(web, "alice")["Location"] == HOME
    assert web.get(HOME).status_code == 200
    web.post("/admin/logout/")
    assert web.get(HOME).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\x00", "b")]
)
def test_a_wrong_name_or_password_is_not_let_in(alice: Seat, username: str, password: str) -> None:
    answer = log_in(Client(), username, password)
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_who_was_shut_out_cannot_log_in_and_is_out_at_once(alice: Seat) -> None:
    Member.objects.update(is_active=False)
    assert alice.get(HOME).status_code == 302
    assert log_in(Client(), "alice").status_code == 200


def test_changing_ones_password_ends_the_other_sessions(alice: Seat) -> None:
    other = Client()
    other.force_login(alice.member)
    fresh = "quite another one"
    form = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    alice.post("/admin/password_change/", **form)
    assert alice.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302


def test_a_session_lasts_twelve_hours(alice: Seat) -> None:
    answer = log_in(Client(), "alice")
    cookie = answer.cookies["sessionid"]
    assert cookie["max-age"] == 12 * 60 * 60
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert alice.get(HOME).status_code == 302


def test_sessions_that_are_over_are_forgotten_at_the_next_log_in(alice: Seat) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    log_in(Client(), "alice")
    assert Session.objects.count() == 1


def shut_out(answer: Any) -> bool:
    refused = bool(answer.status_code == 429)
    assert refused == ("Too many attempts" in answer.content.decode())
    assert refused == ("Retry-After" in answer)
    return refused


def test_after_ten_wrong_passwords_for_a_name_nobody_is_asked_any_more(
    alice: Seat, charlie: Seat
) -> None:
    for number in range(10):
        here = {"REMOTE_ADDR": f"127.0.1.{number}"}
        assert not shut_out(log_in(Client(), "alice", "wrong", **here))
    assert shut_out(log_in(Client(), "alice", PASSWORD))
    assert shut_out(log_in(Client(), "ALICE", PASSWORD))
    assert log_in(Client(), "charlie").status_code == 302


def test_after_ten_wrong_passwords_from_an_address_nobody_is_asked_there(alice: Seat) -> None:
    for number in range(10):
        assert not shut_out(log_in(Client(), f"name-{number}", "wrong"))
    assert shut_out(log_in(Client(), "alice"))
    assert log_in(Client(REMOTE_ADDR="127.0.0.2"), "alice").status_code == 302


def test_a_client_behind_a_trusted_proxy_has_an_address_of_its_own(alice: Seat) -> None:
    for number in range(10):
        log_in(through_a_proxy(f"6.6.6.{number}, 203.0.113.7"), f"name-{number}", "wrong")
    assert shut_out(log_in(through_a_proxy("203.0.113.7"), "alice"))
    assert not shut_out(log_in(through_a_proxy("203.0.113.8"), "alice"))


def through_a_proxy(hops: str) -> Client:
    return Client(headers={"X-Forwarded-For": hops, "X-Forwarded-Proto": "https"})


def test_logging_in_often_is_no_guessing(alice: Seat) -> None:
    assert {log_in(Client(), "alice").status_code for _ in range(12)} == {302}


def test_no_name_that_was_typed_is_kept(alice: Seat) -> None:
    log_in(Client(), "my-password-by-mistake", "wrong")
    assert len(windows.keys()) == 2
    assert "mistake" not in str(windows.keys())


@pytest.mark.parametrize("url", [HOME, LOGIN, "/admin/nothing/", "/admin/accounts/apikey/"])
def test_every_page_tells_the_browser_to_run_nothing_foreign(alice: Seat, url: str) -> None:
    for web in (alice.web, Client()):
        answer = web.get(url)
        assert answer["Content-Security-Policy"].startswith("default-src 'self';")
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["org", "member", "apikey", "job", "endpoint", "delivery"])
def test_no_page_carries_a_script_or_a_style_of_its_own(
    olivia: Seat, ours: Belongings, name: str
) -> None:
    for url in (HOME, page(name), page(name, "change", ours[name].pk)):
        text = olivia.get(url).content.decode()
        for inline in ("<script>", "<style", " style=", " onclick=", "javascript:", "http://www"):
            assert inline not in text.replace('xmlns="http://www', "")


def test_a_signed_in_person_gets_a_page_for_what_is_not_there(alice: Seat) -> None:
    answer = alice.get("/admin/nothing/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert Client().get("/admin/nothing/").status_code == 302


def test_a_form_without_its_token_is_refused_with_a_page(alice: Seat) -> None:
    web = Client(enforce_csrf_checks=True)
    web.force_login(alice.member)
    answer = web.post(page("apikey", "add"), {"name": "forged"})
    assert (answer.status_code, answer["Content-Type"]) == (403, "text/html; charset=utf-8")
    assert "Not allowed" in answer.content.decode()


@pytest.mark.parametrize(
    "url", ["/", "/admin", "/healthz", "/nothing", "/v1/uploads", "/static/nothing"]
)
def test_outside_the_dashboard_nothing_answers_in_html(db: None, url: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(url, {"a": "b"})
    assert answer["Content-Type"] == "application/json"


def test_the_bare_host_name_leads_to_the_dashboard(db: None) -> None:
    for url in ("/", "/admin"):
        answer = Client().get(url)
        assert (answer.status_code, answer["Location"]) == (302, HOME)


def test_the_pages_bring_their_own_files(db: None) -> None:
    own = ("dashboard/dashboard.css", "dashboard/copy.js", "dashboard/icon.svg")
    for file in (*own, "admin/css/base.css"):
        with contextlib.closing(Client().get(f"/static/{file}")) as answer:
            assert b"".join(answer)


def test_only_our_own_pages_are_listed(olivia: Seat) -> None:
    sections = olivia.get(HOME).context["available_apps"]
    names = {model["object_name"] for section in sections for model in section["models"]}
    ours = {"Job", "ApiKey", "Member", "Org", "Plan", "PageUsage", "Endpoint", "Delivery"}
    assert names == ours


def test_a_reviewer_is_offered_jobs_only(rita: Seat) -> None:
    sections = rita.get(HOME).context["available_apps"]
    assert [model["object_name"] for section in sections for model in section["models"]] == ["Job"]


def test_settings_of_the_session_cookie_hold_over_plain_loopback(
    alice: Seat, settings: Settings
) -> None:
    assert not log_in(Client(), "alice").cookies["sessionid"]["secure"]
