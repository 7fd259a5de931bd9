"""The bucket behind the store: its URLs and rules, and what happens when it cannot be reached."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone
from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.versioningconfig import VersioningConfig
from pytest_django import Settings
from urllib3.exceptions import HTTPError

from ocrwell import storage
from ocrwell.errors import Detail, InvalidField
from ocrwell.jobs import retention, submission, uploads
from ocrwell.jobs.models import Job
from ocrwell.storage import Store, Unreachable, s3
from ocrwell.storage.s3 import S3Store
from tests.factories import PDF, PNG, make_job, make_submission, make_upload, together
from tests.stage import Person, objects
from tests.webhooks.receivers import receiving
from tests.webhooks.test_tls import make_authority

services = pytest.mark.services
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
USES: dict[str, Callable[[Store], object]] = {
    "stat": lambda store: store.stat("a"),
    "head": lambda store: store.head("a", 3),
    "read": lambda store: store.read("a"),
    "open": lambda store: store.open("a"),
    "copy": lambda store: store.copy("a", "b"),
    "put": lambda store: store.put("a", b"content"),
    "delete": lambda store: store.delete("a"),
    "older": lambda store: list(store.older(timezone.now())),
    "check": lambda store: store.check(),
}


@pytest.fixture
def store(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Store]:
    """A bucket where the test may ask for one; else a place where nothing listens."""
    if request.node.get_closest_marker("services"):
        yield request.getfixturevalue("s3_store")
        return
    settings.S3_ENDPOINT = settings.S3_PUBLIC_ENDPOINT = "http://127.0.0.1:1"
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = "key", "hush"
    settings.S3_BUCKET = "ocrwell"
    storage.store.cache_clear()
    yield storage.store()
    storage.store.cache_clear()


@pytest.fixture
def minio(store: Store) -> Minio:
    """The client, for what a store does not do."""
    return cast(S3Store, store)._client


def put(url: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    """The answer to a PUT as any client makes it."""
    to = urlsplit(url)
    line = http.client.HTTPConnection(to.netloc, timeout=10)
    with closing(line):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request("PUT", f"{to.path}?{to.query}", body, named)
        answer = line.getresponse()
        return answer.status, answer.read()


def url_for(store: Store, key: str, ttl: timedelta = QUARTER) -> str:
    return store.upload_url(key, media_type="application/pdf", max_bytes=9, ttl=ttl)


def test_an_upload_url_is_made_without_the_store_and_points_at_its_public_name(
    settings: Settings, store: Store
) -> None:
    settings.S3_PUBLIC_ENDPOINT = "https://files.example.com/"
    url = urlsplit(url_for(S3Store(), "uploads/1"))
    assert (url.scheme, url.netloc, url.path) == (
        "https",
        "files.example.com",
        "/ocrwell/uploads/1",
    )
    asked = parse_qs(url.query)
    assert asked["X-Amz-Expires"] == ["900"]
    assert asked["X-Amz-Credential"][0].startswith("key/")
    assert "hush" not in url.query


@services
@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        ({}, "binary/octet-stream"),
        (
            {"Content_Type": "application/x-www-form-urlencoded"},
            "application/x-www-form-urlencoded",
        ),
        ({"Content_Type": "application/pdf"}, "application/pdf"),
    ],
    ids=["none", "what curl sends", "the right one"],
)
def test_a_file_that_was_put_is_there_with_its_declared_type(
    store: Store, declared: dict[str, str], kept: str
) -> None:
    url = url_for(store, "uploads/1")
    assert put(url, PNG, **declared)[0] == 200
    assert put(url, PDF, **declared)[0] == 200
    assert store.read("uploads/1") == PDF
    assert store.stat("uploads/1").media_type == kept


@services
def test_an_upload_url_opens_no_other_place_and_does_not_read(store: Store) -> None:
    url = url_for(store, "uploads/1")
    assert put(url.replace("uploads/1", "uploads/2"), PDF)[0] == 403
    assert put(url.replace("X-Amz-Expires=900", "X-Amz-Expires=901"), PDF)[0] == 403
    assert objects(store) == set()


@services
def test_an_upload_url_expires(store: Store) -> None:
    url = url_for(store, "uploads/1", ttl=timedelta(seconds=1))
    time.sleep(2.1)
    status, answer = put(url, PDF)
    assert (status, b"expired" in answer) == (403, True)
    assert objects(store) == set()


@services
def test_a_bucket_forgets_what_nobody_deletes(store: Store, minio: Minio) -> None:
    found = minio.get_bucket_lifecycle(cast(S3Store, store)._bucket)
    assert found
    rules: list[Any] = found.rules
    assert {rule.rule_filter.prefix: (rule.status, rule.expiration.days) for rule in rules} == {
        "uploads/": ("Enabled", 1),
        "jobs/": ("Enabled", 8),
    }


@services
def test_new_times_change_our_rules_and_not_an_operators(
    store: Store, minio: Minio, settings: Settings
) -> None:
    bucket = cast(S3Store, store)._bucket
    theirs = Rule(
        ENABLED, rule_filter=Filter(prefix="x/"), rule_id="theirs", expiration=Expiration(days=9)
    )
    minio.set_bucket_lifecycle(bucket, LifecycleConfig([theirs]))
    for days in (1, 6):
        settings.UNREAD_TTL = settings.MAX_RETENTION = timedelta(days=days)
        settings.RESULT_TTL = timedelta(0)
        store.prepare()
        found = minio.get_bucket_lifecycle(bucket)
        assert found
        kept: dict[Any, Any] = {rule.rule_id: rule.expiration for rule in found.rules}
        assert kept.keys() == {"theirs", "ocrwell-uploads", "ocrwell-jobs"}
        assert kept["ocrwell-jobs"].days == days + 1


@services
def test_processes_that_start_at_once_make_one_bucket(store: Store, minio: Minio) -> None:
    minio.remove_bucket(cast(S3Store, store)._bucket)
    together(8, lambda: S3Store().prepare())
    store.check()


@services
def test_a_bucket_that_keeps_what_is_deleted_is_refused(store: Store, minio: Minio) -> None:
    minio.set_bucket_versioning(cast(S3Store, store)._bucket, VersioningConfig(ENABLED))
    with pytest.raises(ImproperlyConfigured, match="OCRWELL_S3_BUCKET must not be versioned"):
        store.prepare()


@services
def test_a_bucket_encrypts_when_asked_to(store: Store, minio: Minio, settings: Settings) -> None:
    bucket = cast(S3Store, store)._bucket
    assert minio.get_bucket_encryption(bucket) is None
    settings.S3_ENCRYPT = True
    store.prepare()
    found = minio.get_bucket_encryption(bucket)
    assert found
    assert found.rule.sse_algorithm == "AES256"
    store.put("a", b"content")
    assert store.read("a") == b"content"
    headers: Any = minio.stat_object(bucket, "a").metadata
    assert headers["x-amz-server-side-encryption"] == "AES256"


@services
def test_more_objects_than_fit_into_one_call_are_all_deleted(store: Store) -> None:
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: store.put(f"jobs/1/{number}", b""), range(1500)))
    store.put("jobs/12/0", b"")
    assert len(objects(store)) == 1501
    store.delete("jobs/1")
    assert objects(store) == {"jobs/12/0"}


@services
@pytest.mark.parametrize("use", USES)
def test_a_bucket_that_is_gone_does_not_make_its_objects_look_missing(
    settings: Settings, store: Store, use: str
) -> None:
    settings.S3_BUCKET = "ocrwell-test-nowhere"
    with pytest.raises(Unreachable, match="bucket"):
        USES[use](S3Store())


@services
@pytest.mark.parametrize("use", USES)
def test_a_wrong_secret_is_said_and_not_shown(settings: Settings, store: Store, use: str) -> None:
    store.put("a", b"content")
    settings.S3_SECRET_KEY = "wrong-secret"
    with pytest.raises(Unreachable, match="the store refuses: ") as refused:
        USES[use](S3Store())
    assert "wrong-secret" not in str(refused.value)


@pytest.mark.parametrize("use", [*USES, "prepare"])
def test_where_nothing_listens_no_store_is_reached(store: Store, use: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable, match="the store does not answer: NewConnectionError"):
        store.prepare() if use == "prepare" else USES[use](store)
    assert time.monotonic() - started < 1


@pytest.fixture
def answering(settings: Settings) -> Iterator[Callable[[bytes], Store]]:
    """A store whose server gives every connection the same bytes, and then says nothing more."""
    server = socket.create_server(("127.0.0.1", 0))
    lines: list[socket.socket] = []

    def serve(answer: bytes) -> None:
        while True:
            try:
                lines.append(server.accept()[0])
            except OSError:
                return
            lines[-1].sendall(answer)

    def start(answer: bytes) -> Store:
        threading.Thread(target=serve, args=[answer], daemon=True).start()
        settings.S3_ENDPOINT = f"http://127.0.0.1:{server.getsockname()[1]}"
        settings.S3_PUBLIC_ENDPOINT = settings.S3_ENDPOINT
        settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = "key", "hush"
        settings.S3_BUCKET = "ocrwell"
        return S3Store()

    yield start
    server.shutdown(socket.SHUT_RDWR)
    for line in (server, *lines):
        line.close()


@pytest.mark.parametrize("use", USES)
def test_a_server_that_stays_silent_is_not_waited_for(
    answering: Callable[[bytes], Store], use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "READ_SECONDS", 0.2)
    monkeypatch.setattr(s3, "CHECK_SECONDS", 0.2)
    started = time.monotonic()
    with pytest.raises(Unreachable, match="the store does not answer: ReadTimeoutError"):
        USES[use](answering(b""))
    assert time.monotonic() - started < 1.5


def answer_of(status: str, body: bytes = b"", header: str = "Server: test") -> bytes:
    head = (f"HTTP/1.1 {status}", header, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(head).encode() + body


@pytest.mark.parametrize(
    "answer",
    [
        answer_of("500 Oops"),
        answer_of("502 Bad Gateway", b"<html>no</html>", "Content-Type: text/html"),
        answer_of("503 Busy"),
        answer_of("404 Not Found", b"no such page"),
        answer_of("307 Elsewhere", header="Location: http://127.0.0.1:1/"),
        answer_of("200 OK", b"cut off")[:-3],
        b"220 mail.example.com ESMTP\r\n",
    ],
    ids=["500", "502", "503", "404", "307", "cut off", "no HTTP"],
)
def test_a_server_that_is_no_store_is_said_to_be_none(
    answering: Callable[[bytes], Store], answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "READ_SECONDS", 0.2)
    with pytest.raises(Unreachable):
        answering(answer).read("a")


def test_an_object_that_breaks_off_is_not_taken_for_a_whole_one(
    answering: Callable[[bytes], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "READ_SECONDS", 0.2)
    size, file = answering(answer_of("200 OK", b"cut off")[:-3]).open("a")
    assert size == 7
    assert file.read(4) == b"cut "
    with closing(file), pytest.raises(HTTPError):
        file.read(4)


def test_a_whole_body_may_take_longer_than_connecting(
    answering: Callable[[bytes], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(s3, "READ_SECONDS", 0.6)
    store, started = answering(b""), time.monotonic()
    with pytest.raises(Unreachable):
        store.put("a", bytes(20 * 2**20))
    assert time.monotonic() - started > 0.6


def test_only_a_certificate_of_a_trusted_authority_is_accepted(
    settings: Settings, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = make_authority(tmp_path)
    with receiving(authority.server) as receiver:
        settings.S3_ENDPOINT = f"https://127.0.0.1:{receiver.port}"
        with pytest.raises(Unreachable, match="the store does not answer: SSLError"):
            S3Store().check()
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
        assert ssl.create_default_context().get_ca_certs()
        with pytest.raises(Unreachable, match="MethodNotAllowed"):  # it takes POST only
            S3Store().check()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("S3_ENDPOINT", "minio:9000", "OCRWELL_S3_ENDPOINT must be a URL"),
        ("S3_ENDPOINT", "ftp://minio:9000", "OCRWELL_S3_ENDPOINT must be a URL"),
        ("S3_ENDPOINT", "http://", "OCRWELL_S3_ENDPOINT must be a URL"),
        ("S3_ENDPOINT", "http://:9000", "OCRWELL_S3_ENDPOINT must be a URL"),
        ("S3_ENDPOINT", "http://minio:port", "OCRWELL_S3_ENDPOINT: invalid port"),
        ("S3_ENDPOINT", "http://minio/path", "OCRWELL_S3_ENDPOINT: path"),
        ("S3_ENDPOINT", "http://me:hush@minio", "OCRWELL_S3_ENDPOINT: username"),
        ("S3_PUBLIC_ENDPOINT", "files.example.com", "OCRWELL_S3_PUBLIC_ENDPOINT must be a URL"),
        ("S3_PUBLIC_ENDPOINT", "https://files/?a=b", "OCRWELL_S3_PUBLIC_ENDPOINT: query"),
        ("S3_ACCESS_KEY", "", "OCRWELL_S3_ACCESS_KEY is missing"),
        ("S3_SECRET_KEY", "", "OCRWELL_S3_SECRET_KEY is missing"),
        ("S3_BUCKET", "Not_A_Bucket", "OCRWELL_S3_BUCKET: invalid"),
        ("S3_REGION", "no region", "invalid region"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_variable(
    settings: Settings, store: Store, name: str, value: str, complaint: str
) -> None:
    setattr(settings, name, value)
    storage.store.cache_clear()
    with pytest.raises(ImproperlyConfigured, match=complaint) as refused:
        storage.store()
    assert "hush" not in str(refused.value)


@services
def test_a_document_travels_by_the_stores_own_url(alice: Person, store: Store) -> None:
    asked = alice.api.post(
        "/v1/uploads", {"filename": "invoice.pdf"}, content_type="application/json"
    ).json()
    assert put(asked["upload_url"], PDF, Content_Type="application/pdf")[0] == 200
    body = {"upload_id": asked["upload_id"], "filename": "invoice.pdf", "mode": "text"}
    answer = alice.api.post("/v1/documents", body, content_type="application/json")
    assert answer.status_code == 202
    job = Job.objects.get()
    assert objects(store) == {job.source_key}
    assert store.read(job.source_key) == PDF


@services
@pytest.mark.parametrize("declared", ["image/png", "Text/Plain; charset=utf-8", "nonsense"])
def test_a_file_declared_as_something_else_is_refused_and_deleted(
    alice: Person, store: Store, declared: str
) -> None:
    upload, url = uploads.create(org=alice.org, filename="invoice.pdf")
    put(url, PDF, Content_Type=declared)
    with pytest.raises(InvalidField, match="but the filename asks for application/pdf") as refused:
        submission.submit(make_submission(upload))
    assert refused.value.details == (Detail("Content-Type", "mismatch"),)
    assert objects(store) == set()
    put(url, PDF, Content_Type="Application/PDF; x=y")
    assert submission.submit(make_submission(upload)).state == "pending"


@services
@pytest.mark.django_db(transaction=True)
def test_what_comes_late_and_what_is_nobodys_leaves_the_bucket(alice: Person, store: Store) -> None:
    job, open_ = make_job(alice.org), make_upload(alice.org)
    for key in ("uploads/01a20000-0000-7000-8000-000000000000", "jobs/1/source", "other"):
        store.put(key, PDF)
    retention.expire()
    assert len(objects(store)) == 5
    retention.expire(timezone.now() + HOUR)
    assert objects(store) == {job.source_key, open_.key, "other"}


def test_without_its_store_the_api_gives_urls_and_says_503_to_the_rest(alice: Person) -> None:
    asked = alice.api.post(
        "/v1/uploads", {"filename": "invoice.pdf"}, content_type="application/json"
    )
    assert asked.status_code == 200
    assert asked.json()["upload_url"].startswith("http://127.0.0.1:1/ocrwell/uploads/")
    body = {"upload_id": asked.json()["upload_id"], "filename": "invoice.pdf", "mode": "text"}
    answer = alice.api.post("/v1/documents", body, content_type="application/json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["error"]["code"] == "service_unavailable"


@pytest.mark.django_db
def test_without_its_store_nothing_expires(store: Store) -> None:
    with pytest.raises(Unreachable):
        retention.expire()


def test_beside_a_bucket_this_server_takes_no_files(alice: Person) -> None:
    answer = alice.api.put(reverse("local-upload", args=["token"]), PDF, content_type="text/plain")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
