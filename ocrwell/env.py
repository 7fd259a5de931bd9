"""The only place that reads the environment. Nonsense is refused with the name of the variable."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or int(raw) < minimum:
        raise ImproperlyConfigured(f"{name} must be a whole number from {minimum}, not {raw!r}")
    return int(raw)


def flag(name: str, default: bool) -> bool:
    raw = text(name).lower()
    if raw not in ("", "0", "1", "false", "true", "no", "yes", "off", "on"):
        raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}")
    return raw in ("1", "true", "yes", "on") if raw else default


def choice(name: str, *words: str) -> str:
    """One of these words; the first where none is named."""
    raw = text(name, words[0])
    if raw not in words:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(words)}, not {raw!r}")
    return raw


def durations(name: str, default: str) -> list[timedelta]:
    """A comma-separated list of seconds."""
    listed = words(name, default)
    if not all(each.isascii() and each.isdigit() for each in listed):
        raise ImproperlyConfigured(f"{name} must list whole seconds such as {default}")
    return [timedelta(seconds=int(each)) for each in listed]


def networks(name: str, default: str = "") -> list[Network]:
    """A comma-separated list of addresses and CIDR ranges."""
    try:
        return [ipaddress.ip_network(each) for each in words(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def hosts(name: str) -> list[str]:
    """A comma-separated list of host names, lower case and without their ports."""
    found = {each: split_domain_port(each)[0] for each in words(name)}
    wrong = [each for each, host in found.items() if not host]
    if wrong:
        raise ImproperlyConfigured(f"{name} must list host names, and {wrong[0]!r} is none")
    return list(found.values())


def path(name: str, default: Path) -> Path:
    return Path(text(name) or default).expanduser().resolve()


def folder(name: str) -> Path | None:
    """A folder that may or may not be there; None where none is named."""
    return path(name, Path()) if text(name) else None


def device(name: str) -> str:
    """What the models run on: ``cpu``, ``gpu`` or ``gpu:N``."""
    raw = text(name, "cpu").lower()
    if not re.fullmatch("cpu|gpu(:[0-9]+)?", raw):
        raise ImproperlyConfigured(f"{name} must be cpu, gpu or gpu:1, not {raw!r}")
    return raw


def secret(name: str) -> str:
    """A value, or the content of the file that ``NAME_FILE`` points to."""
    file = text(f"{name}_FILE")
    if not file:
        return text(name)
    if text(name):
        raise ImproperlyConfigured(f"set {name} or {name}_FILE, not both")
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error


def postgres(name: str, options: dict[str, object]) -> dict[str, Any]:
    """Django's settings of the PostgreSQL that a URL names; nothing where none is named. These
    options of libpq hold unless the URL has others behind its question mark.
    """
    url = secret(name)
    if not url:
        return {}
    try:
        found = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError:
        found = {}
    if found.get("ENGINE") != "django.db.backends.postgresql" or not found["NAME"]:
        # Without the URL and without its parser's error: they hold the password.
        raise ImproperlyConfigured(f"{name} must be like postgresql://user:password@host:5432/name")
    return {
        **found,
        "ENGINE": "ocrwell.postgres",
        "OPTIONS": options | found.get("OPTIONS", {}),
    }


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes; nowhere while there is no host. ``tls`` begins after the greeting, ``ssl``
    before it.
    """

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False


def mail_server(name: str) -> MailServer:
    """``smtp://user:password@host:587?tls=true``, or ``smtps://`` with TLS from the start."""
    url = secret(name)
    if not url:
        return MailServer()
    try:
        return _mail_server(url)
    except ValueError:
        # Without the URL, which holds the password.
        raise ImproperlyConfigured(
            f"{name} must be like smtp://user:password@host:587?tls=true"
        ) from None


def _mail_server(url: str) -> MailServer:
    parts = urlsplit(url)
    tls = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    ssl = parts.scheme == "smtps"
    starts_tls = tls.pop("tls", "false")
    known = parts.scheme in ("smtp", "smtps") and parts.path in ("", "/")
    if not (known and parts.hostname and starts_tls in ("true", "false")) or tls:
        raise ValueError
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if ssl else 587 if starts_tls == "true" else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=starts_tls == "true" and not ssl,
        ssl=ssl,
    )


def sender(name: str, *, needed: bool) -> str:
    """Whom mail is from: an address, with or without a name before it."""
    raw = text(name)
    if not raw and not needed:
        return ""
    local, at, domain = parseaddr(raw)[1].partition("@")
    if not (local and at and domain):
        raise ImproperlyConfigured(f"{name} must be like ocrwell <ocrwell@example.org>")
    return raw


def kept_secret(file: Path) -> str:
    """The secret in a file, made on first use and readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        # A link, not a rename: of processes that start at once, the first one's secret stays.
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(fresh)
        fresh.unlink()
    return file.read_text().strip()
