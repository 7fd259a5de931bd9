"""Who sees and does what: every page, for every role, for own rows and for another's."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from ocrwell.accounts.models import ApiKey, Member
from ocrwell.webhooks.models import Delivery, Endpoint
from tests.dashboard.conftest import MODELS, Belongings, Seat, Seats, act, page

ROLES = ["operator", "admin", "member", "reviewer"]
SEES = {
    "org": {"operator", "admin", "member"},
    "member": {"operator", "admin"},
    "apikey": {"operator", "admin", "member"},
    "job": {"operator", "admin", "member", "reviewer"},
    "endpoint": {"operator", "admin", "member"},
    "delivery": {"operator", "admin", "member"},
}
ADDS = {
    "org": {"operator"},
    "member": {"operator", "admin"},
    "apikey": {"operator", "admin", "member"},
    "job": set[str](),
    "endpoint": {"operator", "admin"},
    "delivery": set[str](),
}
CHANGES = {**ADDS, "apikey": {"operator", "admin"}}
DELETES = {"endpoint": {"operator", "admin"}}

each_page = pytest.mark.parametrize("name", MODELS)
each_role = pytest.mark.parametrize("role", ROLES)


def words(rows: Belongings) -> set[str]:
    """What would give these rows away, wherever it stood."""
    return {str(row.pk) for row in rows.rows.values()} | {
        rows["org"].name,
        rows["member"].username,
        rows["apikey"].name,
        rows["apikey"].prefix,
        rows["job"].failure_reason,
        rows["endpoint"].url,
    }


def told(answer: Any, rows: Belongings) -> set[str]:
    text = answer.content.decode()
    return {word for word in words(rows) if word in text}


def state(*all_rows: Belongings) -> list[dict[str, Any]]:
    """The rows as the database has them."""
    fresh = [type(row)._default_manager.get(pk=row.pk) for b in all_rows for row in b.rows.values()]
    return [model_to_dict(row) for row in fresh]


@each_page
@each_role
def test_a_list_shows_the_own_rows_to_whom_it_is_for(
    seats: Seats, ours: Belongings, theirs: Belongings, role: str, name: str
) -> None:
    answer = seats[role].get(page(name))
    assert answer.status_code == (200 if role in SEES[name] else 403)
    assert (str(ours[name].pk) in answer.content.decode()) == (role in SEES[name])
    assert bool(told(answer, theirs)) == (role == "operator")


@each_page
@each_role
def test_a_row_of_the_own_organisation_is_shown_to_whom_it_is_for(
    seats: Seats, ours: Belongings, role: str, name: str
) -> None:
    for what in ("change", "history"):
        answer = seats[role].get(page(name, what, ours[name].pk))
        assert answer.status_code == (200 if role in SEES[name] else 403)
        assert "whsec_secret_of" not in answer.content.decode()


@each_page
@pytest.mark.parametrize("role", ROLES[1:])
def test_a_row_of_another_organisation_does_not_exist(
    seats: Seats, theirs: Belongings, role: str, name: str
) -> None:
    before = state(theirs)
    for what in ("change", "history", "delete"):
        for send in (seats[role].get, seats[role].post):
            foreign = send(page(name, what, theirs[name].pk))
            nowhere = send(page(name, what, "nonsense"))
            assert foreign.status_code in (403, 404)
            assert foreign.status_code == nowhere.status_code
            assert not told(foreign, theirs)
    assert state(theirs) == before


@each_page
@each_role
def test_only_those_who_may_get_a_form_for_a_new_row(
    seats: Seats, ours: Belongings, theirs: Belongings, role: str, name: str
) -> None:
    Endpoint.objects.filter(org=ours["org"]).delete()
    url = page(name, "add")
    answer = seats[role].get(url)
    assert answer.status_code == (200 if role in ADDS[name] else 403)
    if role != "operator":
        assert not told(answer, theirs)
    if role not in ADDS[name]:
        assert seats[role].post(url, name="x").status_code == 403


@each_page
@each_role
def test_only_those_who_may_can_change_a_row(
    seats: Seats, ours: Belongings, role: str, name: str
) -> None:
    before = state(ours)
    answer = seats[role].post(page(name, "change", ours[name].pk))
    assert answer.status_code == (200 if role in CHANGES[name] else 403)
    assert state(ours) == before


@each_page
@each_role
def test_only_a_webhook_can_be_deleted(
    seats: Seats, ours: Belongings, role: str, name: str
) -> None:
    may = role in DELETES.get(name, set())
    answer = seats[role].post(page(name, "delete", ours[name].pk), post="yes")
    assert answer.status_code == (302 if may else 403)
    assert MODELS[name]._default_manager.filter(pk=ours[name].pk).exists() == (not may)


@pytest.mark.parametrize(
    ("name", "action", "roles"),
    [
        ("apikey", "revoke", {"operator", "admin", "member"}),
        ("delivery", "send_again", {"operator", "admin"}),
        ("endpoint", "delete_selected", {"operator", "admin"}),
        ("apikey", "delete_selected", set()),
        ("member", "delete_selected", set()),
        ("job", "delete_selected", set()),
    ],
)
@each_role
def test_actions_reach_own_rows_of_whom_they_are_for_and_never_foreign_ones(
    seats: Seats,
    ours: Belongings,
    theirs: Belongings,
    role: str,
    name: str,
    action: str,
    roles: set[str],
) -> None:
    mine, foreign = state(ours), state(theirs)
    form = act(action, ours[name], theirs[name], confirmed="yes", post="yes")
    seats[role].post(page(name), **form)
    reached = not MODELS[name]._default_manager.filter(pk=ours[name].pk).exists()
    assert (reached or state(ours) != mine) == (role in roles)
    if role != "operator":
        assert state(theirs) == foreign


@each_role
@pytest.mark.parametrize("select_across", ["0", "1"])
def test_an_action_on_everything_means_everything_of_ones_own(
    seats: Seats, ours: Belongings, theirs: Belongings, role: str, select_across: str
) -> None:
    form = act("revoke", theirs["apikey"], confirmed="yes", select_across=select_across)
    answer = seats[role].post(page("apikey"), **form)
    assert answer.status_code in (302, 403)
    theirs["apikey"].refresh_from_db()
    assert (theirs["apikey"].revoked_at is not None) == (role == "operator")


@each_role
@pytest.mark.parametrize(
    ("app", "model", "field"),
    [
        ("accounts", "apikey", "org"),
        ("accounts", "member", "org"),
        ("jobs", "job", "org"),
        ("webhooks", "delivery", "job"),
        ("admin", "logentry", "user"),
    ],
)
def test_suggestions_name_nothing_of_another_organisation(
    seats: Seats, theirs: Belongings, role: str, app: str, model: str, field: str
) -> None:
    query = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
    answer = seats[role].get(reverse("admin:autocomplete"), **query)
    assert answer.status_code in (200, 403)
    if role != "operator":
        assert not told(answer, theirs)


@each_role
@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("endpoint", "secret__startswith"),
        ("endpoint", "old_secret"),
        ("endpoint", "org__endpoint__secret__startswith"),
        ("member", "password__startswith"),
        ("apikey", "digest__startswith"),
        ("apikey", "org__members__password__startswith"),
        ("job", "org__name__startswith"),
        ("org", "members__password__startswith"),
        ("delivery", "org__endpoint__secret__startswith"),
    ],
)
def test_no_filter_spells_out_a_secret(
    seats: Seats, ours: Belongings, role: str, name: str, lookup: str
) -> None:
    answer = seats[role].get(page(name), **{lookup: "w"})
    assert answer.status_code == (400 if role in SEES[name] else 403)


@each_page
def test_the_filters_that_are_offered_work(seats: Seats, name: str) -> None:
    for role in SEES[name]:
        view = seats[role].get(page(name))
        specs = view.context["cl"].filter_specs
        assert specs or name in ("org", "endpoint")
        for spec in specs:
            for choice in spec.choices(view.context["cl"]):
                url = page(name) + choice["query_string"]
                assert seats[role].get(url).status_code == 200, url


@pytest.mark.parametrize("role", ROLES[1:])
def test_a_forged_form_creates_nothing_for_others(
    seats: Seats, ours: Belongings, theirs: Belongings, role: str
) -> None:
    forged = {"org": theirs["org"].pk, "is_operator": "on", "is_active": "on"}
    secret = {"password1": "a long enough one", "password2": "a long enough one"}
    before = state(theirs)
    seats[role].post(page("apikey", "add"), name="forged", **forged)
    seats[role].post(page("member", "add"), username="eve", role="admin", **forged, **secret)
    seats[role].post(page("org", "add"), name="Eve", plan="pro", rate_limit=1)
    made: list[Model] = [*ApiKey.objects.filter(name="forged")]
    made += Member.objects.filter(username="eve")
    assert len(made) == {"admin": 2, "member": 1, "reviewer": 0}[role]
    assert {row.org for row in made} <= {ours["org"]}  # type: ignore[attr-defined]
    assert not any(getattr(row, "is_operator", False) for row in made)
    assert state(theirs) == before


@each_page
@each_role
def test_no_row_is_made_from_another_one(
    seats: Seats, ours: Belongings, role: str, name: str
) -> None:
    seat = seats[role]
    count = MODELS[name]._default_manager.count()
    answer = seat.post(page(name, "change", ours[name].pk), _saveasnew="1", name="x")
    assert answer.status_code in (200, 403)
    assert MODELS[name]._default_manager.count() == count


def test_a_forged_form_moves_nobody_and_makes_no_operator(
    alice: Seat, ours: Belongings, theirs: Belongings
) -> None:
    forged = {"org": theirs["org"].pk, "is_operator": "on", "is_active": "on", "role": "reviewer"}
    url = page("member", "change", ours["member"].pk)
    answer = alice.post(url, username="renamed", password="x", last_login="", **forged)
    assert answer.status_code == 302
    member = Member.objects.get(pk=ours["member"].pk)
    assert (member.org, member.is_operator) == (ours["org"], False)
    assert (member.username, member.role) == ("renamed", "reviewer")
    assert member.password == ours["member"].password


def test_an_admin_sees_no_operator_even_of_the_own_organisation(
    alice: Seat, olivia: Seat, ours: Belongings
) -> None:
    Member.objects.filter(pk=olivia.member.pk).update(org=ours["org"])
    assert "olivia" not in alice.get(page("member")).content.decode()
    for what in ("change", "password"):
        answer = alice.post(page("member", what, olivia.member.pk), new_password1="x")
        assert answer.status_code == 404


def test_whether_a_foreign_row_exists_does_not_show(alice: Seat, theirs: Belongings) -> None:
    kind = ContentType.objects.get_for_model(Delivery)
    nothing = "01a20275-0000-7000-8000-000000000000"
    for pk in (theirs["delivery"].pk, nothing):
        answer = alice.get(reverse("admin:view_on_site", args=[kind.pk, pk]))
        assert answer.status_code == 404
        assert answer.context["text"] == "There is no such page, or it is not yours to see."


@each_page
def test_nobody_sees_anything_without_logging_in(theirs: Belongings, name: str) -> None:
    for url in (page(name), page(name, "change", theirs[name].pk), reverse("admin:index")):
        answer = Client().get(url)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")


def test_what_a_person_did_is_shown_to_no_other_organisation(
    alice: Seat, charlie: Seat, ours: Belongings
) -> None:
    alice.post(page("apikey"), **act("revoke", ours["apikey"], confirmed="yes"))
    assert LogEntry.objects.count() == 1
    assert not told(charlie.get(reverse("admin:index")), ours)


@pytest.mark.parametrize("ids", [["nonsense"], [""], ["1", "2"], ["00000000-0000-0000-0000"]])
def test_an_action_with_nonsense_for_ids_is_refused(alice: Seat, ids: list[str]) -> None:
    form = {"action": "revoke", "_selected_action": ids, "confirmed": "yes"}
    assert alice.post(page("apikey"), **form).status_code == 400
