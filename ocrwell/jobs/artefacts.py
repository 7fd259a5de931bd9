"""Files that a job leaves beside its result, and the signed names that open them without a key."""

from __future__ import annotations

from django.core import signing
from django.utils import timezone

from ocrwell import ids
from ocrwell.errors import NotFound
from ocrwell.jobs.models import Job
from ocrwell.storage import Missing, Readable, store

TEXT, SEARCHABLE = "text.md", "searchable.pdf"
MEDIA_TYPES = {TEXT: "text/markdown; charset=utf-8", SEARCHABLE: "application/pdf"}
GONE = "There is no such file, or its time is over."
_signer = signing.Signer(sep="~", salt="ocrwell.jobs.artefacts")


def save(job: Job, name: str, content: bytes) -> None:
    """Whoever makes it again makes the same again."""
    store().put(_key(job, name), content)


def path(job: Job, name: str) -> str:
    """Whoever has it may read the file as long as the job's result is kept."""
    return f"{_signer.sign(str(job.pk))}/{name}"


def find(token: str, name: str) -> tuple[Job, int, Readable]:
    """The job, and the size and the content of the file, to be closed; raises NotFound."""
    try:
        job_id = _signer.unsign(token)
    except signing.BadSignature as error:
        raise NotFound(GONE) from error
    kept = Job.objects.filter(content_deleted_at=None, expires_at__gt=timezone.now())
    job = kept.filter(pk=ids.parse(job_id)).first()
    if job is None or name not in MEDIA_TYPES:
        raise NotFound(GONE)
    try:
        return job, *store().open(_key(job, name))
    except Missing as error:
        raise NotFound(GONE) from error


def _key(job: Job, name: str) -> str:
    return f"{job.prefix}/files/{name}"
