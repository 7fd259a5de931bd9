"""What a webhook URL may be. One reading of it serves the check and the call."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

from ocrwell.errors import InvalidField
from ocrwell.webhooks import addresses
from ocrwell.webhooks.addresses import Address

logger = logging.getLogger(__name__)

MAX_LENGTH = 2000
PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9._-]{1,253}")
DISPUTED = frozenset("ßς")
"""Of names with these letters the old rules for host names, Python's, make other names."""
SAFE = "/%:@!$&'()*+,;=~-._?"
NOT_A_URL = "The 'url' must be an absolute URL such as https://example.com/ocr-callback."


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str
    """A name in ASCII or an address, in the notation of the URL."""
    port: int
    path: str

    @property
    def authority(self) -> str:
        """For the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """Where a URL leads, before anything is looked up; raises InvalidField."""
    if len(url) > MAX_LENGTH:
        raise _refused("max_length", f"The 'url' exceeds {MAX_LENGTH} characters.")
    # What is not printable is dropped by some parsers and kept by others.
    if not url.isprintable() or " " in url or "\\" in url:
        raise _refused("invalid", f"{NOT_A_URL} Percent-encode spaces and special characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused("invalid", NOT_A_URL) from error
    _check_parts(parts, url)
    default = PORTS[parts.scheme]
    path = quote(parts.path or "/", SAFE) + (f"?{quote(parts.query, SAFE)}" if parts.query else "")
    return Target(parts.scheme, _host(parts), default if port is None else port, path)


def check(target: Target, found: Sequence[Address]) -> None:
    """Raises InvalidField unless every address of the target may be called, the plain way where
    the URL is a plain one.
    """
    allowed = settings.WEBHOOK_ALLOW
    if barred := [str(each) for each in found if addresses.forbidden(each, allowed)]:
        # For the operator only: what a name means inside is nobody else's business.
        logger.warning("%s is refused: it leads to %s", target.host, ", ".join(barred))
        raise _refused(
            "forbidden_address",
            f"The 'url' is not allowed: {target.host} leads to a private or reserved network. "
            "Use a public address, or have the operator list the network in OCRWELL_WEBHOOK_ALLOW.",
        )
    if target.scheme == "http" and not all(addresses.listed(each, allowed) for each in found):
        raise _refused(
            "https_required",
            "The 'url' must begin with https://. Plain http is for the networks that the operator "
            "lists in OCRWELL_WEBHOOK_ALLOW.",
        )


def unresolved(target: Target) -> InvalidField:
    return _refused(
        "unresolved",
        f"The host {target.host} of the 'url' does not resolve. Correct it, or use https://.",
    )


def _check_parts(parts: SplitResult, url: str) -> None:
    if parts.scheme not in PORTS or not parts.netloc:
        raise _refused("invalid", NOT_A_URL)
    if "@" in parts.netloc:
        raise _refused(
            "credentials",
            "The 'url' must not hold a user name or password. "
            "Callbacks are signed: check the signature instead.",
        )
    if "#" in url:
        raise _refused("fragment", "The 'url' must not have a fragment. Remove the part from # on.")
    if parts.port == 0:
        raise _refused("invalid", "The port of the 'url' must be from 1 to 65535.")


def _host(parts: SplitResult) -> str:
    name = parts.hostname or ""
    if not DISPUTED.isdisjoint(name):
        raise _refused("invalid", "Write the host of the 'url' in ASCII, beginning with xn--.")
    try:
        if "[" in parts.netloc:
            # Without its zone, which names a network card of another machine.
            return str(IPv6Address(name.partition("%")[0]))
        # As the resolver would do: 127。0。0。1 in full-width digits is an address, too.
        host = name.encode("idna").decode().lower().removesuffix(".")
    except ValueError as error:
        raise _refused("invalid", NOT_A_URL) from error
    if not HOST.fullmatch(host):
        raise _refused("invalid", NOT_A_URL)
    return host


def _refused(reason: str, message: str) -> InvalidField:
    return InvalidField.of("url", reason, message)
