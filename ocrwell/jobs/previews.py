"""Links to the result of a job for people without an account: whoever has one may look."""

from __future__ import annotations

import re
import secrets

from ocrwell.errors import NotFound, ResultExpired
from ocrwell.jobs import results
from ocrwell.jobs.models import Job
from ocrwell.jobs.results import Result

TOKEN_BYTES = 16
GONE = "There is no such preview, or it is no longer available."
_TOKEN = re.compile(r"[\w-]{1,32}", re.ASCII)


def issue(job: Job) -> str:
    """A link for the job, in place of the one that it has; the row may be one that is yet to be
    written.
    """
    return _set(job, secrets.token_urlsafe(TOKEN_BYTES))


def revoke(job: Job) -> None:
    """From now on its link leads nowhere."""
    _set(job, "")


def find(token: str) -> Job:
    """The job that may be looked at with this token, in any state.

    Raises NotFound, also when the time of its result is over.
    """
    job = None
    if _TOKEN.fullmatch(token):
        job = Job.objects.select_related("org").filter(preview_token=token).first()
    if job is None or (job.state != Job.State.FAILED and results.is_over(job)):
        raise NotFound(GONE)
    return job


def result(job: Job) -> Result | None:
    """What came out of it, once it is completed; looking at it is not reading it for its client.

    Raises NotFound.
    """
    if job.state != Job.State.COMPLETED:
        return None
    try:
        return results.look(job)
    except ResultExpired as error:
        raise NotFound(GONE) from error


def path(job: Job) -> str:
    """Of the page that people look at."""
    return f"/preview/{job.preview_token}"


def picture_path(job: Job, page: int) -> str:
    return f"{path(job)}/pages/{page}.jpg"


def _set(job: Job, token: str) -> str:
    job.preview_token = token
    Job.objects.filter(pk=job.pk).update(preview_token=token)
    return token
