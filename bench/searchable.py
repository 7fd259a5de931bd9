"""Measures searchable PDFs over folders of scans: how large they are, whether each word is found
where it stands on the page, and whether the pictures are what they were.

    python -m bench.searchable [FOLDER]...
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import subprocess
import sys
import time
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf

from bench import corpora
from engine import formats, ocr, pages, pipeline, searchable
from engine.errors import UnreadableDocument
from engine.ocr.orientation import turned
from engine.types import Box, Image, Page, Reader, Word

NEAR = 0.5
"""Heights of its line that a word may be away from its place."""

TIMEOUT = 60
"""Seconds: there are files in which pdftotext never comes to an end."""

Found = tuple[str, Box]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one document. ``pictures`` says whether every picture has the bytes, or where PDF cannot
    take them the pixels, that it had; ``looks`` whether every page looks as it did."""

    pages: int
    size: float
    words: int
    placed: int
    pictures: bool
    looks: bool
    seconds: float

    @property
    def share(self) -> float:
        return self.placed / self.words if self.words else 1.0


def measure(source: bytes, read: Sequence[Page]) -> Figures:
    start = time.perf_counter()
    made = searchable.make(source, read)
    seconds = (time.perf_counter() - start) / len(read)
    words = [(page, word) for page in read if page.source == "ocr" for word in _words(page)]
    misses = list(misplaced(source, made, read))
    return Figures(
        pages=len(read),
        size=len(made) / len(source),
        words=len(words),
        placed=len(words) - len(misses),
        pictures=same_pictures(source, made),
        looks=all(same_looks(source, made, page) for page in read),
        seconds=seconds,
    )


def misplaced(source: bytes, made: bytes, read: Sequence[Page]) -> Iterator[Word]:
    """The words that ``pdftotext -bbox`` does not find within half a line of their place."""
    is_pdf = formats.sniff(source[: formats.HEAD_BYTES]) is formats.PDF
    shown = found(made)
    with pymupdf.open(stream=made, filetype="pdf") as pdf:
        for page in read:
            if page.source != "ocr":
                continue
            turn = page.rotation if is_pdf else 0
            rect = pdf[page.number - 1].rect
            for line in page.lines:
                near = (
                    NEAR * min(line.box.width, line.box.height) * rect.height / _height(page, turn)
                )
                for word in line.words:
                    place = _on_paper(word.box, page, turn, rect.width, rect.height)
                    if not any(_is(each, word.text, place, near) for each in shown[page.number]):
                        yield word


def found(made: bytes) -> dict[int, list[Found]]:
    """Words and their places in points, by page, as ``pdftotext -bbox`` tells them."""
    run = subprocess.run(
        ["pdftotext", "-cropbox", "-bbox", "-", "-"],
        input=made,
        capture_output=True,
        check=True,
        timeout=TIMEOUT,
    )
    # XML has no place for control characters, and poppler puts those of a broken layer there.
    text = "".join(c for c in run.stdout.decode("utf-8", "replace") if c >= " " or c in "\n\t")
    space = "{http://www.w3.org/1999/xhtml}"
    tree = ElementTree.fromstring(text)  # noqa: S314  made by a program of ours
    return {
        number: [_found(each) for each in page.iter(f"{space}word")]
        for number, page in enumerate(tree.iter(f"{space}page"), start=1)
    }


def same_pictures(source: bytes, made: bytes) -> bool:
    fmt = formats.sniff(source[: formats.HEAD_BYTES])
    if fmt is formats.PDF:
        return _streams(source) <= _streams(made)
    if fmt is formats.JPEG:
        return hashlib.sha256(source).digest() in _streams(made)
    with pymupdf.open(stream=made, filetype="pdf") as pdf, pages.opened(source) as document:
        return all(
            _stored(pdf, n) in source or _same_pixels(document.render(n), _picture(pdf, n))
            for n in range(1, document.page_count + 1)
        )


def same_looks(source: bytes, made: bytes, page: Page) -> bool:
    """Whether the page looks as before; that of a picture, as the picture that was read."""
    if formats.sniff(source[: formats.HEAD_BYTES]) is formats.PDF:
        return bool(np.array_equal(_rendered(source, page.number), _rendered(made, page.number)))
    with pages.opened(source) as document:
        upright = turned(document.render(page.number), page.rotation)
    with pymupdf.open(stream=made, filetype="pdf") as pdf:
        target = pdf[page.number - 1]
        zoom = pymupdf.Matrix(page.width / target.rect.width, page.height / target.rect.height)
        shown = _pixels(target.get_pixmap(matrix=zoom, alpha=False))
    # Two decoders of one JPEG differ by a shade here and there.
    return shown.shape == upright.shape and bool(np.abs(shown - upright.astype(int)).mean() < 2)


