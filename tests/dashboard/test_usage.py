"""What was used is shown to those whose pages they were, and changed by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from ocrwell.accounts import quota
from ocrwell.accounts.models import Org, PageUsage
from tests.dashboard.conftest import Belongings, Seat, Seats, page

LIST, HOME = "/admin/accounts/pageusage/", "/admin/"


def use(org: Org, month: str, used: int, reserved: int = 0) -> PageUsage:
    return PageUsage.objects.create(org=org, month=f"{month}-01", used=used, reserved=reserved)


def now(org: Org, used: int, reserved: int = 0) -> None:
    use(org, f"{timezone.now():%Y-%m}", used, reserved)


@pytest.fixture
def months(ours: Belongings, theirs: Belongings) -> list[PageUsage]:
    return [use(ours["org"], "2026-01", 1_234, 5), use(theirs["org"], "2026-02", 4_321)]


def rows(seat: Seat, url: str = LIST) -> tuple[bool, bool]:
    """Whether ours and theirs are shown."""
    answer = seat.get(url)
    assert answer.status_code == 200
    text = answer.content.decode()
    return "1,234" in text, "4,321" in text


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize(
    ("role", "seen"),
    [("operator", (True, True)), ("admin", (True, False)), ("member", (True, False))],
)
def test_everybody_sees_the_months_that_are_theirs(
    seats: Seats, ours: Belongings, role: str, seen: tuple[bool, bool]
) -> None:
    assert rows(seats[role]) == seen
    assert rows(seats[role], page("org", "change", ours["org"].pk)) == (True, False)


@pytest.mark.usefixtures("months")
def test_a_reviewer_sees_none(rita: Seat) -> None:
    assert rita.get(LIST).status_code == 403
    assert "quota" not in rita.get(HOME).context


@pytest.mark.parametrize("role", ["operator", "admin", "member", "reviewer"])
def test_nobody_changes_what_was_used(seats: Seats, months: list[PageUsage], role: str) -> None:
    seat, row = seats[role], months[0]
    for what, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        url = reverse(f"admin:accounts_pageusage_{what}", args=args)
        assert seat.post(url, used=0, post="yes").status_code == 403
    row.refresh_from_db()
    assert (row.used, row.reserved) == (1_234, 5)


def test_an_operators_form_for_an_organisation_leaves_its_months_alone(
    olivia: Seat, ours: Belongings, months: list[PageUsage]
) -> None:
    forged: dict[str, Any] = {
        "usage-TOTAL_FORMS": 2,
        "usage-INITIAL_FORMS": 1,
        "usage-0-id": months[0].pk,
    }
    forged |= {"usage-0-used": 0, "usage-0-DELETE": "on", "usage-1-used": 5}
    fields = {"name": "Ours Ltd", "plan": "free", "rate_limit": 5}
    url = page("org", "change", ours["org"].pk)
    assert olivia.post(url, **fields, **forged).status_code == 302
    assert Org.objects.get(name="Ours Ltd").plan_id == "free"
    (row,) = PageUsage.objects.filter(org=ours["org"])
    assert row.used == 1_234


def test_the_first_page_tells_what_is_left_and_when_the_month_ends(
    bob: Seat, ours: Belongings
) -> None:
    Org.objects.update(plan="free")
    now(ours["org"], 1_200, 34)
    answer = bob.get(HOME)
    text = " ".join(answer.content.decode().split())
    found = answer.context["quota"]
    assert (found.used, found.remaining, found.limit) == (1_234, 766, 2_000)
    assert "<strong>1,234</strong>" in text
    assert "<strong>766</strong> left of 2,000 (free)" in text
    assert f"<strong>{found.resets_on}</strong>" in text
    assert "of this month's pages" not in text


@pytest.mark.parametrize(
    ("used", "words"),
    [
        (1_600, "80 % of this month's pages are used."),
        (1_999, "80 % of this month's pages are used."),
        (2_000, "All pages of this month are used: further documents are refused until"),
        (2_500, "All pages of this month are used: further documents are refused until"),
    ],
)
def test_the_first_page_warns_as_the_mail_does(
    alice: Seat, ours: Belongings, used: int, words: str
) -> None:
    Org.objects.update(plan="free")
    now(ours["org"], used)
    text = alice.get(HOME).content.decode()
    assert words in text
    assert str(quota.state(Org.objects.get()).resets_on) in text


def test_an_operator_has_no_pages_of_their_own(olivia: Seat, ours: Belongings) -> None:
    assert "quota" not in olivia.get(HOME).context
