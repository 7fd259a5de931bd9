"""Where documents and results lie while they are needed."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from ocrwell.storage.base import Missing, Store
from ocrwell.storage.local import LocalStore

__all__ = ["LocalStore", "Missing", "Store", "store"]


@cache
def store() -> Store:
    """The store of this installation."""
    return LocalStore(settings.STORE_DIR)
