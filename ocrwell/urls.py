"""Every route of the service."""

from django.urls import path

from ocrwell.api import health, native
from ocrwell.api.local_upload import LocalUploadView

urlpatterns = [
    path("v1/uploads", native.UploadsView.as_view()),
    path("v1/documents", native.DocumentsView.as_view()),
    path("v1/jobs/<str:job_id>", native.JobView.as_view()),
    path("uploads/<str:token>", LocalUploadView.as_view(), name="local-upload"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

handler400 = "ocrwell.api.base.refused_request"
handler404 = "ocrwell.api.base.unknown_route"
handler500 = "ocrwell.api.base.unforeseen"
