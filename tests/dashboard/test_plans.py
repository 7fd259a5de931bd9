"""Operators make and change plans; nobody takes one away that somebody has."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ocrwell.accounts.models import Org, Plan
from tests.dashboard.conftest import Belongings, Seat, Seats, act

LIST, ADD = "/admin/accounts/plan/", "/admin/accounts/plan/add/"


def url(name: str, what: str = "change") -> str:
    return reverse(f"admin:accounts_plan_{what}", args=[name])


def form(**over: Any) -> dict[str, Any]:
    fields = {"name": "team", "pages_a_month": 9_000, "max_file_mb": 30, "calls_a_minute": 50}
    return fields | {"max_pages": ""} | over


def make_plan(name: str = "team") -> Plan:
    return Plan.objects.create(name=name, pages_a_month=1, max_file_mb=1, calls_a_minute=1)


def test_an_operator_makes_and_changes_a_plan(olivia: Seat) -> None:
    assert olivia.post(ADD, **form()).status_code == 302
    plan = Plan.objects.get(name="team")
    assert (plan.pages_a_month, plan.max_file_mb, plan.max_pages) == (9_000, 30, None)
    olivia.post(url("team"), **form(name="renamed", max_pages=80, pages_a_month=1))
    plan.refresh_from_db()
    assert (plan.pages_a_month, plan.max_pages) == (1, 80)
    assert Plan.objects.count() == 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "free"}, "already exists"),
        ({"name": "My Plan"}, "Use small letters, digits and hyphens only."),
        ({"name": ""}, "required"),
        ({"pages_a_month": 0}, "greater than or equal to 1"),
        ({"max_pages": 0}, "greater than or equal to 1"),
        ({"calls_a_minute": -5}, "greater than or equal to"),
        ({"max_file_mb": "big"}, "Enter a whole number."),
    ],
)
def test_a_plan_that_makes_no_sense_is_sent_back(
    olivia: Seat, wrong: dict[str, Any], words: str
) -> None:
    answer = olivia.post(ADD, **form(**wrong))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Plan.objects.count() == 3


@pytest.mark.parametrize("role", ["admin", "member", "reviewer"])
def test_nobody_else_sees_or_changes_plans(seats: Seats, role: str) -> None:
    seat = seats[role]
    before = list(Plan.objects.values())
    for page, status in ((LIST, 403), (ADD, 403), (url("free"), 404), (url("free", "delete"), 404)):
        assert seat.get(page).status_code == status
        assert seat.post(page, **form(), post="yes").status_code == status
    assert list(Plan.objects.values()) == before


def test_only_a_plan_that_nobody_has_and_that_is_not_published_goes(olivia: Seat) -> None:
    make_plan()
    used = make_plan("used")
    Org.objects.create(name="Ours Ltd", plan=used)
    for name in ("used", "free"):
        assert olivia.post(url(name, "delete"), post="yes").status_code == 403
    olivia.post(LIST, **act("delete_selected", used, Plan.objects.get(name="free"), post="yes"))
    assert Plan.objects.count() == 5
    assert olivia.post(url("team", "delete"), post="yes").status_code == 302
    assert not Plan.objects.filter(name="team").exists()


def test_the_list_tells_how_many_organisations_have_a_plan(
    olivia: Seat, ours: Belongings, theirs: Belongings
) -> None:
    text = olivia.get(LIST).content.decode()
    assert '<td class="field-organisations">2</td>' in text
    assert text.count('<td class="field-organisations">0</td>') == 2
