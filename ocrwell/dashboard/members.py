"""The people: who can log in, for which organisation and with which rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import BaseUserCreationForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from ocrwell.accounts.models import Member
from ocrwell.dashboard import access
from ocrwell.dashboard.page import BY_ORG, Page

if TYPE_CHECKING:
    MemberForm = forms.ModelForm[Member]
    NewMemberForm = BaseUserCreationForm[Member]
    Password = SetPasswordForm[Member]
else:
    MemberForm = forms.ModelForm
    NewMemberForm = BaseUserCreationForm
    Password = SetPasswordForm

STANDING = ("role", "is_operator", "is_active")


class NeedsOrg(MemberForm):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if "org" in self.fields and not (found.get("org") or found.get("is_operator")):
            self.add_error("org", "Choose this person's organisation.")
        return found


class NewMember(NeedsOrg, NewMemberForm):
    class Meta:
        model = Member
        fields = ("username",)


class MemberPage(Page):
    form = NeedsOrg
    list_display = ("username", "email", "owner", "rights", "is_active", "last_login")
    list_filter = ("role", "is_active", BY_ORG)
    search_fields = ("username", "email")
    ordering = ("username",)
    list_select_related = ("org",)
    readonly_fields = ("owner", "last_login", "created_at")
    intro = "Admins manage people, keys and the webhook; members keys; reviewers see jobs only."

    @admin.display(description="role", ordering="role")
    def rights(self, member: Member) -> str:
        return "operator" if member.is_operator else member.role

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        secret = () if obj else ("password1", "password2")
        seen = ("is_active", "last_login", "created_at") if obj else ()
        owner = "owner" if obj and obj.org_id else "org"
        names = ["username", "email", *secret, owner, "role", "is_operator", *seen]
        if not access.person(request).is_operator:
            names.remove("is_operator")
        return names

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody can shut themselves out, and nobody moves to another organisation."""
        own = STANDING if obj == request.user else ()
        return [*self.readonly_fields, *own]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(
            request, obj, change, **({} if obj else {"form": NewMember}) | kwargs
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        person = access.person(request)
        if not (change or person.is_operator):
            obj.org = person.org
        super().save_model(request, obj, form, change)

    def links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        return [(reverse("admin:accounts_member_password", args=[obj.pk]), "Set password")]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.password_view)
        own = path("<str:object_id>/password/", view, name="accounts_member_password")
        return [own, *super().get_urls()]

    def password_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        member = self.get_object(request, object_id)
        self.demand(request, "change")
        form = Password(member, request.POST or None)
        if not form.is_valid():
            title = f"Set the password of {member}"
            return self.render_form(
                request, form, title=title, button="Set password", original=member
            )
        form.save()
        self.log_change(request, member, "Set the password.")
        if member == request.user:
            update_session_auth_hash(request, member)
        self.message_user(
            request, f"The password of {member} is set; they are logged out.", messages.SUCCESS
        )
        return redirect("admin:accounts_member_change", member.pk)
