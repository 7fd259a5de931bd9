"""Who owns documents, and the keys they call with."""

from __future__ import annotations

from django.db import models

from ocrwell import ids


class Org(models.Model):
    class Plan(models.TextChoices):
        FREE = "free"
        PRO = "pro"
        SCALE = "scale"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=200, unique=True)
    plan = models.CharField(max_length=20, choices=Plan.choices, default=Plan.PRO)
    rate_limit = models.PositiveIntegerField(default=120, help_text="API calls a minute")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


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

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"
