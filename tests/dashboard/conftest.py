"""Everybody who can come to the dashboard, and two organisations with one of everything.

Alice is the admin of her organisation, Bob a member and Rita a reviewer of it; Charlie is the
admin of another one, and Olivia operates the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey, Member, Org
from ocrwell.jobs.models import Job
from ocrwell.webhooks.models import Attempt, Delivery, Endpoint
from tests.factories import make_org

PASSWORD = "open sesame please"
MODELS: dict[str, type[Model]] = {
    "org": Org,
    "member": Member,
    "apikey": ApiKey,
    "job": Job,
    "endpoint": Endpoint,
    "delivery": Delivery,
}


@dataclass(frozen=True)
class Seat:
    """A person in front of a browser."""

    member: Member
    web: Client

    def get(self, url: str, /, **query: Any) -> Any:
        return self.web.get(url, query)

    def post(self, url: str, /, **form: Any) -> Any:
        return self.web.post(url, form)


@dataclass(frozen=True)
class Belongings:
    """One row of everything, of one organisation."""

    rows: dict[str, Model]
    key: str

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]


@pytest.fixture(autouse=True)
def forgiven() -> None:
    """Nobody was shut out before."""
    cache.clear()


@pytest.fixture
def ours(db: None) -> Belongings:
    return _belongings(make_org(name="Ours Ltd"), "ours")


@pytest.fixture
def theirs(db: None) -> Belongings:
    return _belongings(make_org(name="Theirs Inc"), "theirs")


@pytest.fixture
def olivia(db: None) -> Seat:
    return seat("olivia", is_operator=True)


@pytest.fixture
def alice(ours: Belongings) -> Seat:
    return seat("alice", org=ours["org"], role="admin")


@pytest.fixture
def bob(ours: Belongings) -> Seat:
    return seat("bob", org=ours["org"], role="member")


@pytest.fixture
def rita(ours: Belongings) -> Seat:
    return seat("rita", org=ours["org"], role="reviewer")


@pytest.fixture
def charlie(theirs: Belongings) -> Seat:
    return seat("charlie", org=theirs["org"], role="admin")


class Seats:
    """Who has a role at our organisation, or operates the service; made when they are needed."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self.request = request

    def __getitem__(self, role: str) -> Seat:
        names = {"operator": "olivia", "admin": "alice", "member": "bob", "reviewer": "rita"}
        return cast(Seat, self.request.getfixturevalue(names[role]))


@pytest.fixture
def seats(request: pytest.FixtureRequest, ours: Belongings) -> Seats:
    return Seats(request)


def seat(username: str, **fields: Any) -> Seat:
    member = Member.objects.create_user(username, PASSWORD, **fields)
    web = Client()
    web.force_login(member)
    return Seat(member, web)


def page(name: str, what: str = "changelist", *args: object) -> str:
    """The address of a page, such as ``page("apikey", "change", key.pk)``."""
    model = MODELS[name]
    return reverse(f"admin:{model._meta.app_label}_{name}_{what}", args=args)


def act(action: str, *rows: Model, **form: Any) -> dict[str, Any]:
    """The form that asks for an action on these rows."""
    return {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows], **form}


def _belongings(org: Org, word: str) -> Belongings:
    key, plain = keys.issue(org=org, name=f"key-of-{word}")
    now = timezone.now()
    job = Job.objects.create(
        org=org, dialect="native", mode="text", failure_reason=f"reason-of-{word}", state="failed"
    )
    delivery = Delivery.objects.create(
        org=org, job=job, event="job.failed", state="abandoned", tries=4, due_at=now, ended_at=now
    )
    url = f"https://{word}.example/hook"
    Attempt.objects.create(
        delivery=delivery, at=now, url=url, error=f"error-of-{word}", milliseconds=7
    )
    endpoint = Endpoint.objects.create(
        org=org, url=url, secret=f"whsec_secret_of_{word}", created_at=now
    )
    member = Member.objects.create_user(f"person-of-{word}", None, org=org)
    rows = {
        "org": org,
        "member": member,
        "apikey": key,
        "job": job,
        "endpoint": endpoint,
        "delivery": delivery,
    }
    return Belongings(rows, plain)
