"""The windows of the rate limits, in Redis or in the database."""

from __future__ import annotations

import time

import redis
from django.conf import settings

from ocrwell.accounts.models import Window


def keys() -> list[str]:
    """What has been counted in windows that are kept."""
    if settings.REDIS_URL:
        return [key.decode() for key in _redis().scan_iter()]
    return list(Window.objects.values_list("key", flat=True))


def end() -> None:
    """All windows are over now."""
    if settings.REDIS_URL:
        _redis().flushdb()
    Window.objects.update(resets_at=int(time.time()))


def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)
