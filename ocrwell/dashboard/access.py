"""Who may do what in the dashboard, and whose rows they see: one table, asked by every page."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from ocrwell.accounts.models import ApiKey, Member, Org, PageUsage, Plan
from ocrwell.jobs.models import Correction, Job
from ocrwell.webhooks.models import Delivery, Endpoint

M = TypeVar("M", bound=Model)

OPERATOR = "operator"
ADMIN, MEMBER, REVIEWER = Member.Role.ADMIN, Member.Role.MEMBER, Member.Role.REVIEWER

RIGHTS: dict[type[Model], dict[str, str]] = {
    Org: {OPERATOR: "view add change", ADMIN: "view", MEMBER: "view"},
    Plan: {OPERATOR: "view add change delete"},
    PageUsage: {OPERATOR: "view", ADMIN: "view", MEMBER: "view"},
    Member: {OPERATOR: "view add change", ADMIN: "view add change"},
    ApiKey: {
        OPERATOR: "view add change revoke",
        ADMIN: "view add change revoke",
        MEMBER: "view add revoke",
    },
    Job: {OPERATOR: "view share", ADMIN: "view share", MEMBER: "view share", REVIEWER: "view"},
    Correction: {
        OPERATOR: "view add",
        ADMIN: "view add",
        MEMBER: "view add",
        REVIEWER: "view add",
    },
    Endpoint: {
        OPERATOR: "view add change delete",
        ADMIN: "view add change delete",
        MEMBER: "view",
    },
    Delivery: {OPERATOR: "view replay", ADMIN: "view replay", MEMBER: "view"},
}


def person(request: HttpRequest) -> Member:
    """Who is signed in; the site lets nobody else in."""
    return cast(Member, request.user)


def may(member: Member, what: str, model: type[Model]) -> bool:
    role = OPERATOR if member.is_operator else member.role
    return what in RIGHTS[model].get(role, "").split()


def visible(member: Member, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows of the person's own organisation; operators see all, and only they see operators."""
    if member.is_operator:
        return rows
    return rows.filter(**_own(member, rows.model))


def _own(member: Member, model: type[Model]) -> dict[str, Any]:
    if model is Org:
        return {"pk": member.org_id}
    if model is Plan:
        return {"pk__in": []}  # nobody's own
    if model is Member:
        return {"org": member.org_id, "is_operator": False}
    return {"org": member.org_id}
