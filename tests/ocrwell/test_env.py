from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ocrwell import env
from ocrwell.env import MailServer
from tests.factories import together

NAME = "OCRWELL_TEST_VALUE"


def given(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    given(monkeypatch, blank)
    assert env.text(NAME, "x") == "x"
    assert env.integer(NAME, 3) == 3
    assert env.words(NAME, "a,b") == ["a", "b"]
    assert env.path(NAME, Path("/x")) == Path("/x")
    assert env.folder(NAME) is None
    assert env.secret(NAME) == ""


def test_a_folder_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, f" {tmp_path}/x/.. ")
    assert env.folder(NAME) == tmp_path
    given(monkeypatch, "labels")
    assert env.folder(NAME) == Path.cwd() / "labels"


def test_a_whole_number_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, " 42 ")
    assert env.integer(NAME, 3, minimum=42) == 42


@pytest.mark.parametrize("nonsense", ["-1", "4.2", "four", "1e3", "0", "\uff14\uff12", "²", "1_0"])
def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    given(monkeypatch, nonsense)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.integer(NAME, 3, minimum=1)


@pytest.mark.parametrize("device", ["cpu", "gpu", "gpu:0", "gpu:12"])
def test_a_device_is_read(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    given(monkeypatch, f" {device.upper()} ")
    assert env.device(NAME) == device
    given(monkeypatch, "")
    assert env.device(NAME) == "cpu"


@pytest.mark.parametrize("nonsense", ["cuda", "gpu:", "gpu:x", "gpu:0,1", "cpu:0"])
def test_a_device_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    given(monkeypatch, nonsense)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.device(NAME)


def test_words_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "a, b,,c ")
    assert env.words(NAME) == ["a", "b", "c"]


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    assert env.secret(NAME) == "hush"


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, "hush")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} or {NAME}_FILE"):
        env.secret(NAME)


def test_a_secret_file_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE"):
        env.secret(NAME)


def test_a_postgresql_is_named_by_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "postgresql://alice:h%2Fush@db:5433/ocr?sslmode=require&connect_timeout=9")
    found = env.postgres(NAME, {"connect_timeout": 3, "application_name": "x"})
    assert (found["USER"], found["PASSWORD"]) == ("alice", "h/ush")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", 5433, "ocr")
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (600, True)
    options = {"connect_timeout": 9, "application_name": "x", "sslmode": "require"}
    assert found["OPTIONS"] == options


def test_without_a_url_there_is_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "")
    assert env.postgres(NAME, {}) == {}


@pytest.mark.parametrize(
    "url",
    [
        "hush",
        "mysql://alice:hush@db/ocr",
        "postgis://alice:hush@db/ocr",
        "sqlite:///hush.sqlite3",
        "postgresql://alice:hush@db",
        "postgresql://alice:hush@db:port/ocr",
        "postgresql://alice:hush#hush@db/ocr",
        "postgresql://alice:hush@[db/ocr",
    ],
)
def test_what_names_no_postgresql_is_refused_and_no_password_shown(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    given(monkeypatch, url)
    with pytest.raises(ImproperlyConfigured, match=NAME) as refused:
        env.postgres(NAME, {})
    assert "hush" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_kept_secret_stays_and_is_the_owners_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret_key"
    first = env.kept_secret(file)
    assert env.kept_secret(file) == first
    assert len(first) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_start_at_once_keep_the_same_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    assert len(set(together(8, lambda: env.kept_secret(file)))) == 1
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.test", MailServer("mail.test", 25)),
        ("smtp://mail.test:2525/", MailServer("mail.test", 2525)),
        ("smtp://mail.test?tls=true", MailServer("mail.test", 587, tls=True)),
        (
            "smtp://me%40example.org:p%2Fw%3A@mail.test:25?tls=true",
            MailServer("mail.test", 25, "me@example.org", "p/w:", tls=True),
        ),
        ("smtp://mail.test?tls=false", MailServer("mail.test", 25)),
        ("smtps://me:pw@mail.test", MailServer("mail.test", 465, "me", "pw", ssl=True)),
        ("smtp://[::1]:26", MailServer("::1", 26)),
        ("", MailServer()),
    ],
)
def test_a_mail_server_is_read_from_its_url(
    monkeypatch: pytest.MonkeyPatch, url: str, server: MailServer
) -> None:
    given(monkeypatch, url)
    assert env.mail_server(NAME) == server


def test_the_url_of_a_mail_server_may_lie_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("smtp://me:pw@mail.test\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "url"))
    assert env.mail_server(NAME).password == "pw"


@pytest.mark.parametrize(
    "nonsense",
    [
        "mail.test",
        "http://hush@mail.test",
        "smtp://",
        "smtp://me:hush@:25",
        "smtp://me:hush@mail.test:x",
        "smtp://me:hush@mail.test:99999",
        "smtp://me:hush@mail.test/box",
        "smtp://me:hush@mail.test?tls=maybe",
        "smtp://me:hush@mail.test?tls",
        "smtp://me:hush@mail.test?ssl=true",
        "smtp://me:hush@[mail.test",
    ],
)
def test_a_mail_server_that_is_none_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, nonsense: str
) -> None:
    given(monkeypatch, nonsense)
    with pytest.raises(ImproperlyConfigured, match=NAME) as refused:
        env.mail_server(NAME)
    assert "hush" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("address", ["o@example.org", "ocrwell <o@example.org>"])
def test_mail_is_from_an_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    given(monkeypatch, address)
    assert env.sender(NAME, needed=True) == address


@pytest.mark.parametrize("nonsense", ["", "ocrwell", "@example.org", "o@", "ocrwell <o>"])
def test_mail_from_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    given(monkeypatch, nonsense)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.sender(NAME, needed=True)


def test_without_a_mail_server_nobody_has_to_say_whom_mail_is_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, "")
    assert env.sender(NAME, needed=False) == ""
