"""Admins are told of a quota that is nearly used up: once, and not before their server takes it."""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from ocrwell.accounts import notices, quota
from ocrwell.accounts.models import Member, Org, PageUsage, Plan
from tests import windows
from tests.factories import make_org, together

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    """There is a server; Django's test run puts an outbox in its place."""
    settings.EMAIL_HOST = "mail.test"
    settings.DEFAULT_FROM_EMAIL = "ocrwell <ocrwell@example.org>"
    notices._explain.cache_clear()


@pytest.fixture
def org() -> Org:
    fields = {"pages_a_month": 100, "max_file_mb": 5, "calls_a_minute": 10}
    return make_org(name="Ours\nLtd", plan=Plan.objects.create(name="small", **fields))


def person(org: Org, username: str, **over: Any) -> Member:
    fields = {"role": "admin", "email": f"{username}@example.com"} | over
    return Member.objects.create_user(username, None, org=org, **fields)


@pytest.fixture
def alice(org: Org) -> Member:
    return person(org, "alice")


def use(org: Org, pages: int) -> None:
    quota.settle(org_id=org.pk, at=timezone.now(), reserved=0, used=pages)


def send() -> list[str]:
    """The subjects of what is sent now, a minute after whatever was tried before."""
    windows.end()
    mail.outbox.clear()
    notices.send()
    return [str(message.subject) for message in mail.outbox]


@pytest.mark.usefixtures("alice")
def test_admins_are_told_once_at_four_fifths_and_once_at_the_end(org: Org) -> None:
    use(org, 79)
    assert send() == []
    use(org, 1)
    assert send() == ["Ours Ltd: 80 % of this month's pages are used"]
    assert "used 80 of the 100 pages that its plan, small, has" in mail.outbox[0].body
    assert f"refused until {quota.state(org).resets_on}" in mail.outbox[0].body
    use(org, 19)
    assert send() == []
    use(org, 1)
    assert send() == ["Ours Ltd: 100 % of this month's pages are used"]
    use(org, 50)
    assert send() == []


@pytest.mark.usefixtures("alice")
def test_who_passes_both_marks_at_once_is_told_of_the_higher(org: Org) -> None:
    use(org, 120)
    assert send() == ["Ours Ltd: 100 % of this month's pages are used"]
    assert send() == []


@pytest.mark.usefixtures("alice")
def test_pages_that_are_only_reserved_warn_nobody(org: Org) -> None:
    quota.reserve(org, 100, at=timezone.now())
    assert send() == []


@pytest.mark.usefixtures("alice")
def test_the_next_month_warns_anew_and_the_last_no_more(org: Org) -> None:
    use(org, 80)
    assert len(send()) == 1
    PageUsage.objects.update(month="2020-01-01", used=100)
    assert send() == []
    use(org, 80)
    assert len(send()) == 1


def test_admins_with_an_address_are_told_and_nobody_else(org: Org, alice: Member) -> None:
    person(org, "anna")
    person(org, "bob", role="member")
    person(org, "without", email="")
    person(org, "gone", is_active=False)
    person(make_org(), "charlie")
    use(org, 80)
    send()
    assert mail.outbox[0].to == ["alice@example.com", "anna@example.com"]
    assert mail.outbox[0].from_email == "ocrwell <ocrwell@example.org>"


def test_an_admin_who_gets_an_address_later_is_told_then(org: Org) -> None:
    use(org, 80)
    assert send() == []
    person(org, "alice")
    assert len(send()) == 1


def test_without_a_server_nothing_is_sent_and_that_is_said_once(
    org: Org, alice: Member, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_HOST = ""
    assert send() == []
    assert caplog.text == ""
    use(org, 80)
    for _ in range(3):
        assert send() == []
    assert caplog.text.count("OCRWELL_EMAIL_URL is not set") == 1
    settings.EMAIL_HOST = "mail.test"
    assert len(send()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("alice")
def test_of_many_workers_one_sends(org: Org) -> None:
    use(org, 80)
    mail.outbox.clear()
    together(8, notices.send)
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("alice")
def test_a_server_that_is_down_loses_nothing(
    org: Org, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use(org, 80)
    settings.EMAIL_BACKEND, locmem = SMTP, settings.EMAIL_BACKEND
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send() == []
    assert "the mail server does not answer" in caplog.text
    settings.EMAIL_BACKEND = locmem
    assert len(send()) == 1


@pytest.mark.usefixtures("alice")
def test_a_server_that_is_silent_is_waited_for_once(org: Org, settings: Settings) -> None:
    use(org, 80)
    assert settings.EMAIL_TIMEOUT == 10
    settings.EMAIL_TIMEOUT = 0.3
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT = silent.getsockname()[1]
        began = time.monotonic()
        assert send() == []
        assert time.monotonic() - began < 3
    assert PageUsage.objects.get().warned_at == 0


class Session(socketserver.StreamRequestHandler):
    """Takes mail, except for addresses that begin with ``refused``."""

    server: PostOffice

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        for raw in self.rfile:
            word = raw.decode().strip().lower()
            if word.startswith("rcpt to:<refused"):
                self.say("550 nobody of that name")
            elif word == "data":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append(b"".join(lines).decode())
                self.say("250 taken")
            else:
                self.say("250 ok")
            if word == "quit":
                return


class PostOffice(socketserver.ThreadingTCPServer):
    daemon_threads = True
    taken: list[str]


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice(("127.0.0.1", 0), Session) as office:
        office.taken = []
        threading.Thread(target=office.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT = office.server_address[1]
        yield office
        office.shutdown()


@pytest.mark.usefixtures("alice")
def test_a_real_server_takes_it(org: Org, post_office: PostOffice) -> None:
    use(org, 80)
    for _ in range(2):
        send()
    (message,) = post_office.taken
    assert "From: ocrwell <ocrwell@example.org>" in message
    assert "To: alice@example.com" in message
    assert "Ours Ltd has used 80 of the 100 pages" in message


def test_one_organisation_that_cannot_be_mailed_holds_up_no_other(
    org: Org, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    person(org, "refused")
    other = make_org(name="Theirs Inc", plan=org.plan)
    person(other, "charlie")
    use(org, 80)
    use(other, 80)
    with caplog.at_level(logging.WARNING):
        send()
    assert len(post_office.taken) == 1
    assert "Theirs Inc" in post_office.taken[0]
    assert f"the admins of {org.pk} cannot be mailed" in caplog.text
    Member.objects.filter(username="refused").update(email="anna@example.com")
    send()
    assert "Ours Ltd" in post_office.taken[1]
