"""The jobs: where each document is on its way, and never what is in it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.utils.safestring import SafeString

from ocrwell.dashboard.page import BY_ORG, Page, badge
from ocrwell.jobs.models import Job

SECTIONS: list[tuple[str | None, dict[str, Any]]] = [
    (None, {"fields": ("id", "owner", "state_", "mode", "filename", "failure_reason")}),
    ("Work", {"fields": ("pages", "dialect", "request_id")}),
    ("Times", {"fields": ("created_at", "started_at", "finished_at", "first_read_at")}),
    ("Deletion", {"fields": ("source_deleted_at", "expires_at", "content_deleted_at")}),
]


class JobPage(Page):
    list_display = (
        "id",
        "owner",
        "state_",
        "mode",
        "pages",
        "created_at",
        "took",
        "failure_reason",
    )
    list_filter = ("state", "mode", BY_ORG)
    search_fields = ("id", "request_id")
    search_help_text = "By the id of a job, or the request id of the call that submitted it."
    ordering = ("-created_at",)
    list_select_related = ("org",)
    fieldsets = cast(Any, SECTIONS)
    readonly_fields = tuple(name for _, section in SECTIONS for name in section["fields"])
    history = False
    intro = "Every document that was submitted. What was read in it is for the API only."

    @admin.display(description="state", ordering="state")
    def state_(self, job: Job) -> SafeString:
        return badge(job.state)

    @admin.display(description="pages", ordering="page_count")
    def pages(self, job: Job) -> str:
        return "-" if job.page_count is None else str(job.page_count)

    @admin.display
    def took(self, job: Job) -> str:
        """From the first claim to the end, waiting for a second try included."""
        if not (job.started_at and job.finished_at):
            return "-"
        return f"{(job.finished_at - job.started_at).total_seconds():.1f} s"
