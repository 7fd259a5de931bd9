"""The organisations: operators make and change them, their own people look at theirs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import Field
from django.http import HttpRequest
from django.urls import reverse

from ocrwell.dashboard import access
from ocrwell.dashboard.page import Page


class OrgPage(Page):
    list_display = ("name", "plan", "rate_limit", "created_at")
    list_filter = ("plan",)
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "plan", "rate_limit", "created_at")
    readonly_fields = ("created_at",)
    intro = "Who owns documents, keys and a webhook of their own."

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.IntegerField):
            field.validators.append(MinValueValidator(1))
            field.widget.attrs["min"] = 1
        return field

    def links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        if not access.person(request).is_operator:
            return []
        return [
            (f"{reverse('admin:accounts_apikey_add')}?org={obj.pk}", "New API key"),
            (f"{reverse('admin:accounts_member_add')}?org={obj.pk}", "New member"),
        ]
