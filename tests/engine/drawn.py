"""Draws the small documents that tests read: nothing is copied, nothing comes from a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image, ImageDraw, ImageFont

MARGIN, PITCH, SIZE = 72, 24, 12
"""Points from the left and top edge, from line to line, and of the letters."""

Lines = Sequence[str]


def make_pdf(path: Path | None = None, pages: Sequence[Lines] = (("Hello world",),)) -> bytes:
    """A PDF whose pages hold these lines as real text, one below the other."""
    return _written(make_document(pages).tobytes(), path)


def make_encrypted_pdf(path: Path | None = None, *, owner_only: bool = False) -> bytes:
    """A PDF that needs a password to open, or only to change."""
    content = make_document([("Hello world",)]).tobytes(
        encryption=pymupdf.mupdf.PDF_ENCRYPT_AES_256,
        owner_pw="owner of it all",
        user_pw="" if owner_only else "open sesame",
    )
    return _written(content, path)


def make_scanned_pdf(
    path: Path | None = None,
    pages: Sequence[Lines] = (("Hello world",),),
    *,
    hidden: Sequence[Lines] | None = None,
) -> bytes:
    """A PDF of page images; ``hidden`` are the lines of an invisible OCR layer over each."""
    document = pymupdf.open()
    for number, lines in enumerate(pages):
        page = document.new_page()
        page.insert_image(page.rect, stream=make_image(lines, "PNG", dpi=150))
        if hidden:
            write(page, hidden[number], render_mode=3)
    return _written(document.tobytes(), path)


def make_image(lines: Lines = ("Hello world",), format: str = "PNG", *, dpi: int = 150) -> bytes:  # noqa: A002
    """An A4 page with these lines where ``make_pdf`` has them."""
    return encoded(draw(lines, dpi), format)


def make_broken_pdf(path: Path | None = None) -> bytes:
    """Starts like a PDF and goes on as nonsense."""
    return _written(b"%PDF-1.7\n" + b"nonsense " * 50, path)


def make_document(pages: Sequence[Lines]) -> pymupdf.Document:
    document = pymupdf.open()
    for lines in pages:
        write(document.new_page(), lines)
    return document


def write(page: pymupdf.Page, lines: Lines, **style: Any) -> None:
    for row, line in enumerate(lines, start=1):
        page.insert_text((MARGIN, MARGIN + row * PITCH), line, fontsize=SIZE, **style)


def draw(lines: Lines, dpi: int = 150) -> Image.Image:
    """Black letters on a white A4 sheet."""
    scale = dpi / 72
    image = Image.new("RGB", (round(595 * scale), round(842 * scale)), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(round(SIZE * scale))
    for row, line in enumerate(lines, start=1):
        at = (MARGIN * scale, (MARGIN + row * PITCH) * scale)
        pen.text(at, line, "black", font=font, anchor="ls")
    return image


def encoded(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def _written(content: bytes, path: Path | None) -> bytes:
    if path:
        path.write_bytes(content)
    return content
