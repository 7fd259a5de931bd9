"""The dashboard's table of contents: which page shows which rows."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from ocrwell.accounts.models import ApiKey, Member, Org, PageUsage, Plan
from ocrwell.dashboard.api_keys import KeyPage
from ocrwell.dashboard.jobs import JobPage
from ocrwell.dashboard.members import MemberPage
from ocrwell.dashboard.organisations import OrgPage
from ocrwell.dashboard.plans import PlanPage
from ocrwell.dashboard.site import Dashboard
from ocrwell.dashboard.usage import UsagePage
from ocrwell.dashboard.webhooks import DeliveryPage, EndpointPage
from ocrwell.jobs.models import Job
from ocrwell.webhooks.models import Delivery, Endpoint

site = Dashboard()
site.register(Job, JobPage)
site.register(ApiKey, KeyPage)
site.register(Member, MemberPage)
site.register(Org, OrgPage)
site.register(Plan, PlanPage)
site.register(PageUsage, UsagePage)
site.register(Endpoint, EndpointPage)
site.register(Delivery, DeliveryPage)


@csrf_exempt
def front(request: HttpRequest) -> HttpResponse:
    """Who opens the bare host name, or forgets the slash, is taken to the dashboard."""
    if request.method not in ("GET", "HEAD"):
        raise Http404
    return redirect("admin:index")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without its token, or from another site."""
    return site.problem(request, 403)
