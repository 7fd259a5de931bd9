"""What every page of rows has in common: rights, own rows only, and pages for forms and secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, AdminForm
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.db.models import Field, Model, QuerySet
from django.forms import BaseForm, IntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ocrwell.accounts.models import Member
from ocrwell.dashboard import access

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class OrgFilter(admin.RelatedFieldListFilter):
    """By organisation, for those who see several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "organisation"


BY_ORG = ("org", OrgFilter)
ONE_ORG = ("org", "owner", BY_ORG)


def badge(state: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', state, state)


class Page(ModelAdmin):
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    history = True
    """Whether people change rows here, so that there is something to look back at."""
    intro = ""
    """What the rows are, in a sentence above their list."""
    least: int | None = None
    """The smallest of the whole numbers that people may enter."""

    @admin.display(description="organisation", ordering="org__name")
    def owner(self, row: Any) -> Any:
        return row.org

    def may(self, request: HttpRequest, what: str) -> bool:
        known = request.user.is_authenticated
        return known and access.may(access.person(request), what, self.model)

    def demand(self, request: HttpRequest, what: str) -> None:
        if not self.may(request, what):
            raise PermissionDenied

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "view")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "delete")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return access.visible(access.person(request), super().get_queryset(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """A row this person may see; another organisation's does not exist for them."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """What the filters beside the list ask for; others could spell out a secret by trial."""
        offered = self.get_list_filter(request) if request else []
        return lookup in {text for each in offered for text in _lookups(self.model, each)}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return _for(access.person(request), self.list_display)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return _for(access.person(request), self.list_filter)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        person = access.person(request)
        return [
            (name, {**section, "fields": _for(person, section["fields"])})
            for name, section in super().get_fieldsets(request, obj)
        ]

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Without the buttons that open related rows in another window."""
        if db_field.name == "org":
            kwargs["label"] = "Organisation"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if self.least is not None and isinstance(field, IntegerField):
            field.validators.append(MinValueValidator(self.least))
            field.widget.attrs["min"] = self.least
        return field

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, "intro": self.intro})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django makes a second row out of this name whether a page offers that or not."""
        if "_saveasnew" in request.POST:
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def buttons(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """Actions that this row offers on its own page, each with its label."""
        return []

    def links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """Addresses that lead on from this row's page, each with its label."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = context.get("original")
        context |= {
            "buttons": self.buttons(request, obj) if obj else [],
            "links": self.links(request, obj) if obj else [],
            "checkbox": ACTION_CHECKBOX_NAME,
            "history": self.history,
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def render(
        self, request: HttpRequest, template: str, title: str, context: Mapping[str, Any]
    ) -> TemplateResponse:
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, f"dashboard/{template}.html", {**frame, **context})

    def render_form(
        self, request: HttpRequest, form: BaseForm, *, title: str, button: str, original: Any = None
    ) -> TemplateResponse:
        fields = AdminForm(cast(Any, form), [(None, {"fields": list(form.fields)})], {})
        context = {
            "form": form,
            "adminform": fields,
            "button": button,
            "original": original,
            "removable": original and self.has_delete_permission(request, original),
            "media": self.media + form.media,
        }
        return self.render(request, "form", title, context)

    def render_secret(
        self, request: HttpRequest, secret: str, *, title: str, **context: Any
    ) -> TemplateResponse:
        """The only page that ever shows this; it is neither kept nor cached."""
        return self.render(request, "secret", title, {"secret": secret, **context})


def _for(person: Member, names: Sequence[Any]) -> list[Any]:
    """Who sees one organisation only needs neither its column nor its filter."""
    return [name for name in names if person.is_operator or name not in ONE_ORG]


def _lookups(model: type[Model], offered: Any) -> tuple[str, ...]:
    """What this filter puts into the address."""
    if not isinstance(offered, str | tuple):
        return (offered.parameter_name,)
    name = offered if isinstance(offered, str) else offered[0]
    field: Any = model._meta.get_field(name)  # noqa: SLF001
    if field.is_relation:
        return (f"{name}__{field.target_field.name}__exact", f"{name}__isnull")
    return (f"{name}__exact",)
