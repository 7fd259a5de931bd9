"""PDF pages, rendered by MuPDF under a pixel budget."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pymupdf

from engine.errors import CorruptDocument, EncryptedDocument
from engine.pages import printed
from engine.types import Image

MAX_PIXELS = 20_000_000
"""A page that would be larger at the wanted dpi is rendered at fewer."""

# MuPDF's own errors; PyMuPDF turns others into RuntimeError and ValueError.
_FAULTS = (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase)

# MuPDF writes to stderr about every oddity it repairs.
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
# Two subsets of one font can map their codes differently: keep them apart by name.
pymupdf.TOOLS.set_subset_fontnames(True)


class PdfDocument:
    def __init__(self, data: bytes, dpi: int) -> None:
        self._dpi = dpi
        with _parsing():
            self._pdf = pymupdf.open(stream=data, filetype="pdf")
            if self._pdf.needs_pass:
                self._pdf.close()
                raise EncryptedDocument
            self.page_count = len(self._pdf)
        if self.page_count == 0 and self._pdf.is_repaired:
            self._pdf.close()
            raise CorruptDocument

    def render(self, number: int) -> Image:
        with self._page(number) as page:
            zoom = _zoom(page, self._dpi)
            pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False)
            # Copied: the pixmap's memory goes when the pixmap does.
            pixels = np.frombuffer(pixmap.samples_mv, np.uint8).copy()
        return pixels.reshape(pixmap.height, pixmap.width, 3)

    def printed(self, number: int) -> tuple[printed.PrintedLine, ...]:
        with self._page(number) as page:
            return printed.lines(page, _zoom(page, self._dpi))

    def close(self) -> None:
        self._pdf.close()
        # Both are kept for the process, not for the document.
        pymupdf.TOOLS.store_shrink(100)
        pymupdf.TOOLS.reset_mupdf_warnings()

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        """A page that cannot be loaded fails the document: text missing unseen would be worse.

        A page whose content breaks off is what a viewer shows of it; MuPDF tells no more.
        """
        with _parsing(f"Document could not be read: page {number} is damaged."):
            page = self._pdf.load_page(number - 1)
            if not self._pdf.xref_object(page.xref).startswith("<<"):
                raise ValueError("MuPDF takes an object that is no page for a blank one")
            yield page


def _zoom(page: Any, dpi: int) -> float:
    """Pixels a point: what ``dpi`` asks for, or less where the page would burst the budget."""
    wanted = dpi / 72
    points = max(page.rect.width, 1) * max(page.rect.height, 1)
    return min(wanted, math.sqrt(MAX_PIXELS / points))


@contextmanager
def _parsing(reason: str | None = None) -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        raise CorruptDocument(reason) from fault
