"""The bodies and headers of the native API's answers, as JSON Schema."""

from __future__ import annotations

from typing import Any

from ocrwell import errors
from ocrwell.dialects import native
from ocrwell.jobs.models import Job
from ocrwell.webhooks import targets

Shape = dict[str, Any]

MEANINGS: dict[type[errors.ServiceError], str] = {
    errors.BadRequest: "The request, or its JSON, could not be read.",
    errors.InvalidField: "One or more fields are missing or wrong; `details` names them.",
    errors.UnsupportedFormat: "The file has none of the formats that are read, or another one "
    "than its name says.",
    errors.Unauthorized: "The key is missing or not valid.",
    errors.NotFound: "It does not exist, or belongs to another organisation.",
    errors.DuplicateRequest: "The Idempotency-Key was used before, with a different body.",
    errors.ResultExpired: "The result has been deleted: its time is over.",
    errors.FileTooLarge: "The file, or the body of the request, is too large.",
    errors.InvalidSchema: "The schema cannot be used; the message says where and why.",
    errors.RateLimited: "Too many calls in this minute. Wait as long as `Retry-After` says.",
    errors.ServiceError: "Something went wrong in the service.",
    errors.Unavailable: "The service cannot work for the moment. Try again a little later.",
}
"""What can go wrong for a caller who uses the right method, in the order of the statuses."""


def status_and_code(kind: type[errors.ServiceError]) -> tuple[int, str]:
    status, body = native.error(kind(), request_id="")
    return status, body["error"]["code"]


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(description: str, required: str, **properties: Shape) -> Shape:
    return {
        "type": "object",
        "description": description,
        "required": required.split(),
        "properties": properties,
    }


def _text(description: str, **more: Any) -> Shape:
    return {"type": "string", "description": description, **more}


def _count(description: str, minimum: int = 0) -> Shape:
    return {"type": "integer", "minimum": minimum, "description": description}


def _time(description: str) -> Shape:
    return _text(f"{description}, in UTC with a Z.", format="date-time")


def _const(value: str) -> Shape:
    return {"type": "string", "const": value}


def _when(field: str, value: str, **then: Any) -> Shape:
    return {"if": {"properties": {field: {"const": value}}, "required": [field]}, "then": then}


def _when_job(status: str, mode: str, result: Shape) -> Shape:
    job = {"properties": {"status": {"const": status}, "mode": {"const": mode}}}
    then = {"required": ["result"], "properties": {"result": result}}
    return {"if": {"properties": {"job": job}}, "then": then}


REQUEST_ID = _text("The id of this call, for questions about it.")
JOB_ID = _text("The id of the job: what `GET /v1/jobs/{job_id}` takes.")
MODE = _text("What was asked for.", enum=Job.Mode.values)
CREATED = _time("When the document was submitted")
CONFIDENCE = {"type": "number", "minimum": 0, "maximum": 1}
COMPLETED = _time("When the job was completed")
FAILED = _time("When the job failed")
PAGES = _count("How many pages the document has.", minimum=1)
REASON = _text("Why the document could not be processed, in words for people.")

STRUCTURED_NEEDS_SCHEMA = _when(
    "mode",
    Job.Mode.STRUCTURED,
    required=["schema"],
    properties={"schema": {"type": "object"}},
)
WEBHOOK_URL: Shape = {"format": "uri", "maxLength": targets.MAX_LENGTH}
SCHEMA: Shape = {"type": "object", "additionalProperties": True}

