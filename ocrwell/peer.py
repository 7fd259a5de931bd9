"""Who is at the other end of a request, and over which scheme: what a proxy says counts only if
the operator trusts that proxy.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TRACES = tuple(
    f"HTTP_{name}"
    for name in ("VIA", "FORWARDED", "X_FORWARDED_PROTO", "X_FORWARDED_FOR", "X_FORWARDED_HOST")
)
# Some proxies name the client's port, too.
PORT = re.compile(r"([0-9.]+):[0-9]+|\[([0-9a-fA-F:.]+)\](?::[0-9]+)?")


def address(request: HttpRequest) -> str:
    """The client's address, of IPv6 its network: the last hop that is no trusted proxy."""
    hop: str = request.META.get("REMOTE_ADDR", "")
    said = request.META.get("HTTP_X_FORWARDED_FOR", "")
    for earlier in reversed([part.strip() for part in said.split(",")]):
        if not _trusted(hop) or _parse(earlier) is None:
            break
        hop = earlier
    found = _parse(hop)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found or hop)


def scheme(request: HttpRequest) -> str:
    """``https`` only if every hop that a trusted proxy names was: what a client put into the
    header itself stands before what the proxy adds.
    """
    said = request.META.get("HTTP_X_FORWARDED_PROTO")
    if said is None or not _trusted(request.META.get("REMOTE_ADDR", "")):
        return request.scheme or "http"
    return "https" if {hop.strip().lower() for hop in said.split(",")} == {"https"} else "http"


def forwarded(request: HttpRequest) -> bool:
    """Whether a trusted proxy is in between: one that does not say how the client came, too."""
    return relayed(request) and _trusted(request.META.get("REMOTE_ADDR", ""))


def relayed(request: HttpRequest) -> bool:
    """Whether the request bears the traces of a proxy, of whichever."""
    return any(trace in request.META for trace in TRACES)


def loopback(request: HttpRequest) -> bool:
    """Whether the connection itself comes from this machine."""
    here = _parse(request.META.get("REMOTE_ADDR", ""))
    return here is not None and here.is_loopback


def _trusted(text: str) -> bool:
    found = _parse(text)
    return found is not None and any(found in network for network in settings.TRUSTED_PROXIES)


@lru_cache(1024)
def _parse(text: str) -> Address | None:
    """An address; one of IPv4 in the clothes of IPv6 is taken out of them."""
    bare = PORT.fullmatch(text)
    try:
        found = ipaddress.ip_address(bare[1] or bare[2] if bare else text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
