"""What a person at a terminal gets from ``python -m engine``."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.__main__ import main
from tests.engine import drawn

LETTER = ["Dear Zoë", "thank you for the letter"]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    drawn.make_pdf(tmp_path / "a.pdf", [LETTER, ["page two"]])
    return tmp_path / "a.pdf"


def read(
    capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the rows of a run on text layers."""
    status = main(["read", "--ocr", "text", *map(str, arguments)])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_file_is_one_row(pdf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, (row,) = read(capsys, pdf)
    first, second = row.pop("pages")
    assert (status, row) == (0, {"file": str(pdf), "page_count": 2})
    assert first["text"] == "Dear Zoë\nthank you for the letter"
    assert (second["page"], second["source"], second["rotation"]) == (2, "text", 0)


def test_lines_and_words_have_boxes_and_confidence(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, (row,) = read(capsys, pdf)
    line = row["pages"][0]["lines"][0]
    assert list(line) == ["text", "box", "confidence", "words"]
    assert [word["text"] for word in line["words"]] == ["Dear", "Zoë"]
    assert line["box"][0] == pytest.approx(drawn.MARGIN * 200 / 72, abs=2)
    assert all(edge == round(edge, 1) for edge in line["box"])


def test_dpi_sets_the_size_of_the_page(pdf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (row,) = read(capsys, "--dpi", "72", pdf)
    assert (row["pages"][0]["width"], row["pages"][0]["height"]) == (595, 842)


def test_a_file_that_fails_does_not_stop_the_others(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    locked, missing = pdf.with_name("locked.pdf"), pdf.with_name("missing.pdf")
    drawn.make_encrypted_pdf(locked)
    status, rows = read(capsys, "--jobs", "2", locked, pdf, missing, pdf.parent)
    assert status == 1
    assert [row.get("error") for row in rows] == [
        "Document could not be read: it is protected by a password.",
        None,
        "Document could not be read: no such file or directory.",
        "Document could not be read: is a directory.",
    ]
    assert [row["file"] for row in rows] == [str(p) for p in (locked, pdf, missing, pdf.parent)]


def test_models_that_are_not_there_end_the_run(
    pdf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", "--model-dir", str(pdf.parent / "nowhere"), str(pdf)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere" in err
    assert "Traceback" not in err


@pytest.mark.ocr
def test_a_check_changes_no_word(pdf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for check in ([], ["--check"]):
        assert main(["read", *check, str(pdf)]) == 0
        rows.append(json.loads(capsys.readouterr().out))
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["read"],
        ["read", "--jobs", "0", "a.pdf"],
        ["read", "--schema", "s.json", "a.pdf"],
        ["extract", "a.pdf"],
        ["extract", "--schema", "s.json"],
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_nonsense_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage" in capsys.readouterr().err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, runpy\n"
        "sys.argv = ['engine', '--help']\n"
        "try: runpy.run_module('engine', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "sys.exit(any(m in sys.modules for m in ('pymupdf', 'paddleocr', 'cv2', 'numpy')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (run.returncode, run.stderr) == (0, b"")


def test_nothing_but_rows_is_printed_when_nobody_watches(pdf: Path) -> None:
    command = [sys.executable, "-m", "engine", "read", "--ocr", "text", str(pdf)]
    run = subprocess.run(command, capture_output=True, check=True)
    assert run.stderr == b""
    assert "Zoë".encode() in run.stdout


def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    drawn.make_pdf(tmp_path / "long.pdf", [LETTER] * 300)
    command = [sys.executable, "-m", "engine", "read", "--ocr", "text", "--dpi", "300", "long.pdf"]
    root = Path(__file__).parents[2]
    # A shell that runs the tests in the background has all of them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as run:
        # Beside the worker there is the process that cleans up after it.
        while run.poll() is None and len(psutil.Process(run.pid).children()) < 2:
            time.sleep(0.05)
        assert all(is_deaf(child.pid) for child in psutil.Process(run.pid).children())
        time.sleep(1)
        # To the whole group, as a terminal does.
        os.killpg(run.pid, signal.SIGINT)
        _, err = run.communicate(timeout=120)
    assert (run.returncode, err) == (130, b"")


def is_deaf(pid: int) -> bool:
    """Whether a process blocks or ignores Ctrl-C."""
    status = dict(
        line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    return bool((int(status["SigBlk"], 16) | int(status["SigIgn"], 16)) & 1 << signal.SIGINT - 1)


@pytest.mark.ocr
def test_ocr_works_with_the_network_cut_off(tmp_path: Path) -> None:
    # A network namespace of its own has no interface at all, not even for native code.
    alone = ["unshare", "--user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False).returncode:
        missing = pytest.fail if "CI" in os.environ else pytest.skip  # noqa: TID251
        missing("this system gives no network namespaces to ordinary users")
    scan = tmp_path / "scan.png"
    scan.write_bytes(drawn.make_image(["Invoice number 4711"], "PNG"))
    command = [*alone, sys.executable, "-m", "engine", "read", str(scan)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["pages"][0]["text"] == "Invoice number 4711"
