"""The one webhook of an organisation, and which URLs it may have."""

from __future__ import annotations

import base64
import re
import time
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from ocrwell.errors import InvalidField
from ocrwell.webhooks import endpoints
from ocrwell.webhooks.models import Attempt, Delivery, Endpoint
from tests.factories import make_job, together
from tests.stage import Person
from tests.webhooks.conftest import Names

GOOD = "https://1.1.1.1/ocr-callback"

# Full-width digits and dots among them, which resolvers take for plain ones.
HOSTS = """
127.0.0.1 127.0.0.1. 127.1 127.0.1 2130706433 0177.0.0.1 017700000001 0x7f.1 0x7f000001 0X7F.0.0.1
\uff11\uff12\uff17.0.0.1 127\u30020\u30020\u30021
\uff11\uff12\uff17\uff0e\uff10\uff0e\uff10\uff0e\uff11 \u246b7.0.0.1
localhost localhost. LOCALHOST Localhost
0 0.0.0.0 10.0.0.1 012.0.0.1 100.64.0.1 169.254.169.254 2852039166 0xa9fea9fe 172.16.0.1
192.168.1.1 192.0.0.192 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16
[::1] [::] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::ffff:127.0.0.1] [::FFFF:7F00:1] [::ffff:a9fe:a9fe]
[64:ff9b::7f00:1] [64:ff9b:1::1] [2002:7f00:1::1] [2001:0:7f00:1::1] [fe80::1] [fe80::1%25eth0]
[fc00::1] [fd00:ec2::254] [fec0::1] [ff02::1] [2001:db8::1] [100::1]
"""
FORBIDDEN_HOSTS = HOSTS.split()

MALFORMED = [
    ("", "invalid"),
    ("example.com", "invalid"),
    ("//example.com/hook", "invalid"),
    ("/hook", "invalid"),
    ("https://", "invalid"),
    ("https:///hook", "invalid"),
    ("https:example.com", "invalid"),
    ("https://:443/", "invalid"),
    ("https://?x", "invalid"),
    ("https://./", "invalid"),
    ("ftp://example.com/", "invalid"),
    ("file:///etc/passwd", "invalid"),
    ("gopher://example.com/", "invalid"),
    ("javascript:alert(1)", "invalid"),
    ("https://example.com:0/", "invalid"),
    ("https://example.com:65536/", "invalid"),
    ("https://example.com:-1/", "invalid"),
    ("https://example.com:http/", "invalid"),
    ("https://[::1/", "invalid"),
    ("https://[1.2.3.4]/", "invalid"),
    ("https://[v1.x]/", "invalid"),
    ("https://exa mple.com/", "invalid"),
    (" https://example.com/", "invalid"),
    ("https://example.com/\r\nX: y", "invalid"),
    ("https://exam\tple.com/", "invalid"),
    ("https://example.com/\0", "invalid"),
    ("https://example.com\\@127.0.0.1/", "invalid"),
    ("https://127%2e0.0.1/", "invalid"),
    ("https://a..b/", "invalid"),
    ("https://straße.test/", "invalid"),
    (f"https://{'a' * 64}.test/", "invalid"),
    ("https://exa\u200bmple.com/", "invalid"),
    ("https://example.com/\ud800", "invalid"),
    ("https://user@example.com/", "credentials"),
    ("https://user:password@example.com/", "credentials"),
    ("https://1.1.1.1@127.0.0.1/", "credentials"),
    ("https://example.com/#here", "fragment"),
    ("https://example.com/#", "fragment"),
    ("https://example.com/" + "a" * 2000, "max_length"),
    ("http://1.1.1.1/", "https_required"),
    ("HTTP://1.1.1.1/", "https_required"),
    ("http://nothing.invalid/", "unresolved"),
]


def refusal(person: Person, url: str) -> str:
    """The reason why this URL cannot be set; nothing is changed then."""
    with pytest.raises(InvalidField) as caught:
        endpoints.put(org=person.org, url=url)
    assert not Endpoint.objects.exists()
    (detail,) = caught.value.details
    assert detail.field == "url"
    return detail.reason


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", FORBIDDEN_HOSTS)
def test_no_webhook_leads_into_the_network(alice: Person, host: str, scheme: str) -> None:
    assert refusal(alice, f"{scheme}://{host}:8000/hook") == "forbidden_address"


@pytest.mark.parametrize(("url", "reason"), MALFORMED)
def test_a_url_that_does_not_do_is_refused(alice: Person, url: str, reason: str) -> None:
    assert refusal(alice, url) == reason


@pytest.mark.parametrize("other", ["127.0.0.1", "10.0.0.1", "::1", "64:ff9b::a00:1"])
def test_one_forbidden_address_is_enough(alice: Person, names: Names, other: str) -> None:
    names.answers["mixed.test"] = [["1.1.1.1", other]]
    assert refusal(alice, "https://mixed.test/") == "forbidden_address"


