"""Sessions and what hangs on them are for pages only."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.dashboard.conftest import Seat

CALLS = ("/v1/jobs/1", "/v1/docs", "/healthz", "/metrics", "/nothing", "/", "/admin")
PAGES = ("/admin/login/", "/admin/", "/admin/jobs/job/")


@pytest.mark.parametrize("path", CALLS)
def test_whoever_calls_the_api_has_no_session_there(alice: Seat, path: str) -> None:
    answer = alice.web.get(path)
    assert not hasattr(answer.wsgi_request, "session")
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_whoever_opens_a_page_has_one(nobody: Client, path: str) -> None:
    answer = nobody.get(path)
    assert hasattr(answer.wsgi_request, "session")
    assert not Session.objects.exists()


def test_a_form_without_its_token_is_refused_wherever_it_leads(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 403
