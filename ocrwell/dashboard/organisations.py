"""The organisations: operators make and change them, their own people look at theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.validators import MaxValueValidator
from django.db.models import Field
from django.http import HttpRequest
from django.urls import reverse

from ocrwell.accounts.models import Org
from ocrwell.dashboard import access
from ocrwell.dashboard.page import Page
from ocrwell.dashboard.usage import Months

LONGEST = settings.MAX_RETENTION // timedelta(hours=1)


class OrgPage(Page):
    list_display = ("name", "plan", "rate_limit", "retention_hours", "created_at")
    list_filter = ("plan",)
    search_fields = ("name",)
    ordering = ("name",)
    least = 1
    readonly_fields = ("plan_", "created_at")
    intro = "Who owns documents, keys and a webhook of their own."

    @admin.display(description="plan")
    def plan_(self, org: Org) -> str:
        """Without a link to a page that is for operators."""
        return str(org.plan_id)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        plan = "plan" if access.person(request).is_operator else "plan_"
        return ["name", plan, "rate_limit", "retention_hours", "created_at"]

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [Months] if obj else []

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "retention_hours":
            field.validators.append(MaxValueValidator(LONGEST))
            field.widget.attrs["max"] = LONGEST
        return field

    def links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        if not access.person(request).is_operator:
            return []
        return [
            (f"{reverse('admin:accounts_apikey_add')}?org={obj.pk}", "New API key"),
            (f"{reverse('admin:accounts_member_add')}?org={obj.pk}", "New member"),
        ]
