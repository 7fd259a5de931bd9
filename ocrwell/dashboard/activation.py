"""The page where a person lets a program have an API key, or does not."""

from __future__ import annotations

import logging
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from ocrwell.accounts import device
from ocrwell.accounts.models import ApiKey, DeviceLogin, Member, Org
from ocrwell.dashboard import access, attempts
from ocrwell.dashboard.pages import site

logger = logging.getLogger(__name__)

TITLE = "Let a program in"
UNKNOWN = (
    "No program waits with this code: it is mistyped, used or older than {minutes} minutes. "
    "Check it, or let the program show a new one."
)
TOO_MANY = "Too many codes that were wrong. Wait a minute, then try again."


class Choice(forms.Form):
    """Whose key it is going to be, where the person has no organisation of their own to give."""

    org = forms.ModelChoiceField(
        Org.objects.order_by("name"),
        label="Organisation",
        error_messages={"required": "Choose the organisation that the key is for."},
    )

    def __init__(self, *args: Any, person: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person.is_operator:
            self.fields["org"].initial = person.org
        else:
            del self.fields["org"]


@require_http_methods(["GET", "HEAD", "POST"])
def _activate(request: HttpRequest) -> HttpResponse:
    person = access.person(request)
    if not access.may(person, "add", ApiKey):
        return _page(request, HTTPStatus.FORBIDDEN, refused=True)
    code = request.POST.get("code") or request.GET.get("code") or ""
    if not code.strip():
        return _page(request)
    counted_by = attempts.activation(request)
    wait = attempts.wait_seconds(counted_by)
    if wait:
        answer = _page(request, HTTPStatus.TOO_MANY_REQUESTS, code=code, problem=TOO_MANY)
        answer["Retry-After"] = str(wait)
        return answer
    login = device.find(code)
    if login is None:
        attempts.failed(counted_by)
        return _gone(request, code)
    return _answer(request, login, code)


activate = site.admin_view(_activate)


def _answer(request: HttpRequest, login: DeviceLogin, code: str) -> HttpResponse:
    """What the person says to the program that waits, or is asked about it."""
    person = access.person(request)
    decision = request.POST.get("decision")
    if decision == "deny":
        if not device.deny(login, member=person):
            return _gone(request, code)
        logger.info("member %s denied the login %s", person.pk, login.pk)
        text = f"You denied {device.named(login)}: it gets no key."
        messages.info(request, text)
        return redirect("admin:index")
    form = Choice(request.POST if decision == "approve" else None, person=person)
    if not form.is_valid():
        return _page(request, code=device.shown(code), login=login, form=form)
    # Whoever is no operator has an organisation.
    return _approve(request, login, cast(Org, form.cleaned_data.get("org", person.org)), code)


def _approve(request: HttpRequest, login: DeviceLogin, org: Org, code: str) -> HttpResponse:
    person = access.person(request)
    if not device.approve(login, member=person, org=org):
        return _gone(request, code)
    logger.info("member %s approved the login %s for %s", person.pk, login.pk, org.pk)
    text = f"{device.named(login)} gets an API key for {org} as soon as it asks again."
    messages.success(request, text)
    return redirect("admin:index")


def _gone(request: HttpRequest, code: str) -> HttpResponse:
    problem = UNKNOWN.format(minutes=settings.DEVICE_LOGIN_TTL // timedelta(minutes=1))
    return _page(request, HTTPStatus.NOT_FOUND, code=device.shown(code), problem=problem)


def _page(
    request: HttpRequest, status: HTTPStatus = HTTPStatus.OK, **context: Any
) -> TemplateResponse:
    login = context.get("login")
    frame = {
        **site.each_context(request),
        "title": TITLE,
        "person": access.person(request),
        "name": device.named(login) if login else "",
    }
    return TemplateResponse(request, "dashboard/activate.html", frame | context, status=status)
