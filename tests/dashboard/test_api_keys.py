from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey
from ocrwell.storage import Store
from tests.dashboard.conftest import Belongings, Seat, act, page

PLAIN = re.compile(r"sk_live_[0-9a-f]{48}")


def create(seat: Seat, **form: Any) -> str:
    """The key that the page after the form shows."""
    answer = seat.post(page("apikey", "add"), **{"name": "laptop"} | form)
    assert answer.status_code == 200
    (plain,) = PLAIN.findall(answer.content.decode())
    return str(plain)


def call(plain: str) -> int:
    api = Client(headers={"X-API-Key": plain})
    return api.post("/v1/uploads", {"filename": "a.pdf"}, "application/json").status_code


def everything_stored() -> str:
    """Every value of every row of every table."""
    rows = [row for model in apps.get_models() for row in model._default_manager.values_list()]
    return repr(rows)


def test_a_new_key_works_until_it_is_revoked(bob: Seat, store: Store) -> None:
    plain = create(bob)
    assert call(plain) == 200
    key = ApiKey.objects.get(name="laptop")
    assert key.org == bob.member.org
    asked = bob.post(page("apikey"), **act("revoke", key))
    assert "Revoke these keys?" in asked.content.decode()
    assert call(plain) == 200
    bob.post(page("apikey"), **act("revoke", key, confirmed="yes"))
    assert call(plain) == 401


def test_a_key_is_shown_only_once_and_kept_nowhere(alice: Seat) -> None:
    plain = create(alice)
    key = ApiKey.objects.get(name="laptop")
    for url in (
        page("apikey"),
        page("apikey", "change", key.pk),
        page("apikey", "history", key.pk),
    ):
        text = alice.get(url).content.decode()
        assert key.prefix in text
        assert plain[len(key.prefix) :] not in text
    assert plain[len(key.prefix) :] not in everything_stored()
    assert plain not in str(dict(alice.web.session))


def test_the_page_of_a_key_may_not_be_kept_by_the_browser(alice: Seat) -> None:
    answer = alice.post(page("apikey", "add"), name="laptop")
    assert "no-store" in answer["Cache-Control"]


def test_the_example_calls_the_host_the_api_answers_on(alice: Seat, settings: Settings) -> None:
    answer = alice.web.post(page("apikey", "add"), {"name": "a"}, headers={"host": "box:8000"})
    assert "curl -X POST http://box:8000/v1/uploads" in answer.content.decode()
    settings.API_HOSTS = ["api.example.com"]
    answer = alice.web.post(page("apikey", "add"), {"name": "b"}, headers={"host": "box:8000"})
    assert "curl -X POST http://api.example.com:8000/v1/uploads" in answer.content.decode()


def test_an_operator_says_whose_key_it_is(olivia: Seat, ours: Belongings) -> None:
    missing = olivia.post(page("apikey", "add"), name="laptop")
    assert "This field is required." in missing.content.decode()
    found = keys.find(create(olivia, org=ours["org"].pk))
    assert found is not None
    assert found.org == ours["org"]


def test_the_way_from_an_organisation_to_its_first_key(olivia: Seat, ours: Belongings) -> None:
    link = f"{page('apikey', 'add')}?org={ours['org'].pk}"
    assert link in olivia.get(page("org", "change", ours["org"].pk)).content.decode()
    assert f'value="{ours["org"].pk}" selected' in olivia.get(link).content.decode()


def test_a_key_can_expire(alice: Seat) -> None:
    plain = create(alice, expires_at_0="2999-01-31", expires_at_1="12:00:00")
    found = keys.find(plain)
    assert found is not None
    assert str(found.expires_at) == "2999-01-31 12:00:00+00:00"


@pytest.mark.parametrize(
    "form",
    [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"expires_at_0": "2001-01-01", "expires_at_1": "00:00"},
        {"expires_at_0": "soon", "expires_at_1": ""},
        {"expires_at_0": "2999-01-01", "expires_at_1": ""},
    ],
)
def test_a_key_that_makes_no_sense_is_sent_back(alice: Seat, form: dict[str, str]) -> None:
    answer = alice.post(page("apikey", "add"), **{"name": "laptop"} | form)
    assert "Please correct" in answer.content.decode()
    assert not PLAIN.search(answer.content.decode())
    assert ApiKey.objects.count() == 1


def test_only_name_and_expiry_of_a_key_can_be_changed(alice: Seat, ours: Belongings) -> None:
    before = ours["apikey"]
    forged = {"prefix": "x", "digest": "0" * 64, "revoked_at": "", "created_at": "2001-01-01"}
    expiry = {"expires_at_0": "2999-01-31", "expires_at_1": "12:00:00"}
    alice.post(page("apikey", "change", before.pk), name="renamed", **expiry, **forged)
    after = ApiKey.objects.get(pk=before.pk)
    assert (after.name, after.expires_at is not None) == ("renamed", True)
    assert (after.prefix, after.digest, after.created_at) == (
        before.prefix,
        before.digest,
        before.created_at,
    )


def test_a_revoked_key_stays_as_it_is(alice: Seat, ours: Belongings) -> None:
    keys.revoke(key=ours["apikey"])
    url = page("apikey", "change", ours["apikey"].pk)
    assert "Revoke this key" not in alice.get(url).content.decode()
    assert alice.post(url, name="renamed").status_code == 403
    again = alice.post(page("apikey"), **act("revoke", ours["apikey"]))
    assert "revoked already" in again.content.decode()


def test_a_key_has_a_button_to_revoke_it(bob: Seat, rita: Seat, ours: Belongings) -> None:
    url = page("apikey", "change", ours["apikey"].pk)
    assert "Revoke this key" in bob.get(url).content.decode()


@pytest.mark.parametrize("state", ["active", "revoked", "expired"])
def test_keys_are_listed_by_their_state(alice: Seat, ours: Belongings, state: str) -> None:
    ApiKey.objects.all().delete()
    past = timezone.now() - timedelta(days=1)
    keys.issue(org=ours["org"], name="an active one")
    keys.issue(org=ours["org"], name="an expired one", expires_at=past)
    gone, _ = keys.issue(org=ours["org"], name="a revoked one", expires_at=past)
    keys.revoke(key=gone)
    answer = alice.get(page("apikey"), state=state)
    (found,) = answer.context["cl"].result_list
    assert (state in found.name, found.state) == (True, state)
