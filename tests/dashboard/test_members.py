from __future__ import annotations

from typing import Any

import pytest

from ocrwell.accounts.models import Member
from tests.dashboard.conftest import PASSWORD, Belongings, Seat, page

SECRET = "a long enough one"


def add(seat: Seat, **form: Any) -> Any:
    secret = {"password1": SECRET, "password2": SECRET}
    return seat.post(page("member", "add"), **{"username": "eve", "role": "member"} | secret | form)


def test_an_admin_adds_somebody_to_the_own_organisation(alice: Seat) -> None:
    assert add(alice, role="reviewer").status_code == 302
    eve = Member.objects.get(username="eve")
    assert (eve.org, eve.role, eve.is_operator) == (alice.member.org, "reviewer", False)
    assert eve.check_password(SECRET)


def test_an_admin_says_where_somebody_is_mailed(alice: Seat, bob: Seat) -> None:
    add(alice, email="eve@example.com")
    assert Member.objects.get(username="eve").email == "eve@example.com"
    url = page("member", "change", bob.member.pk)
    alice.post(url, username="bob", role="member", is_active="on", email="bob@example.com")
    assert Member.objects.get(pk=bob.member.pk).email == "bob@example.com"
    answer = alice.post(url, username="bob", role="member", email="nonsense")
    assert "Enter a valid email address." in answer.content.decode()


def test_an_operator_adds_people_to_any_organisation_and_operators(
    olivia: Seat, theirs: Belongings
) -> None:
    add(olivia, org=theirs["org"].pk)
    assert Member.objects.get(username="eve").org == theirs["org"]
    add(olivia, username="oscar", is_operator="on")
    assert Member.objects.get(username="oscar").is_operator


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"password2": "another one"}, "The two password fields"),
        ({"password1": "short", "password2": "short"}, "at least 8 characters"),
        ({"password1": "password", "password2": "password"}, "too common"),
        ({"password1": "alice-and", "username": "alice-and"}, "match"),
        ({"username": "ours-person", "password1": "ours-person1"}, "match"),
        ({"username": "alice"}, "already exists"),
        ({"username": ""}, "required"),
        ({"role": "owner"}, "not one of the available choices"),
    ],
)
def test_a_person_that_makes_no_sense_is_sent_back(
    alice: Seat, form: dict[str, str], words: str
) -> None:
    answer = add(alice, **form)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Member.objects.filter(username="eve").exists()


def test_somebody_without_an_organisation_has_to_be_an_operator(olivia: Seat) -> None:
    assert "Choose this person&#x27;s organisation." in add(olivia).content.decode()


def test_an_admin_changes_roles_and_shuts_people_out(alice: Seat, bob: Seat) -> None:
    url = page("member", "change", bob.member.pk)
    alice.post(url, username="bob", role="reviewer")
    changed = Member.objects.get(pk=bob.member.pk)
    assert (changed.role, changed.is_active) == ("reviewer", False)
    assert bob.get(page("job")).status_code == 302


def test_a_new_role_counts_from_the_next_click(alice: Seat, bob: Seat) -> None:
    assert bob.get(page("apikey")).status_code == 200
    Member.objects.filter(pk=bob.member.pk).update(role="reviewer")
    assert bob.get(page("apikey")).status_code == 403


@pytest.mark.parametrize("who", ["alice", "olivia"])
def test_nobody_shuts_themselves_out(request: pytest.FixtureRequest, who: str) -> None:
    seat: Seat = request.getfixturevalue(who)
    seat.post(page("member", "change", seat.member.pk), username=who, role="reviewer")
    after = Member.objects.get(pk=seat.member.pk)
    assert after.is_active
    assert (after.role, after.is_operator) == (seat.member.role, seat.member.is_operator)


def test_a_password_that_somebody_else_set_ends_the_sessions(alice: Seat, bob: Seat) -> None:
    url = page("member", "password", bob.member.pk)
    assert "Set the password of bob" in alice.get(url).content.decode()
    answer = alice.post(url, new_password1=SECRET, new_password2=SECRET)
    assert answer.status_code == 302
    assert Member.objects.get(pk=bob.member.pk).check_password(SECRET)
    assert bob.get(page("job")).status_code == 302
    assert alice.get(page("job")).status_code == 200


def test_a_password_that_is_too_short_is_not_set(alice: Seat, bob: Seat) -> None:
    url = page("member", "password", bob.member.pk)
    answer = alice.post(url, new_password1="short", new_password2="short")
    assert "at least 8 characters" in answer.content.decode()
    assert Member.objects.get(pk=bob.member.pk).check_password(PASSWORD)


def test_ones_own_password_can_be_set_without_leaving(alice: Seat) -> None:
    alice.post(
        page("member", "password", alice.member.pk), new_password1=SECRET, new_password2=SECRET
    )
    assert alice.get(page("job")).status_code == 200


@pytest.mark.parametrize("who", ["bob", "rita", "charlie"])
def test_only_admins_of_the_organisation_set_passwords(
    request: pytest.FixtureRequest, alice: Seat, who: str
) -> None:
    seat: Seat = request.getfixturevalue(who)
    url = page("member", "password", alice.member.pk)
    answer = seat.post(url, new_password1=SECRET, new_password2=SECRET)
    assert answer.status_code == (404 if who == "charlie" else 403)
    assert Member.objects.get(pk=alice.member.pk).check_password(PASSWORD)


def test_no_page_shows_a_password_not_even_its_digest(alice: Seat, bob: Seat) -> None:
    digest = Member.objects.get(pk=bob.member.pk).password
    for what in ("change", "password", "history"):
        assert digest not in alice.get(page("member", what, bob.member.pk)).content.decode()
