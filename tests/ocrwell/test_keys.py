from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.forms import model_to_dict
from django.utils import timezone

from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey
from tests.factories import make_org
from tests.stage import Person

pytestmark = pytest.mark.django_db


def test_a_key_is_found_with_its_organisation(alice: Person) -> None:
    found = keys.find(alice.key)
    assert found is not None
    assert found.org == alice.org


def test_only_the_digest_of_a_key_is_stored() -> None:
    row, plain = keys.issue(org=make_org(), name="laptop")
    row.refresh_from_db()
    assert row.digest == hashlib.sha256(plain.encode()).hexdigest()
    assert plain.startswith(row.prefix)
    assert all(plain[len(row.prefix) :] not in str(value) for value in model_to_dict(row).values())


def test_two_keys_are_never_the_same() -> None:
    org = make_org()
    assert keys.issue(org=org, name="a")[1] != keys.issue(org=org, name="a")[1]


@pytest.mark.parametrize(
    "nonsense", ["", "sk_live_", "sk_live_" + "0" * 48, "ключ", "\ud7ff" * 300]
)
def test_nonsense_is_no_key(alice: Person, nonsense: str) -> None:
    assert keys.find(nonsense) is None


def test_the_digest_itself_is_no_key(alice: Person) -> None:
    assert keys.find(ApiKey.objects.get().digest) is None


def test_a_revoked_key_is_not_found(alice: Person) -> None:
    assert keys.revoke(key=ApiKey.objects.get())
    assert keys.find(alice.key) is None


def test_a_key_is_revoked_once(alice: Person) -> None:
    key = ApiKey.objects.get()
    assert key.state == "active"
    assert keys.revoke(key=key)
    key.refresh_from_db()
    first = key.revoked_at
    assert not keys.revoke(key=key)
    key.refresh_from_db()
    assert (key.revoked_at, key.state) == (first, "revoked")


def test_a_key_may_be_issued_for_a_while(alice: Person) -> None:
    soon, past = timezone.now() + timedelta(minutes=1), timezone.now()
    row, plain = keys.issue(org=alice.org, name="a", expires_at=soon)
    assert keys.find(plain) == row
    assert row.state == "active"
    row, plain = keys.issue(org=alice.org, name="b", expires_at=past)
    assert keys.find(plain) is None
    assert row.state == "expired"


def test_a_key_is_found_until_it_expires(alice: Person) -> None:
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert keys.find(alice.key) is not None
    ApiKey.objects.update(expires_at=timezone.now())
    assert keys.find(alice.key) is None


def test_revoking_one_key_leaves_the_others(alice: Person, bob: Person) -> None:
    mine = keys.find(alice.key)
    assert mine is not None
    keys.revoke(key=mine)
    assert keys.find(alice.key) is None
    assert keys.find(bob.key) is not None


def test_use_is_recorded_by_the_minute(alice: Person) -> None:
    assert ApiKey.objects.get().last_used_at is None
    keys.find(alice.key)
    first = ApiKey.objects.get().last_used_at
    keys.find(alice.key)
    assert first is not None
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    keys.find(alice.key)
    again = ApiKey.objects.get().last_used_at
    assert again is not None
    assert again >= first
