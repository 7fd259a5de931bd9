"""A key is handed out once, after a yes of somebody who may give one, and within its time."""

from __future__ import annotations

import secrets
import string
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from ocrwell.accounts import device, keys
from ocrwell.accounts.device import Answer, Codes
from ocrwell.accounts.models import ApiKey, DeviceLogin, Member, Org
from ocrwell.dashboard import access
from tests.factories import make_org, together

pytestmark = pytest.mark.django_db

PENDING, DENIED = Answer("authorization_pending"), Answer("access_denied")
EXPIRED = Answer("expired_token")


@pytest.fixture
def org() -> Org:
    return make_org()


def person(org: Org | None, **over: Any) -> Member:
    fields = {"role": "member", "is_operator": org is None} | over
    return Member.objects.create_user("bob", None, org=org, **fields)


@pytest.fixture
def bob(org: Org) -> Member:
    return person(org)


def ask(agent_name: str = "my-agent") -> Codes:
    return device.request(agent_name=agent_name, address="203.0.113.7")


def login_of(codes: Codes) -> DeviceLogin:
    found = device.find(codes.user)
    assert found is not None
    return found


def approve(codes: Codes, member: Member, org: Org | None = None) -> bool:
    chosen = org or member.org
    assert chosen is not None
    return device.approve(login_of(codes), member=member, org=chosen)


def end() -> None:
    """The time of all logins is over."""
    DeviceLogin.objects.update(expires_at=timezone.now())


def test_a_code_is_two_groups_of_four_letters_without_vowels() -> None:
    codes = [ask().user for _ in range(50)]
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    used = set("".join(codes)) - {"-"}
    assert used <= set(string.ascii_uppercase) - set("AEIOUY")
    assert len(set(codes)) == 50


def test_a_device_code_has_256_bits_and_neither_code_is_stored() -> None:
    codes = ask()
    assert len(bytes.fromhex(codes.device)) == 32
    (row,) = DeviceLogin.objects.values()
    stored = str(row)
    assert codes.device not in stored
    assert codes.user not in stored
    assert codes.user.replace("-", "") not in stored


def test_two_live_logins_never_have_one_code(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("BBBBCCCC" + "BBBBCCCC" + "DDDDFFFF" + "BBBBCCCC")
    monkeypatch.setattr(secrets, "choice", lambda _: next(letters))
    assert [ask().user for _ in range(2)] == ["BBBB-CCCC", "DDDD-FFFF"]
    end()
    assert ask().user == "BBBB-CCCC"


@pytest.mark.parametrize("typed", ["{}", "{} ", " {}\n", "{}\u00a0"])
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    codes = ask()
    row = login_of(codes)
    for code in (codes.user, codes.user.lower(), codes.user.replace("-", "")):
        for gap in ("-", " ", " - ", "\u2013", ""):
            assert device.find(typed.format(code.replace("-", gap))) == row


@pytest.mark.parametrize("code", ["", "-", "BBBB-BBBB", "BBBB", "x" * 10_000, "\x00", "ß"])
def test_another_code_finds_nothing(code: str) -> None:
    ask()
    assert device.find(code) is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Claude Code", "Claude Code"),
        ("", "Unknown Agent"),
        ("\x00\x07 \n", "Unknown Agent"),
        ("a\x00b\x1b[31mc\u202edcba", "ab[31mcdcba"),
        ("two\nlines\tand  a\u2028gap", "two lines and a gap"),
        ("\ud800x", "x"),
        ("Grüße 你好", "Grüße 你好"),
        ("x" * 300, "x" * 100),
    ],
)
def test_the_name_of_a_program_is_shown_on_one_line(given: str, shown: str) -> None:
    assert device.named(login_of(ask(given))) == shown


def test_who_polls_before_anybody_decided_has_to_wait() -> None:
    codes = ask()
    assert [device.poll(codes.device) for _ in range(3)] == [PENDING] * 3


def test_an_unknown_device_code_has_expired() -> None:
    ask()
    assert device.poll("nonsense") == EXPIRED


def test_a_key_is_handed_out_once_after_a_yes(org: Org, bob: Member) -> None:
    codes = ask()
    assert approve(codes, bob)
    assert not ApiKey.objects.exists()
    answer = device.poll(codes.device)
    assert answer.error is None
    found = keys.find(answer.key or "")
    assert found is not None
    assert (found.org, found.name, found.prefix) == (org, "my-agent", answer.prefix)
    assert found.expires_at is None
    assert [device.poll(codes.device) for _ in range(2)] == [EXPIRED] * 2
    assert ApiKey.objects.count() == 1


