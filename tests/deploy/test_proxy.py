"""The proxy of Compose, a real nginx, before a real web process and a real MinIO."""

from __future__ import annotations

import io
import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from minio import Minio
from minio.error import S3Error

from tests import servers
from tests.api.conftest import free_port, manage, wait_for
from tests.deploy import proxy
from tests.deploy.proxy import HOST, Proxy
from tests.stage import environment

pytestmark = [pytest.mark.services, proxy.needed]
LARGE = bytes(25 * 2**20)


@dataclass(frozen=True)
class Bucket:
    name: str
    inside: Minio
    outside: Minio
    """Signs URLs for clients, as the service does."""

    def url(self, method: str, key: str) -> str:
        return self.outside.get_presigned_url(method, self.name, key, expires=timedelta(minutes=15))

    def holds(self, key: str) -> bytes | None:
        with suppress(S3Error), closing(self.inside.get_object(self.name, key)) as answer:
            return answer.read()
        return None


@pytest.fixture(scope="module")
def bucket() -> Bucket:
    name = servers.new_bucket()["OCRWELL_S3_BUCKET"]
    made = Bucket(name, servers.minio(), Minio(HOST, *servers.S3_KEYS, region="us-east-1"))
    made.inside.make_bucket(name)
    return made


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> str:
    return manage(_home(tmp_path_factory), "prepare", "create_org Acme")[1]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, bucket: Bucket, key: str) -> Iterator[Proxy]:
    """The proxy, before a web process that has a single thread."""
    port = free_port()
    settings = {"OCRWELL_PORT": str(port), "OCRWELL_WEB_THREADS": "1"}
    web = subprocess.Popen(
        [sys.executable, "manage.py", "run", "web"],
        env=environment(_home(tmp_path_factory), **settings),
    )
    try:
        wait_for(port)
        ends = {"WEB": f"127.0.0.1:{port}", "STORE": urlsplit(servers.S3_ENDPOINT).netloc}
        with proxy.started(tmp_path_factory.mktemp("nginx"), BUCKET=bucket.name, **ends) as it:
            yield it
    finally:
        web.terminate()
        web.wait(20)


def _home(factory: pytest.TempPathFactory) -> Path:
    home = factory.getbasetemp() / "installation"
    home.mkdir(exist_ok=True)
    return home


def fresh() -> str:
    return f"uploads/{uuid4()}"


def test_the_web_process_knows_how_clients_see_it(door: Proxy, key: str) -> None:
    asked = b'{"filename": "scan.pdf"}'
    # What a client says of itself does not count.
    place = door.ask("POST", "/v1/uploads", asked, X_API_Key=key, X_Forwarded_Proto="http").body
    assert place["upload_url"].startswith(f"https://{HOST}/uploads/")
    assert door.ask("PUT", place["upload_url"], b"%PDF-1.7 and so on").status == 200
    job = {"upload_id": place["upload_id"], "filename": "scan.pdf", "mode": "text"}
    answer = door.ask("POST", "/v1/documents", json.dumps(job).encode(), X_API_Key=key)
    assert answer.status == 202


def test_a_signed_put_reaches_the_bucket(door: Proxy, bucket: Bucket) -> None:
    name = fresh()
    url = bucket.url("PUT", name)
    assert url.startswith(f"https://{HOST}/{bucket.name}/uploads/")
    answer = door.ask("PUT", url, b"%PDF", Content_Type="application/pdf")
    assert answer.status == 200
    assert bucket.holds(name) == b"%PDF"
    assert bucket.inside.stat_object(bucket.name, name).content_type == "application/pdf"


def test_a_put_without_a_signature_is_refused(door: Proxy, bucket: Bucket) -> None:
    name = fresh()
    assert door.ask("PUT", f"/{bucket.name}/{name}", b"%PDF").status == 403
    assert bucket.holds(name) is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "POST"])
def test_no_other_method_reaches_the_bucket(door: Proxy, bucket: Bucket, method: str) -> None:
    name = fresh()
    bucket.inside.put_object(bucket.name, name, io.BytesIO(b"%PDF"), 4)
    assert door.ask(method, bucket.url(method, name)).status == 405
    assert bucket.holds(name) == b"%PDF"


@pytest.mark.parametrize(
    "name", ["jobs/1/source", "uploads/x", f"uploads/{'0' * 36}/more", "check"]
)
def test_no_other_place_of_the_bucket_is_reached(door: Proxy, bucket: Bucket, name: str) -> None:
    assert door.ask("PUT", bucket.url("PUT", name), b"%PDF").error == "404 not_found"
    assert bucket.holds(name) is None


