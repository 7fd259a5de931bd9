"""What every store promises: a folder here, a bucket in a real MinIO in ``test-services``."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from ocrwell import storage
from ocrwell.storage import LocalStore, Missing, Stat, Store
from tests.factories import together
from tests.stage import objects

HOUR = timedelta(hours=1)


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


def test_what_was_put_can_be_read(store: Store) -> None:
    store.put("a/b/source", b"content")
    assert store.read("a/b/source") == b"content"
    assert store.stat("a/b/source").size == 7
    assert store.head("a/b/source", 3) == b"con"


def test_putting_again_replaces(store: Store) -> None:
    store.put("a", b"first, and longer")
    store.put("a", b"second")
    assert store.read("a") == b"second"


def test_an_empty_object_is_one(store: Store) -> None:
    store.put("a", b"")
    assert store.stat("a").size == 0
    assert store.head("a", 10) == store.read("a") == b""
    size, file = store.open("a")
    assert (size, file.read(10)) == (0, b"")
    file.close()


def test_an_object_of_many_megabytes_comes_back_as_it_was(store: Store) -> None:
    content = os.urandom(2**20) * 21
    store.put("a", content)
    store.copy("a", "b")
    assert store.read("b") == content
    assert store.head("b", 10) == content[:10]
    size, file = store.open("b")
    assert (size, b"".join(iter(lambda: file.read(2**16), b""))) == (len(content), content)
    file.close()


def test_what_is_not_there_is_missing(store: Store) -> None:
    for look in (
        lambda: store.stat("a"),
        lambda: store.head("a", 3),
        lambda: store.read("a"),
        lambda: store.open("a"),
        lambda: store.copy("a", "b"),
    ):
        with pytest.raises(Missing):
            look()
    store.delete("a")
    assert objects(store) == set()


def test_a_copy_stays_as_it_is_whatever_becomes_of_its_source(store: Store) -> None:
    store.put("a/x", b"content")
    store.copy("a/x", "b/y/z")
    store.put("a/x", b"other")
    assert store.read("b/y/z") == b"content"
    store.delete("a")
    assert store.read("b/y/z") == b"content"


def test_a_copy_replaces(store: Store) -> None:
    store.put("a", b"new")
    store.put("b", b"old")
    for _ in range(2):
        store.copy("a", "b")
    assert store.read("b") == b"new"
    assert objects(store) == {"a", "b"}


def test_of_an_object_that_is_put_while_it_is_copied_each_copy_is_whole(store: Store) -> None:
    contents = [bytes([letter]) * 100_000 for letter in b"ab"]
    store.put("a", contents[0])
    turns = iter(range(40))

    def work() -> None:
        turn = next(turns)
        store.copy("a", f"b/{turn}") if turn % 2 else store.put("a", contents[turn // 2 % 2])

    for _ in range(5):
        together(8, work)
    copies = objects(store) - {"a"}
    assert len(copies) == 20
    assert {store.read(key) for key in copies} <= set(contents)


def test_deleting_a_prefix_takes_everything_below_and_nothing_beside(store: Store) -> None:
    beside = {"jobs/12/source", "jobs/1.json", "jobs/0/1/source", "x/jobs/1/source"}
    for key in ("jobs/1/source", "jobs/1/2/result", *beside):
        store.put(key, b"content")
    store.delete("jobs/1")
    assert objects(store) == beside


def test_deleting_one_object_leaves_its_neighbours(store: Store) -> None:
    store.put("jobs/1/source", b"content")
    store.put("jobs/1/source2", b"content")
    store.delete("jobs/1/source")
    assert objects(store) == {"jobs/1/source2"}


def test_what_was_written_before_a_moment_is_older(store: Store) -> None:
    for key in ("a", "b/1/x", "b/1/y"):
        store.put(key, b"content")
    assert set(store.older(timezone.now() - HOUR)) == set()
    assert set(store.older(timezone.now() + HOUR)) == {"a", "b/1/x", "b/1/y"}


def test_what_is_older_may_be_deleted_on_the_way(store: Store) -> None:
    for number in range(20):
        store.put(f"jobs/{number % 4}/{number}", b"content")
    for key in store.older(timezone.now() + HOUR):
        store.delete(key.rpartition("/")[0])
    assert objects(store) == set()


def test_a_store_that_works_says_so(store: Store) -> None:
    store.check()


def test_preparing_again_changes_nothing(store: Store) -> None:
    store.put("a", b"content")
    together(4, store.prepare)
    assert objects(store) == {"a"}


def test_an_upload_url_is_a_new_place_each_time(store: Store) -> None:
    first, second = (
        store.upload_url(key, media_type="image/png", max_bytes=9, ttl=HOUR) for key in ("a", "b")
    )
    assert first != second


def test_a_folder_has_looked_at_types_itself(local_store: LocalStore) -> None:
    local_store.put("a", b"content")
    assert local_store.stat("a") == Stat(7, "")


def test_a_forked_process_has_a_store_of_its_own(local_store: LocalStore) -> None:
    ours = storage.store()
    child = os.fork()
    if child == 0:
        os._exit(storage.store() is ours)
    assert os.waitpid(child, 0)[1] == 0
    assert storage.store() is ours
