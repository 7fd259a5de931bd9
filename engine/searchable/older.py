"""Takes an older invisible text off the pages of a PDF, where a new one is to take its place.

With both every word would be found twice, the worse reading of the two included. Text that can be
seen belongs to what the page shows and stays, and so do pages that would look different without
their invisible text, and files that are signed: they are not to be written anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pymupdf
from pymupdf import mupdf

from engine.searchable import writing

DPI, MAX_PIXELS = 200, 20_000_000
"""At which pages are compared, and of a page at most."""

INVISIBLE = 3
EVERYWHERE = pymupdf.Rect(-100_000, -100_000, 100_000, 100_000)
SIGNED = 1


def without(source: bytes, numbers: Sequence[int]) -> bytes:
    """The PDF without invisible text on the pages with these numbers; itself where there is none,
    or none that can be taken off.
    """
    with writing.opened(source) as pdf:
        if pdf.get_sigflags() > 0 and pdf.get_sigflags() & SIGNED:
            return source
        try:
            hidden = [n for n in numbers if n <= len(pdf) and _has_hidden(pdf.load_page(n - 1))]
            return _without(source, pdf, hidden) if hidden else source
        except writing.FAULTS:  # words found twice are better than none
            return source


def _without(source: bytes, pdf: Any, hidden: list[int]) -> bytes:
    cleared = _cleared(source, hidden)
    same = _alike(pdf, cleared, hidden)
    if len(same) == len(hidden):
        return cleared
    return _cleared(source, same) if same else source


def _has_hidden(page: Any) -> bool:
    return any(span["type"] == INVISIBLE for span in page.get_texttrace())


def _cleared(source: bytes, numbers: Sequence[int]) -> bytes:
    with writing.opened(source) as pdf:
        for number in numbers:
            _clear(pdf, number)
        return writing.rewritten(pdf)


def _clear(pdf: Any, number: int) -> None:
    xref = pdf.load_page(number - 1).xref
    kind, notes = pdf.xref_get_key(xref, "Annots")
    # Out of the way: redacting takes links with it.
    pdf.xref_set_key(xref, "Annots", "null")
    page = pdf.load_page(number - 1)
    page.add_redact_annot(EVERYWHERE, fill=False, cross_out=False)
    page.apply_redactions(
        images=mupdf.PDF_REDACT_IMAGE_NONE,
        graphics=mupdf.PDF_REDACT_LINE_ART_NONE,
        text=mupdf.PDF_REDACT_TEXT_REMOVE_INVISIBLE,
    )
    pdf.xref_set_key(xref, "Annots", notes if kind != "null" else "null")
    for content in page.get_contents():
        pdf.update_stream(content, pdf.xref_stream(content))  # packed again


def _alike(before: Any, cleared: bytes, numbers: Sequence[int]) -> list[int]:
    """The pages that look as before to the last pixel."""
    with writing.opened(cleared) as after:
        return [n for n in numbers if _pixels(before, n) == _pixels(after, n)]


def _pixels(pdf: Any, number: int) -> bytes:
    page = pdf.load_page(number - 1)
    points = max(page.rect.width, 1) * max(page.rect.height, 1)
    zoom = min(DPI / 72, math.sqrt(MAX_PIXELS / points))
    samples: bytes = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False).samples
    return samples
