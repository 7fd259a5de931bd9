from __future__ import annotations

import time
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrwell.webhooks import addresses
from tests.webhooks.conftest import Names

FORBIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1
192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254
64:ff9b:1::8.8.8.8 100::1 2001:0:7f00:1::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
2002:7f00:1::1 2002:a9fe:a9fe:: 2002:c0a8:1:: 2606:4700::5efe:127.0.0.1 2606:4700::200:5efe:10.0.0.1
3ffe::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
"""
PUBLIC = """
1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 169.253.255.255 172.15.255.255 172.32.0.1 192.0.1.1
198.17.255.255 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001::8a ::ffff:8.8.8.8
64:ff9b::8.8.8.8 2002:808:808::1 2001:0:808:808:0:0:f7f7:f7f7 2001:200::1
"""


@pytest.mark.parametrize("address", FORBIDDEN.split())
def test_what_is_not_public_is_forbidden(address: str) -> None:
    assert addresses.forbidden(ip_address(address), [])


@pytest.mark.parametrize("address", PUBLIC.split())
def test_what_is_public_is_not(address: str) -> None:
    assert not addresses.forbidden(ip_address(address), [])


@pytest.mark.parametrize(
    ("network", "address", "forbidden"),
    [
        ("10.0.0.0/8", "10.1.2.3", False),
        ("10.0.0.0/8", "::ffff:10.1.2.3", False),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.0.0.0/8", "192.168.0.1", True),
        ("10.0.0.0/8", "64:ff9b::10.1.2.3", True),
        ("10.0.0.0/8", "2002:a01:203::1", True),
        ("64:ff9b::/96", "64:ff9b::10.1.2.3", False),
        ("fd00::/8", "fd00::1", False),
        ("fd00::/8", "fc00::1", True),
        ("::1/128", "::1", False),
        ("::1/128", "127.0.0.1", True),
        ("::/0", "127.0.0.1", True),
    ],
)
def test_the_operator_may_allow_networks(network: str, address: str, forbidden: bool) -> None:
    assert addresses.forbidden(ip_address(address), [ip_network(network)]) is forbidden


@given(st.ip_addresses(v=4))
def test_no_way_of_writing_makes_an_address_better(address: Any) -> None:
    if not addresses.forbidden(address, []):
        return
    number = int(address)
    nat64 = int(ip_address("64:ff9b::")) | number
    for wrapped in (0xFFFF << 32 | number, number, nat64, 0x2002 << 112 | number << 80):
        assert addresses.forbidden(ip_address(wrapped.to_bytes(16, "big")), [])


@given(st.ip_addresses(v=6))
def test_of_ipv6_python_knows_nothing_private_that_is_let_through(address: Any) -> None:
    embeds = address.ipv4_mapped or address.teredo or address in addresses.NAT64
    if not (embeds or addresses.forbidden(address, [])):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_of_ipv4_python_knows_nothing_private_that_is_let_through(address: Any) -> None:
    if not addresses.forbidden(address, []):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize("host", ["nothing.invalid", "a" * 64 + ".test", "a..b", "", "::g"])
def test_what_has_no_address_is_unresolved(host: str) -> None:
    with pytest.raises(addresses.Unresolved):
        addresses.resolve(host, 443, timeout=20)


def test_all_addresses_of_a_name_are_found_once(names: Names) -> None:
    names.answers["many.test"] = [["1.1.1.1", "::1", "1.1.1.1"]]
    found = addresses.resolve("many.test", 443, timeout=20)
    assert found == [ip_address("1.1.1.1"), ip_address("::1")]


def test_a_resolver_that_hangs_is_left_behind(hanging: None) -> None:
    start = time.monotonic()
    with pytest.raises(addresses.Unresolved):
        addresses.resolve("slow.test", 443, timeout=0.1)
    assert time.monotonic() - start < 3
