"""Documents as pages of pixels, one at a time, and the words a PDF carries in its own text layer.

The only door to PyMuPDF for reading. Page numbers start at 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from engine import formats
from engine.errors import EmptyDocument, TooManyPages, UnsupportedFormat
from engine.pages.images import ImageDocument
from engine.pages.pdf import PdfDocument
from engine.pages.printed import PrintedLine
from engine.types import Image

DPI = 200
MAX_PAGES = 1000


class Document(Protocol):
    """An open document. Its pages are made when asked for and never kept."""

    page_count: int

    def render(self, number: int) -> Image:
        """The page as RGB pixels. Raises ``CorruptDocument`` or ``PageTooLarge``."""
        ...

    def printed(self, number: int) -> tuple[PrintedLine, ...]:
        """What the text layer says, in the pixel frame of ``render``; nothing for a picture."""
        ...

    def close(self) -> None: ...


@contextmanager
def opened(
    source: Path | bytes, *, dpi: int = DPI, max_pages: int = MAX_PAGES
) -> Iterator[Document]:
    """The document in a file, whatever the file is called, or in its bytes.

    Raises ``UnreadableDocument``, and ``OSError`` when the file cannot be opened.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    document = _open(data, dpi, max_pages)
    try:
        if document.page_count == 0:
            raise EmptyDocument
        if document.page_count > max_pages:
            raise TooManyPages(f"Document could not be read: it has more than {max_pages} pages.")
        yield document
    finally:
        document.close()


def _open(data: bytes, dpi: int, max_pages: int) -> Document:
    if not data:
        raise UnsupportedFormat("Document could not be read: the file is empty.")
    found = formats.sniff(data[: formats.HEAD_BYTES])
    if found is None:
        raise UnsupportedFormat
    return PdfDocument(data, dpi) if found is formats.PDF else ImageDocument(data, found, max_pages)
