"""Counting pages from a shell: ``python -m engine.counting``."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from engine import counting
from tests.engine import drawn


def run(file: Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.counting", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_the_number_of_pages_is_printed(tmp_path: Path) -> None:
    drawn.make_pdf(tmp_path / "a.pdf", [["one"], ["two"], ["three"]])
    done = run(tmp_path / "a.pdf")
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")


def test_what_cannot_be_read_is_said_and_told_by_the_status(tmp_path: Path) -> None:
    drawn.make_encrypted_pdf(tmp_path / "locked.pdf")
    for name, reason in (("locked.pdf", "protected by a password"), ("none.pdf", "No such file")):
        done = run(tmp_path / name)
        assert (done.returncode, done.stdout) == (counting.UNREADABLE, "")
        assert reason in done.stderr


def test_a_file_without_end_runs_out_of_memory() -> None:
    done = run(Path("/dev/zero"))
    assert (done.returncode, done.stdout) == (counting.UNREADABLE, "")
    assert "too much memory" in done.stderr


def test_the_system_ends_what_takes_too_long() -> None:
    with subprocess.Popen(["sleep", "60"], stdout=subprocess.PIPE) as silent:
        try:
            done = run(Path("/dev/stdin"), stdin=silent.stdout)
        finally:
            silent.kill()
    assert (done.returncode, done.stdout) == (-signal.SIGALRM, "")
