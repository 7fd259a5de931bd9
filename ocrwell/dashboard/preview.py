"""The page behind a preview's link: the pages of a document with what was read in them, for anybody
who has the link, and the place where members of the job's organisation correct it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from engine.types import Page
from ocrwell.accounts.models import Member
from ocrwell.dashboard import access, preview_fields
from ocrwell.dialects.deepread_result import PRIVATE, STATES
from ocrwell.errors import InvalidField, NotFound
from ocrwell.jobs import corrections, pictures, previews, schedule
from ocrwell.jobs.models import Correction, Job
from ocrwell.jobs.results import PageSize, PageText, Result
from ocrwell.jobs.values import Value
from ocrwell.storage import Missing

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

NO_PAGE = "There is no such page."
NOT_YOURS = (
    "Only members of the organisation whose document this is can change something here. If you "
    "are one, load the page again and log in."
)
NO_VALUE = "There is no such value any more. Load the page again."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever has the link; ``member`` is None for anybody who has nothing to do with the job."""

    member: Member | None
    reviews: bool = False
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in the list of pages; without sizes where those are known by its picture only."""

    text: PageText
    size: PageSize | None

    @property
    def number(self) -> int:
        return self.text.number


def _found(view: View[P]) -> View[P]:
    """Nobody else is told of the address, nothing stays in the browser, what is gone says so."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except NotFound:
            response = render(request, "dashboard/preview_gone.html", status=404)
        for name, value in PRIVATE.items():
            response[name] = value
        return response

    return answer


@require_safe
@_found
def show(request: HttpRequest, token: str) -> HttpResponse:
    job = previews.find(token)
    result, who = previews.result(job), _visitor(request, job)
    context: dict[str, Any] = {"job": job, "status": STATES[job.state], "who": who}
    context["log_in"] = f"{reverse('admin:login')}?next={previews.path(job)}"
    context["link"] = request.build_absolute_uri(previews.path(job))
    if result is None:
        context["pages_read"] = schedule.pages_read(job)
        return render(request, "dashboard/preview_waiting.html", context)
    context |= {"sheets": _sheets(result), "panel": preview_fields.panel(job, result)}
    return render(request, "dashboard/preview.html", context)


@require_safe
@_found
def picture(request: HttpRequest, token: str, number: int) -> HttpResponse:
    job = _opened(token, number)
    try:
        content = pictures.picture(job, number)
    except Missing as error:
        raise NotFound(NO_PAGE) from error
    return HttpResponse(content, content_type="image/jpeg")


@require_safe
@_found
def words(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """What is written on a page, and where every word of it stands."""
    job = _opened(token, number)
    try:
        page = pictures.page(job, number)
    except Missing as error:
        raise NotFound(NO_PAGE) from error
    return JsonResponse({"width": page.width, "height": page.height, "words": _placed(page)})


@require_POST
@_found
def correct(request: HttpRequest, token: str) -> HttpResponse:
    """Set, confirm or take back a value; the answer has the value as it is shown then."""
    job = previews.find(token)
    who, result = _visitor(request, job), previews.result(job)
    if who.member is None or not who.reviews or result is None:
        return _refusal(NOT_YOURS, 403)
    path = request.POST.get("path", "")
    before = preview_fields.panel(job, result).entry(path)
    if before is None:
        return _refusal(NO_VALUE, 404)
    try:
        _change(job, before.value, request, who.member)
    except InvalidField as problem:
        return _refusal(problem.message, 400)
    panel = preview_fields.panel(job, result)
    context = {"entry": panel.entry(path), "who": who}
    html = render_to_string("dashboard/preview_value.html", context)
    return JsonResponse({"html": html, "left": panel.left, "of": panel.doubtful})


@require_POST
@_found
def share(request: HttpRequest, token: str) -> HttpResponse:
    """Make another link, or none; the answer says where to go on."""
    job = previews.find(token)
    if not _visitor(request, job).shares:
        return _refusal(NOT_YOURS, 403)
    if request.POST.get("do") == "renew":
        previews.issue(job)
        return JsonResponse({"next": previews.path(job)})
    previews.revoke(job)
    return JsonResponse({"next": reverse("admin:jobs_job_change", args=[job.pk])})


def _visitor(request: HttpRequest, job: Job) -> Visitor:
    if not request.user.is_authenticated:
        return Visitor(None)
    member = access.person(request)
    if not access.visible(member, Job.objects.filter(pk=job.pk)).exists():
        return Visitor(None)
    return Visitor(member, access.may(member, "add", Correction), access.may(member, "share", Job))


def _opened(token: str, number: int) -> Job:
    job = previews.find(token)
    if job.state != Job.State.COMPLETED or not 1 <= number <= (job.page_count or 0):
        raise NotFound(NO_PAGE)
    return job


def _sheets(result: Result) -> Sequence[Sheet]:
    sizes = {size.number: size for size in result.sizes}
    return [Sheet(text, sizes.get(text.number)) for text in result.pages]


def _placed(page: Page) -> list[list[Any]]:
    """Each word with its box in pixels of the picture, and how sure it is."""
    return [
        [word.text, box.x0, box.y0, box.x1, box.y1, round(word.confidence, 3)]
        for line in page.lines
        for word in line.words
        for box in [word.box]
    ]


def _change(job: Job, value: Value, request: HttpRequest, member: Member) -> None:
    do = request.POST.get("do")
    if do == "confirm":
        corrections.confirm(job, value, member)
    elif do == "undo":
        corrections.take_back(job, value, member)
    elif value.kind != "list":
        new = corrections.parsed(value, request.POST.get("value", ""))
        corrections.correct(job, value, new, member)


def _refusal(problem: str, status: int) -> HttpResponse:
    return JsonResponse({"problem": problem}, status=status)
