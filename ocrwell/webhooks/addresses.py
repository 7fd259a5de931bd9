"""Which addresses a callback may go to: the ones of the public internet, and what is allowed."""

from __future__ import annotations

import queue
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread

from ocrwell.env import Network

Address = IPv4Address | IPv6Address

# Written out, because what Python takes for global differs from version to version. By the special
# purpose registries of IANA; the last one is public by its number and Azure's own host by its use.
PRIVATE = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",
    )
]
# Of IPv6 only this part is in public use: loopback, link-local, unique local, multicast and all
# that is reserved lies outside of it.
GLOBAL_V6 = ip_network("2000::/3")
SPECIAL_V6 = [ip_network(each) for each in ("2001::/23", "2001:db8::/32", "3ffe::/16", "3fff::/20")]
TEREDO = ip_network("2001::/32")
NAT64 = ip_network("64:ff9b::/96")
ISATAP = (0x00005EFE, 0x02005EFE)


class Unresolved(OSError):
    """The name has no address."""


def forbidden(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether no callback may go there."""
    if listed(address, allowed):
        return False
    if isinstance(address, IPv4Address):
        return any(address in network for network in PRIVATE)
    if address.ipv4_mapped:
        return forbidden(address.ipv4_mapped, allowed)
    return _unroutable(address) or any(forbidden(inner, ()) for inner in _embedded(address))


def listed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the operator vouches for this address, also where it is written as IPv6."""
    names: list[Address | None] = [address]
    if isinstance(address, IPv6Address):
        names.append(address.ipv4_mapped)
    return any(name in network for name in names if name for network in allowed)


def _unroutable(address: IPv6Address) -> bool:
    if address in NAT64 or address in TEREDO:
        return False
    return address not in GLOBAL_V6 or any(address in network for network in SPECIAL_V6)


def _embedded(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that a gateway would take out of this one and go to."""
    found = [*(address.teredo or ()), address.sixtofour]
    if address in NAT64 or int(address) >> 32 & 0xFFFFFFFF in ISATAP:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each]


def resolve(host: str, port: int, *, timeout: float) -> list[Address]:
    """All addresses of a name, or of an address in any notation; raises Unresolved.

    In a thread that is left behind when its time is up: the system's resolver cannot be stopped.
    """
    answer: queue.SimpleQueue[list[Address]] = queue.SimpleQueue()
    Thread(target=_look_up, args=(host, port, answer), daemon=True).start()
    try:
        found = answer.get(timeout=timeout)
    except queue.Empty:
        found = []
    if not found:
        raise Unresolved
    return found


def _look_up(host: str, port: int, answer: queue.SimpleQueue[list[Address]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    answer.put(list(dict.fromkeys(ip_address(str(each[4][0])) for each in found)))
