"""The API keys: made here and shown once, then renamed, limited in time or revoked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextInputWidget
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from ocrwell.accounts import keys
from ocrwell.accounts.models import ApiKey, Member, Org
from ocrwell.dashboard import access, examples
from ocrwell.dashboard.page import BY_ORG, Page, badge


class NewKey(forms.Form):
    org = forms.ModelChoiceField(Org.objects.order_by("name"), label="Organisation")
    name = forms.CharField(
        max_length=200,
        widget=AdminTextInputWidget,
        help_text="What the key is for, such as the program that calls with it.",
    )
    expires_at = forms.SplitDateTimeField(
        label="Expires",
        required=False,
        widget=AdminSplitDateTime,
        help_text="In UTC. Leave it empty for a key that stays valid until it is revoked.",
    )

    def __init__(self, *args: Any, person: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.is_operator:
            del self.fields["org"]

    def clean_expires_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["expires_at"]
        if at and at <= timezone.now():
            raise forms.ValidationError("This time has passed. Choose one to come.")
        return at


class StateFilter(admin.SimpleListFilter):
    title = parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.capitalize()) for name in ("active", "revoked", "expired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        expired = Q(expires_at__lte=timezone.now())
        meaning = {
            "active": Q(revoked_at=None) & ~expired,
            "revoked": Q(revoked_at__isnull=False),
            "expired": Q(revoked_at=None) & expired,
        }
        return queryset.filter(meaning.get(self.value() or "", Q()))


class KeyPage(Page):
    list_display = (
        "name",
        "prefix_",
        "owner",
        "state_",
        "created",
        "expires_at",
        "last_used_at",
    )
    list_filter = (StateFilter, BY_ORG)
    search_fields = ("name", "prefix")
    ordering = ("-created_at",)
    list_select_related = ("org",)
    fields = (
        "name",
        "prefix_",
        "owner",
        "state_",
        "expires_at",
        "created_at",
        "last_used_at",
        "revoked_at",
    )
    readonly_fields = ("prefix_", "owner", "state_", "created_at", "last_used_at", "revoked_at")
    actions = ("revoke",)
    intro = "What programs call the API with. A key is shown once, when it is made."

    @admin.display(description="prefix", ordering="prefix")
    def prefix_(self, key: ApiKey) -> str:
        return f"{key.prefix}…"

    @admin.display(ordering="created_at")
    def created(self, key: ApiKey) -> date:
        return key.created_at.date()

    @admin.display(description="state")
    def state_(self, key: ApiKey) -> SafeString:
        return badge(key.state)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.revoked_at)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "revoke")

    def buttons(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        offered = self.has_revoke_permission(request) and not obj.revoked_at
        return [("revoke", "Revoke this key")] if offered else []

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.demand(request, "add")
        person = access.person(request)
        initial = {"org": request.GET.get("org")}
        form = NewKey(request.POST or None, initial=initial, person=person)
        if not form.is_valid():
            return self.render_form(request, form, title="New API key", button="Create key")
        found = {"org": person.org, **form.cleaned_data}
        key, plain = keys.issue(**found)
        self.log_addition(request, key, "Created.")
        return self.render_secret(
            request,
            plain,
            title=f"The API key “{key.name}” is ready",
            what="key",
            instead="revoke it and create another one",
            back=key,
            api=examples.base_url(request),
        )

    @admin.action(description="Revoke selected keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            title = "Revoke these keys?"
            return self.render(request, "revoke", title, {"keys": queryset.filter(revoked_at=None)})
        revoked = [key for key in queryset if keys.revoke(key=key)]
        for key in revoked:
            self.log_change(request, key, "Revoked.")
        text = "1 key is revoked." if len(revoked) == 1 else f"{len(revoked)} keys are revoked."
        self.message_user(request, text, messages.SUCCESS)
        return None
