from __future__ import annotations

from typing import Any

import pytest

from ocrwell.accounts.models import Org
from tests.dashboard.conftest import Belongings, Seat, page


def add(seat: Seat, **form: Any) -> Any:
    return seat.post(page("org", "add"), **{"name": "New", "plan": "pro", "rate_limit": 5} | form)


def change(seat: Seat, org: Org, **form: Any) -> Any:
    """As the page sends it, which lists the months of usage, too."""
    fields = {"name": org.name, "plan": "pro", "rate_limit": 5} | form
    months = {"usage-TOTAL_FORMS": org.usage.count(), "usage-INITIAL_FORMS": org.usage.count()}
    return seat.post(page("org", "change", org.pk), **fields, **months)


def test_an_operator_creates_and_changes_an_organisation(olivia: Seat) -> None:
    add(olivia, name="  New  ")
    org = Org.objects.get()
    assert (org.name, org.plan_id, org.rate_limit) == ("New", "pro", 5)
    change(olivia, org, name="Newer", plan="scale", rate_limit=600, retention_hours=168)
    org.refresh_from_db()
    assert (org.name, org.plan_id, org.rate_limit) == ("Newer", "scale", 600)
    assert org.retention_hours == 168
    change(olivia, org, retention_hours="")
    org.refresh_from_db()
    assert org.retention_hours is None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "Ours Ltd"}, "Organisation with this Name already exists."),
        ({"name": " "}, "This field is required."),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"rate_limit": 0}, "greater than or equal to 1"),
        ({"rate_limit": -1}, "greater than or equal to"),
        ({"rate_limit": "many"}, "Enter a whole number."),
        ({"plan": "gold"}, "not one of the available choices"),
        ({"retention_hours": 0}, "greater than or equal to 1"),
        ({"retention_hours": 169}, "less than or equal to 168"),
    ],
)
def test_an_organisation_that_makes_no_sense_is_sent_back(
    olivia: Seat, ours: Belongings, form: dict[str, Any], words: str
) -> None:
    answer = add(olivia, **form)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Org.objects.count() == 1


def test_its_own_people_look_at_an_organisation_and_change_nothing(
    alice: Seat, ours: Belongings
) -> None:
    url = page("org", "change", ours["org"].pk)
    text = alice.get(url).content.decode()
    assert "Ours Ltd" in text
    assert '<div class="readonly">pro</div>' in text
    assert '<input type="submit"' not in text
    assert alice.post(url, name="Mine", plan="scale", rate_limit=9999).status_code == 403
    assert Org.objects.get(pk=ours["org"].pk).name == "Ours Ltd"
