"""What the web process carries: no page and no model, whichever route is asked for."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.api.conftest import Web
from tests.stage import environment

HEAVY = {
    "paddleocr",
    "paddlex",
    "onnxruntime",
    "cv2",
    "pymupdf",
    "rapidocr",
    "phonenumbers",
    "rapidfuzz",
    "engine.matching",
    "engine.ocr",
    "engine.pages",
    "engine.pipeline",
    "workers",
}
EVERY_ROUTE = """
import json, sys
import ocrwell.wsgi
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from ocrwell import urls
key, content = sys.argv[1], b"%PDF-1.7 and more"
api = Client(headers={"X-API-Key": key})
place = api.post("/v1/uploads", {"filename": "a.pdf"}, "application/json").json()
statuses = [api.put(place["upload_url"], content, "application/pdf").status_code]
body = {"upload_id": place["upload_id"], "filename": "a.pdf", "mode": "text"}
job = api.post("/v1/documents", body, "application/json").json()["job"]
found = (f"/v1/jobs/{job['id']}", "/v1/webhooks", "/v1/openapi.json", "/v1/docs")
sent = {"file": SimpleUploadedFile("a.pdf", content), "pipeline": "searchable"}
job = api.post("/deepread/v1/process", sent).json()["id"]
seen = api.get(f"/deepread/v1/jobs/{job}").json()["preview_url"].rpartition("/")[2]
found += (f"/deepread/v1/preview/{seen}", f"/preview/{seen}", "/deepread/v1/openapi.json")
others = ("/", "/admin", "/admin/", "/activate", "/readyz", f"/preview/{seen}/pages/1.jpg")
others += (f"/preview/{seen}/pages/1.json", "/deepread/v1/files/x/text.md", "/v1/x", "/nonsense")
for path in (*found, "/healthz", "/metrics", *others):
    statuses.append(api.get(path).status_code)
print(json.dumps([statuses, len(urls.urlpatterns), sorted(sys.modules)]))
"""


def test_no_route_of_the_web_process_loads_pages_or_models(web: Web) -> None:
    asked = subprocess.run(
        [sys.executable, "-W", "error", "-c", EVERY_ROUTE, web.key],
        env=environment(web.store.parent),
        capture_output=True,
        text=True,
        check=True,
    )
    statuses, routes, modules = json.loads(asked.stdout)
    assert statuses == [200] * 10 + [302] * 4 + [503] + [404] * 5
    assert routes == 21, "a new route: ask for it above"
    assert not HEAVY & set(modules)
