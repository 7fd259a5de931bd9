"""The webhook of each organisation, and what was sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import localize
from django.utils.safestring import SafeString

from ocrwell.accounts.models import Member, Org
from ocrwell.dashboard import access
from ocrwell.dashboard.page import BY_ORG, Page, badge
from ocrwell.errors import InvalidField, NotFound
from ocrwell.webhooks import delivery, endpoints
from ocrwell.webhooks.models import Attempt, Delivery, Endpoint

if TYPE_CHECKING:
    Inline = admin.TabularInline[Attempt, Delivery]
else:
    Inline = admin.TabularInline

WARNING = (
    "Saving makes a new secret and shows it once; the old one stays valid for a day, so that "
    "your receiver can change over."
)


class Address(forms.Form):
    org = forms.ModelChoiceField(Org.objects.order_by("name"), label="Organisation")
    url = forms.CharField(
        label="URL",
        widget=AdminTextInputWidget,
        help_text="Where the news about finished jobs is POSTed to.",
    )

    def __init__(
        self, *args: Any, person: Member, endpoint: Endpoint | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owner = endpoint.org if endpoint else person.org
        if endpoint:
            self.fields["url"].help_text = WARNING
        if endpoint or not person.is_operator:
            del self.fields["org"]

    def save(self) -> tuple[Endpoint, str] | None:
        """The webhook and its secret; without one, the form says what is wrong with the URL."""
        found = {"org": self.owner, **self.cleaned_data}
        try:
            return endpoints.put(**found)
        except InvalidField as error:
            self.add_error("url", error.message)
            return None


class EndpointPage(Page):
    list_display = ("url", "owner", "created_at")
    fields = readonly_fields = ("url", "owner", "created_at")
    search_fields = ("url",)
    ordering = ("org__name",)
    list_select_related = ("org",)
    intro = "Where an organisation wants to be told that a job has ended."

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An organisation has one webhook: the second time it is changed, not added."""
        org = access.person(request).org
        full = org is not None and endpoints.get(org=org) is not None
        return super().has_add_permission(request) and (
            access.person(request).is_operator or not full
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.demand(request, "add")
        return self._put(request, None)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.may(request, "change"):
            return super().change_view(request, object_id, form_url, extra_context)
        return self._put(request, self.get_object(request, object_id))

    def _put(self, request: HttpRequest, before: Endpoint | None) -> HttpResponse:
        initial = {"url": before.url} if before else {"org": request.GET.get("org")}
        person = access.person(request)
        form = Address(request.POST or None, initial=initial, person=person, endpoint=before)
        saved = form.save() if form.is_valid() else None
        if saved is None:
            title = f"Webhook of {before.org}" if before else "New webhook"
            return self.render_form(
                request, form, title=title, button="Save and show the secret", original=before
            )
        endpoint, secret = saved
        log = self.log_change if before else self.log_addition
        log(request, endpoint, f"Set to {endpoint.url}.")
        return self.render_secret(
            request,
            secret,
            title="The webhook is set",
            what="secret",
            instead="save the webhook again: that makes a new one",
            back=endpoint,
        )

    def delete_model(self, request: HttpRequest, obj: Endpoint) -> None:
        endpoints.delete(org=obj.org)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset.select_related("org"):
            endpoints.delete(org=endpoint.org)


class Attempts(Inline):
    model = Attempt
    fields = ("at", "url", "status", "error", "milliseconds")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may(access.person(request), "view", Delivery)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeliveryPage(Page):
    list_display = ("event", "job", "owner", "state_", "tries", "due", "created_at")
    list_filter = ("state", "event", BY_ORG)
    search_fields = ("id", "job__id")
    ordering = ("-created_at",)
    list_select_related = ("org", "job")
    fields = ("id", "event", "job", "owner", "state_", "tries", "due", "created_at", "ended_at")
    readonly_fields = fields
    inlines = (Attempts,)
    actions = ("send_again",)
    intro = "What was sent to webhooks: each message is tried some times before it is abandoned."

    @admin.display(description="state", ordering="state")
    def state_(self, row: Delivery) -> SafeString:
        return badge(row.state)

    @admin.display(description="next try", ordering="due_at")
    def due(self, row: Delivery) -> str:
        return localize(row.due_at) if row.state == Delivery.State.PENDING else "-"

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "replay")

    def buttons(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        offered = self.has_replay_permission(request) and obj.state == Delivery.State.ABANDONED
        return [("send_again", "Send again")] if offered else []

    @admin.action(description="Send selected deliveries again", permissions=["replay"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        try:
            sent = [row for row in queryset if delivery.replay(row)]
        except NotFound as error:
            self.message_user(request, error.message, messages.ERROR)
            return
        for row in sent:
            self.log_change(request, row, "Sent again.")
        one = len(sent) == 1
        text = "1 message is sent again." if one else f"{len(sent)} messages are sent again."
        self.message_user(request, text, messages.SUCCESS)
