"""The calls that this service makes: one to an organisation's webhook for every job that ends."""

from __future__ import annotations

from typing import Any

from ocrwell.api.description import examples, shapes

DESCRIPTION = (
    "Sent to your webhook. Any 2xx answer within 10 seconds will do; otherwise it is sent again "
    "after 30, 120 and 480 seconds. It may arrive more than once: `X-Ocrwell-Delivery` is the "
    "same every time. To be sure that it comes from here, compute the HMAC-SHA256 of "
    "`{X-Ocrwell-Timestamp}.{body}` with the webhook's secret as key, compare it in constant time "
    "with `X-Ocrwell-Signature`, and refuse timestamps that are more than 5 minutes old. The "
    "`webhook-…` headers say the same in the way of Standard Webhooks, for its libraries."
)
SIGNATURE = "^sha256=[0-9a-f]{64}$"
UNIX_TIME = {"type": "string", "pattern": "^[0-9]+$"}
TEXT = {"type": "string"}


def all_of_them() -> dict[str, Any]:
    completed = " Get the result with `GET /v1/jobs/{job_id}`."
    return {
        "job.completed": _callback(
            "jobCompleted", "CompletedEvent", "A job was completed", completed
        ),
        "job.failed": _callback("jobFailed", "FailedEvent", "A job failed", ""),
    }


SHOWN = {"CompletedEvent": examples.COMPLETED_EVENT, "FailedEvent": examples.FAILED_EVENT}


def _callback(name: str, shape: str, summary: str, advice: str) -> dict[str, Any]:
    content = {
        "schema": shapes.ref(shape),
        "examples": {"Example": {"value": SHOWN[shape]}},
    }
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "description": f"{summary}.{advice}\n\n{DESCRIPTION}",
            "tags": ["Webhooks"],
            "security": [],
            "parameters": _headers(SHOWN[shape]["event"]),
            "requestBody": {"required": True, "content": {"application/json": content}},
            "responses": {"2XX": {"description": "Understood; any body is ignored."}},
        }
    }


def _headers(event: str) -> list[dict[str, Any]]:
    return [
        _header(
            "X-Ocrwell-Signature",
            "`sha256=` and the signature in hex.",
            {"type": "string", "pattern": SIGNATURE},
        ),
        _header("X-Ocrwell-Timestamp", "When it was signed, in Unix time.", UNIX_TIME),
        _header("X-Ocrwell-Event", "Which event this is.", {"type": "string", "const": event}),
        _header("X-Ocrwell-Delivery", "The id of the message, the same at every try.", TEXT),
        _header(
            "X-Ocrwell-Signature-Previous",
            "The same signature with the secret before, for 24 hours after it was replaced.",
            {"type": "string", "pattern": SIGNATURE},
            required=False,
        ),
        _header("webhook-id", "The same id, for Standard Webhooks.", TEXT),
        _header("webhook-timestamp", "The same time, for Standard Webhooks.", UNIX_TIME),
        _header(
            "webhook-signature",
            "The signatures of Standard Webhooks, separated by spaces: `v1,` and the HMAC-SHA256 "
            "of `{webhook-id}.{webhook-timestamp}.{body}` in Base64, where the key is what the "
            "secret after `whsec_` stands for in Base64.",
            TEXT,
        ),
    ]


def _header(
    name: str, description: str, schema: dict[str, Any], *, required: bool = True
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": schema,
    }
