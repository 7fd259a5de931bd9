from __future__ import annotations

import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey, Member, Org
from ocrwell.jobs import presence
from ocrwell.settings import BASE_DIR
from ocrwell.storage import LocalStore
from tests.api.conftest import free_port
from tests.stage import environment
from workers import process

pytestmark = pytest.mark.django_db


def printed(*command: str) -> list[str]:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().splitlines()


def test_create_org_prints_the_key_as_the_last_line() -> None:
    found = keys.find(printed("create_org", "Acme")[-1])
    assert found is not None
    assert (found.org.name, found.org.plan_id, found.org.rate_limit) == ("Acme", "pro", 120)


def test_create_org_takes_a_plan_and_a_rate_limit() -> None:
    printed("create_org", "Acme", "--plan", "free", "--rate-limit", "7")
    org = Org.objects.get()
    assert (org.plan_id, org.rate_limit) == ("free", 7)


def test_create_org_says_what_to_do_about_a_name_that_is_taken() -> None:
    printed("create_org", "Acme")
    with pytest.raises(CommandError, match="'Acme' already; create_key"):
        printed("create_org", " Acme ")
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    "arguments", [[" "], ["Acme", "--rate-limit", "0"], ["Acme", "--plan", "gold"], []]
)
def test_create_org_refuses_nonsense(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        printed("create_org", *arguments)
    assert not Org.objects.exists()


def test_create_key_adds_a_key_and_keeps_the_old_one() -> None:
    first = printed("create_org", "Acme")[-1]
    second = printed("create_key", "Acme", "--name", "laptop")[-1]
    found = keys.find(second)
    assert found is not None
    assert (found.org.name, found.name) == ("Acme", "laptop")
    assert keys.find(first) is not None


def test_create_key_says_how_to_make_an_organisation() -> None:
    with pytest.raises(CommandError, match="no organisation 'Acme'; create_org"):
        printed("create_key", "Acme")


def test_create_key_can_limit_a_key_in_time() -> None:
    assert keys.find(printed("create_org", "Acme")[-1])
    found = keys.find(printed("create_key", "Acme", "--expires", "30")[-1])
    assert found is not None
    assert found.expires_at is not None
    left = found.expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


@pytest.mark.parametrize("days", ["0", "-1", "soon", "1.5", "99999999999"])
def test_create_key_refuses_an_expiry_that_makes_no_sense(days: str) -> None:
    printed("create_org", "Acme")
    with pytest.raises(CommandError):
        printed("create_key", "Acme", f"--expires={days}")
    assert ApiKey.objects.count() == 1


def create_member(*arguments: str) -> None:
    printed("create_member", *arguments)


@pytest.mark.parametrize("role", ["admin", "member", "reviewer"])
def test_create_member_makes_somebody_who_can_log_in(role: str) -> None:
    printed("create_org", "Acme")
    create_member("Acme", "alice", "--password", "open sesame", "--role", role)
    alice = authenticate(username="alice", password="open sesame")
    assert isinstance(alice, Member)
    assert (str(alice.org), alice.role, alice.is_operator) == ("Acme", role, False)


def test_create_member_takes_an_email_address() -> None:
    printed("create_org", "Acme")
    create_member("Acme", "alice", "--password", "p", "--email", " alice@example.com ")
    assert Member.objects.get().email == "alice@example.com"


def test_create_member_makes_a_member_unless_told_otherwise() -> None:
    printed("create_org", "Acme")
    create_member(" Acme ", " alice ", "--password", "p")
    assert Member.objects.get().email == ""
    assert Member.objects.get().role == "member"
    assert authenticate(username="alice", password="p")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Nowhere", "eve", "--password", "p"], "no organisation 'Nowhere'; create_org"),
        (["Acme", "alice", "--password", "p"], "the user name 'alice' is taken"),
        (["Acme", " ", "--password", "p"], "neither the user name nor the password"),
        (["Acme", "eve", "--password", ""], "neither the user name nor the password"),
        (["Acme", "eve"], "--password"),
        (["Acme", "eve", "--password", "p", "--email", "eve@"], "'eve@' is no email address"),
        (["Acme", "eve", "--password", "p", "--role", "owner"], "'owner'"),
    ],
)
def test_create_member_says_what_is_wrong(arguments: list[str], words: str) -> None:
    printed("create_org", "Acme")
    create_member("Acme", "alice", "--password", "open sesame")
    with pytest.raises(CommandError, match=words):
        create_member(*arguments)
    assert Member.objects.count() == 1


def test_an_operator_is_made_by_djangos_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "open sesame")
    call_command("createsuperuser", "--noinput", "--username", "olivia", stdout=io.StringIO())
    olivia = authenticate(username="olivia", password="open sesame")
    assert isinstance(olivia, Member)
    assert (olivia.is_operator, olivia.org) == (True, None)
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", "--noinput", "--username", "olivia")


def test_an_operator_without_a_password_cannot_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SUPERUSER_PASSWORD", raising=False)
    call_command("createsuperuser", "--noinput", "--username", "olivia", stdout=io.StringIO())
    assert not Member.objects.get().has_usable_password()
    assert authenticate(username="olivia", password="") is None


def test_prepare_makes_the_place_for_files_and_may_be_repeated(local_store: LocalStore) -> None:
    for _ in range(2):
        printed("prepare")
        assert local_store.root.is_dir()


def test_prepare_says_which_server_is_missing(tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    ran = subprocess.run(
        [sys.executable, BASE_DIR / "manage.py", "prepare", "--wait", "1"],
        env=environment(tmp_path, OCRWELL_REDIS_URL=nobody),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    *waits, fails = ran.stderr.splitlines()
    assert all(each.startswith("Waiting for the broker: ") for each in waits)
    assert fails.startswith("CommandError: the broker cannot be prepared: ")


def test_alive_is_a_machine_one_of_whose_processes_was_heard_of() -> None:
    presence.report("another-machine:7")
    with pytest.raises(CommandError, match="no OCR process on this machine"):
        printed("alive")
    presence.report(process._name())
    printed("alive")
