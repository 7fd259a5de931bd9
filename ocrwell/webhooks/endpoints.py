"""The one webhook of an organisation: set, looked up, removed."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ocrwell.accounts.models import Org
from ocrwell.webhooks import addresses, delivery, sign, targets
from ocrwell.webhooks.models import Endpoint

LOOK_UP_SECONDS = 3.0
"""A request does not wait longer for the name of a webhook to resolve."""


def put(*, org: Org, url: str) -> tuple[Endpoint, str]:
    """The new webhook and its secret, which is always a fresh one; the one before stays good for
    a while, so that the receiver can change over. Raises InvalidField.
    """
    check(url)
    secret, now = f"{sign.PREFIX}{secrets.token_hex(32)}", timezone.now()
    with transaction.atomic():
        _lock(org)
        before = get(org=org)
        endpoint, _ = Endpoint.objects.update_or_create(
            org=org,
            defaults={
                "url": url,
                "secret": secret,
                "old_secret": before.secret if before else "",
                "old_secret_until": now + settings.WEBHOOK_SECRET_GRACE if before else None,
                "created_at": now,
            },
        )
    return endpoint, secret


def get(*, org: Org) -> Endpoint | None:
    return Endpoint.objects.filter(org=org).first()


def delete(*, org: Org) -> None:
    """No callback is sent any more, not even one that is on its way."""
    with transaction.atomic():
        _lock(org)
        Endpoint.objects.filter(org=org).delete()
        delivery.abandon(org=org)


def check(url: str) -> None:
    """Raises InvalidField unless the URL may be called. A host that has no address yet is checked
    at every call anyway, unless it is to be called in plain HTTP: that depends on the address.
    """
    target = targets.parse(url)
    try:
        found = addresses.resolve(target.host, target.port, timeout=LOOK_UP_SECONDS)
    except addresses.Unresolved as error:
        if target.scheme == "http":
            raise targets.unresolved(target) from error
        found = []
    targets.check(target, found)


def _lock(org: Org) -> None:
    """Changes of one organisation's webhook come one after the other."""
    Org.objects.select_for_update(no_key=True).get(pk=org.pk)
