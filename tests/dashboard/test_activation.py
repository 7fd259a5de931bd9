"""A person says yes or no to a program: on purpose, in their own name, for their organisation."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from ocrwell.accounts import device, keys
from ocrwell.accounts.device import Codes
from ocrwell.accounts.models import ApiKey, DeviceLogin, Member
from tests import windows
from tests.dashboard.conftest import PASSWORD, Belongings, Seat

URL, HOME = "/activate", "/admin/"


@pytest.fixture
def codes(db: None) -> Codes:
    return ask()


def ask(agent_name: str = "Claude Code") -> Codes:
    return device.request(agent_name=agent_name, address="203.0.113.7")


def decide(seat: Seat, codes: Codes, decision: str = "approve", **form: Any) -> Any:
    return seat.post(URL, code=codes.user, decision=decision, **form)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def messages(seat: Seat) -> list[str]:
    return [str(each) for each in seat.get(HOME).context["messages"]]


def states() -> list[str]:
    return list(DeviceLogin.objects.values_list("state", flat=True))


def test_who_is_not_signed_in_logs_in_and_comes_back_with_the_code(
    alice: Seat, codes: Codes
) -> None:
    web = Client()
    sent = web.get(URL, {"code": codes.user})
    back = quote(f"{URL}?code={codes.user}")
    assert (sent.status_code, sent["Location"]) == (302, f"/admin/login/?next={back}")
    shown = web.get(sent["Location"])
    form = {"username": "alice", "password": PASSWORD, "next": shown.context["next"]}
    came = web.post("/admin/login/", form, follow=True)
    assert came.request["PATH_INFO"] == URL
    assert "Claude Code" in text(came)


def test_the_page_is_there_where_published_clients_call(
    bob: Seat, codes: Codes, settings: Settings
) -> None:
    settings.DEEPREAD_HOSTS = ["api.deepread.test"]
    here = {"headers": {"Host": "api.deepread.test"}}
    shown: Any = bob.web.get(URL, {"code": codes.user}, **here)  # type: ignore[arg-type]
    assert "Claude Code" in text(shown)
    form = {"code": codes.user, "decision": "approve"}
    answer: Any = bob.web.post(URL, form, **here)  # type: ignore[arg-type]
    assert (answer.status_code, answer["Location"]) == (302, HOME)


def test_the_page_asks_for_the_code_first(alice: Seat) -> None:
    answer = alice.get(URL)
    assert answer.status_code == 200
    assert 'name="code"' in text(answer)
    assert "Approve" not in text(answer)
    assert alice.get(f"{URL}/").status_code == 200


def test_it_tells_who_asks_and_for_what(bob: Seat, codes: Codes) -> None:
    found = text(bob.get(URL, code=codes.user.lower().replace("-", " ")))
    login = DeviceLogin.objects.get()
    for fact in ("Claude Code", "203.0.113.7", "Ours Ltd", codes.user):
        assert fact in found
    assert f"{login.created_at:%Y-%m-%d %H:%M}" in found
    assert "Only approve if you started this yourself" in found
    assert states() == ["pending"]


def test_a_program_without_a_name_is_unknown(alice: Seat, db: None) -> None:
    assert "Unknown Agent" in text(alice.get(URL, code=ask("").user))


def test_the_name_is_a_strangers_text(alice: Seat, db: None) -> None:
    nasty = "<script>alert(1)</script>"
    codes = ask(nasty)
    assert nasty not in text(alice.get(URL, code=codes.user))
    decide(alice, codes)
    assert nasty not in text(alice.get(HOME))


def test_a_yes_leads_to_the_dashboard_and_the_program_to_its_key(bob: Seat, codes: Codes) -> None:
    answer = decide(bob, codes)
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert messages(bob) == ["Claude Code gets an API key for Ours Ltd as soon as it asks again."]
    found = keys.find(device.poll(codes.device).key or "")
    assert found is not None
    assert found.org == bob.member.org


def test_a_no_leads_to_the_dashboard_and_the_program_to_nothing(bob: Seat, codes: Codes) -> None:
    answer = decide(bob, codes, "deny")
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert messages(bob) == ["You denied Claude Code: it gets no key."]
    assert device.poll(codes.device).error == "access_denied"


def test_nothing_is_decided_without_the_form(alice: Seat, codes: Codes) -> None:
    alice.get(URL, code=codes.user, decision="approve")
    alice.get(URL, code=codes.user, decision="deny")
    alice.post(URL, code=codes.user)
    alice.post(URL, code=codes.user, decision="maybe")
    assert states() == ["pending"]
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice.member)
    refused = strict.post(URL, {"code": codes.user, "decision": "approve"})
    assert refused.status_code == 403
    assert states() == ["pending"]
    assert alice.web.put(URL).status_code == 405


def test_a_person_who_is_not_signed_in_decides_nothing(codes: Codes) -> None:
    for decision in ("approve", "deny"):
        answer = Client().post(URL, {"code": codes.user, "decision": decision})
        assert answer.status_code == 302
    assert states() == ["pending"]


def test_a_reviewer_is_told_whom_to_ask(rita: Seat, codes: Codes) -> None:
    for answer in (
        rita.get(URL, code=codes.user),
        decide(rita, codes),
        decide(rita, codes, "deny"),
    ):
        assert answer.status_code == 403
        assert "As a reviewer you cannot give keys" in text(answer)
        assert "Claude Code" not in text(answer)
    assert states() == ["pending"]


def test_an_operator_chooses_the_organisation(
    olivia: Seat, ours: Belongings, theirs: Belongings, codes: Codes
) -> None:
    assert "Theirs Inc" in text(olivia.get(URL, code=codes.user))
    for form in ({}, {"org": ""}, {"org": "nonsense"}):
        answer = decide(olivia, codes, **form)
        assert answer.status_code == 200
        assert "errorlist" in text(answer)
    assert states() == ["pending"]
    decide(olivia, codes, org=theirs["org"].pk)
    found = keys.find(device.poll(codes.device).key or "")
    assert found is not None
    assert found.org == theirs["org"]


def test_an_operator_needs_no_organisation_to_say_no(olivia: Seat, codes: Codes) -> None:
    assert decide(olivia, codes, "deny").status_code == 302
    assert states() == ["denied"]


def test_nobody_says_yes_for_another_organisation(
    alice: Seat, theirs: Belongings, codes: Codes
) -> None:
    decide(alice, codes, org=theirs["org"].pk)
    found = keys.find(device.poll(codes.device).key or "")
    assert found is not None
    assert found.org == alice.member.org


def test_a_code_that_is_used_or_over_is_not_found(alice: Seat, bob: Seat, codes: Codes) -> None:
    decide(alice, codes)
    for answer in (decide(bob, codes, "deny"), bob.get(URL, code=codes.user)):
        assert answer.status_code == 404
        assert "No program waits with this code" in text(answer)
        assert codes.user in text(answer)
    assert states() == ["approved"]


def test_a_strangers_code_is_shown_as_it_was_typed(alice: Seat) -> None:
    answer = alice.get(URL, code='"><script>')
    assert "<script>alert" not in text(answer)
    assert "&quot;&gt;&lt;script&gt;" in text(answer)


def wrong(seat: Seat, number: int, **extra: Any) -> int:
    return int(seat.web.get(URL, {"code": f"BBBB-{number}"}, **extra).status_code)


def test_after_ten_wrong_codes_an_account_has_to_wait(
    alice: Seat, charlie: Seat, codes: Codes
) -> None:
    for number in range(10):
        assert wrong(alice, number, REMOTE_ADDR=f"127.0.1.{number}") == 404
    answer = decide(alice, codes)
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "Wait a minute" in text(answer)
    assert states() == ["pending"]
    assert decide(charlie, codes).status_code == 302


def test_after_ten_wrong_codes_an_address_has_to_wait(alice: Seat, bob: Seat, codes: Codes) -> None:
    for number in range(10):
        assert wrong(alice, number) == 404
    assert decide(bob, codes).status_code == 429
    elsewhere = {"REMOTE_ADDR": "127.0.0.7"}
    form = {"code": codes.user, "decision": "approve"}
    assert bob.web.post(URL, form, **elsewhere).status_code == 302  # type: ignore[arg-type]


def test_right_codes_are_no_guesses(alice: Seat, codes: Codes) -> None:
    for _ in range(12):
        assert alice.get(URL, code=codes.user).status_code == 200
    assert windows.keys() == []


def test_who_was_shut_out_has_to_log_in(alice: Seat, codes: Codes) -> None:
    Member.objects.update(is_active=False)
    assert decide(alice, codes).status_code == 302
    assert states() == ["pending"]
    assert ApiKey.objects.filter(name="Claude Code").count() == 0


def test_the_page_runs_nothing_foreign_and_is_not_kept(alice: Seat, codes: Codes) -> None:
    for answer in (alice.get(URL), alice.get(URL, code=codes.user)):
        assert answer["Content-Security-Policy"].startswith("default-src 'self';")
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] == "DENY"
        for inline in ("<script>", "<style", " style=", " onclick="):
            assert inline not in text(answer)
