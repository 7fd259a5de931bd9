from __future__ import annotations

import http.client
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocrwell.errors import InvalidField
from ocrwell.webhooks import targets
from ocrwell.webhooks.targets import Target


@pytest.mark.parametrize(
    ("url", "target", "authority"),
    [
        ("https://example.com", Target("https", "example.com", 443, "/"), "example.com"),
        ("HTTPS://Example.COM.:443/A", Target("https", "example.com", 443, "/A"), "example.com"),
        ("http://a.test:8000/?b=c%20d", None, "a.test:8000"),
        ("https://prüfung.test/ä", Target("https", "xn--prfung-4ya.test", 443, "/%C3%A4"), None),
        ("https://[2606:4700:0:0::1]:8443/", None, "[2606:4700::1]:8443"),
        ("http://[2606:4700::1]/?", Target("http", "2606:4700::1", 80, "/"), "[2606:4700::1]"),
        ("https://a.test?b", Target("https", "a.test", 443, "/?b"), "a.test"),
    ],
)
def test_a_url_is_read_once_for_check_and_call(
    url: str, target: Target | None, authority: str | None
) -> None:
    found = targets.parse(url)
    assert target is None or found == target
    assert authority is None or found.authority == authority


@given(st.text())
@example("[")
@example("a:1:2")
@example("\u2100.test")
@example("a.test/?\u00e4=%zz&b='\"<>")
def test_any_text_can_be_called_or_is_refused(text: str) -> None:
    with suppress(InvalidField):
        target = targets.parse(f"https://{text}")
        line = http.client.HTTPConnection(target.host, target.port)
        line.putrequest("POST", target.path, skip_host=True)
        line.putheader("Host", target.authority)
        assert target.host.isascii()
        assert 1 <= target.port <= 65535
