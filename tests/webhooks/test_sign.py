from __future__ import annotations

import hashlib
import hmac
import time
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from ocrwell.webhooks import sign
from tests.webhooks.receivers import Call, verified, verified_by_standard

SECRET = "whsec_" + "a1b2c3d4" * 8
OLD = "whsec_" + "0f1e2d3c" * 8
BODY = '{"event": "job.failed", "job": {"failure_reason": "Grüße"}}'.encode()


def signed(*secrets: str, now: int | None = None, body: bytes = BODY) -> Call:
    headers = sign.headers(
        delivery_id="019539a6-6c3d-7e5f-8000-000000000000",
        event="job.failed",
        body=body,
        secrets=secrets,
        now=int(time.time()) if now is None else now,
    )
    return Call("/", headers, body)


def test_the_headers_of_the_contract() -> None:
    headers = signed(SECRET, now=1711159200).headers
    mac = hmac.new(SECRET.encode(), b"1711159200." + BODY, hashlib.sha256).hexdigest()
    assert headers["X-Ocrwell-Signature"] == f"sha256={mac}"
    assert headers["X-Ocrwell-Timestamp"] == "1711159200"
    assert headers["X-Ocrwell-Event"] == "job.failed"
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"] == f"ocrwell/{settings.VERSION}"


def test_the_headers_of_standard_webhooks() -> None:
    headers = signed(SECRET, now=1711159200).headers
    assert headers["webhook-id"] == headers["X-Ocrwell-Delivery"]
    assert headers["webhook-timestamp"] == "1711159200"
    assert headers["webhook-signature"].startswith("v1,")


def test_the_example_of_standard_webhooks_comes_out_as_published() -> None:
    headers = sign.headers(
        delivery_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        event="job.completed",
        body=b'{"test": 2432232314}',
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        now=1614265330,
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("verify", [verified, verified_by_standard])
def test_a_receiver_that_keeps_to_the_text_agrees(verify: object) -> None:
    assert callable(verify)
    call = signed(SECRET)
    assert verify(call, SECRET)
    assert not verify(call, OLD)
    assert not verify(Call("/", call.headers, BODY + b" "), SECRET)
    assert not verify(signed(SECRET, now=int(time.time()) - 301), SECRET)
    moved = {
        **call.headers,
        "X-Ocrwell-Timestamp": str(int(time.time()) + 1),
        "webhook-timestamp": str(int(time.time()) + 1),
    }
    assert not verify(Call("/", moved, BODY), SECRET)


def test_while_a_secret_is_replaced_both_are_good() -> None:
    call = signed(SECRET, OLD)
    assert verified(call, SECRET)
    assert verified_by_standard(call, SECRET)
    assert verified_by_standard(call, OLD)
    new, old = call.headers["webhook-signature"].split(" ")
    alone, before = signed(SECRET).headers, signed(OLD).headers
    assert (new, old) == (alone["webhook-signature"], before["webhook-signature"])
    assert call.headers["X-Ocrwell-Signature"] == alone["X-Ocrwell-Signature"]
    assert call.headers["X-Ocrwell-Signature-Previous"] == before["X-Ocrwell-Signature"]
    assert "X-Ocrwell-Signature-Previous" not in alone


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]
    assert project["version"] == settings.VERSION
