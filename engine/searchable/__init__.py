"""Makes a document that was read searchable: a PDF with its words as invisible text over the page.

The other door to PyMuPDF. A PDF keeps every byte it has, and what is new is appended to it, so
that pictures, forms, outlines, signatures and encryption stay what they are. Only a damaged file,
and one with an older invisible text, is written anew.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pymupdf
from pymupdf import mupdf

from engine import formats
from engine.errors import CorruptDocument, UnsupportedFormat
from engine.formats import Format
from engine.searchable import font, layer, older, writing
from engine.searchable.pictures import Picture, pictures
from engine.types import Page

FONT = "Inkless"

_HOPELESS = "The searchable PDF could not be made: the document is damaged."


def make(source: bytes, pages: Sequence[Page]) -> bytes:
    """The document as a searchable PDF, from its file and all its pages as they were read.

    Pages whose own text was good enough to be read stay as they are. A picture's page shows it
    upright. Raises ``UnreadableDocument``.
    """
    found = formats.sniff(source[: formats.HEAD_BYTES])
    if found is None:
        raise UnsupportedFormat
    read = {page.number: page for page in pages if page.source == "ocr"}
    with _parsing():
        if found is not formats.PDF:
            return _of_pictures(source, found, read)
        worded = {number: page for number, page in read.items() if page.lines}
        return _of_pdf(older.without(source, list(worded)), worded) if worded else source


def _of_pdf(source: bytes, read: dict[int, Page]) -> bytes:
    with writing.opened(source) as pdf:
        _add_layers(pdf, read, turned=False)
        return writing.written(pdf)


def _of_pictures(source: bytes, found: Format, read: dict[int, Page]) -> bytes:
    with writing.opened() as pdf:
        for number, picture in enumerate(pictures(source, found), start=1):
            rotation = read[number].rotation if number in read else 0
            _add_picture(pdf, picture, rotation)
        _add_layers(pdf, read, turned=True)
        return writing.rewritten(pdf)


def _add_picture(pdf: Any, picture: Picture, rotation: int) -> None:
    image = _store(pdf, "<<>>", picture.packed.data, deflate=False)
    # Afterwards: whoever sets a stream says that it is not packed.
    for name, value in picture.packed.entries.items():
        pdf.xref_set_key(image, name, value)
    place = " ".join(map(layer.exact, picture.place))
    shown = _store(pdf, "<<>>", f"q {place} cm /Picture Do Q".encode())
    target = pdf.new_page(width=picture.width, height=picture.height)
    pdf.xref_set_key(target.xref, "Resources", f"<</XObject <</Picture {image} 0 R>>>>")
    pdf.xref_set_key(target.xref, "Contents", f"{shown} 0 R")
    if rotation:
        target.set_rotation(rotation)


def _add_layers(pdf: Any, read: dict[int, Page], *, turned: bool) -> None:
    """``turned`` says that the pages already show as they were read."""
    inner, codes = writing.inner(pdf), font.Codes()
    name = f"{FONT}{pdf.xref_length()}"  # a file that was made searchable before has another
    added: dict[int, tuple[Any, int]] = {}
    for number, page in sorted(read.items()):
        target = mupdf.pdf_load_page(inner, number - 1) if number <= len(pdf) else None
        # A file can show one page twice.
        if target and page.lines and target.obj().pdf_to_num() not in added:
            frame = _frame(target, page, 0 if turned else page.rotation)
            drawn = layer.content(page, frame, name, codes.encode)
            added[target.obj().pdf_to_num()] = target.obj(), _store(pdf, "<<>>", drawn)
    if added:
        face = mupdf.pdf_new_indirect(inner, font.add(partial(_store, pdf), codes), 0)
        for target, content in added.values():
            _put(target, name, face, mupdf.pdf_new_indirect(inner, content, 0))


def _frame(target: Any, page: Page, turn: int) -> layer.Frame:
    """From pixels of the page as it was read, counted from below, to the PDF's own measures."""
    to_screen, box = mupdf.FzMatrix(), mupdf.FzRect()
    mupdf.pdf_page_transform(target, box, to_screen)
    shown = pymupdf.Rect(box) * pymupdf.Matrix(to_screen)
    width, height = page.width, page.height
    unturned = {
        0: (1, 0, 0, -1, 0, height),
        90: (0, -1, -1, 0, height, width),
        180: (-1, 0, 0, 1, width, 0),
        270: (0, 1, 1, 0, 0, 0),
    }[turn]
    if turn in (90, 270):
        width, height = height, width
    scaled = pymupdf.Matrix(shown.width / width, shown.height / height)
    return tuple(pymupdf.Matrix(*unturned) * scaled * ~pymupdf.Matrix(to_screen))


def _put(page: Any, name: str, face: Any, content: Any) -> None:
    """Text before all else that is on the page: whatever that leaves open cannot touch it."""
    resources = page.pdf_dict_get_inheritable(pymupdf.PDF_NAME("Resources"))
    if not resources.pdf_is_dict():
        resources = page.pdf_dict_put_dict(pymupdf.PDF_NAME("Resources"), 1)
    fonts = resources.pdf_dict_get(pymupdf.PDF_NAME("Font"))
    if not fonts.pdf_is_dict():
        fonts = resources.pdf_dict_put_dict(pymupdf.PDF_NAME("Font"), 1)
    fonts.pdf_dict_puts(name, face)
    shown = page.pdf_dict_get(pymupdf.PDF_NAME("Contents"))
    streams = [shown.pdf_array_get(n) for n in range(shown.pdf_array_len())] or [shown]
    contents = page.pdf_dict_put_array(pymupdf.PDF_NAME("Contents"), len(streams) + 1)
    for stream in (content, *streams):
        if stream.pdf_is_stream():
            contents.pdf_array_push(stream)


def _store(pdf: Any, entries: str, stream: bytes | None, *, deflate: bool = True) -> int:
    """A new object; its number."""
    xref: int = pdf.get_new_xref()
    pdf.update_object(xref, entries)
    if stream is not None:
        pdf.update_stream(xref, stream, new=True, compress=deflate)
    return xref


@contextmanager
def _parsing() -> Iterator[None]:
    """MuPDF's complaints as ours, and none of Pillow's warnings on anyone's terminal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except writing.FAULTS as fault:
        raise CorruptDocument(_HOPELESS) from fault
