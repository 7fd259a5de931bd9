"""Documents as pages of pixels, one at a time, and the words a PDF carries in its own text layer.

The only door to PyMuPDF for reading. Page numbers start at 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
def opened(path: Path, *, dpi: int = DPI, max_pages: int = MAX_PAGES) -> Iterator[Document]:
    """The document in the file, whatever the file is called. Raises ``UnreadableDocument``."""
    document = _open(path, dpi, max_pages)
    try:
        if document.page_count == 0:
            raise EmptyDocument
        if document.page_count > max_pages:
            raise TooManyPages(f"Document could not be read: it has more than {max_pages} pages.")
        yield document
    finally:
        document.close()


def count(path: Path, *, max_pages: int = MAX_PAGES) -> int:
    """How many pages the document has, without rendering one. Raises ``UnreadableDocument``."""
    with opened(path, max_pages=max_pages) as document:
        return document.page_count


def render(document: Document, numbers: Iterable[int]) -> Iterator[tuple[int, Image]]:
    """These pages, each rendered when its turn comes."""
    for number in numbers:
        yield number, document.render(number)


def _open(path: Path, dpi: int, max_pages: int) -> Document:
    with path.open("rb") as file:
        head = file.read(formats.HEAD_BYTES)
    if not head:
        raise UnsupportedFormat("Document could not be read: the file is empty.")
    found = formats.sniff(head)
    if found is None:
        raise UnsupportedFormat
    return PdfDocument(path, dpi) if found is formats.PDF else ImageDocument(path, found, max_pages)
