"""What a person finds on the first page: how their documents are doing, and what to do next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from ocrwell.accounts import quota
from ocrwell.accounts.models import ApiKey, Member, Org, PageUsage
from ocrwell.dashboard import access, examples
from ocrwell.jobs import presence
from ocrwell.jobs.models import Job
from ocrwell.webhooks.models import Delivery

RECENT = timedelta(hours=24)
SHOWN = 5


def facts(request: HttpRequest) -> dict[str, Any]:
    """For the template; what the person may not see is left out."""
    person = access.person(request)
    found: dict[str, Any] = {
        "title": person.org or "All organisations",
        "jobs": _jobs(person),
        "first_job": not access.visible(person, Job.objects.all()).exists(),
        "workers": presence.alive(),
        "api": examples.base_url(request),
        "person": person,
    }
    if access.may(person, "view", ApiKey):
        found["keys"] = _active_keys(person)
    if access.may(person, "view", Delivery):
        found["abandoned"] = _abandoned(person)
    if person.org and access.may(person, "view", PageUsage):
        found["quota"] = quota.state(person.org)
    if person.is_operator:
        found["orgs"] = Org.objects.count()
    return found


def _jobs(person: Member) -> list[tuple[str, int]]:
    """How many jobs of the last day are in which state."""
    recent = Job.objects.filter(created_at__gte=timezone.now() - RECENT)
    counted = access.visible(person, recent).values_list("state").annotate(Count("pk"))
    counts = dict(counted.order_by())
    return [(state, counts.get(state, 0)) for state in Job.State.values]


def _active_keys(person: Member) -> int:
    valid = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return access.visible(person, ApiKey.objects.filter(valid, revoked_at=None)).count()


def _abandoned(person: Member) -> list[Delivery]:
    rows = Delivery.objects.filter(state=Delivery.State.ABANDONED).select_related("org", "job")
    return list(access.visible(person, rows).order_by("-created_at")[:SHOWN])
