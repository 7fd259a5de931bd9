"""Why a document could not be read: the closed list.

The docstring of each class is the reason its user is told.
"""

from __future__ import annotations


class UnreadableDocument(Exception):
    """Document could not be read."""

    def __init__(self, reason: str | None = None) -> None:
        self.reason = reason or type(self).__doc__ or ""
        super().__init__(self.reason)


class CorruptDocument(UnreadableDocument):
    """Document could not be read: the file is damaged."""


class EncryptedDocument(UnreadableDocument):
    """Document could not be read: it is protected by a password."""


class EmptyDocument(UnreadableDocument):
    """Document could not be read: it has no pages."""


class UnsupportedFormat(UnreadableDocument):
    """Document could not be read: it is not a PDF, JPEG, PNG, TIFF, WebP or BMP file."""


class TooManyPages(UnreadableDocument):
    """Document could not be read: it has too many pages."""


class PageTooLarge(UnreadableDocument):
    """Document could not be read: a page is too large."""