def _words(page: Page) -> Iterator[Word]:
    return (word for line in page.lines for word in line.words)


def _height(page: Page, turn: int) -> int:
    return page.width if turn in (90, 270) else page.height


def _on_paper(box: Box, page: Page, turn: int, width: float, height: float) -> Box:
    """Where a box lies on the page as viewers show it, in points."""
    x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
    across, down = page.width, page.height
    for _ in range((-turn // 90) % 4):  # a quarter clockwise each
        x0, y0, x1, y1 = down - y1, x0, down - y0, x1
        across, down = down, across
    x, y = width / across, height / down
    return Box(x0 * x, y0 * y, x1 * x, y1 * y)


def _found(element: ElementTree.Element) -> Found:
    box = Box(*(float(element.attrib[each]) for each in ("xMin", "yMin", "xMax", "yMax")))
    return _plain(element.text or ""), box


def _is(each: Found, text: str, place: Box, near: float) -> bool:
    (x, y), (right_x, right_y) = each[1].center, place.center
    return each[0] == _plain(text) and abs(x - right_x) <= near and abs(y - right_y) <= near


def _plain(text: str) -> str:
    """poppler takes ligatures and the like apart."""
    return unicodedata.normalize("NFKC", text)


def _streams(content: bytes) -> set[bytes]:
    """Digests of all pictures, as they are stored."""
    with pymupdf.open(stream=content, filetype="pdf") as pdf:
        xrefs = {xref for n in range(len(pdf)) for xref, *_ in pdf.get_page_images(n)}
        return {hashlib.sha256(pdf.xref_stream_raw(xref)).digest() for xref in xrefs}


def _stored(pdf: pymupdf.Document, number: int) -> bytes:
    ((xref, *_),) = pdf.get_page_images(number - 1)
    stream: bytes = pdf.xref_stream_raw(xref)
    return stream


def _picture(pdf: pymupdf.Document, number: int) -> Image:
    ((xref, *_),) = pdf.get_page_images(number - 1)
    pixmap = pymupdf.Pixmap(pdf, xref)
    return _pixels(pixmap if pixmap.n == 3 else pymupdf.Pixmap(pymupdf.csRGB, pixmap))


def _same_pixels(read: Image, stored: Image) -> bool:
    """A picture is stored as it is and shown upright: any of eight ways round is the same."""
    quarters = [np.rot90(stored, n) for n in range(4)]
    return any(np.array_equal(read, each) for one in quarters for each in (one, one[:, ::-1]))


def _rendered(content: bytes, number: int) -> Image:
    with pages.opened(content) as document:
        return document.render(number)


def _pixels(pixmap: pymupdf.Pixmap) -> Image:
    flat = np.frombuffer(pixmap.samples, np.uint8)
    return flat.reshape(pixmap.height, pixmap.width, pixmap.n)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 1 where a document misses what is promised of all."""
    parser = argparse.ArgumentParser(prog="python -m bench.searchable", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[corpora.folder("scans_text")])
    parser.add_argument("--readings", type=Path, help="folder that keeps what was read")
    args = parser.parse_args(argv)
    read = _Readings(args.readings)
    print(f"{'size':>6} {'placed':>13} {'pictures':>9} {'looks':>6} {'ms/page':>8}")
    kept = [_measured(file, read) for folder in args.folders for file in _documents(folder)]
    return 0 if all(kept) else 1


def _documents(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if formats.named(file.name))


def _measured(file: Path, read: _Readings) -> bool:
    source = file.read_bytes()
    try:
        of = measure(source, read(source))
    except UnreadableDocument as fault:
        print(f"{file.name}: {fault.reason}")
        return True
    print(
        f"{of.size:6.2f} {of.placed:6} /{of.words:5} {_yes(of.pictures):>9} {_yes(of.looks):>6} "
        f"{1000 * of.seconds:8.0f}  {file.name} ({of.pages} pages)"
    )
    return of.placed == of.words and of.pictures and of.looks


def _yes(kept: bool) -> str:
    return "same" if kept else "OTHER"


class _Readings:
    """Reads each document once, for as long as the folder is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._reader: Reader | None = None

    def __call__(self, source: bytes) -> tuple[Page, ...]:
        kept = self._folder and self._folder / f"{hashlib.sha256(source).hexdigest()}.pickle"
        if kept and kept.exists():
            read: tuple[Page, ...] = pickle.loads(kept.read_bytes())  # noqa: S301  our own
            return read
        self._reader = self._reader or ocr.load()
        read = pipeline.run(source, self._reader, pipeline.Options()).pages
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(read))
        return read


if __name__ == "__main__":
    sys.exit(main())
