"""HTTPS: with the name that is called, by the certificates that the system trusts."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone
from pytest_django import Settings

from ocrwell.webhooks import http
from ocrwell.webhooks.http import Outcome
from tests.webhooks.conftest import Names
from tests.webhooks.receivers import Receiver, receiving, sending

NAMES = [x509.DNSName("hook.test"), x509.IPAddress(ip_address("127.0.0.1"))]


@dataclass(frozen=True)
class Authority:
    """Signs one server's certificate."""

    certificate: Path
    server: ssl.SSLContext


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def make_authority(folder: Path, *, age: timedelta = timedelta(0)) -> Authority:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    start = timezone.now() - timedelta(minutes=5) - age
    builders = [
        x509.CertificateBuilder()
        .issuer_name(named("ca"))
        .subject_name(named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=name == "ca", path_length=None), critical=True)
        for name, key in zip(("ca", "hook.test"), keys, strict=True)
    ]
    leaf = builders[1].add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
    pem = serialization.Encoding.PEM
    ca = folder / "ca.pem"
    ca.write_bytes(builders[0].sign(keys[0], hashes.SHA256()).public_bytes(pem))
    server = folder / "server.pem"
    server.write_bytes(
        keys[1].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + leaf.sign(keys[0], hashes.SHA256()).public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    return Authority(ca, context)


def post(url: str) -> Outcome:
    return http.post(url, headers={}, body=b"{}")


@pytest.fixture
def authority(tmp_path: Path, loopback_allowed: None) -> Authority:
    return make_authority(tmp_path)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """As an operator says it who has a certificate authority of his own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    return authority


@pytest.fixture
def secure(authority: Authority) -> Iterator[Receiver]:
    with receiving(authority.server) as running:
        yield running


def test_a_trusted_server_is_called_by_its_name(
    trusted: Authority, secure: Receiver, names: Names
) -> None:
    names.answers["hook.test"] = [["127.0.0.1"]]
    asked: list[object] = []
    trusted.server.sni_callback = lambda _socket, name, _context: asked.append(name)
    for host in ("hook.test", "HOOK.test."):
        assert post(f"https://{host}:{secure.port}/").status == 200
    assert asked == ["hook.test", "hook.test"]
    assert secure.calls[0].headers["Host"] == f"hook.test:{secure.port}"


def test_an_address_may_have_a_certificate(trusted: Authority, secure: Receiver) -> None:
    assert post(f"https://127.0.0.1:{secure.port}/").status == 200


def test_another_name_is_refused(trusted: Authority, secure: Receiver, names: Names) -> None:
    names.answers["other.test"] = [["127.0.0.1"]]
    for host in ("other.test", "localhost", "127.0.0.2"):
        outcome = post(f"https://{host}:{secure.port}/")
        assert outcome.status is None
        assert "certificate" in outcome.error or "refused" in outcome.error
    assert secure.calls == []


def test_an_unknown_authority_is_refused(secure: Receiver, names: Names) -> None:
    names.answers["hook.test"] = [["127.0.0.1"]]
    outcome = post(f"https://hook.test:{secure.port}/")
    assert outcome.error.startswith("The certificate is not accepted: ")
    assert secure.calls == []


def test_an_expired_certificate_is_refused(
    tmp_path: Path, loopback_allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_authority(tmp_path, age=timedelta(days=1))
    monkeypatch.setenv("SSL_CERT_FILE", str(old.certificate))
    with receiving(old.server) as running:
        outcome = post(f"https://127.0.0.1:{running.port}/")
    assert outcome.error == "The certificate is not accepted: certificate has expired."


def test_a_server_without_tls_is_not_called_in_plain(receiver: Receiver) -> None:
    outcome = post(f"https://127.0.0.1:{receiver.port}/")
    assert outcome.error.startswith("TLS failed: ")
    assert receiver.calls == []


def test_a_server_that_drips_behind_tls_is_cut_off(trusted: Authority, settings: Settings) -> None:
    settings.WEBHOOK_TIMEOUT = timedelta(seconds=0.5)
    with sending(b"HTTP/1.1 200 OK\r\n", b"X", every=0.02, tls=trusted.server) as port:
        outcome = post(f"https://127.0.0.1:{port}/")
    assert outcome.error == "The server did not answer within 0.5 s."
    assert outcome.milliseconds < 3000
