"""The plans of the DeepRead API: operators make and change them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.validators import RegexValidator
from django.db.models import Field
from django.http import HttpRequest

from ocrwell.accounts.models import Org, Plan
from ocrwell.accounts.plans import PUBLISHED
from ocrwell.dashboard.page import Page

NAME = RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", "Use small letters, digits and hyphens only.")
KEPT = frozenset(plan["name"] for plan in PUBLISHED)


class PlanPage(Page):
    list_display = (
        "name",
        "pages_a_month",
        "max_file_mb",
        "max_pages",
        "calls_a_minute",
        "organisations",
    )
    fields = ("name", "pages_a_month", "max_file_mb", "max_pages", "calls_a_minute")
    ordering = ("pages_a_month",)
    least = 1
    intro = "What an organisation may use of the DeepRead API. Changes count from the next call."

    @admin.display
    def organisations(self, plan: Plan) -> int:
        """How many have it."""
        return Org.objects.filter(plan=plan).count()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The name is what organisations are tied to."""
        return ("name",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Neither a plan that somebody has, nor one that would come back with the next update."""
        kept = obj and (obj.name in KEPT or Org.objects.filter(plan=obj).exists())
        return super().has_delete_permission(request, obj) and not kept

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            field.validators.append(NAME)
        return field
