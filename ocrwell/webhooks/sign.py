"""What a callback's headers say: which event, when, and signatures that prove the sender."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings

PREFIX = "whsec_"


def headers(
    *, delivery_id: str, event: str, body: bytes, secrets: Sequence[str], now: int
) -> dict[str, str]:
    """For one try at ``now``, a Unix time. Of the secrets the first is the current one, and a
    second one is the one that it replaces.

    The first signature is the contract's; the ``webhook-…`` headers are Standard Webhooks 1.0.
    """
    ours = [_contract(secret, now, body) for secret in secrets]
    standard = [_standard(secret, delivery_id, now, body) for secret in secrets]
    found = {
        "Content-Type": "application/json",
        "User-Agent": f"ocrwell/{settings.VERSION}",
        "X-Ocrwell-Signature": ours[0],
        "X-Ocrwell-Timestamp": str(now),
        "X-Ocrwell-Event": event,
        "X-Ocrwell-Delivery": delivery_id,
        "webhook-id": delivery_id,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(standard),
    }
    if len(ours) > 1:
        # Not in the same header: receivers compare that one for equality.
        found["X-Ocrwell-Signature-Previous"] = ours[1]
    return found


def _contract(secret: str, now: int, body: bytes) -> str:
    """The key is the secret as it was handed out."""
    signed = f"{now}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _standard(secret: str, delivery_id: str, now: int, body: bytes) -> str:
    """The key is what the secret stands for in Base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{delivery_id}.{now}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
