"""Pages are reserved, booked and given back exactly, however many ask at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from ocrwell.accounts import quota
from ocrwell.accounts.models import Org, PageUsage, Plan
from ocrwell.accounts.quota import Quota
from ocrwell.errors import PageLimitExceeded, QuotaExceeded
from tests.factories import make_org, together

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
APRIL = MARCH + timedelta(seconds=1)
FREE = Plan(name="free", pages_a_month=2_000, max_file_mb=15, max_pages=50, calls_a_minute=10)
PLANS = [
    Plan(name="scale", pages_a_month=1_000_000),
    FREE,
    Plan(name="pro", pages_a_month=50_000),
]


def make_plan(name: str = "small", **over: Any) -> Plan:
    fields = {"pages_a_month": 100, "max_file_mb": 5, "calls_a_minute": 10} | over
    return Plan.objects.create(name=name, **fields)


@pytest.fixture
def org() -> Org:
    return make_org(plan=make_plan())


def usage(org: Org) -> list[tuple[date, int, int]]:
    """Month, used and reserved pages."""
    return list(org.usage.order_by("month").values_list("month", "used", "reserved"))


def take(org: Org, pages: int, at: datetime | None = None) -> None:
    quota.reserve(org, pages, at=at or timezone.now())


def end(org: Org, *, reserved: int, used: int, at: datetime | None = None) -> None:
    quota.settle(org_id=org.pk, at=at or timezone.now(), reserved=reserved, used=used)


def test_who_has_used_nothing_has_everything_left(org: Org) -> None:
    found = quota.state(org)
    assert (found.limit, found.used, found.remaining) == (100, 0, 100)


def test_reserved_pages_count_as_used_until_they_are_booked(org: Org) -> None:
    take(org, 30)
    assert quota.state(org).used == 30
    end(org, reserved=30, used=30)
    assert quota.state(org).remaining == 70


def test_a_failed_job_costs_nothing(org: Org) -> None:
    take(org, 100)
    end(org, reserved=100, used=0)
    assert quota.state(org).remaining == 100


def test_the_last_page_can_be_used_and_no_other(org: Org) -> None:
    take(org, 99)
    with pytest.raises(QuotaExceeded) as refused:
        take(org, 2)
    assert (refused.value.page_count, refused.value.max_pages) == (2, 1)
    take(org, 1)
    with pytest.raises(QuotaExceeded, match="only 0 of the 100 pages"):
        take(org, 1)


def test_pages_that_nobody_could_count_are_booked_even_past_the_limit(org: Org) -> None:
    take(org, 99)
    take(org, 1)
    end(org, reserved=1, used=40)
    found = quota.state(org)
    assert (found.used, found.remaining) == (139, 0)
    with pytest.raises(QuotaExceeded):
        take(org, 1)


def test_another_organisation_has_pages_of_its_own(org: Org) -> None:
    other = make_org(plan=org.plan)
    take(org, 100)
    take(other, 100)
    assert quota.state(other).used == 100


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_nobody_passes_the_limit_and_no_page_is_lost(org: Org) -> None:
    def submit() -> list[int]:
        taken = []
        for pages in (3, 2, 1, 1):
            try:
                with transaction.atomic():
                    take(org, pages)
                taken.append(pages)
            except QuotaExceeded:
                pass
        return taken

    taken = together(20, submit)
    assert sum(map(sum, taken)) == 100
    assert quota.state(org).used == 100


@pytest.mark.django_db(transaction=True)
def test_what_twenty_reserve_and_settle_at_once_adds_up(org: Org) -> None:
    def work() -> None:
        with transaction.atomic():
            take(org, 5)
        with transaction.atomic():
            end(org, reserved=5, used=2)

    together(20, work)
    assert usage(org) == [(quota.month_of(timezone.now()), 40, 0)]


@pytest.mark.django_db(transaction=True)
def test_a_submission_that_is_undone_takes_nothing(org: Org) -> None:
    def submit() -> None:
        with transaction.atomic():
            take(org, 5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submit()
    assert quota.state(org).used == 0


def test_the_month_of_the_submission_pays(org: Org) -> None:
    take(org, 10, at=MARCH)
    take(org, 10, at=APRIL)
    end(org, reserved=10, used=10, at=MARCH)
    assert usage(org) == [(date(2026, 3, 1), 10, 0), (date(2026, 4, 1), 0, 10)]


def test_a_month_begins_in_utc() -> None:
    west = datetime.fromisoformat("2026-03-31T23:30:00-05:00")
    assert quota.month_of(west) == date(2026, 4, 1)


def test_a_month_that_is_used_up_says_nothing_of_the_next(org: Org) -> None:
    take(org, 100, at=MARCH)
    take(org, 100, at=APRIL)


@pytest.mark.parametrize(
    ("at", "day"),
    [(MARCH, date(2026, 4, 1)), (datetime(2026, 12, 24, tzinfo=UTC), date(2027, 1, 1))],
)
def test_a_refusal_says_when_the_month_ends(org: Org, at: datetime, day: date) -> None:
    take(org, 100, at=at)
    with pytest.raises(QuotaExceeded, match=f"or wait until {day}"):
        take(org, 1, at=at)


def test_a_smaller_plan_in_the_middle_of_the_month_leaves_nothing_but_what_was_taken(
    org: Org,
) -> None:
    take(org, 80)
    org.plan = make_plan("tiny", pages_a_month=50)
    assert quota.state(org).remaining == 0
    with pytest.raises(QuotaExceeded):
        take(org, 1)
    end(org, reserved=80, used=20)
    assert quota.state(org).remaining == 30
    take(org, 30)


def test_a_larger_plan_in_the_middle_of_the_month_has_what_was_not_taken(org: Org) -> None:
    take(org, 100)
    org.plan = Plan.objects.get(name="free")
    take(org, 1_900)
    assert quota.state(org).remaining == 0


def test_a_job_can_end_whatever_became_of_its_months_row(org: Org) -> None:
    take(org, 5)
    PageUsage.objects.update(reserved=2)
    end(org, reserved=5, used=5)
    assert quota.state(org).used == 5
    PageUsage.objects.all().delete()
    end(org, reserved=5, used=5)
    assert quota.state(org).used == 5


def test_a_plan_takes_a_document_up_to_its_limit_of_pages() -> None:
    org = make_org(plan=Plan.objects.get(name="free"))
    quota.check(org, 50)
    with pytest.raises(PageLimitExceeded) as refused:
        quota.check(org, 100)
    found = refused.value
    assert found.message == (
        "Document has 100 pages, exceeds 50-page limit for FREE plan. Upgrade to PRO."
    )
    assert (found.plan, found.page_count, found.max_pages) == ("free", 100, 50)
    quota.check(make_org(plan=Plan.objects.get(name="pro")), 100_000)


def test_the_next_larger_plan_that_would_take_the_document_is_named() -> None:
    middle = Plan(name="middle", pages_a_month=5_000, max_pages=80)
    assert "Upgrade to MIDDLE." in str(quota.refusal(FREE, 80, [*PLANS, middle]))
    assert "Upgrade to PRO." in str(quota.refusal(FREE, 81, [*PLANS, middle]))
    assert "Upgrade" not in str(quota.refusal(FREE, 81, [FREE, middle]))
    assert quota.refusal(FREE, 50, PLANS) is None


def test_a_larger_plan_is_offered_to_whom_it_would_help() -> None:
    org = make_org(plan=Plan.objects.get(name="free"))
    take(org, 2_000)
    with pytest.raises(QuotaExceeded) as refused:
        take(org, 1)
    found = quota.state(org)
    assert refused.value.message == (
        "Document has 1 page, but only 0 of the 2000 pages of this month are left on the FREE "
        f"plan. Upgrade to PRO or wait until {found.resets_on}."
    )
    Plan.objects.exclude(name="free").exclude(name="pro").delete()
    Org.objects.update(plan="pro")
    org.refresh_from_db()
    with pytest.raises(QuotaExceeded, match="Wait until"):
        take(org, 49_000)
    with pytest.raises(QuotaExceeded, match="Split it"):
        take(org, 50_001)


@pytest.mark.parametrize(
    ("used", "share"), [(0, 0), (79, 0), (80, 80), (99, 80), (100, 100), (139, 100)]
)
def test_people_are_warned_at_four_fifths_and_at_the_end(used: int, share: int) -> None:
    assert Quota(100, used, 0).reached == share


def test_a_plan_without_pages_warns_nobody_who_used_none() -> None:
    assert quota.reached(0, 0) == 0