def test_what_a_host_resolves_to_inside_is_not_told(alice: Person, names: Names) -> None:
    names.answers["inside.test"] = [["10.20.30.40"]]
    with pytest.raises(InvalidField, match=r"inside\.test leads to a private") as caught:
        endpoints.put(org=alice.org, url="https://inside.test/")
    assert "10.20.30.40" not in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        GOOD,
        "HTTPS://1.1.1.1",
        "https://1.1.1.1:8443/a/b?c=d&e=%20",
        "https://1.1.1.1/prüfung?ä=ö",
        "https://[2606:4700:4700::1111]:444/",
        "https://not-yet-there.invalid/hook",
        "https://prüfung.invalid/",
        "https://under_score.invalid/",
        f"https://1.1.1.1/{'a' * 1984}",
    ],
)
def test_a_good_url_is_kept_as_it_was_sent(alice: Person, url: str) -> None:
    endpoint, _ = endpoints.put(org=alice.org, url=url)
    assert endpoints.get(org=alice.org) == endpoint
    assert Endpoint.objects.get().url == url


@pytest.mark.parametrize("url", ["http://10.1.2.3/", "https://10.1.2.3/", "http://inside.test/"])
def test_where_the_operator_allows_it_http_does(
    alice: Person, settings: Settings, names: Names, url: str
) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("10.0.0.0/8")]
    names.answers["inside.test"] = [["10.1.2.3", "10.3.2.1"]]
    endpoints.put(org=alice.org, url=url)


@pytest.mark.parametrize("addresses", [["10.1.2.3", "1.1.1.1"], ["10.1.2.3", "192.168.0.1"]])
def test_http_takes_that_all_addresses_are_allowed(
    alice: Person, settings: Settings, names: Names, addresses: list[str]
) -> None:
    settings.WEBHOOK_ALLOW = [ip_network("10.0.0.0/8")]
    names.answers["mixed.test"] = [addresses]
    assert refusal(alice, "http://mixed.test/") in ("https_required", "forbidden_address")


def test_a_resolver_that_hangs_does_not_hold_a_request(
    alice: Person, hanging: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "LOOK_UP_SECONDS", 0.1)
    start = time.monotonic()
    endpoints.put(org=alice.org, url="https://slow.test/")
    assert time.monotonic() - start < 3


def test_a_secret_looks_as_published_and_serves_both_schemes(alice: Person) -> None:
    endpoint, secret = endpoints.put(org=alice.org, url=GOOD)
    assert endpoint.secret == secret
    assert re.fullmatch("whsec_[0-9a-f]{64}", secret)
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 48
    assert (endpoint.old_secret, endpoint.old_secret_until) == ("", None)


def test_putting_again_replaces_the_url_and_the_secret(alice: Person) -> None:
    first, old = endpoints.put(org=alice.org, url=GOOD)
    before = timezone.now()
    second, new = endpoints.put(org=alice.org, url="https://8.8.8.8/")
    assert old != new
    assert Endpoint.objects.get() == second == first
    assert (second.url, second.secret, second.old_secret) == ("https://8.8.8.8/", new, old)
    assert first.created_at < before <= second.created_at
    assert second.old_secret_until == second.created_at + timedelta(hours=24)


def test_an_organisation_has_its_own_webhook(alice: Person, bob: Person, charlie: Person) -> None:
    endpoint, _ = endpoints.put(org=alice.org, url=GOOD)
    assert endpoints.get(org=bob.org) == endpoint
    assert endpoints.get(org=charlie.org) is None
    endpoints.delete(org=charlie.org)
    assert endpoints.get(org=alice.org) == endpoint


def test_with_the_webhook_goes_what_is_on_its_way(alice: Person, charlie: Person) -> None:
    now = timezone.now()
    for person in (alice, charlie):
        endpoints.put(org=person.org, url=GOOD)
    rows = [
        Delivery.objects.create(org=org, job=make_job(org), state=state, due_at=now)
        for org in (alice.org, charlie.org)
        for state in ("pending", "delivered")
    ]
    endpoints.delete(org=alice.org)
    endpoints.delete(org=alice.org)
    states = [Delivery.objects.get(pk=row.pk).state for row in rows]
    assert states == ["abandoned", "delivered", "pending", "delivered"]
    assert endpoints.get(org=alice.org) is None
    line = Attempt.objects.get()
    assert (line.delivery, line.error) == (rows[0], "The webhook was removed.")


@pytest.mark.django_db(transaction=True)
def test_of_webhooks_put_at_once_one_stays(alice: Person) -> None:
    secrets = [secret for _, secret in together(8, lambda: endpoints.put(org=alice.org, url=GOOD))]
    row = Endpoint.objects.get()
    assert len(set(secrets)) == 8
    assert {row.secret, row.old_secret} < set(secrets)
    assert row.secret != row.old_secret


@pytest.mark.django_db(transaction=True)
def test_putting_and_deleting_at_once_leave_a_whole_webhook_or_none(alice: Person) -> None:
    turns = iter(range(8))

    def put_or_delete() -> None:
        if next(turns) % 2:
            endpoints.put(org=alice.org, url=GOOD)
        else:
            endpoints.delete(org=alice.org)

    together(8, put_or_delete)
    assert Endpoint.objects.count() <= 1


def test_the_times_are_those_of_the_contract() -> None:
    assert [each.total_seconds() for each in settings.WEBHOOK_RETRY_DELAYS] == [30, 120, 480]
    assert timedelta(seconds=10) == settings.WEBHOOK_TIMEOUT
    assert timedelta(days=1) == settings.WEBHOOK_SECRET_GRACE
