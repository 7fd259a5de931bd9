"""The folder behind the store, and the tickets that open it for one PUT."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import signing
from django.urls import resolve
from django.utils import timezone

from ocrwell.errors import FileTooLarge, InvalidField, NotFound
from ocrwell.storage import LocalStore
from ocrwell.storage.local import Ticket, check_ticket
from tests.factories import stored

HOUR = timedelta(hours=1)
TICKET = Ticket("uploads/1", "application/pdf", 1000, 900)


@pytest.fixture
def store(local_store: LocalStore) -> LocalStore:
    return local_store


def broken() -> Iterator[bytes]:
    yield b"some of it"
    raise OSError("the line is dead")


def test_received_chunks_become_one_object(store: LocalStore) -> None:
    assert store.receive("uploads/1", iter([b"ab", b"", b"cd"]), 4) == 4
    assert store.read("uploads/1") == b"abcd"


def test_nothing_is_left_of_what_breaks_off(store: LocalStore) -> None:
    with pytest.raises(OSError, match="dead"):
        store.receive("uploads/1", broken(), 1000)
    assert stored(store.root) == set()


def test_nothing_is_left_of_what_is_too_large(store: LocalStore) -> None:
    with pytest.raises(FileTooLarge):
        store.receive("uploads/1", iter([b"abc", b"de"]), 4)
    assert stored(store.root) == set()


def test_what_breaks_off_leaves_the_object_that_was_there(store: LocalStore) -> None:
    store.put("uploads/1", b"whole")
    with pytest.raises(OSError, match="dead"):
        store.receive("uploads/1", broken(), 1000)
    assert store.read("uploads/1") == b"whole"


def test_an_empty_file_is_refused_and_leaves_what_was_there(store: LocalStore) -> None:
    store.put("uploads/1", b"whole")
    with pytest.raises(InvalidField, match="empty"):
        store.receive("uploads/1", iter([]), 1000)
    assert store.read("uploads/1") == b"whole"


def test_an_object_is_not_there_before_it_is_whole(store: LocalStore) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"some"
        assert "uploads/1" not in stored(store.root)
        yield b" more"

    assert store.receive("uploads/1", chunks(), 1000) == 9


def past(path: Path) -> None:
    moment = timezone.now().timestamp() - HOUR.total_seconds()
    os.utime(path, (moment, moment))


def test_what_is_older_goes_by_the_time_of_writing(store: LocalStore) -> None:
    store.put("a/1", b"content")
    store.put("a/2", b"content")
    past(store.root / "a/1")
    assert list(store.older(timezone.now() - HOUR / 2)) == ["a/1"]


def test_a_copy_is_young_however_old_its_source(store: LocalStore) -> None:
    """Whatever looks for orphans must not take the file of a job that is about to be made."""
    store.put("uploads/1", b"content")
    past(store.root / "uploads/1")
    store.copy("uploads/1", "jobs/1/source")
    assert list(store.older(timezone.now() - HOUR / 2)) == []


def test_what_a_dying_process_left_half_written_is_older_one_day(store: LocalStore) -> None:
    with store._writing("uploads/1"):
        [half] = (store.root / "partial").iterdir()
        half.with_name("left").write_bytes(b"half of it")
    past(half.with_name("left"))
    assert list(store.older(timezone.now() - HOUR / 2)) == ["partial/left"]


def test_empty_folders_go_once_they_are_old(store: LocalStore) -> None:
    for key in ("jobs/1/1/result", "jobs/2/source", "uploads/1"):
        store.put(key, b"content")
    for key in ("jobs/1/1/result", "uploads/1"):
        store.delete(key)
    assert list(store.older(timezone.now() - HOUR)) == []
    assert (store.root / "jobs/1/1").is_dir()
    for _ in range(2):
        for folder in store.root.rglob("*/"):
            past(folder)
        assert list(store.older(timezone.now() - HOUR / 2)) == []
    folders = {str(each.relative_to(store.root)) for each in store.root.rglob("*/")}
    assert folders == {"jobs", "jobs/2", "partial", "uploads"}


def test_in_an_unused_store_nothing_is_older(store: LocalStore) -> None:
    assert list(store.older(timezone.now())) == []
    store.prepare()
    assert store.root.is_dir()


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        LocalStore(tmp_path / "file").check()


def test_an_upload_url_carries_its_ticket(store: LocalStore) -> None:
    url = store.upload_url(
        "uploads/1", media_type="application/pdf", max_bytes=1000, ttl=timedelta(minutes=15)
    )
    assert check_ticket(resolve(url).kwargs["token"]) == TICKET


def test_a_ticket_of_another_key_is_not_ours() -> None:
    body = signing.TimestampSigner(key="other", salt="ocrwell.storage.local")
    with pytest.raises(NotFound):
        check_ticket(body.sign_object(asdict(TICKET)))


def test_a_signature_made_for_something_else_is_not_ours() -> None:
    with pytest.raises(NotFound):
        check_ticket(signing.TimestampSigner(salt="sessions").sign_object(asdict(TICKET)))


def test_a_ticket_expires() -> None:
    with pytest.raises(NotFound, match="expired"):
        check_ticket(replace(TICKET, ttl_seconds=-1).sign())


def tampered() -> dict[str, str]:
    token = TICKET.sign()
    body, moment, signature = token.split(":")
    other, _, _ = replace(TICKET, key="jobs/1/source").sign().split(":")
    raw = signing.b64_encode(json.dumps(asdict(TICKET)).encode()).decode()
    return {
        "nothing": "",
        "nonsense": "nonsense",
        "another object": f"{other}:{moment}:{signature}",
        "a later time": f"{body}:{moment[:-1]}z:{signature}",
        "no time": f"{body}:{signature}",
        "no signature": f"{body}:{moment}",
        "an empty signature": f"{body}:{moment}:",
        "a cut signature": token[:-1],
        "a longer signature": token + "A",
        "only the body": raw,
        "zipped nonsense": f".{raw}:{moment}:{signature}",
        "letters that are no ASCII": "é:é:é",
        "a NUL": token + "\x00",
    }


@pytest.mark.parametrize("what", tampered())
def test_a_ticket_with_something_changed_is_not_ours(what: str) -> None:
    with pytest.raises(NotFound, match="not valid"):
        check_ticket(tampered()[what])
