"""Guessing passwords and codes is slow: ten wrong ones in a minute, then nobody is asked any more.

All web processes share the count; each of them notices at the next wrong one that it is full.
"""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache
from django.http import HttpRequest

from ocrwell import peer
from ocrwell.accounts import limits

WRONG_A_MINUTE = 10


def log_in(request: HttpRequest, username: str) -> list[str]:
    """What wrong passwords are counted by: the name and the address."""
    return _keys("login", f"name {username.casefold()}", _address(request))


def activation(request: HttpRequest) -> list[str]:
    """What wrong codes of programs are counted by: the account and the address."""
    return _keys("activation", f"account {request.user.pk}", _address(request))


def wait_seconds(counted_by: list[str]) -> int:
    """How long this name or this address has to wait; 0 where it need not."""
    until: dict[str, int] = cache.get_many(counted_by)
    return max(0, max(until.values(), default=0) - int(time.time()))


def failed(counted_by: list[str]) -> None:
    for key in counted_by:
        use = limits.count(key, WRONG_A_MINUTE)
        if not use.remaining:
            cache.set(key, use.resets_at, use.wait_seconds)


def _address(request: HttpRequest) -> str:
    return f"address {peer.address(request)}"


def _keys(kind: str, *about: str) -> list[str]:
    """Digests: people type passwords into the field for the name."""
    return [f"{kind}:{hashlib.sha256(each.encode()).hexdigest()}" for each in about]
