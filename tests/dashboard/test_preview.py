"""The page behind a preview's link: who sees what there, and who may change it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from engine.types import FieldValue
from ocrwell.accounts.models import Member
from ocrwell.jobs import lifecycle, previews, retention
from ocrwell.jobs.models import Correction, Job
from ocrwell.jobs.results import Result
from ocrwell.storage import Store
from tests.dashboard.conftest import Belongings, Seat, Seats, act, page
from tests.factories import (
    DOUBTFUL,
    complete,
    make_claim,
    make_completed,
    make_job,
    make_previewed,
)

ROLES = ["operator", "admin", "member", "reviewer"]
GONE = "This preview is not available"


@pytest.fixture
def job(ours: Belongings, store: Store) -> Job:
    return make_previewed(ours["org"])


def path(job: Job, rest: str = "") -> str:
    return f"{previews.path(job)}{rest}"


def look(web: Client, job: Job) -> str:
    answer = web.get(path(job))
    assert answer.status_code == 200
    return answer.content.decode()


def settle(web: Client, job: Job, name: str, do: str = "save", value: str = "") -> Any:
    return web.post(path(job, "/values"), {"path": name, "do": do, "value": value})


def written() -> list[tuple[str, object, str]]:
    rows = Correction.objects.order_by("pk").select_related("member")
    return [(row.path, row.value, row.member.username if row.member else "") for row in rows]


def values(html: str) -> list[str]:
    """The paths of the values, in the order in which they are shown."""
    return re.findall('data-path="([^"]+)"', html)


def test_whoever_has_the_link_sees_the_fields_those_to_review_first(
    nobody: Client, job: Job
) -> None:
    html = look(nobody, job)
    assert values(html) == [
        "supplier.vat_id",
        "paid",
        "total",
        "supplier.name",
        "invoice_number",
        "line_items.0.name",
        "line_items.0.price",
        "line_items.1.name",
        "line_items.1.price",
    ]
    assert DOUBTFUL in html
    assert '<b id="left">3</b> of <span id="doubtful">3</span>' in html
    assert "Line items \u203a Row 2" in html


def test_a_stranger_finds_no_way_to_change_anything_but_one_to_log_in(
    nobody: Client, job: Job
) -> None:
    html = look(nobody, job)
    assert "data-do=" not in html
    assert "data-share=" not in html
    assert "csrf" not in html.lower()
    assert f'href="/admin/login/?next={path(job)}"' in html


def test_who_logs_in_there_comes_back(nobody: Client, job: Job) -> None:
    form = {"username": "bob", "password": "open sesame please", "next": path(job)}
    Member.objects.create_user("bob", form["password"], org=job.org)
    answer = nobody.post(f"/admin/login/?next={path(job)}", form)
    assert (answer.status_code, answer["Location"]) == (302, path(job))


def test_pages_are_listed_with_their_text_and_loaded_when_they_are_near(
    nobody: Client, job: Job
) -> None:
    html = look(nobody, job)
    assert html.count('loading="lazy"') == 2
    assert "Subtotal 24.35\nTax 4.87" in html


def test_what_is_read_is_text_and_no_markup(nobody: Client, ours: Belongings, store: Store) -> None:
    make_job(ours["org"], mode="structured", schema={"any": ""}, filename="<i>.pdf")
    Job.objects.update(dialect="deepread")
    evil = "<script>alert(1)</script>"
    job = complete(Result(data={evil: f'"{evil}'}, fields={evil: FieldValue(f'"{evil}', 0.1)}))
    previews.issue(job)
    html = look(nobody, job)
    assert "<script>alert" not in html
    assert "<i>" not in html


def test_a_job_without_a_schema_shows_its_pages_only(
    nobody: Client, ours: Belongings, store: Store
) -> None:
    html = look(nobody, make_previewed(ours["org"], fields=False))
    assert "Subtotal 24.35" in html
    assert "to review" not in html


def test_a_job_without_pictures_shows_its_text(
    nobody: Client, ours: Belongings, store: Store
) -> None:
    html = look(nobody, make_previewed(ours["org"], include_images=False))
    assert "<img" not in html.partition("<main")[2]
    assert '<div class="text">' in html


def test_a_picture_and_the_words_of_a_page_need_no_key(nobody: Client, job: Job) -> None:
    picture = nobody.get(path(job, "/pages/1.jpg"))
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")
    told = nobody.get(path(job, "/pages/1.json")).json()
    assert (told["width"], told["height"]) == (826, 1169)
    text, x0, y0, x1, y1, sure = told["words"][0]
    assert (text, sure) == ("ACME", 0.99)
    assert 0 < x0 < x1 < 826
    assert 0 < y0 < y1 < 1169


@pytest.mark.parametrize("number", ["0", "3", "9" * 50, "-1", "x"])
@pytest.mark.parametrize("kind", ["jpg", "json"])
def test_there_are_only_the_pages_of_the_document(
    nobody: Client, job: Job, number: str, kind: str
) -> None:
    assert nobody.get(path(job, f"/pages/{number}.{kind}")).status_code == 404


@pytest.mark.parametrize("rest", ["", "/pages/1.jpg", "/pages/1.json"])
def test_nothing_of_it_is_kept_or_told_to_others(nobody: Client, job: Job, rest: str) -> None:
    for url in (path(job, rest), f"/preview/unknown{rest}"):
        answer = nobody.get(url)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Content-Security-Policy"].startswith("default-src 'self';")


def test_the_page_has_no_script_or_style_of_its_own(seats: Seats, job: Job) -> None:
    settle(seats["admin"].web, job, "total", value="29.20")
    html = look(seats["admin"].web, job)
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", html)


@pytest.mark.parametrize("rest", ["", "/pages/1.jpg", "/pages/1.json"])
@pytest.mark.parametrize("end", ["revoked", "renewed", "expired", "swept"])
def test_what_was_taken_back_or_is_over_is_gone(
    nobody: Client, job: Job, rest: str, end: str
) -> None:
    url = path(job, rest)
    if end == "revoked":
        previews.revoke(job)
    elif end == "renewed":
        previews.issue(job)
    elif end == "expired":
        Job.objects.update(expires_at=timezone.now())
    else:
        retention.forget(job)
    answer = nobody.get(url)
    assert answer.status_code == 404
    assert GONE in answer.content.decode()


def test_a_job_on_its_way_says_so_and_looks_again(
    nobody: Client, ours: Belongings, store: Store
) -> None:
    job = make_job(ours["org"], dialect="deepread")
    previews.issue(job)
    assert "waits for its turn" in look(nobody, job)
    make_claim()
    html = look(nobody, job)
    assert "is being read" in html
    assert '<meta http-equiv="refresh"' in html


def test_a_long_job_says_how_far_it_is(
    nobody: Client, ours: Belongings, rita: Seat, store: Store
) -> None:
    job = make_job(ours["org"], dialect="deepread")
    previews.issue(job)
    claim = lifecycle.cut(make_claim(), page_count=24)
    assert "It has 24 pages." in look(nobody, job)
    lifecycle.finish(claim, upto=10)
    assert "10 of its 24 pages are read." in look(nobody, job)
    assert "10 of 24" in rita.get(page("job")).content.decode()


def test_a_failed_job_says_why(nobody: Client, ours: Belongings, store: Store) -> None:
    job = make_job(ours["org"], dialect="deepread")
    previews.issue(job)
    lifecycle.fail(make_claim(), reason="Document is protected by a password.")
    retention.forget_source(job)
    html = look(nobody, job)
    assert "protected by a password" in html
    assert "refresh" not in html


@pytest.mark.parametrize("role", ROLES)
def test_members_and_operators_correct_values(seats: Seats, job: Job, role: str) -> None:
    seat = seats[role]
    answer = settle(seat.web, job, "total", value=" 29.20 ")
    assert answer.status_code == 200
    assert (answer.json()["left"], answer.json()["of"]) == (2, 3)
    assert "Corrected by a person" in answer.json()["html"]
    assert written() == [("total", 29.2, seat.member.username)]
    assert Correction.objects.get().created_at > timezone.now() - timedelta(minutes=1)


def test_members_of_other_organisations_only_look(charlie: Seat, job: Job) -> None:
    html = look(charlie.web, job)
    assert "data-do=" not in html
    assert "data-share=" not in html
    answer = settle(charlie.web, job, "total", value="1")
    assert (answer.status_code, written()) == (403, [])


def test_whoever_is_not_logged_in_only_looks(nobody: Client, job: Job) -> None:
    assert settle(nobody, job, "total", value="1").status_code == 403
    assert nobody.post(path(job, "/link"), {"do": "revoke"}).status_code == 403
    assert written() == []


def test_a_correction_from_another_site_is_refused(bob: Seat, job: Job) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob.member)
    assert settle(strict, job, "total", value="1").status_code == 403
    assert written() == []


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("total", "1250", 1250),
        ("total", "-0.5", -0.5),
        ("total", "", None),
        ("paid", "true", True),
        ("paid", "false", False),
        ("paid", "", None),
        ("supplier.name", "  Grüße & Co. ", "Grüße & Co."),
        ("line_items.1.price", "20", 20),
    ],
)
def test_a_value_is_of_the_kind_that_the_schema_asks_for(
    bob: Seat, job: Job, name: str, typed: str, value: object
) -> None:
    assert settle(bob.web, job, name, value=typed).status_code == 200
    assert written() == [(name, value, "bob")]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("total", "29,20"),
        ("total", "nan"),
        ("total", "1e999"),
        ("total", "\u0661"),
        ("total", "1" * 31),
        ("paid", "maybe"),
        ("supplier.name", "x" * 2001),
        ("supplier.name", "a\x00b"),
    ],
)
def test_anything_else_is_refused_and_says_what_to_do(
    bob: Seat, job: Job, name: str, typed: str
) -> None:
    answer = settle(bob.web, job, name, value=typed)
    assert answer.status_code == 400
    assert answer.json()["problem"].endswith(".")
    assert written() == []


def test_more_choices_than_a_list_can_hold_are_typed(
    bob: Seat, ours: Belongings, store: Store
) -> None:
    supplier = {
        "type": "object",
        "properties": {"vat_id": {"enum": [f"GB{n}" for n in range(999)]}},
    }
    schema = {"type": "object", "properties": {"supplier": supplier}}
    job = make_previewed(ours["org"], schema=schema)
    assert "data-choices" not in look(bob.web, job)
    problem = settle(bob.web, job, "supplier.vat_id", value="GB999").json()["problem"]
    assert problem.endswith("GB18, GB19 and others that the schema names.")
    assert settle(bob.web, job, "supplier.vat_id", value="GB998").status_code == 200


def test_a_value_that_the_schema_does_not_allow_is_refused(
    bob: Seat, ours: Belongings, store: Store
) -> None:
    supplier = {"type": "object", "properties": {"vat_id": {"enum": ["GB1", "GB2"]}}}
    schema = {"type": "object", "properties": {"supplier": supplier}}
    job = make_previewed(ours["org"], schema=schema)
    choices = escape('["GB1", "GB2"]')
    assert f'data-choices="{choices}"' in look(bob.web, job)
    answer = settle(bob.web, job, "supplier.vat_id", value="GB3")
    assert answer.json()["problem"] == "Choose one of: GB1, GB2."
    assert settle(bob.web, job, "supplier.vat_id", value="GB2").status_code == 200
    assert written() == [("supplier.vat_id", "GB2", "bob")]


@pytest.mark.parametrize("name", ["", "nothing", "supplier", "line_items.9.price", "line_items"])
def test_only_values_of_the_result_are_corrected(bob: Seat, job: Job, name: str) -> None:
    assert settle(bob.web, job, name, value="1").status_code == 404
    assert written() == []


def test_confirming_keeps_the_value_that_stands_there(bob: Seat, job: Job) -> None:
    answer = settle(bob.web, job, "total", "confirm")
    settle(bob.web, job, "supplier.vat_id", "confirm")
    assert "Confirmed by a person" in answer.json()["html"]
    assert written() == [("total", 29.22, "bob"), ("supplier.vat_id", None, "bob")]


def test_a_doubtful_list_is_confirmed_as_a_whole(bob: Seat, ours: Belongings, store: Store) -> None:
    make_job(ours["org"], mode="structured", schema={"any": ""})
    Job.objects.filter(state="pending").update(dialect="deepread")
    rows = Result(
        data={"rows": [{"price": 1}]},
        fields={
            "rows": FieldValue(None, 0.3, True, "The amounts do not add up to a total."),
            "rows.0.price": FieldValue(1, 0.9),
        },
    )
    job = complete(rows)
    previews.issue(job)
    assert "1 row<" in look(bob.web, job)
    assert settle(bob.web, job, "rows", "save", "1").json()["left"] == 1
    assert settle(bob.web, job, "rows", "confirm").json()["left"] == 0


def test_what_was_taken_back_is_to_be_reviewed_again(bob: Seat, rita: Seat, job: Job) -> None:
    settle(bob.web, job, "total", value="1")
    answer = settle(rita.web, job, "total", "undo")
    assert answer.json()["left"] == 3
    assert "29.22" in answer.json()["html"]
    assert settle(bob.web, job, "paid", "undo").status_code == 200
    assert len(written()) == 2


def test_the_last_correction_counts_and_members_see_the_history(
    bob: Seat, rita: Seat, nobody: Client, job: Job
) -> None:
    settle(bob.web, job, "total", value="30")
    html = settle(rita.web, job, "total", value="31").json()["html"]
    assert re.search(r"<b>bob</b>.*<s>29.22</s> to <span>30</span>", html)
    assert re.search(r"<b>rita</b>.*<s>30</s> to <span>31</span>", html)
    seen = look(nobody, job)
    assert '<span class="read">31</span>' in seen
    assert "rita" not in seen


def test_a_correction_outlives_its_author(bob: Seat, rita: Seat, job: Job) -> None:
    settle(bob.web, job, "total", value="30")
    bob.member.delete()
    assert "a former member" in look(rita.web, job)


def test_of_an_expired_job_nothing_is_corrected(bob: Seat, job: Job) -> None:
    Job.objects.update(expires_at=timezone.now())
    assert settle(bob.web, job, "total", value="1").status_code == 404
    assert written() == []


@pytest.mark.parametrize("role", ["operator", "admin", "member"])
def test_they_take_a_link_back_or_make_another(seats: Seats, job: Job, role: str) -> None:
    web, old = seats[role].web, job.preview_token
    renewed = web.post(path(job, "/link"), {"do": "renew"}).json()["next"]
    job.refresh_from_db()
    assert job.preview_token not in ("", old)
    assert renewed == path(job)
    ended = web.post(path(job, "/link"), {"do": "revoke"}).json()["next"]
    job.refresh_from_db()
    assert (job.preview_token, ended) == ("", page("job", "change", job.pk))


def test_reviewers_and_strangers_do_not(rita: Seat, charlie: Seat, job: Job) -> None:
    for seat in (rita, charlie):
        assert seat.post(path(job, "/link"), do="revoke").status_code == 403
        assert "data-share=" not in look(seat.web, job)
    job.refresh_from_db()
    assert job.preview_token


def test_the_page_of_a_job_leads_to_its_preview(rita: Seat, charlie: Seat, job: Job) -> None:
    assert path(job) in rita.get(page("job", "change", job.pk)).content.decode()
    assert path(job) not in charlie.get(page("job")).content.decode()


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("member", True), ("reviewer", False)])
def test_a_link_is_made_and_taken_back_on_the_page_of_a_job(
    seats: Seats, job: Job, role: str, may: bool
) -> None:
    seats[role].post(page("job"), **act("stop_sharing", job))
    job.refresh_from_db()
    assert bool(job.preview_token) is not may
    previews.revoke(job)
    seats[role].post(page("job"), **act("share", job))
    job.refresh_from_db()
    assert bool(job.preview_token) is may


def test_jobs_of_the_native_api_get_no_link(alice: Seat, ours: Belongings, store: Store) -> None:
    job = make_completed(ours["org"], "text")
    alice.post(page("job"), **act("share", job))
    job.refresh_from_db()
    assert job.preview_token == ""
    assert "Make a preview link" not in alice.get(page("job", "change", job.pk)).content.decode()


def test_links_stay_out_of_the_log(
    nobody: Client, job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        look(nobody, job)
        nobody.get(f"/deepread/v1/preview/{job.preview_token}/")
    assert "/preview/..." in caplog.text
    assert job.preview_token not in caplog.text
