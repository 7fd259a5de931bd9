"""Identifiers: UUIDv7, so they sort by time of creation."""

from __future__ import annotations

import uuid

import uuid6


def new() -> uuid.UUID:
    return uuid6.uuid7()


def parse(text: object) -> uuid.UUID | None:
    """The id a client sent, or None: nonsense is an id that does not exist."""
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
