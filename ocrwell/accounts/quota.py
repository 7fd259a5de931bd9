"""The pages of a month: reserved when a document is submitted, settled when its job has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from ocrwell.accounts.models import Org, PageUsage
from ocrwell.errors import PageLimitExceeded, QuotaExceeded


@dataclass(frozen=True, slots=True)
class Quota:
    """What an organisation may use in this month and what of it is taken, reserved pages too."""

    limit: int
    used: int
    resets_at: int
    """Unix time."""

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


def state(org: Org) -> Quota:
    month = month_of(timezone.now())
    row = PageUsage.objects.filter(org=org, month=month).first()
    return Quota(org.plan.pages_a_month, row.used + row.reserved if row else 0, _end(month))


def check(org: Org, pages: int) -> None:
    """Raises PageLimitExceeded when the plan takes no document of so many pages."""
    plan = org.plan
    if plan.max_pages is not None and pages > plan.max_pages:
        raise PageLimitExceeded(
            f"Document has {pages} pages, exceeds {plan.max_pages}-page limit for "
            f"{plan.name.upper()} plan. Split it, or ask for a larger plan.",
            plan=plan.name,
            page_count=pages,
            max_pages=plan.max_pages,
        )


def reserve(org: Org, pages: int, *, at: datetime) -> None:
    """Take pages of this moment's month, in the transaction that adds a job; or QuotaExceeded."""
    limit, month = org.plan.pages_a_month, month_of(at)
    PageUsage.objects.get_or_create(org=org, month=month)
    rows = PageUsage.objects.filter(org=org, month=month)
    if rows.filter(used__lte=limit - pages - F("reserved")).update(reserved=F("reserved") + pages):
        return
    left = state(org).remaining
    raise QuotaExceeded(
        f"Document has {pages} pages, {left} of the {limit} pages of this month are left on the "
        f"{org.plan.name.upper()} plan. Wait for the next month, or ask for a larger plan.",
        plan=org.plan.name,
        page_count=pages,
        max_pages=left,
    )


def settle(*, org_id: UUID, at: datetime, reserved: int, used: int) -> None:
    """Give back what a job had reserved and book what it has used, in the transaction that ends
    it. ``at`` is when it was submitted: its month pays.
    """
    PageUsage.objects.filter(org=org_id, month=month_of(at)).update(
        reserved=F("reserved") - reserved, used=F("used") + used
    )


def month_of(moment: datetime) -> date:
    """Its first day, in UTC."""
    return moment.astimezone(UTC).date().replace(day=1)


def _end(month: date) -> int:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return int(datetime(after.year, after.month, 1, tzinfo=UTC).timestamp())
