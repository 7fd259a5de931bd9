"""Identifiers: UUIDv7, so they sort by time of creation."""

from __future__ import annotations

import uuid

import uuid6


def new() -> uuid.UUID:
    return uuid6.uuid7()


def parse(text: str) -> uuid.UUID:
    """The id a client sent. Nonsense is an id that nothing has: the nil UUID."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
