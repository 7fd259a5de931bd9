"""A program asks for an API key, a person says yes or no in a browser, the program fetches the key
once (RFC 8628).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ocrwell.accounts import keys
from ocrwell.accounts.models import DeviceLogin, Member, Org

State = DeviceLogin.State
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels, so that no code is a word, and without digits, so that none looks like one."""
CODE_LENGTH = 8
NAME_LENGTH = 100
UNKNOWN = "Unknown Agent"
PENDING, SLOW_DOWN = "authorization_pending", "slow_down"
DENIED, EXPIRED = "access_denied", "expired_token"
_gap = re.compile(r"[\s\u2010-\u2015-]+")


@dataclass(frozen=True, slots=True)
class Codes:
    """What a program is told: a secret to ask with, and a word for the person to type."""

    device: str
    user: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The key, once, or why there is none in the RFC's words."""

    error: str | None = None
    key: str | None = None
    prefix: str | None = None


def request(*, agent_name: str, address: str) -> Codes:
    """Write down that a program at this address wants a key."""
    codes = Codes(secrets.token_hex(32), _new_code())
    DeviceLogin.objects.create(
        device_digest=_digest(codes.device),
        user_digest=_digest(_letters(codes.user)),
        agent_name=_printable(agent_name),
        address=address,
        expires_at=timezone.now() + settings.DEVICE_LOGIN_TTL,
    )
    return codes


def find(code: str) -> DeviceLogin | None:
    """The login that waits for somebody's word and has this code, however it is typed."""
    return _waiting().filter(user_digest=_digest(_letters(code))).first()


def shown(code: str) -> str:
    """The code as programs show it."""
    letters = _letters(code)
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == CODE_LENGTH else code.strip()


def named(login: DeviceLogin) -> str:
    return login.agent_name or UNKNOWN


def approve(login: DeviceLogin, *, member: Member, org: Org) -> bool:
    """The program may fetch a key for this organisation; False when somebody was quicker or the
    time is over.
    """
    found = _waiting().filter(pk=login.pk)
    return bool(found.update(state=State.APPROVED, member=member, org=org))


def deny(login: DeviceLogin, *, member: Member) -> bool:
    """The program gets no key; False as above."""
    return bool(_waiting().filter(pk=login.pk).update(state=State.DENIED, member=member))


def poll(device_code: str) -> Answer:
    """What a program hears that asks with its secret: the key, the first time after a yes."""
    now = timezone.now()
    rows = DeviceLogin.objects.filter(device_digest=_digest(device_code), expires_at__gt=now)
    login = rows.select_related("member__org", "org").first()
    if login is None:
        return Answer(EXPIRED)
    if login.state == State.PENDING:
        rows.update(polled_at=now)
        return Answer(SLOW_DOWN if _hasty(login, now) else PENDING)
    if login.state == State.APPROVED:
        return _collect(login, rows)
    return Answer(DENIED if login.state == State.DENIED else EXPIRED)


def sweep() -> None:
    """Forget logins whose time is over."""
    DeviceLogin.objects.filter(expires_at__lte=timezone.now()).delete()


def _waiting() -> QuerySet[DeviceLogin]:
    return DeviceLogin.objects.filter(state=State.PENDING, expires_at__gt=timezone.now())


def _hasty(login: DeviceLogin, now: datetime) -> bool:
    asked_at = login.polled_at
    return bool(
        settings.DEVICE_SLOW_DOWN and asked_at and now - asked_at < settings.DEVICE_POLL_EVERY
    )


def _collect(login: DeviceLogin, rows: QuerySet[DeviceLogin]) -> Answer:
    approved = rows.filter(state=State.APPROVED)
    if not (login.org and login.member and keys.may_issue(login.member, login.org)):
        approved.update(state=State.DENIED)
        return Answer(DENIED)
    with transaction.atomic():
        if not approved.update(state=State.COLLECTED):
            return Answer(EXPIRED)
        key, plain = keys.issue(org=login.org, name=named(login))
    return Answer(key=plain, prefix=key.prefix)


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        live = DeviceLogin.objects.filter(expires_at__gt=timezone.now(), user_digest=_digest(code))
        if not live.exists():
            return shown(code)


def _letters(code: str) -> str:
    return _gap.sub("", code).upper()


def _printable(name: str) -> str:
    """A stranger's text on one line, without what would hide or turn around parts of it."""
    kept = (each for each in name if each.isspace() or unicodedata.category(each)[0] != "C")
    return " ".join("".join(kept).split())[:NAME_LENGTH].strip()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