def test_a_denied_login_hands_out_no_key(bob: Member) -> None:
    codes = ask()
    assert device.deny(login_of(codes), member=bob)
    assert [device.poll(codes.device) for _ in range(2)] == [DENIED] * 2
    assert device.find(codes.user) is None
    assert not ApiKey.objects.exists()


def test_what_was_decided_stays(bob: Member) -> None:
    codes = ask()
    login = login_of(codes)
    assert device.deny(login, member=bob)
    assert not device.deny(login, member=bob)
    assert not device.approve(login, member=bob, org=make_org())
    assert not ApiKey.objects.exists()
    assert device.poll(codes.device) == DENIED


def test_after_its_time_nobody_can_say_yes(bob: Member) -> None:
    codes = ask()
    login = login_of(codes)
    end()
    assert device.find(codes.user) is None
    assert device.poll(codes.device) == EXPIRED
    assert bob.org is not None
    assert not device.approve(login, member=bob, org=bob.org)


def test_a_yes_that_is_not_collected_in_time_gives_no_key(bob: Member) -> None:
    codes = ask()
    approve(codes, bob)
    end()
    assert device.poll(codes.device) == EXPIRED
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "reviewer"}])
def test_who_lost_the_right_meanwhile_gives_no_key(bob: Member, change: dict[str, Any]) -> None:
    codes = ask()
    approve(codes, bob)
    Member.objects.update(**change)
    assert device.poll(codes.device) == DENIED
    Member.objects.update(is_active=True, role="member")
    assert device.poll(codes.device) == DENIED
    assert not ApiKey.objects.exists()


def test_the_yes_of_somebody_who_is_gone_counts_no_more(bob: Member) -> None:
    codes = ask()
    approve(codes, bob)
    bob.delete()
    assert device.poll(codes.device) == EXPIRED


@pytest.mark.parametrize("role", [*Member.Role.values, "operator"])
def test_the_dashboard_and_the_keys_agree_on_who_may(org: Org, role: str) -> None:
    member = Member(org=org, role=role, is_operator=role == "operator", is_active=True)
    assert keys.may_issue(member, org) == access.may(member, "add", ApiKey)


def test_the_yes_of_somebody_who_changed_sides_counts_no_more(bob: Member) -> None:
    codes = ask()
    approve(codes, bob)
    bob.org = make_org()
    bob.save()
    assert device.poll(codes.device) == DENIED


def test_an_operator_says_yes_for_an_organisation_of_their_choice(org: Org) -> None:
    codes = ask()
    assert approve(codes, person(None), org)
    assert not ApiKey.objects.exists()
    found = keys.find(device.poll(codes.device).key or "")
    assert found is not None
    assert found.org == org
    assert ApiKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operator", [False, True])
def test_of_eight_polls_at_once_exactly_one_gets_the_key(org: Org, operator: bool) -> None:
    codes = ask()
    approve(codes, person(None if operator else org), org)
    answers = together(8, lambda: device.poll(codes.device))
    assert Counter(answer.error for answer in answers) == {None: 1, "expired_token": 7}
    assert sum(answer.key is not None for answer in answers) == 1
    assert ApiKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_words_at_once_one_counts(org: Org) -> None:
    codes = ask()
    login, member = login_of(codes), person(None)
    said = together(8, lambda: device.approve(login, member=member, org=org))
    assert sum(said) == 1


def test_who_asks_too_early_is_slowed_down_where_that_is_wanted(settings: Settings) -> None:
    settings.DEVICE_SLOW_DOWN = True
    codes = ask()
    assert device.poll(codes.device) == PENDING
    assert device.poll(codes.device) == Answer("slow_down")
    DeviceLogin.objects.update(polled_at=F("polled_at") - timedelta(seconds=5))
    assert device.poll(codes.device) == PENDING


def test_logins_that_are_over_are_forgotten_and_their_keys_stay(bob: Member) -> None:
    codes = ask()
    approve(codes, bob)
    plain = device.poll(codes.device).key or ""
    ask()
    end()
    live = ask()
    device.sweep()
    assert DeviceLogin.objects.get() == login_of(live)
    assert keys.find(plain)
