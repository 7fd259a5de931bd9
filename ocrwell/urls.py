"""Every route of the service, by the part that it belongs to."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from ocrwell.api import base, deepread, device, health, metrics, native, preview, webhooks
from ocrwell.api.description.views import DeepReadDocumentView, DocumentView, PageView
from ocrwell.api.local_upload import LocalUploadView
from ocrwell.dashboard import preview as preview_page
from ocrwell.dashboard.activation import activate
from ocrwell.dashboard.middleware import PREFIX
from ocrwell.dashboard.pages import front, site

Route = URLPattern | URLResolver

described: list[URLPattern] = [
    path("v1/uploads", native.UploadsView.as_view()),
    path("uploads/<str:token>", LocalUploadView.as_view(), name="local-upload"),
    path("v1/documents", native.DocumentsView.as_view()),
    path("v1/jobs/<str:job_id>", native.JobView.as_view()),
    path("v1/webhooks", webhooks.WebhooksView.as_view()),
]
described_deepread: list[URLPattern] = [
    path("v1/process", deepread.ProcessView.as_view()),
    path("v1/jobs/<str:job_id>", deepread.JobView.as_view()),
    path("v1/preview/<str:token>", preview.PreviewView.as_view()),
    path("v1/pipelines", deepread.PipelinesView.as_view()),
    path("v1/files/<str:token>/<str:name>", deepread.FileView.as_view()),
    path("v1/agent/device/code", device.CodeView.as_view()),
    path("v1/agent/device/token", device.TokenView.as_view()),
]
deepread_api: list[Route] = [
    *described_deepread,
    *(path(f"{route.pattern}/", route.callback) for route in described_deepread),
    path("v1/openapi.json", DeepReadDocumentView.as_view()),
    path("v1/docs", PageView.as_view()),
    re_path("^v1(/.*)?$", deepread.UnknownView.as_view()),
]
api: list[Route] = [
    *described,
    path("v1/openapi.json", DocumentView.as_view(routes=described)),
    path("v1/docs", PageView.as_view()),
    re_path("^v1(/.*)?$", native.UnknownView.as_view()),
    path(base.DEEPREAD.removeprefix("/"), include(deepread_api)),
]
dashboard: list[Route] = [
    path("", front),
    path("admin", front),
    re_path("^activate/?$", activate, name="activate"),
    path(PREFIX.removeprefix("/"), site.urls),
    path("preview/<str:token>", preview_page.show, name="preview"),
    path(
        "preview/<str:token>/pages/<int:number>.jpg", preview_page.picture, name="preview-picture"
    ),
    path("preview/<str:token>/pages/<int:number>.json", preview_page.words, name="preview-words"),
    path("preview/<str:token>/values", preview_page.correct, name="preview-values"),
    path("preview/<str:token>/link", preview_page.share, name="preview-link"),
]
# Answered on every host and over every scheme: who asks is a load balancer or a monitor.
probes: list[Route] = [
    path("healthz", csrf_exempt(health.healthz)),
    path("readyz", csrf_exempt(health.readyz)),
    path("metrics", csrf_exempt(metrics.metrics)),
]
PROBES = tuple(f"/{route.pattern}" for route in probes)

urlpatterns = [*api, *dashboard, *probes]

handler400 = "ocrwell.api.base.refused_request"
handler404 = "ocrwell.api.base.unknown_route"
handler500 = "ocrwell.api.base.unforeseen"
