"""One submission for one key, however often and however many at a time it is sent."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ocrwell.accounts.models import Org
from ocrwell.errors import DuplicateRequest, Unavailable
from ocrwell.jobs.models import IdempotencyKey, Job

RESERVED_FOR = timedelta(seconds=30)
"""A call that has not ended by then has died, and another one may take its place."""
WAIT_SECONDS = 10.0
LOOK_EVERY = 0.05


def once(*, org: Org, key: str, digest: str, submit: Callable[[IdempotencyKey | None], Job]) -> Job:
    """The job that the first call with this key made; without a key every call is the first.

    A call that comes while the first is still at work waits for it. Only an accepted submission is
    remembered: after a failed one the next call is the first. Raises DuplicateRequest when the
    body was another one, and Unavailable when the first call does not come to an end.
    """
    if not key:
        return submit(None)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        held = IdempotencyKey.objects.select_related("job").filter(org=org, key=key).first()
        if held is None:
            mine = _reserve(org, key, digest)
            if mine:
                return _first(mine, submit)
            continue
        job = _made_by_another(held, digest)
        if job:
            return job
        time.sleep(LOOK_EVERY)
    raise Unavailable("Another call with this Idempotency-Key is still at work. Try again.")


def check(*, org: Org, key: str, digest: str) -> None:
    """Raises DuplicateRequest when the key belongs to another body, however wrong this one is."""
    young = timezone.now() - settings.IDEMPOTENCY_TTL
    accepted = IdempotencyKey.objects.filter(
        org=org, key=key, job__isnull=False, created_at__gt=young
    )
    if accepted.exclude(digest=digest).exists():
        raise DuplicateRequest


def accept(reservation: IdempotencyKey, job: Job) -> None:
    """Tie the key to its job, in the transaction that makes the job."""
    if not IdempotencyKey.objects.filter(pk=reservation.pk, job=None).update(job=job):
        raise Unavailable("The call took so long that another one took its place. Try again.")


def digest(body: str) -> str:
    """The same for all ways to write the same JSON."""
    canonical = json.dumps(json.loads(body, parse_float=_number), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def sweep() -> None:
    """Forget keys after their day."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - settings.IDEMPOTENCY_TTL).delete()


def _reserve(org: Org, key: str, digest: str) -> IdempotencyKey | None:
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(org=org, key=key, digest=digest)
    except IntegrityError:
        return None


def _first(mine: IdempotencyKey, submit: Callable[[IdempotencyKey | None], Job]) -> Job:
    try:
        return submit(mine)
    except BaseException:
        IdempotencyKey.objects.filter(pk=mine.pk, job=None).delete()
        raise


def _made_by_another(held: IdempotencyKey, digest: str) -> Job | None:
    """The job of an earlier call, or None while there is none (any more)."""
    age = timezone.now() - held.created_at
    if age > settings.IDEMPOTENCY_TTL:
        held.delete()
        return None
    if held.digest != digest:
        raise DuplicateRequest
    if held.job is None and age > RESERVED_FOR:
        IdempotencyKey.objects.filter(pk=held.pk, job=None).delete()
    return held.job


def _number(written: str) -> float:
    """Numbers that are equal are written alike: 1.0 as 1."""
    value = float(written)
    return int(value) if value.is_integer() else value
