"""How often something may happen in a minute: counted exactly, however many processes ask."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import cast

import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from ocrwell.accounts.models import Window

logger = logging.getLogger(__name__)

SECONDS = 60
AWAY_SECONDS = 5
"""So long a Redis that did not answer is not asked again: every call would wait for it."""
# A window begins with its first use, so that nobody gets two limits' worth around a full minute.
# Redis keeps the time, so that web servers with different clocks agree.
IN_REDIS = """
local count = redis.call('INCR', KEYS[1])
local now = redis.call('TIME')
if count == 1 then redis.call('EXPIREAT', KEYS[1], now[1] + ARGV[1]) end
return {count, now[1] * 1000 + math.floor(now[2] / 1000) + redis.call('PTTL', KEYS[1])}
"""
# A window that ends later than a fresh one was made by a clock that has been put right since.
OVER = "(seen.resets_at <= %s OR seen.resets_at > excluded.resets_at)"
IN_SQL = f"""
INSERT INTO {Window._meta.db_table} AS seen (key, count, resets_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN {OVER} THEN 1 ELSE seen.count + 1 END,
    resets_at = CASE WHEN {OVER} THEN excluded.resets_at ELSE seen.resets_at END
RETURNING count, resets_at
"""  # noqa: S608, SLF001  the table's name is our own


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a limit: what is left of it, and the Unix time at which it starts anew."""

    limit: int
    remaining: int
    resets_at: int
    allowed: bool

    @property
    def wait_seconds(self) -> int:
        return max(1, self.resets_at - int(time.time()))


def count(key: str, limit: int) -> Use:
    """Count one use of at most ``limit`` in a window of 60 seconds."""
    used, resets_at = _in_redis(key) if settings.REDIS_URL else _in_database(key)
    return Use(limit, max(0, limit - used), resets_at, used <= limit)


def sweep() -> None:
    """Forget windows that are over."""
    Window.objects.filter(resets_at__lt=int(time.time()) - SECONDS).delete()


def _in_redis(key: str) -> tuple[int, int]:
    script = _script()
    if time.monotonic() < script.away_until:
        return _in_database(key)
    try:
        used, resets_at = script.count(f"ocrwell:limit:{key}")
    except redis.RedisError:
        # Better a count that starts anew than a service that stops with its counter.
        script.away_until = time.monotonic() + AWAY_SECONDS
        logger.warning("Redis does not count; for %d s the database counts instead", AWAY_SECONDS)
        return _in_database(key)
    return used, round(resets_at / 1000)


def _in_database(key: str) -> tuple[int, int]:
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(IN_SQL, [key, now + SECONDS, now, now])
        ((used, resets_at),) = cursor.fetchall()
    return used, resets_at


class _Script:
    """The script in Redis, over a line of each thread's own: a pool takes as long as the call."""

    away_until = 0.0
    """Redis is left alone till then."""

    def __init__(self) -> None:
        self._own = threading.local()

    def count(self, key: str) -> list[int]:
        if not hasattr(self._own, "run"):
            self._own.run = _connect().register_script(IN_REDIS)
        return cast(list[int], self._own.run(keys=[key], args=[SECONDS]))


def _connect() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        single_connection_client=True,
        # A line that was closed is opened again; a Redis that is slow is not asked twice.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


@cache
def _script() -> _Script:
    return _Script()
