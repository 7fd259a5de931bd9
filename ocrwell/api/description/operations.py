"""What each operation of the native API is for, and how it may answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema,
)

from engine import formats
from ocrwell import errors
from ocrwell.api.description import examples, shapes

View = TypeVar("View", bound=Callable[..., Any])
Problem = type[errors.ServiceError]
Answers = dict[int, OpenApiResponse]

DOCUMENTS, WEBHOOKS = "Documents", "Webhooks"
TAGS = {
    DOCUMENTS: "From a file to its text or its fields.",
    WEBHOOKS: "Being told instead of asking.",
}

# What may happen to any call, to any that needs a key, and to any with a JSON body.
ANY: tuple[Problem, ...] = (errors.BadRequest, errors.ServiceError, errors.Unavailable)
KEYED: tuple[Problem, ...] = (*ANY, errors.Unauthorized, errors.RateLimited)
JSON: tuple[Problem, ...] = (*KEYED, errors.InvalidField, errors.FileTooLarge)


def _refusals(kinds: tuple[Problem, ...]) -> Answers:
    """One response for every status, in order, with an example of each kind of error."""
    grouped: dict[int, list[Problem]] = {}
    for kind in (each for each in shapes.MEANINGS if each in kinds):
        grouped.setdefault(shapes.status_and_code(kind)[0], []).append(kind)
    return {
        status: OpenApiResponse(
            shapes.ref("Error"),
            description=" ".join(shapes.MEANINGS[kind] for kind in same),
            examples=[_example(kind) for kind in same],
        )
        for status, same in sorted(grouped.items())
    }


def _example(kind: Problem) -> OpenApiExample:
    name = shapes.status_and_code(kind)[1]
    return OpenApiExample(name, examples.error(kind), summary=name)


def _answer(shape: str, description: str, **shown: Any) -> OpenApiResponse:
    named = [OpenApiExample(name.replace("_", " "), value) for name, value in shown.items()]
    return OpenApiResponse(shapes.ref(shape), description, named)


def _sent(**shown: Any) -> list[OpenApiExample]:
    return [
        OpenApiExample(name.replace("_", " "), value, request_only=True)
        for name, value in shown.items()
    ]


def _operation(
    name: str, summary: str, description: str, answers: Answers, *may_fail: Problem, **more: Any
) -> Callable[[View], View]:
    tag = WEBHOOKS if name.endswith("Webhook") else DOCUMENTS
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=description,
        responses=answers | _refusals(may_fail),
        tags=[tag],
        **more,
    )


create_upload: Callable[[View], View] = _operation(
    "createUpload",
    "Ask for a place to upload a file to",
    "The first of two steps. The answer's `upload_url` takes the file itself, with PUT; it is "
    "good for 15 minutes. Then `POST /v1/documents` submits the file.",
    {200: _answer("Upload", "Where to put the file.", an_upload=examples.UPLOAD)},
    *JSON,
    errors.UnsupportedFormat,
    examples=_sent(a_file=examples.CREATE_UPLOAD),
)

upload_file: Callable[[View], View] = _operation(
    "uploadFile",
    "Upload the file",
    "Send the bytes of the file to the `upload_url` of `POST /v1/uploads`, exactly as you got it: "
    "it may lead to another server than this one. It is signed and needs no key. The "
    "`Content-Type` has to be the one of the file's name, or none at all. A second PUT replaces "
    "the file until it has been submitted.",
    {200: OpenApiResponse(description="The file is there.")},
    *ANY,
    errors.InvalidField,
    errors.NotFound,
    errors.FileTooLarge,
    request={each.media_type: OpenApiRequest(OpenApiTypes.BINARY) for each in formats.ALL},
    parameters=[
        OpenApiParameter(
            "token",
            location=OpenApiParameter.PATH,
            description="The last part of the `upload_url`.",
        )
    ],
)

submit_document: Callable[[View], View] = _operation(
    "submitDocument",
    "Submit an uploaded file",
    "The second of two steps: a job is made of the file and queued. The answer does not wait for "
    "it. Ask `GET /v1/jobs/{job_id}` for the result, or set a webhook.\n\n"
    "The `schema` of structured mode says which fields to read and what comes back. It is either "
    'a template (`""` stands for text, `0` for a number, `true` or `false` for yes or no, a list '
    "with one element for a table) or a JSON Schema. It may have 64 KB.",
    {202: _answer("AcceptedDocument", "The job waits for a worker.", a_job=examples.ACCEPTED)},
    *JSON,
    errors.NotFound,
    errors.UnsupportedFormat,
    errors.DuplicateRequest,
    errors.InvalidSchema,
    examples=_sent(
        everything_that_is_written=examples.SUBMIT_TEXT,
        the_fields_of_a_template=examples.SUBMIT_STRUCTURED,
    ),
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            {"type": "string", "minLength": 1, "maxLength": settings.MAX_IDEMPOTENCY_KEY},
            OpenApiParameter.HEADER,
            # No example: the page would fill it in, and refuse the second try with another body.
            description="A string of your own, such as `scan-2026-03-23-0042`, that makes it safe "
            "to send this call again: for 24 hours the same key and body get the same answer and "
            "no second job. Another body with the same key is refused. Keys of different "
            "organisations do not meet.",
        )
    ],
)

get_job: Callable[[View], View] = _operation(
    "getJob",
    "Ask for a job and its result",
    "The status is 200 whatever became of the job: look at `status`. Reading a result for the "
    "first time starts its last 5 minutes.",
    {
        200: OpenApiResponse(
            shapes.ref("JobAnswer"),
            "The job, and its result once it is completed.",
            [OpenApiExample(name, value) for name, value in examples.JOBS.items()],
        )
    },
    *KEYED,
    errors.InvalidField,
    errors.NotFound,
    errors.ResultExpired,
    parameters=[
        OpenApiParameter(
            "job_id",
            location=OpenApiParameter.PATH,
            description="The `id` of the job.",
            examples=[OpenApiExample("a job", examples.JOB_ID)],
        ),
        OpenApiParameter(
            "include",
            {"type": "string", "enum": ["evidence"]},
            OpenApiParameter.QUERY,
            description="`evidence`: in structured mode the result also has `fields`, which say "
            "where each value stands and how sure it is, and the sizes of the `pages`. Jobs in "
            "text mode and jobs under way have none. An addition to the contract: without it the "
            "answer is the contract's.",
        ),
    ],
)

set_webhook: Callable[[View], View] = _operation(
    "setWebhook",
    "Set the webhook",
    "From now on every job that ends is told to this URL. It replaces the one before, and its "
    "secret is always a new one: do it again when the secret is lost. The secret before goes on "
    "signing for 24 hours, so that a receiver can change over.",
    {200: _answer("CreatedWebhook", "The webhook is set.", a_webhook=examples.NEW_WEBHOOK)},
    *JSON,
    examples=_sent(a_webhook=examples.SET_WEBHOOK),
)

get_webhook: Callable[[View], View] = _operation(
    "getWebhook",
    "Look the webhook up",
    "The secret is not shown.",
    {
        200: _answer(
            "WebhookAnswer",
            "The webhook, or null.",
            a_webhook=examples.WEBHOOK,
            none=examples.NO_WEBHOOK,
        )
    },
    *KEYED,
)

delete_webhook: Callable[[View], View] = _operation(
    "deleteWebhook",
    "Remove the webhook",
    "No callback is sent any more, not even for jobs that have ended already. Fine also where "
    "there is none.",
    {204: OpenApiResponse(description="There is no webhook now.")},
    *KEYED,
)