@pytest.mark.parametrize(
    "path",
    [
        "/{bucket}",
        "/{bucket}/",
        "/{bucket}?list-type=2",
        "/{bucket}/uploads/",
        "/{bucket}/uploads/%2e%2e/jobs/1/source",
        "/{bucket}/uploads/..%2fjobs",
        "/minio/health/live",
        "/minio/admin/v3/info",
        "/minio/v2/metrics/cluster",
    ],
)
def test_nothing_else_of_the_store_is_reached(door: Proxy, bucket: Bucket, path: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = door.ask(method, path.format(bucket=bucket.name))
        assert answer.status == 404
        assert "MinIO" not in str(answer.headers)


def test_an_upload_url_cannot_copy_what_belongs_to_others(door: Proxy, bucket: Bucket) -> None:
    secret, mine = f"jobs/{uuid4()}/source", fresh()
    bucket.inside.put_object(bucket.name, secret, io.BytesIO(b"not yours"), 9)
    source = f"/{bucket.name}/{secret}"
    door.ask("PUT", bucket.url("PUT", mine), b"", X_Amz_Copy_Source=source)
    assert bucket.holds(mine) == b""


def test_a_file_that_is_too_large_is_refused_in_the_words_of_the_api(
    door: Proxy, bucket: Bucket, key: str
) -> None:
    name = fresh()
    assert door.ask("PUT", bucket.url("PUT", name), LARGE).error == "413 file_too_large"
    assert bucket.holds(name) is None
    answer = door.ask("POST", "/v1/documents", LARGE, X_API_Key=key)
    assert answer.error == "413 file_too_large"
    assert answer.body["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("host", "path"),
    [(HOST, "/deepread/v1/process"), (proxy.DEEPREAD_HOST, "/v1/process")],
)
def test_each_api_is_told_of_a_large_file_in_its_own_words(
    door: Proxy, host: str, path: str
) -> None:
    answer = door.ask("POST", path, bytes(52 * 2**20), Host=host)
    assert (answer.status, set(answer.body)) == (413, {"detail", "request_id"})
    assert answer.body["request_id"] == answer.headers["X-Request-Id"]
    elsewhere = door.ask("POST", "/v1/process", bytes(52 * 2**20))
    assert elsewhere.error == "413 file_too_large"


@pytest.mark.parametrize("path", ["/metrics", "/metrics?name=x", "//metrics", "/%6detrics"])
def test_the_numbers_are_not_for_everybody(door: Proxy, path: str) -> None:
    assert door.ask("GET", path).error == "404 not_found"


def test_a_slow_client_holds_no_thread_of_the_web_process(door: Proxy, key: str) -> None:
    head = f"POST /v1/uploads HTTP/1.1\r\nHost: {HOST}\r\nX-API-Key: {key}\r\n"
    body = b'{"filename": "scan.pdf"}'
    with door.connect() as slow:
        slow.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:5])
        began = time.monotonic()
        assert door.ask("GET", "/healthz").status == 200
        assert time.monotonic() - began < 5
        slow.sendall(body[5:])
        assert slow.recv(100).startswith(b"HTTP/1.1 200 ")


def test_other_names_are_refused(door: Proxy) -> None:
    with pytest.raises(ssl.SSLError):
        door.connect("other.example.com")
    with door.connect() as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: other.example.com\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 421 ")


def test_signatures_stay_out_of_the_log(door: Proxy, bucket: Bucket, key: str) -> None:
    body = b'{"filename": "scan.pdf"}'
    url = door.ask("POST", "/v1/uploads", body, X_API_Key=key).body["upload_url"]
    door.ask("PUT", url, b"%PDF")
    name = fresh()
    door.ask("PUT", bucket.url("PUT", name), b"%PDF")
    proxy.until(door, name)
    lines = [json.loads(line) for line in door.log.splitlines()]
    assert {"/v1/uploads", "/uploads/..."} <= {line["path"] for line in lines}
    assert "Signature" not in door.log
    assert url.rpartition("/")[2] not in door.log


def test_while_nothing_answers_clients_are_told_to_come_back(
    tmp_path: Path, bucket: Bucket
) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    with proxy.started(tmp_path, BUCKET=bucket.name, WEB=nobody, STORE=nobody) as lonely:
        for method, path in (("GET", "/v1/jobs/1"), ("PUT", bucket.url("PUT", fresh()))):
            answer = lonely.ask(method, path)
            assert answer.error == "503 service_unavailable"
            assert answer.headers["Retry-After"] == "5"
        assert "Signature" not in lonely.log
