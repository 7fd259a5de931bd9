"""The pages of a month: reserved when a document is submitted, settled when its job has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from ocrwell.accounts.models import Org, PageUsage, Plan
from ocrwell.errors import PageLimitExceeded, QuotaExceeded

WARN_AT = (100, 80)
"""Percent of a month's pages."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What an organisation may use in a month and what of it is taken, reserved pages too."""

    limit: int
    used: int
    resets_at: int
    """Unix time."""

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def resets_on(self) -> date:
        """The day in UTC."""
        return datetime.fromtimestamp(self.resets_at, UTC).date()

    @property
    def reached(self) -> int:
        """The highest share, in percent, that people are warned at; 0 below all of them."""
        return reached(self.used, self.limit)


def state(org: Org) -> Quota:
    return _state(org, timezone.now())


def reached(used: int, limit: int) -> int:
    return next((share for share in WARN_AT if used and used * 100 >= limit * share), 0)


def check(org: Org, pages: int) -> None:
    """Raises PageLimitExceeded when the plan takes no document of so many pages."""
    plan = org.plan
    reason = refusal(plan, pages, Plan.objects.all())
    if reason:
        raise PageLimitExceeded(
            reason, plan=plan.name, page_count=pages, max_pages=plan.max_pages or 0
        )


def refusal(plan: Plan, pages: int, plans: Iterable[Plan]) -> str | None:
    """Why a plan takes no document of so many pages, and which of all plans does; None where it
    takes it.
    """
    if _takes(plan, pages):
        return None
    larger = _larger(plan, plans, lambda other: _takes(other, pages))
    return (
        f"Document has {_count(pages)}, exceeds {plan.max_pages}-page limit for "
        f"{plan.name.upper()} plan. {larger or 'Split it into smaller ones'}."
    )


def reserve(org: Org, pages: int, *, at: datetime) -> None:
    """Take pages of this moment's month, in the transaction that adds a job; or QuotaExceeded."""
    limit, month = org.plan.pages_a_month, month_of(at)
    PageUsage.objects.get_or_create(org=org, month=month)
    # The database looks at the row again after it has waited for others to change it.
    room = PageUsage.objects.filter(org=org, month=month, used__lte=limit - pages - F("reserved"))
    if not room.update(reserved=F("reserved") + pages):
        raise _exceeded(org.plan, pages, _state(org, at))


def settle(*, org_id: UUID, at: datetime, reserved: int, used: int) -> None:
    """Give back what a job had reserved and book what it has used, in the transaction that ends
    it, even where that is more than the plan allows. ``at`` is when it was submitted: its month
    pays.
    """
    row, _ = PageUsage.objects.get_or_create(org_id=org_id, month=month_of(at))
    PageUsage.objects.filter(pk=row.pk).update(
        # Whatever became of the row: a job must be able to end.
        reserved=Greatest(F("reserved") - reserved, Value(0)),
        used=F("used") + used,
    )


def month_of(moment: datetime) -> date:
    """Its first day, in UTC."""
    return moment.astimezone(UTC).date().replace(day=1)


def _state(org: Org, at: datetime) -> Quota:
    month = month_of(at)
    row = PageUsage.objects.filter(org=org, month=month).first()
    return Quota(org.plan.pages_a_month, row.used + row.reserved if row else 0, _end(month))


def _exceeded(plan: Plan, pages: int, found: Quota) -> QuotaExceeded:
    needed = found.used + pages
    larger = _larger(
        plan,
        Plan.objects.all(),
        lambda other: _takes(other, pages) and needed <= other.pages_a_month,
    )
    ways = [larger] if larger else []
    if pages <= found.limit:
        ways.append(f"{'wait' if larger else 'Wait'} until {found.resets_on}")
    advice = " or ".join(ways) or "Split it into smaller ones"
    return QuotaExceeded(
        f"Document has {_count(pages)}, but only {found.remaining} of the {found.limit} pages of "
        f"this month are left on the {plan.name.upper()} plan. {advice}.",
        plan=plan.name,
        page_count=pages,
        max_pages=found.remaining,
    )


def _takes(plan: Plan, pages: int) -> bool:
    return plan.max_pages is None or pages <= plan.max_pages


def _larger(plan: Plan, plans: Iterable[Plan], fits: Callable[[Plan], bool]) -> str:
    """The advice to take the next larger plan that fits, or nothing."""
    larger = [other for other in plans if other.pages_a_month > plan.pages_a_month and fits(other)]
    found = min(larger, key=lambda other: other.pages_a_month, default=None)
    return f"Upgrade to {found.name.upper()}" if found else ""


def _count(pages: int) -> str:
    return "1 page" if pages == 1 else f"{pages} pages"


def _end(month: date) -> int:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return int(datetime(after.year, after.month, 1, tzinfo=UTC).timestamp())
