"""Where documents and results lie while they are needed."""

from __future__ import annotations

import os
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from ocrwell.storage.base import Missing, Readable, Stat, Store, Unreachable
from ocrwell.storage.local import LocalStore

__all__ = ["LocalStore", "Missing", "Readable", "Stat", "Store", "Unreachable", "store"]


@cache
def store() -> Store:
    """The store of this installation; raises ImproperlyConfigured."""
    if not settings.S3_ENDPOINT:
        return LocalStore(settings.STORE_DIR)
    # Only where there is a bucket: the client's libraries take a third of a second to load.
    connect: type[Store] = import_string("ocrwell.storage.s3.S3Store")
    return connect()


# A connection must not be shared with the process that a worker was forked from.
os.register_at_fork(after_in_child=store.cache_clear)
