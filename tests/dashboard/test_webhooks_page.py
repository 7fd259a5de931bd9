from __future__ import annotations

import re
from typing import Any

import pytest
from pytest_django import Settings

from ocrwell import env
from ocrwell.webhooks.models import Delivery, Endpoint
from tests.dashboard.conftest import Belongings, Seat, act, page

URL = "http://127.0.0.1:9/hook"
SECRET = re.compile(r"whsec_[0-9A-Za-z_=+/-]{32,}")


@pytest.fixture(autouse=True)
def loopback(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Webhooks may lead to this machine, so that no name has to be looked up."""
    monkeypatch.setenv("OCRWELL_TEST_NETWORKS", "127.0.0.0/8")
    settings.WEBHOOK_ALLOW = env.networks("OCRWELL_TEST_NETWORKS")


def secret_in(answer: Any) -> str:
    (found,) = SECRET.findall(answer.content.decode())
    return str(found)


def test_a_webhook_is_set_and_its_secret_shown_once(alice: Seat, ours: Belongings) -> None:
    ours["endpoint"].delete()
    answer = alice.post(page("endpoint", "add"), url=URL)
    secret = secret_in(answer)
    assert "no-store" in answer["Cache-Control"]
    endpoint = Endpoint.objects.get(org=ours["org"])
    assert (endpoint.url, endpoint.secret) == (URL, secret)
    for url in (page("endpoint"), page("endpoint", "change", endpoint.pk)):
        text = alice.get(url).content.decode()
        assert URL in text
        assert secret not in text


def test_a_changed_webhook_gets_a_new_secret(alice: Seat, ours: Belongings) -> None:
    before = ours["endpoint"]
    secret = secret_in(alice.post(page("endpoint", "change", before.pk), url=URL))
    after = Endpoint.objects.get(org=ours["org"])
    assert (after.pk, after.url, after.secret) == (before.pk, URL, secret)
    assert after.old_secret == before.secret


def test_an_operator_says_whose_webhook_it_is(olivia: Seat, ours: Belongings) -> None:
    ours["endpoint"].delete()
    assert (
        "This field is required." in olivia.post(page("endpoint", "add"), url=URL).content.decode()
    )
    olivia.post(page("endpoint", "add"), url=URL, org=ours["org"].pk)
    assert Endpoint.objects.get(org=ours["org"]).url == URL


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://x.example", "https://", "http://10.0.0.1/", "https://[::1]/"]
)
def test_a_url_that_may_not_be_called_is_sent_back(alice: Seat, ours: Belongings, url: str) -> None:
    answer = alice.post(page("endpoint", "change", ours["endpoint"].pk), url=url)
    assert "Please correct" in answer.content.decode()
    assert Endpoint.objects.get(org=ours["org"]).url == ours["endpoint"].url


def test_who_has_a_webhook_is_not_offered_a_second_one(alice: Seat, ours: Belongings) -> None:
    assert page("endpoint", "add") not in alice.get(page("endpoint")).content.decode()
    ours["endpoint"].delete()
    assert page("endpoint", "add") in alice.get(page("endpoint")).content.decode()


def test_a_member_looks_at_the_webhook_and_changes_nothing(bob: Seat, ours: Belongings) -> None:
    url = page("endpoint", "change", ours["endpoint"].pk)
    text = bob.get(url).content.decode()
    assert ours["endpoint"].url in text
    assert ours["endpoint"].secret not in text
    assert bob.post(url, url=URL).status_code == 403


@pytest.mark.parametrize("way", ["page", "list"])
def test_removing_the_webhook_gives_up_what_was_on_its_way(
    alice: Seat, ours: Belongings, way: str
) -> None:
    Delivery.objects.update(state="pending")
    endpoint = ours["endpoint"]
    if way == "page":
        alice.post(page("endpoint", "delete", endpoint.pk), post="yes")
    else:
        alice.post(page("endpoint"), **act("delete_selected", endpoint, post="yes"))
    assert not Endpoint.objects.exists()
    assert Delivery.objects.get().state == "abandoned"


def test_a_delivery_shows_every_attempt(bob: Seat, ours: Belongings) -> None:
    text = bob.get(page("delivery", "change", ours["delivery"].pk)).content.decode()
    assert "error-of-ours" in text
    assert "Send again" not in text


def test_an_abandoned_delivery_is_sent_again(alice: Seat, ours: Belongings) -> None:
    delivery = ours["delivery"]
    url = page("delivery", "change", delivery.pk)
    assert "Send again" in alice.get(url).content.decode()
    answer = alice.web.post(page("delivery"), act("send_again", delivery), follow=True)
    assert "1 message is sent again." in answer.content.decode()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("pending", 0)
    assert "Send again" not in alice.get(url).content.decode()
    again = alice.web.post(page("delivery"), act("send_again", delivery), follow=True)
    assert "0 messages are sent again." in again.content.decode()


def test_without_a_webhook_nothing_is_sent_again(alice: Seat, ours: Belongings) -> None:
    ours["endpoint"].delete()
    form = act("send_again", ours["delivery"])
    answer = alice.web.post(page("delivery"), form, follow=True)
    assert "There is no webhook to send this to." in answer.content.decode()
    assert Delivery.objects.get().state == "abandoned"
