"""API keys: issued once, found again by their SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import CharField, DateTimeField, Q
from django.utils import timezone

from ocrwell.accounts.models import ApiKey, Member, Org
from ocrwell.prepared import Given, Prepared

PREFIX_LENGTH = 12
USE_RECORDED_EVERY = timedelta(minutes=1)
_usable = Prepared(
    ApiKey.objects.select_related("org__plan")
    .filter(digest=Given("digest", CharField()), revoked_at=None)
    .filter(Q(expires_at=None) | Q(expires_at__gt=Given("now", DateTimeField())))
)


def issue(*, org: Org, name: str, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key: its row, and the key itself, which is not kept anywhere."""
    plain = f"sk_live_{secrets.token_hex(24)}"
    row = ApiKey.objects.create(
        org=org,
        name=name,
        prefix=plain[:PREFIX_LENGTH],
        digest=_digest(plain),
        expires_at=expires_at,
    )
    return row, plain


def may_issue(member: Member, org: Org) -> bool:
    """Whether this person may make keys for the organisation."""
    own = member.org_id == org.pk and member.role in (Member.Role.ADMIN, Member.Role.MEMBER)
    return member.is_active and (member.is_operator or own)


def revoke(*, key: ApiKey) -> bool:
    """From now on the key opens nothing; False when it was revoked before."""
    rows = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    return bool(rows.update(revoked_at=timezone.now()))


def find(plain: str) -> ApiKey | None:
    """The usable key of this text, its organisation with it; its use is recorded by the minute."""
    now = timezone.now()
    key = _usable.first(digest=_digest(plain), now=now)
    if key and (key.last_used_at is None or key.last_used_at < now - USE_RECORDED_EVERY):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
