"""What every store promises; a second kind of store is one more parameter of the fixture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ocrwell.storage import Missing, Store
from tests.factories import together

HOUR = timedelta(hours=1)


@pytest.fixture(params=["local"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(f"{request.param}_store")
    return found


def gone(store: Store, key: str) -> bool:
    try:
        store.size(key)
    except Missing:
        return True
    return False


def test_what_was_put_can_be_read(store: Store) -> None:
    store.put("a/b/source", b"content")
    assert store.read("a/b/source") == b"content"
    assert store.size("a/b/source") == 7
    assert store.head("a/b/source", 3) == b"con"


def test_putting_again_replaces(store: Store) -> None:
    store.put("a", b"first, and longer")
    store.put("a", b"second")
    assert store.read("a") == b"second"


def test_an_empty_object_is_one(store: Store) -> None:
    store.put("a", b"")
    assert store.size("a") == 0
    assert store.head("a", 10) == store.read("a") == b""


def test_what_is_not_there_is_missing(store: Store) -> None:
    for look in (
        lambda: store.size("a"),
        lambda: store.head("a", 3),
        lambda: store.read("a"),
        lambda: store.move("a", "b"),
    ):
        with pytest.raises(Missing):
            look()
    store.delete("a")


def test_moving_takes_the_object_along(store: Store) -> None:
    store.put("a/x", b"content")
    store.move("a/x", "b/y/z")
    assert store.read("b/y/z") == b"content"
    assert gone(store, "a/x")


def test_one_of_many_movers_gets_the_object(store: Store) -> None:
    store.put("a", b"content")
    targets = [f"b/{number}" for number in range(8)]
    left = iter(targets)

    def move() -> bool:
        try:
            store.move("a", next(left))
        except Missing:
            return False
        return True

    assert sorted(together(8, move)) == [False] * 7 + [True]
    assert sum(not gone(store, target) for target in targets) == 1


def test_deleting_a_prefix_takes_everything_below_and_nothing_beside(store: Store) -> None:
    for key in ("jobs/1/source", "jobs/1/2/result", "jobs/12/source"):
        store.put(key, b"content")
    store.delete("jobs/1")
    assert gone(store, "jobs/1/source")
    assert gone(store, "jobs/1/2/result")
    assert not gone(store, "jobs/12/source")


def test_deleting_one_object_leaves_its_neighbours(store: Store) -> None:
    store.put("jobs/1/source", b"content")
    store.put("jobs/1/result", b"content")
    store.delete("jobs/1/source")
    assert gone(store, "jobs/1/source")
    assert not gone(store, "jobs/1/result")


def test_a_store_that_works_says_so(store: Store) -> None:
    store.check()


def test_an_upload_url_is_a_new_place_each_time(store: Store) -> None:
    first, second = (
        store.upload_url(key, media_type="image/png", max_bytes=9, ttl=HOUR) for key in ("a", "b")
    )
    assert first != second


def test_what_is_young_enough_does_not_expire(store: Store) -> None:
    store.put("a", b"content")
    store.expire(timezone.now() - HOUR, spare=[])
    assert not gone(store, "a")
