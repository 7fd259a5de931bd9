"""The file formats that are read: their names, media types and first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

HEAD_BYTES = 1024
"""How much of a file ``sniff`` wants to see."""


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    extensions: tuple[str, ...]
    media_type: str


PDF = Format("PDF", (".pdf",), "application/pdf")
JPEG = Format("JPEG", (".jpg", ".jpeg"), "image/jpeg")
PNG = Format("PNG", (".png",), "image/png")
TIFF = Format("TIFF", (".tiff", ".tif"), "image/tiff")
WEBP = Format("WebP", (".webp",), "image/webp")
BMP = Format("BMP", (".bmp",), "image/bmp")
ALL = (PDF, JPEG, PNG, TIFF, WEBP, BMP)


def named(filename: str) -> Format | None:
    """The format a file name promises, by its extension in any case."""
    extension = PurePath(filename).suffix.lower()
    return next((f for f in ALL if extension in f.extensions), None)


def sniff(head: bytes) -> Format | None:
    """The format the first ``HEAD_BYTES`` bytes of a file show."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return BMP
    # Viewers accept junk before the header, and PDFs in the wild have it.
    return PDF if b"%PDF-" in head[:HEAD_BYTES] else None
