"""Who owns documents, who may look after them, and the keys they call with."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from ocrwell import ids


class Plan(models.Model):
    """What an organisation may use of the DeepRead API; operators edit these rows."""

    name = models.CharField(primary_key=True, max_length=20)
    pages_a_month = models.PositiveIntegerField()
    max_file_mb = models.PositiveIntegerField("largest file", help_text="MB")
    max_pages = models.PositiveIntegerField(
        "most pages", null=True, blank=True, help_text="of one document; empty: any number"
    )
    calls_a_minute = models.PositiveIntegerField(help_text="Asking for a job counts as no call")

    class Meta:
        ordering = ["pages_a_month"]

    def __str__(self) -> str:
        return self.name


class Org(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=200, unique=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, default="pro", db_column="plan", related_name="+"
    )
    rate_limit = models.PositiveIntegerField(
        default=120, help_text="Calls of the native API a minute"
    )
    retention_hours = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How long results of the DeepRead API are kept; empty: as long as the service "
        "keeps those of everybody",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    served_at = models.DateTimeField(
        null=True, editable=False, help_text="When a worker last took work of it"
    )

    class Meta:
        verbose_name = "organisation"

    def __str__(self) -> str:
        return self.name


class Members(BaseUserManager["Member"]):
    def create_user(self, username: str, password: str | None, **fields: Any) -> Member:
        """Without a password the person cannot log in until somebody sets one."""
        member = Member(username=Member.normalize_username(username), **fields)
        member.set_password(password)
        member.save()
        return member

    def create_superuser(self, username: str, password: str | None) -> Member:
        """An operator; the name is the one that Django's ``createsuperuser`` calls."""
        return self.create_user(username, password, is_operator=True)


class Member(AbstractBaseUser):
    """A person who can log in to the dashboard: for one organisation, or as an operator for all."""

    class Role(models.TextChoices):
        ADMIN = "admin"
        MEMBER = "member"
        REVIEWER = "reviewer"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True, help_text="Where admins are warned about their quota.")
    org = models.ForeignKey(
        Org, on_delete=models.CASCADE, related_name="members", null=True, blank=True
    )
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    is_operator = models.BooleanField(
        "operator", default=False, help_text="Sees and manages every organisation."
    )
    is_active = models.BooleanField("active", default=True, help_text="May log in.")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    objects = Members()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_member_has_an_organisation",
                condition=models.Q(is_operator=True) | models.Q(org__isnull=False),
            )
        ]

    @property
    def is_staff(self) -> bool:
        """Whoever can log in may see the dashboard; its pages decide what they show to whom."""
        return True

    @property
    def is_superuser(self) -> bool:
        return self.is_operator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_operator

    def has_module_perms(self, app_label: str) -> bool:
        return True


class PageUsage(models.Model):
    """The pages of an organisation in one calendar month, in UTC, through the DeepRead API."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="usage")
    month = models.DateField(help_text="its first day")
    used = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0, help_text="by jobs that have not ended")
    warned_at = models.PositiveIntegerField(
        default=0, help_text="The highest share, in percent, that admins were told of"
    )

    class Meta:
        verbose_name = "month of usage"
        verbose_name_plural = "months of usage"
        constraints = [models.UniqueConstraint(fields=["org", "month"], name="one_row_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of {self.org_id}"


class DeviceLogin(models.Model):
    """A program that asks for a key, and what a person said to it. Of its codes only digests are
    stored; the key is made when the program fetches it.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        DENIED = "denied"
        COLLECTED = "collected", "the key was handed over"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    device_digest = models.CharField(max_length=64, unique=True)
    user_digest = models.CharField(max_length=64, db_index=True)
    agent_name = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=50, help_text="that the program called from")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    polled_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PENDING)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, related_name="+", help_text="who decided"
    )
    org = models.ForeignKey(
        Org, on_delete=models.CASCADE, null=True, related_name="+", help_text="whose key it gets"
    )

    def __str__(self) -> str:
        return str(self.id)


class Window(models.Model):
    """How often something happened in the current minute, where no Redis counts it."""

    key = models.CharField(primary_key=True, max_length=200)
    count = models.PositiveIntegerField()
    resets_at = models.BigIntegerField(help_text="Unix time")

    def __str__(self) -> str:
        return self.key


class ApiKey(models.Model):
    """Only the digest is stored: a key is shown once, when it is issued."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key, in hex")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        expired = self.expires_at and self.expires_at <= timezone.now()
        return "expired" if expired else "active"