HEADERS: dict[str, Shape] = {
    "X-Request-Id": {
        "description": "The id of this call, for questions about it.",
        "required": True,
        "schema": {"type": "string"},
    },
    "X-RateLimit-Limit": {
        "description": "How many calls your organisation may make in a minute.",
        "schema": {"type": "integer"},
    },
    "X-RateLimit-Remaining": {
        "description": "How many of them are left.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "X-RateLimit-Reset": {
        "description": "The Unix time at which all of them are there again.",
        "schema": {"type": "integer"},
    },
    "Retry-After": {
        "description": "How many seconds to wait before the next try.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "Idempotent-Replayed": {
        "description": "There when this is the answer to an earlier call with the same "
        "Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}

ANSWERS: dict[str, Shape] = {
    "Upload": _object(
        "A place for one file.",
        "upload_id upload_url expires_in request_id",
        upload_id=_text("What `POST /v1/documents` takes once the file is there."),
        upload_url=_text("PUT the file to this URL, unchanged and without a key.", format="uri"),
        expires_in=_count("For how many seconds the URL is good."),
        request_id=REQUEST_ID,
    ),
    "AcceptedDocument": _object(
        "The job that a document has become.",
        "job request_id",
        job=ref("AcceptedJob"),
        request_id=REQUEST_ID,
    ),
    "AcceptedJob": _object(
        "A job as it was when it was accepted.",
        "id status mode created_at",
        id=JOB_ID,
        status=_const(Job.State.PENDING),
        mode=MODE,
        created_at=CREATED,
    ),
    "JobAnswer": {
        **_object(
            "A job; its result is there when the job is completed, and only then.",
            "job",
            job=ref("Job"),
            result={"oneOf": [ref("TextResult"), ref("StructuredResult")]},
        ),
        "allOf": [
            _when_job(Job.State.COMPLETED, Job.Mode.TEXT, ref("TextResult")),
            _when_job(Job.State.COMPLETED, Job.Mode.STRUCTURED, ref("StructuredResult")),
            {
                "if": {"required": ["result"]},
                "then": {
                    "properties": {"job": {"properties": {"status": _const(Job.State.COMPLETED)}}}
                },
            },
        ],
    },
    "Job": {
        **_object(
            "A job and how far it is.",
            "id status mode created_at",
            id=JOB_ID,
            status=_text(
                "`pending`: waits for a worker. `processing`: is being read. `completed`: the "
                "result is there. `failed`: there will be no result; `failure_reason` says why.",
                enum=Job.State.values,
            ),
            mode=MODE,
            page_count=PAGES,
            created_at=CREATED,
            completed_at=COMPLETED,
            failed_at=FAILED,
            failure_reason=REASON,
        ),
        "allOf": [
            _when("status", Job.State.COMPLETED, required=["page_count", "completed_at"]),
            _when("status", Job.State.FAILED, required=["failed_at", "failure_reason"]),
        ],
    },
    "TextResult": _object(
        "The result in text mode.",
        "pages",
        pages={"type": "array", "minItems": 1, "items": ref("Page")},
    ),
    "Page": _object(
        "What is written on one page.",
        "page text",
        page=_count("The number of the page; the first one is 1.", minimum=1),
        text=_text("Its text, in reading order."),
    ),
    "StructuredResult": _object(
        "The result in structured mode.",
        "data",
        data={
            "type": ["object", "array", "string", "number", "boolean"],
            "description": "The values that were found, in the shape of the schema that was "
            "submitted: an object, unless the root of a JSON Schema says otherwise. What was not "
            'found is "", 0, false or an empty list.',
        },
        fields={
            "type": "object",
            "additionalProperties": ref("Field"),
            "description": "With `include=evidence`: every field by its dotted path, such as "
            "`total`, `supplier.name` or `line_items.0.amount`.",
        },
        pages={
            "type": "array",
            "items": ref("PageSize"),
            "description": "With `include=evidence`: the sizes of the pages.",
        },
    ),
    "Field": _object(
        "A value and its evidence. A field that is an array of the schema has no value: its "
        "confidence is that of the whole, and every value of its items is a field of its own.",
        "value confidence flag reason page box words",
        value={
            "type": ["string", "number", "boolean", "null"],
            "description": "What was found; null where nothing was.",
        },
        confidence={
            **CONFIDENCE,
            "description": "The share of values such as this that are right.",
        },
        flag={"type": "boolean", "description": "Whether a person should look at it."},
        reason={"type": ["string", "null"], "description": "Why, in words for people."},
        page={
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "The number of the page it stands on.",
        },
        box={"oneOf": [ref("Box"), {"type": "null"}], "description": "Around its words."},
        words={
            "type": "array",
            "items": ref("Word"),
            "description": "What is printed there, as it was read.",
        },
    ),
    "Word": _object(
        "A printed word.",
        "text box confidence",
        text=_text("Its characters."),
        box=ref("Box"),
        confidence={**CONFIDENCE, "description": "How sure the reading of its characters is."},
    ),
    "Box": {
        "type": "array",
        "items": {"type": "number"},
        "minItems": 4,
        "maxItems": 4,
        "description": "Left, top, right and bottom edge in pixels of the page, from its top left "
        "corner.",
    },
    "PageSize": _object(
        "A page as it was read, which is what boxes refer to: PDF pages are rendered at 200 dpi "
        "(very large ones at less), pictures keep their own pixels. To draw a box on a picture of "
        "another size, scale it by the ratio of the two widths.",
        "page width height rotation",
        page=_count("The number of the page; the first one is 1.", minimum=1),
        width=_count("Its width in pixels.", minimum=1),
        height=_count("Its height in pixels.", minimum=1),
        rotation={
            "enum": [0, 90, 180, 270],
            "description": "By how many degrees it was turned clockwise to stand upright; width, "
            "height and boxes are those of the page after that.",
        },
    ),
    "WebhookAnswer": _object(
        "Your organisation's webhook.",
        "webhook",
        webhook={
            "oneOf": [ref("Webhook"), {"type": "null"}],
            "description": "null where none is set.",
        },
    ),
    "CreatedWebhook": _object(
        "The webhook that was just set, with its secret.",
        "webhook",
        webhook=ref("WebhookWithSecret"),
    ),
    "Webhook": _object(
        "Where callbacks go.",
        "url created_at",
        url=_text("Where callbacks are sent.", format="uri"),
        created_at=_time("When it was set"),
    ),
    "WebhookWithSecret": _object(
        "Where callbacks go, and what they are signed with.",
        "url secret created_at",
        url=_text("Where callbacks are sent.", format="uri"),
        secret=_text("What callbacks are signed with. It is shown here only, and never again."),
        created_at=_time("When it was set"),
    ),
    "CompletedEvent": _object(
        "A job was completed.",
        "event job",
        event=_const("job.completed"),
        job=_object(
            "The job, without its result.",
            "id status mode page_count completed_at",
            id=JOB_ID,
            status=_const(Job.State.COMPLETED),
            mode=MODE,
            page_count=PAGES,
            completed_at=COMPLETED,
        ),
    ),
    "FailedEvent": _object(
        "A job failed.",
        "event job",
        event=_const("job.failed"),
        job=_object(
            "The job.",
            "id status failure_reason",
            id=JOB_ID,
            status=_const(Job.State.FAILED),
            failure_reason=REASON,
        ),
    ),
    "Error": _object(
        "What every error looks like.",
        "error request_id",
        error=_object(
            "What went wrong.",
            "code message",
            code=_text(
                "What went wrong, for programs.",
                enum=[status_and_code(kind)[1] for kind in MEANINGS],
            ),
            message=_text("What went wrong, for people."),
            details={
                "type": "array",
                "items": ref("ErrorDetail"),
                "description": "The fields that are wrong, where fields are.",
            },
        ),
        request_id=REQUEST_ID,
    ),
    "ErrorDetail": _object(
        "One field that is wrong.",
        "field reason",
        field=_text("The name of the field, or of the header."),
        reason=_text("Why, in one word for programs."),
    ),
}
