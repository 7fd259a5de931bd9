"""The proxy as Compose starts it, on ports of its own: the template with its values put in."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ocrwell import env
from tests import servers
from tests.api.conftest import free_port, wait_for

TEMPLATE = Path(__file__).parents[2] / "deploy" / "nginx.conf.template"
DEEPREAD_HOST = "api.deepread.example"
HOST = "ocr.example.com"
# Debian keeps it out of the PATH of ordinary users.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
# Both are there after ``make services``; where CI asks for the real stack, nothing is skipped.
needed = pytest.mark.skipif(
    not servers.REAL or (NGINX is None and not env.text("CI")),
    reason="the real stack is not asked for, or nginx is not installed",
)
# What the image's own nginx.conf has around ours.
AROUND = """
daemon off;
pid {home}/pid;
{user}
events {{ }}
http {{
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/default.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> str:
        """Status and code, in one."""
        return f"{self.status} {self.body['error']['code']}"


@dataclass(frozen=True)
class Proxy:
    home: Path
    port: int

    @property
    def log(self) -> str:
        return (self.home / "log").read_text()

    def connect(self, name: str = HOST) -> ssl.SSLSocket:
        trust = ssl.create_default_context(cafile=self.home / "tls.crt")
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        return trust.wrap_socket(line, server_hostname=name)

    def ask(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Answer:
        """``path`` may be a URL on the public host."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(HOST)) as line:
            line.sock = self.connect()
            line.request(method, path.removeprefix(f"https://{HOST}"), content, named)
            with line.getresponse() as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())


def rendered(template: str, values: Mapping[str, str]) -> str:
    """As the image's entry point does it: other dollars stay as they are."""
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], template)


@contextmanager
def started(home: Path, **values: str) -> Iterator[Proxy]:
    """nginx, while it is needed, with these values and a certificate for the public host."""
    port, own = free_port(), free_port()
    given = {
        "SERVER_NAMES": f"{HOST} {DEEPREAD_HOST}",
        "DEEPREAD_HOST": DEEPREAD_HOST,
        "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
    } | values
    text = rendered(TEMPLATE.read_text(), given)
    for ours, theirs in (
        ("listen 8443 ", f"listen 127.0.0.1:{port} "),
        ("listen 127.0.0.1:8080;", f"listen 127.0.0.1:{own};"),
        ("/run/secrets/", f"{home}/"),
        ("/dev/stdout", f"{home}/log"),
        ("/dev/stderr", f"{home}/log"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    (home / "default.conf").write_text(text)
    user = "user root;" if home.owner() == "root" else ""
    (home / "nginx.conf").write_text(AROUND.format(home=home, user=user))
    _certify(home)
    with (home / "said").open("wb") as said:
        process = subprocess.Popen(
            [str(NGINX), "-e", "stderr", "-p", home, "-c", home / "nginx.conf"], stderr=said
        )
    try:
        wait_for(port)
        assert (home / "said").read_text() == ""
        yield Proxy(home, port)
    finally:
        process.terminate()
        process.wait(60)


def until(proxy: Proxy, word: str, within: float = 30.0) -> None:
    """Wait until the log says it."""
    deadline = time.monotonic() + within
    while word not in proxy.log:
        assert time.monotonic() < deadline, proxy.log
        time.sleep(0.05)


def _certify(home: Path) -> None:
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-noenc", "-keyout", f"{home}/tls.key", "-out", f"{home}/tls.crt"]
    named = ["-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run([*new, *files, *named], check=True, capture_output=True)
