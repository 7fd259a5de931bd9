"""Mail to the admins of an organisation that has used most of its pages of the month."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from ocrwell.accounts import limits, quota
from ocrwell.accounts.models import Member, PageUsage

logger = logging.getLogger(__name__)

SUBJECT = "{org}: {share} % of this month's pages are used"
TEXT = """\
{org} has used {used:,} of the {limit:,} pages that its plan, {plan}, has for this month.

{meaning}

The dashboard shows the usage. Whoever runs this service can change the plan.
"""
MEANING = {
    80: "At 100 % further documents are refused until {resets_on}, 00:00 UTC.",
    100: "Further documents are refused until {resets_on}, 00:00 UTC.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """That an organisation has used so many percent of its month, and who is to know."""

    usage: PageUsage
    share: int
    recipients: list[str]

    def message(self, connection: BaseEmailBackend) -> EmailMessage:
        org, found = self.usage.org, quota.state(self.usage.org)
        facts = {
            "org": " ".join(org.name.split()),
            "share": self.share,
            "used": self.usage.used,
            "limit": found.limit,
            "plan": org.plan_id,
            "meaning": MEANING[self.share].format(resets_on=found.resets_on),
        }
        return EmailMessage(
            SUBJECT.format(**facts), TEXT.format(**facts), to=self.recipients, connection=connection
        )


def send() -> None:
    """Send what is due; what a server does not take is due again. Booked pages count, not reserved
    ones: those of jobs that fail are given back.
    """
    due = list(_due())
    if not due:
        return
    if not settings.EMAIL_HOST:
        _explain()
        return
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        logger.warning("the mail server does not answer, mail has to wait: %s", error)
        return
    try:
        _send(due, connection)
    finally:
        connection.close()


def _send(due: Iterable[Notice], connection: BaseEmailBackend) -> None:
    for notice in due:
        usage = notice.usage
        unsent = PageUsage.objects.filter(pk=usage.pk, warned_at__lt=notice.share)
        # Of workers that see the same, one sends; if it dies over it, another does so later.
        turn = limits.count(f"notice:{usage.pk}:{notice.share}", 1)
        if not (turn.allowed and unsent.exists()):
            continue
        try:
            notice.message(connection).send()
        except (OSError, ValueError) as error:
            logger.warning("the admins of %s cannot be mailed: %s", usage.org_id, error)
            continue
        unsent.update(warned_at=notice.share)


def _due() -> Iterator[Notice]:
    rows = PageUsage.objects.filter(
        month=quota.month_of(timezone.now()), used__gt=0, warned_at__lt=max(quota.WARN_AT)
    )
    for usage in rows.select_related("org__plan"):
        share = quota.reached(usage.used, usage.org.plan.pages_a_month)
        if share > usage.warned_at and (recipients := _admins(usage)):
            yield Notice(usage, share, recipients)


def _admins(usage: PageUsage) -> list[str]:
    admins = Member.objects.filter(org=usage.org_id, role=Member.Role.ADMIN, is_active=True)
    return list(admins.exclude(email="").order_by("username").values_list("email", flat=True))


@cache
def _explain() -> None:
    """Once: it stays as it is until the next start."""
    logger.warning(
        "OCRWELL_EMAIL_URL is not set: no admin is mailed about a quota, the dashboard warns alone"
    )
