"""Opens PDFs and writes them: with what is new behind what was there, or anew."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymupdf
from pymupdf import mupdf

from engine.errors import EncryptedDocument

FAULTS = (RuntimeError, ValueError, mupdf.FzErrorBase)
"""MuPDF's own errors, and what PyMuPDF turns some of them into."""


@contextmanager
def opened(source: bytes | None = None) -> Iterator[Any]:
    """The PDF in these bytes, or a new one."""
    pdf = pymupdf.open() if source is None else pymupdf.open(stream=source, filetype="pdf")
    try:
        if pdf.needs_pass:
            raise EncryptedDocument
        yield pdf
    finally:
        pdf.close()
        # Both are kept for the process, not for the document.
        pymupdf.TOOLS.store_shrink(100)
        pymupdf.TOOLS.reset_mupdf_warnings()


def inner(pdf: Any) -> Any:
    """MuPDF's own view of the document, for what PyMuPDF has no words for."""
    return pdf.this if isinstance(pdf.this, mupdf.PdfDocument) else mupdf.PdfDocument(pdf.this)


def written(pdf: Any) -> bytes:
    """The whole file, every byte of the old one included where that can be."""
    return _appended(pdf) if pdf.can_save_incrementally() else rewritten(pdf)


def rewritten(pdf: Any) -> bytes:
    """The file anew, without what nothing refers to. Streams are taken over as they are packed."""
    try:
        return _saved(pdf, use_objstms=1)
    except FAULTS:  # what is missing from a damaged file cannot be packed
        return _saved(pdf)


def _saved(pdf: Any, **options: int) -> bytes:
    content: bytes = pdf.tobytes(
        garbage=1, encryption=mupdf.PDF_ENCRYPT_KEEP, no_new_id=True, **options
    )
    return content


def _appended(pdf: Any) -> bytes:
    """PyMuPDF does so only with files that lie on the disk."""
    options = mupdf.PdfWriteOptions()
    options.do_incremental = 1
    options.do_encrypt = mupdf.PDF_ENCRYPT_KEEP
    options.dont_regenerate_id = 1
    buffer = io.BytesIO()
    output = pymupdf.JM_new_output_fileptr(buffer)
    mupdf.pdf_write_document(inner(pdf), output, options)
    output.fz_close_output()
    return buffer.getvalue()
