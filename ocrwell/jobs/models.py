"""The rows that are the truth about uploads and jobs. Their content lies in the store."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from ocrwell import ids
from ocrwell.accounts.models import Member, Org


class Upload(models.Model):
    """A place for one file, waiting to be filled and submitted."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="uploads")
    filename = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    submitted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def key(self) -> str:
        return f"uploads/{self.id}"


class Job(models.Model):
    """One document on its way. Changes of state happen in ``jobs.lifecycle`` only."""

    class State(models.TextChoices):
        PENDING = "pending"
        PROCESSING = "processing"
        COMPLETED = "completed"
        FAILED = "failed"

    class Dialect(models.TextChoices):
        NATIVE = "native"
        DEEPREAD = "deepread"

    class Mode(models.TextChoices):
        TEXT = "text"
        STRUCTURED = "structured"

    class Pipeline(models.TextChoices):
        FAST = "fast", "one reading"
        STANDARD = "standard", "readings that check each other"
        SEARCHABLE = "searchable", "standard, with a searchable PDF"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="jobs")
    dialect = models.CharField(max_length=20, choices=Dialect.choices)
    mode = models.CharField(max_length=20, choices=Mode.choices)
    filename = models.CharField(max_length=255, blank=True)
    request_id = models.CharField(
        max_length=36, default="", help_text="of the call that submitted it"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    page_count = models.PositiveIntegerField(null=True, help_text="known once a worker opened it")
    result_key = models.CharField(
        max_length=100, default="", blank=True, help_text="Where the store holds what came out"
    )
    failure_reason = models.CharField(max_length=500, default="", blank=True)
    pipeline = models.CharField(
        max_length=20, choices=Pipeline.choices, default=Pipeline.FAST, blank=True
    )
    include_images = models.BooleanField(default=False)
    include_pages = models.BooleanField(default=False)
    searchable_pdf = models.BooleanField(default=False)
    webhook_url = models.CharField(
        max_length=2000, default="", blank=True, help_text="told of this job alone, unsigned"
    )
    api_base = models.CharField(
        max_length=300, default="", blank=True, help_text="The address that it was submitted to"
    )
    preview_token = models.CharField(
        max_length=32, default="", blank=True, help_text="Whoever has it may see the result"
    )
    reserved_pages = models.PositiveIntegerField(
        default=0, help_text="of the month's quota, until the job ends"
    )
    first_read_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(
        null=True, help_text="From then on the result is refused, deleted or not"
    )
    source_deleted_at = models.DateTimeField(null=True)
    content_deleted_at = models.DateTimeField(
        null=True, help_text="Since then neither row nor store hold anything of the document"
    )

    class Meta:
        indexes = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["content_deleted_at", "expires_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["preview_token"],
                condition=~models.Q(preview_token=""),
                name="one_preview_a_token",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def prefix(self) -> str:
        """Everything the store holds of this job lies below it."""
        return f"jobs/{self.id}"

    @property
    def work_prefix(self) -> str:
        """What is needed while the job is at work lies below it, and goes when the job ends."""
        return f"{self.prefix}/work"

    def image_key(self, page: int) -> str:
        """The picture of a page, as it was read."""
        return f"{self.prefix}/images/{page}.jpg"

    def words_key(self, page: int) -> str:
        """The words of a page and where they stand, as ``parts`` writes them."""
        return f"{self.prefix}/words/{page}.json"

    @property
    def source_key(self) -> str:
        return f"{self.work_prefix}/source"

    @property
    def schema_key(self) -> str:
        return f"{self.work_prefix}/schema.json"


class Correction(models.Model):
    """What a person wrote in the place of a value that was read; the last one of a field counts."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="corrections")
    path = models.CharField(max_length=500, help_text="of the field, such as items.0.price")
    value = models.JSONField(null=True)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.path


class PageBatch(models.Model):
    """Pages of a job that one worker reads at a stretch: what is to do. An ended job has none.

    Changes of state happen in ``jobs.lifecycle`` only. A job starts with one that nobody has opened
    yet; whoever opens it cuts the document into as many as it needs.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        AT_WORK = "at work"
        DONE = "done", "done, while others of its job are not"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="batches")
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    first = models.PositiveIntegerField(default=1)
    last = models.PositiveIntegerField(null=True, help_text="nobody has counted the pages, if null")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveIntegerField(
        default=0, help_text="Counts claims; a worker may only write while this is its own number"
    )
    losses = models.PositiveIntegerField(
        default=0, help_text="How many workers were lost, or failed unexpectedly, on these pages"
    )
    free_at = models.DateTimeField(
        help_text="From then on anybody may take it; whoever works on it keeps moving it ahead"
    )
    due_at = models.DateTimeField(
        help_text="Of one organisation's the earliest comes first: later pages can wait longer"
    )

    class Meta:
        verbose_name_plural = "page batches"
        indexes = [
            models.Index(fields=["org", "due_at"]),
            models.Index(fields=["state", "free_at"]),
        ]
        constraints = [models.UniqueConstraint(fields=["job", "first"], name="no_page_twice")]

    def __str__(self) -> str:
        return f"pages {self.first} to {self.last or 'the end'} of {self.job_id}"


class IdempotencyKey(models.Model):
    """A client's name for one submission: reserved first, accepted together with its job."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical request body")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    job = models.OneToOneField(Job, on_delete=models.CASCADE, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="one_key_one_job")]

    def __str__(self) -> str:
        return self.key


class WorkerProcess(models.Model):
    """An OCR process that passed its self-test, and when it was last heard of."""

    name = models.CharField(primary_key=True, max_length=200)
    seen_at = models.DateTimeField()
    memory_bytes = models.PositiveBigIntegerField(default=0, help_text="resident")

    def __str__(self) -> str:
        return self.name
