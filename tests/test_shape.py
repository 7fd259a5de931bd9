"""The shape of the repository: locked packages, migrations, file sizes, no display library."""

from __future__ import annotations

import shutil
import subprocess
import tokenize
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
UV = PROJECT["tool"]["uv"]
OVERRIDES = {
    canonicalize_name(each.name): each for each in map(Requirement, UV["override-dependencies"])
}
STATED: dict[str, list[str]] = {
    canonicalize_name(each["name"]): each["requires-dist"] for each in UV["dependency-metadata"]
}
PACKAGES = ("engine", "ocrwell", "workers", "bench", "samples", "tests")
MOST_LINES = 400
SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
FILES = {"requirements.txt": RUNTIME, "requirements-dev.txt": [*RUNTIME, *DEV]}


def locked(file: str) -> dict[str, Requirement]:
    """What a requirements file pins, by name; every line must carry hashes."""
    pins: dict[str, Requirement] = {}
    for line in (ROOT / file).read_text().replace("\\\n", " ").splitlines():
        text, hashed, _ = line.partition("--hash=sha256:")
        if text.strip():
            assert hashed, f"{file}: no hash for {text}"
            pin = Requirement(text)
            pins[canonicalize_name(pin.name)] = pin
    return pins


def version(pin: Requirement) -> str:
    (only,) = pin.specifier
    assert only.operator == "=="
    return only.version


def needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """What an installed package asks for here, corrected as pyproject.toml corrects it."""
    listed = STATED.get(name)
    lines = distribution(name).requires or [] if listed is None else listed
    for asked in map(Requirement, lines):
        wanted = OVERRIDES.get(canonicalize_name(asked.name), asked)
        if applies(asked, extras) and applies(wanted, extras):
            yield wanted


def applies(asked: Requirement, extras: frozenset[str]) -> bool:
    marker = asked.marker
    return marker is None or any(marker.evaluate({"extra": each}) for each in {"", *extras})


def closure(roots: list[Requirement]) -> set[str]:
    """The names of all packages that these need here, directly or not."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(roots)
    while waiting:
        asked = waiting.pop()
        found = (canonicalize_name(asked.name), frozenset(asked.extras))
        if found not in seen:
            seen.add(found)
            waiting += needs(*found)
    return {name for name, _ in seen}


@pytest.mark.parametrize("file", FILES)
def test_every_dependency_is_locked_at_a_version_that_is_allowed(file: str) -> None:
    pins = locked(file)
    for wanted in FILES[file]:
        pin = pins[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version(pin)), f"{file} is stale: run make lock"


@pytest.mark.parametrize("file", FILES)
def test_everything_that_the_dependencies_need_is_locked(file: str) -> None:
    try:
        wanted = closure(FILES[file])
    except PackageNotFoundError as error:
        pytest.fail(f"{error.name} is needed and not installed")
    assert wanted <= set(locked(file)), f"{file} is stale: run make lock"


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_locked_that_nothing_needs(file: str) -> None:
    here = {name for name, pin in locked(file).items() if applies(pin, frozenset())}
    assert here <= closure(FILES[file]), f"{file} is stale: run make lock"


def test_development_uses_the_versions_that_are_shipped() -> None:
    dev = locked("requirements-dev.txt")
    for name, pin in locked("requirements.txt").items():
        assert version(dev[name]) == version(pin)


def test_a_gpu_needs_another_runtime_and_nothing_else() -> None:
    """What it needs is not installed here, so its lock is held against the other one."""
    ours, theirs = locked("requirements.txt"), locked("requirements-gpu.txt")
    shared = ours.keys() & theirs.keys()
    assert ours.keys() - shared == {"onnxruntime"}
    assert [str(ours[name]) for name in shared] == [str(theirs[name]) for name in shared]
    added = theirs.keys() - shared
    assert version(theirs["onnxruntime-gpu"]) == version(ours["onnxruntime"])
    assert {name.split("-")[0] for name in added} == {"onnxruntime", "nvidia"}
    assert {name.split("-")[1] for name in added} >= {"cudnn", "cublas", "cufft", "curand"}


def test_what_is_installed_is_what_is_locked() -> None:
    pins = locked("requirements-dev.txt")
    for name in closure(FILES["requirements-dev.txt"]):
        assert distribution(name).version == version(pins[name])


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def code_lines(file: Path) -> int:
    """Lines that are neither blank nor comment nor docstring."""
    lines: set[int] = set()
    with file.open("rb") as source:
        begins = True
        for token in tokenize.tokenize(source.readline):
            if token.type in SILENT:
                begins = begins or token.type == tokenize.NEWLINE
            elif not (begins and token.type == tokenize.STRING):
                begins = False
                lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines)


def test_code_is_counted_without_comments_and_docstrings(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        '"""Doc\nstring."""\n\n# why\nx = """a\nb"""\ndef f():\n    "doc"\n    return 1\n'
    )
    assert code_lines(file) == 4


def test_no_file_is_long() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    lengths = {str(file.relative_to(ROOT)): code_lines(file) for file in files}
    assert len(lengths) > 50
    assert {name: count for name, count in lengths.items() if count > MOST_LINES} == {}


def test_there_is_one_opencv_and_it_is_the_one_without_a_display() -> None:
    names = {canonicalize_name(each.name) for each in distributions()}
    assert {name for name in names if "opencv" in name} == {"opencv-python-headless"}


@pytest.mark.skipif(shutil.which("ldd") is None, reason="ldd is a tool of Linux")
def test_nothing_asks_for_a_display_library() -> None:
    files = distribution("opencv-python-headless").files or []
    libraries = [str(each.locate()) for each in files if each.match("cv2/*.so")]
    assert libraries
    wanted = subprocess.run(["ldd", *libraries], capture_output=True, text=True, check=True).stdout
    assert "libGL" not in wanted
    assert "libX11" not in wanted
    assert "not found" not in wanted
