"""What organisations have used of the DeepRead API, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from ocrwell.accounts.models import Org, PageUsage
from ocrwell.dashboard import access
from ocrwell.dashboard.page import BY_ORG, Page

if TYPE_CHECKING:
    Inline = admin.TabularInline[PageUsage, Org]
else:
    Inline = admin.TabularInline


class Shown:
    """How a month is told."""

    @admin.display(description="month", ordering="month")
    def month_(self, row: PageUsage) -> str:
        return f"{row.month:%Y-%m}"

    @admin.display(description="pages used", ordering="used")
    def used_(self, row: PageUsage) -> str:
        return f"{row.used:,}"

    @admin.display(description="reserved by jobs at work", ordering="reserved")
    def reserved_(self, row: PageUsage) -> str:
        return f"{row.reserved:,}"


class Months(Shown, Inline):
    """On the page of an organisation."""

    model = PageUsage
    fields = readonly_fields = ("month_", "used_", "reserved_")
    ordering = ("-month",)
    can_delete = False
    verbose_name_plural = "pages of the DeepRead API"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may(access.person(request), "view", PageUsage)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class UsagePage(Shown, Page):
    list_display = ("month_", "owner", "used_", "reserved_")
    list_display_links = None
    list_filter = (BY_ORG,)
    fields = readonly_fields = ("month_", "owner", "used_", "reserved_")
    ordering = ("-month", "org__name")
    list_select_related = ("org",)
    history = False
    intro = "The pages that were read in each month, and those that jobs at work have reserved."
