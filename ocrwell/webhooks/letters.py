"""What is sent to whom when a job has ended: signed to the webhook of the organisation, or, for a
job that came with an address of its own, unsigned to there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from ocrwell.dialects import deepread, native
from ocrwell.jobs.models import Job
from ocrwell.webhooks import reports, sign
from ocrwell.webhooks.models import Delivery, Endpoint


@dataclass(frozen=True, slots=True)
class Letter:
    url: str
    headers: Mapping[str, str]
    body: bytes


def wanted(job: Job) -> bool:
    """Whether somebody wants to hear of the job."""
    if job.dialect == Job.Dialect.DEEPREAD:
        return bool(job.webhook_url)
    return Endpoint.objects.filter(org_id=job.org_id).exists()


def write(delivery: Delivery) -> Letter | None:
    """None where there is nobody any more to send it to."""
    if delivery.job.dialect == Job.Dialect.DEEPREAD:
        return _unsigned(delivery.job)
    endpoint = Endpoint.objects.filter(org_id=delivery.org_id).first()
    return _signed(delivery, endpoint) if endpoint else None


def _unsigned(job: Job) -> Letter:
    body = _packed(deepread.event(reports.told(job, base=job.api_base)))
    return Letter(job.webhook_url, {"Content-Type": "application/json"}, body)


def _signed(delivery: Delivery, endpoint: Endpoint) -> Letter:
    event, content = native.event(delivery.job)
    body = _packed(content)
    headers = sign.headers(
        delivery_id=str(delivery.pk),
        event=event,
        body=body,
        secrets=_secrets(endpoint),
        now=int(time.time()),
    )
    return Letter(endpoint.url, headers, body)


def _packed(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode(errors="replace")


def _secrets(endpoint: Endpoint) -> list[str]:
    """The current one, and the one before while it is still good."""
    until = endpoint.old_secret_until
    still_good = until is not None and until > timezone.now()
    return [endpoint.secret, endpoint.old_secret] if still_good else [endpoint.secret]
