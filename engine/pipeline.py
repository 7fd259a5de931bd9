"""Reads a document from file to pages, as named steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine import boxes, layout, pages, second, trust
from engine.ocr import read_upright
from engine.ocr.orientation import turned
from engine.types import Image, Line, Page, Reader, Source

Mode = Literal["auto", "ocr", "text"]
OnPage = Callable[[int, int], bool | None]
"""Called after each page with the number of pages done and the number there are to do; where it
says False the reading ends there."""
OnImage = Callable[[Page, Image], None]
"""Called for each page, before ``OnPage``, with its picture, turned as the page says."""


@dataclass(frozen=True, slots=True)
class Options:
    """``ocr`` says where words come from: ``ocr`` reads every page, ``text`` takes only what a PDF
    carries in its text layer, ``auto`` takes the layer where it can be trusted, page by page.
    ``first`` and ``last`` bound the pages to read; ``last`` may lie beyond the end. ``check`` reads
    what matters or is in doubt a second time: the words stay, where readings differ it says so.
    """

    ocr: Mode = "auto"
    dpi: int = pages.DPI
    max_pages: int = pages.MAX_PAGES
    first: int = 1
    last: int | None = None
    check: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The pages that were read, how many the document has, and the seconds each step took."""

    pages: tuple[Page, ...]
    page_count: int
    seconds: Mapping[str, float]


def run(
    source: Path | bytes,
    reader: Reader | None,
    options: Options,
    on_page: OnPage | None = None,
    on_image: OnImage | None = None,
) -> Outcome:
    """Read the document in a file or in its bytes. A reader is needed for all modes but ``text``.

    Raises ``UnreadableDocument``, and ``OSError`` when the file cannot be opened.
    """
    if reader is None and options.ocr != "text":
        raise ValueError(f"ocr={options.ocr!r} needs a reader")
    clock = Clock()
    with pages.opened(source, dpi=options.dpi, max_pages=options.max_pages) as document:
        last = min(options.last or document.page_count, document.page_count)
        numbers = range(options.first, last + 1)
        desk = _Desk(document, reader, options, clock)
        read: list[Page] = []
        for number in numbers:
            page, image = desk.page(number)
            read.append(page)
            if on_image:
                on_image(page, image)
            if on_page and on_page(len(read), len(numbers)) is False:
                break
        return Outcome(tuple(read), document.page_count, clock.seconds)


def page_count(source: Path | bytes, options: Options) -> int:
    """How many pages the document has; raises as ``run`` does."""
    with pages.opened(source, dpi=options.dpi, max_pages=options.max_pages) as document:
        return document.page_count


class _Desk:
    """One document being read."""

    def __init__(
        self, document: pages.Document, reader: Reader | None, options: Options, clock: Clock
    ) -> None:
        self._document = document
        self._reader = reader or _NoReader()
        self._mode = options.ocr
        self._check = options.check
        self._judge = trust.Judge(self._reader)
        self._clock = clock

    def page(self, number: int) -> tuple[Page, Image]:
        """The page, and its picture as it stands upright."""
        with self._clock.step("render"):
            image = self._document.render(number)
        lines, source, rotation = self._words(number, image)
        with self._clock.step("layout"):
            upright = turned(image, rotation) if rotation else image
            marked = boxes.marked(upright, lines, exact=source == "text")
            page = _laid_out(number, upright, marked, source, rotation)
        if self._check:
            with self._clock.step("second reading"):
                page = second.checked(page, upright, self._reader)
        return page, upright

    def _words(self, number: int, image: Image) -> tuple[Sequence[Line], Source, int]:
        if self._mode != "ocr":
            with self._clock.step("text layer"):
                lines = self._printed(number, image)
            if lines is not None:
                return lines, "text", 0
        with self._clock.step("ocr"):
            lines, rotation = read_upright(self._reader, image)
        return lines, "ocr", rotation

    def _printed(self, number: int, image: Image) -> Sequence[Line] | None:
        """The words of the text layer; None where OCR should read the page."""
        layer = self._document.printed(number)
        if self._mode == "text":
            return trust.visible(layer, image)
        verdict = self._judge.judge(layer, image)
        return None if verdict.doubt else verdict.lines


class _NoReader:
    def read(self, image: Image) -> list[Line]:
        raise ValueError("reading an image needs a reader")


class Clock:
    """Adds up the seconds spent in each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _laid_out(
    number: int, image: Image, lines: Sequence[Line], source: Source, rotation: int
) -> Page:
    height, width = image.shape[:2]
    blocks = layout.blocks(lines)
    return Page(
        number=number,
        width=width,
        height=height,
        lines=tuple(layout.order(blocks)),
        text=layout.text(blocks),
        source=source,
        rotation=rotation,
    )
