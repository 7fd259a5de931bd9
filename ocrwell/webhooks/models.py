"""Where an organisation wants to be told, and what was tried to tell it."""

from __future__ import annotations

from django.db import models

from ocrwell import ids
from ocrwell.accounts.models import Org
from ocrwell.jobs.models import Job


class Endpoint(models.Model):
    """The one webhook of an organisation."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    org = models.OneToOneField(Org, on_delete=models.CASCADE, related_name="endpoint")
    url = models.CharField(max_length=2000)
    secret = models.CharField(max_length=100)
    old_secret = models.CharField(max_length=100, default="", blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, help_text="When somebody last began a try")

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message on its way. Changes of state happen in ``webhooks.delivery`` only."""

    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        ABANDONED = "abandoned"

    class Event(models.TextChoices):
        COMPLETED = "job.completed"
        FAILED = "job.failed"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="deliveries")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20, choices=Event.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PENDING)
    tries = models.PositiveIntegerField(default=0, help_text="since it was scheduled or replayed")
    due_at = models.DateTimeField(help_text="The next try; a try at work moves it out of reach")
    at_work = models.BooleanField(default=False, help_text="being tried, if it is not due")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return str(self.id)


class Attempt(models.Model):
    """One try as the log shows it, or why there will be none."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    url = models.CharField(max_length=2000)
    status = models.PositiveIntegerField(null=True, help_text="of the answer, where there was one")
    error = models.CharField(max_length=500, default="", blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.error or f"{self.status}"
