"""Guessing passwords is slow: ten wrong ones in a minute, then nobody is asked any more.

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


def wait_seconds(request: HttpRequest, username: str) -> int:
    """How long this name or this address has to wait; 0 where it need not."""
    until: dict[str, int] = cache.get_many(_keys(request, username))
    return max(0, max(until.values(), default=0) - int(time.time()))


def failed(request: HttpRequest, username: str) -> None:
    for key in _keys(request, username):
        use = limits.count(key, WRONG_A_MINUTE)
        if not use.remaining:
            cache.set(key, use.resets_at, use.wait_seconds)


def _keys(request: HttpRequest, username: str) -> list[str]:
    """Digests: people type passwords into the field for the name."""
    about = (f"name {username.casefold()}", f"address {peer.address(request)}")
    return [f"login:{hashlib.sha256(each.encode()).hexdigest()}" for each in about]
