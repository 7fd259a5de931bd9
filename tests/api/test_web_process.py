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
from django.test import Client
from ocrwell import urls
key, content = sys.argv[1], b"%PDF-1.7 and more"
api = Client(headers={"X-API-Key": key})
place = api.post("/v1/uploads", {"filename": "a.pdf"}, "application/json").json()
statuses = [api.put(place["upload_url"], content, "application/pdf").status_code]
body = {"upload_id": place["upload_id"], "filename": "a.pdf", "mode": "text"}
job = api.post("/v1/documents", body, "application/json").json()["job"]
found = (f"/v1/jobs/{job['id']}", "/v1/webhooks", "/v1/openapi.json", "/v1/docs")
others = ("/", "/admin", "/admin/", "/readyz", "/v1/x", "/nonsense")
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
    assert statuses == [200] * 7 + [302] * 3 + [503, 404, 404]
    assert routes == 14, "a new route: ask for it above"
    assert not HEAVY & set(modules)
