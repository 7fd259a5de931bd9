"""The jobs: where each document is on its way, and never what is in it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from ocrwell.dashboard.page import BY_ORG, Page, badge
from ocrwell.jobs import previews, results, schedule
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
    actions = ("share", "stop_sharing")
    intro = (
        "Every document that was submitted. What was read in it is for the API, and for whoever "
        "has the link to its preview."
    )

    def has_share_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "share")

    def links(self, request: HttpRequest, obj: Job) -> list[tuple[str, str]]:
        return [(previews.path(obj), "Preview")] if _is_shared(obj) else []

    def buttons(self, request: HttpRequest, obj: Job) -> list[tuple[str, str]]:
        if not self.has_share_permission(request):
            return []
        if _is_shared(obj):
            return [("stop_sharing", "Stop sharing")]
        return [("share", "Make a preview link")] if _has_preview(obj) else []

    @admin.action(description="Make new preview links", permissions=["share"])
    def share(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        jobs = [job for job in queryset if _has_preview(job)]
        for job in jobs:
            previews.issue(job)
        made = f"{_counted(len(jobs))} a new preview link."
        told = "Jobs of the native API, and those whose time is over, have no preview."
        self.message_user(
            request, made if jobs else told, messages.SUCCESS if jobs else messages.WARNING
        )

    @admin.action(description="Stop sharing previews", permissions=["share"])
    def stop_sharing(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        jobs = [job for job in queryset if job.preview_token]
        for job in jobs:
            previews.revoke(job)
        self.message_user(request, f"{_counted(len(jobs))} no preview link any more.")

    @admin.display(description="state", ordering="state")
    def state_(self, job: Job) -> SafeString:
        return badge(job.state)

    @admin.display(description="pages", ordering="page_count")
    def pages(self, job: Job) -> str:
        """Of a job at work also how many are read."""
        if job.page_count is None:
            return "-"
        if job.state == Job.State.PROCESSING and job.page_count > 1:
            return f"{schedule.pages_read(job)} of {job.page_count}"
        return str(job.page_count)

    @admin.display
    def took(self, job: Job) -> str:
        """From the first claim to the end, waiting for a second try included."""
        if not (job.started_at and job.finished_at):
            return "-"
        return f"{(job.finished_at - job.started_at).total_seconds():.1f} s"


def _has_preview(job: Job) -> bool:
    return job.dialect == Job.Dialect.DEEPREAD and not results.is_over(job)


def _is_shared(job: Job) -> bool:
    return bool(job.preview_token) and _has_preview(job)


def _counted(count: int) -> str:
    return "1 job has" if count == 1 else f"{count} jobs have"
