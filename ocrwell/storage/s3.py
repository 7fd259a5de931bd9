"""A bucket as the store, and the presigned URLs that let a client put one object into it.

The system's CA certificates decide whom HTTPS trusts; ``SSL_CERT_FILE`` names an operator's own.
"""

from __future__ import annotations

import io
import math
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, BinaryIO, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from minio import Minio
from minio.commonconfig import ENABLED, CopySource, Filter
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error
from minio.helpers import MIN_PART_SIZE, check_bucket_name
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.sseconfig import Rule as Encryption
from minio.sseconfig import SSEConfig
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from ocrwell.storage.base import Missing, Readable, Stat, Unreachable

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
CHECK_SECONDS = 2.0
DAY = timedelta(days=1)


class S3Store:
    """Nothing here waits for long, and nothing is asked before it has to be: the URLs for uploads
    are made without a call.
    """

    def __init__(self) -> None:
        self._bucket = _checked_bucket()
        trust = ssl.create_default_context()
        self._client = _client("S3_ENDPOINT", _http(trust, CONNECT_SECONDS, READ_SECONDS))
        # On a new connection a whole body has to leave within the time for connecting.
        self._sender = _client("S3_ENDPOINT", _http(trust, READ_SECONDS, READ_SECONDS))
        self._prober = _client("S3_ENDPOINT", _http(trust, CHECK_SECONDS, CHECK_SECONDS, retries=0))
        self._signer = _client("S3_PUBLIC_ENDPOINT", PoolManager())

    def upload_url(self, key: str, *, media_type: str, max_bytes: int, ttl: timedelta) -> str:
        """Whoever has the URL can PUT anything there: size and type are looked at afterwards."""
        return self._signer.presigned_put_object(self._bucket, key, expires=ttl)

    def stat(self, key: str) -> Stat:
        with self._asking():
            found = self._client.stat_object(self._bucket, key)
        return Stat(found.size or 0, found.content_type or "")

    def head(self, key: str, count: int) -> bytes:
        with self._asking():
            try:
                return self._get(key, count)
            except S3Error as error:
                if error.code != "InvalidRange":
                    raise
                return b""  # of an empty object not even the first byte can be had

    def copy(self, source: str, target: str) -> None:
        with self._asking():
            self._client.copy_object(self._bucket, target, CopySource(self._bucket, source))

    def put(self, key: str, data: bytes) -> None:
        self.put_file(key, io.BytesIO(data))

    def put_file(self, key: str, file: IO[bytes]) -> None:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        with self._asking():
            self._sender.put_object(
                self._bucket, key, cast(BinaryIO, file), size, part_size=max(size, MIN_PART_SIZE)
            )

    def read(self, key: str) -> bytes:
        with self._asking():
            return self._get(key)

    def open(self, key: str) -> tuple[int, Readable]:
        with self._asking():
            answer = self._client.get_object(self._bucket, key)
        return int(answer.headers["Content-Length"]), answer

    def delete(self, prefix: str) -> None:
        with self._asking():
            keys = (prefix, *self._keys(f"{prefix}/"))
            stayed = list(self._client.remove_objects(self._bucket, map(DeleteObject, keys)))
        if stayed:
            raise OSError(f"{len(stayed)} objects cannot be deleted: {stayed[0].code}")

    def older(self, than: datetime) -> Iterator[str]:
        return self._keys("", than)

    def prepare(self) -> None:
        """Raises ImproperlyConfigured where the bucket keeps what is deleted."""
        with self._asking():
            self._make_bucket()
            if self._client.get_bucket_versioning(self._bucket).status == ENABLED:
                raise ImproperlyConfigured(
                    "OCRWELL_S3_BUCKET must not be versioned: what is deleted would stay"
                )
            self._set_rules()
            if settings.S3_ENCRYPT:
                encryption = SSEConfig(Encryption.new_sse_s3_rule())
                self._client.set_bucket_encryption(self._bucket, encryption)

    def check(self) -> None:
        with self._asking():
            if not self._prober.bucket_exists(self._bucket):
                raise Unreachable("the store has no such bucket")

    def _get(self, key: str, count: int = 0) -> bytes:
        """The first bytes, or all."""
        answer = self._client.get_object(self._bucket, key, length=count)
        try:
            return answer.read()
        finally:
            answer.close()
            answer.release_conn()

    def _keys(self, prefix: str, written_before: datetime | None = None) -> Iterator[str]:
        with self._asking():
            for found in self._client.list_objects(self._bucket, prefix, recursive=True):
                young = written_before and found.last_modified >= written_before
                if not young:
                    yield found.object_name

    def _make_bucket(self) -> None:
        if self._client.bucket_exists(self._bucket):
            return
        try:
            self._client.make_bucket(self._bucket)
        except S3Error as error:
            # Another process was quicker.
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise

    def _set_rules(self) -> None:
        """Ours, beside those that an operator made."""
        found = self._client.get_bucket_lifecycle(self._bucket)
        rules = {rule.rule_id: rule for rule in (found.rules if found else ())}
        wanted = rules | {rule.rule_id: rule for rule in _rules()}
        if wanted != rules:
            self._client.set_bucket_lifecycle(self._bucket, LifecycleConfig(list(wanted.values())))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What goes wrong, in the words of ``storage.base``."""
        try:
            yield
        except S3Error as error:
            if error.code == "NoSuchKey":
                self.check()  # an object must not look missing because its bucket is
                raise Missing from error
            raise Unreachable(f"the store refuses: {error.code}, {error.message}") from error
        except (MinioException, HTTPError) as error:
            cause = type(getattr(error, "reason", None) or error).__name__
            raise Unreachable(f"the store does not answer: {cause}") from error


def _rules() -> list[Rule]:
    """The second net, a day wider than ``retention.expire``: jobs may have to wait."""
    results = max(settings.UNREAD_TTL + settings.RESULT_TTL, settings.MAX_RETENTION)
    days = {
        "uploads": math.ceil(settings.UPLOAD_TTL / DAY),
        "jobs": math.ceil(results / DAY) + 1,
    }
    return [
        Rule(
            ENABLED,
            rule_filter=Filter(prefix=f"{name}/"),
            rule_id=f"ocrwell-{name}",
            expiration=Expiration(days=count),
        )
        for name, count in days.items()
    ]


def _http(trust: ssl.SSLContext, connect: float, read: float, *, retries: int = 1) -> PoolManager:
    """One more try to connect, none to be answered: whoever asked has waited long enough."""
    return PoolManager(
        maxsize=settings.WEB_THREADS,
        timeout=Timeout(connect=connect, read=read),
        retries=Retry(total=retries, read=0, redirect=False),
        ssl_context=trust,
    )


def _client(name: str, http: PoolManager) -> Minio:
    """Its region is given, so that it does not have to ask for it."""
    url = getattr(settings, name)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"OCRWELL_{name} must be a URL such as https://minio:9000")
    scheme, _, host = url.partition("://")
    try:
        return Minio(
            host,
            _key("S3_ACCESS_KEY"),
            _key("S3_SECRET_KEY"),
            secure=scheme.lower() == "https",
            region=settings.S3_REGION,
            http_client=http,
        )
    except ValueError as error:
        raise ImproperlyConfigured(f"OCRWELL_{name}: {error}") from error


def _key(name: str) -> str:
    key: str = getattr(settings, name)
    if not key:
        raise ImproperlyConfigured(f"OCRWELL_{name} is missing: OCRWELL_S3_ENDPOINT needs it")
    return key


def _checked_bucket() -> str:
    try:
        check_bucket_name(settings.S3_BUCKET, strict=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"OCRWELL_S3_BUCKET: {error}") from error
    return settings.S3_BUCKET
