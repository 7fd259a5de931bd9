from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey, Org

pytestmark = pytest.mark.django_db


def printed(*command: str) -> list[str]:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().splitlines()


def test_create_org_prints_the_key_as_the_last_line() -> None:
    found = keys.find(printed("create_org", "Acme")[-1])
    assert found is not None
    assert (found.org.name, found.org.plan, found.org.rate_limit) == ("Acme", "pro", 120)


def test_create_org_takes_a_plan_and_a_rate_limit() -> None:
    printed("create_org", "Acme", "--plan", "free", "--rate-limit", "7")
    org = Org.objects.get()
    assert (org.plan, org.rate_limit) == ("free", 7)


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
