"""Sheets of paper to print on, measured in points from the top left corner."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Align = Literal["left", "right", "center"]

A4, LETTER, A5 = (595.0, 842.0), (612.0, 792.0), (420.0, 595.0)
FACES = {
    "sans": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "serif": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "mono": ("Courier", "Courier-Bold", "Courier-Oblique"),
    "wide": ("Vera", "VeraBd", "VeraIt"),
    "marks": ("ZapfDingbats", "ZapfDingbats", "ZapfDingbats"),
}


@dataclass(frozen=True, slots=True)
class Pen:
    """How letters look: a face of ``FACES``, points, weight, and darkness from 0 (black) to 1."""

    face: str = "sans"
    size: float = 9
    bold: bool = False
    slanted: bool = False
    grey: float = 0

    @property
    def font(self) -> str:
        regular, bold, slanted = FACES[self.face]
        return bold if self.bold else slanted if self.slanted else regular

    @property
    def pitch(self) -> float:
        """From one line to the next."""
        return self.size * 1.28

    def width(self, text: str) -> float:
        return float(_measured(self.font).stringWidth(text, self.size))

    def strong(self) -> Pen:
        return replace(self, bold=True)

    def scaled(self, factor: float) -> Pen:
        return replace(self, size=round(self.size * factor, 1))

    def fitted(self, text: str, width: float) -> Pen:
        """This pen, made smaller if the text would be wider than that."""
        wide = self.width(text)
        return self if wide <= width else self.scaled(width / wide * 0.99)

    def wrapped(self, text: str, width: float) -> list[str]:
        """The text in lines of at most this width; a longer word has a line of its own."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


class Paper:
    """Pages being filled one after the other; nothing is written before ``pdf``."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self.width, self.height = size
        self._pages: list[list[tuple[str, tuple[Any, ...]]]] = [[]]
        self._at = 0

    @property
    def count(self) -> int:
        return len(self._pages)

    def turn(self) -> None:
        """Start a new page."""
        self._pages.append([])
        self._at = len(self._pages) - 1

    def open(self, number: int) -> None:
        """Go on with the page of this number, from 1."""
        self._at = number - 1

    def put(self, x: float, y: float, text: str, pen: Pen, align: Align = "left") -> None:
        """One line of text; ``y`` is its baseline and ``x`` its left, right or middle."""
        if align != "left":
            x -= pen.width(text) / (1 if align == "right" else 2)
        self._pages[self._at].append(("text", (x, y, text, pen)))

    def rule(self, x0: float, x1: float, y: float, weight: float = 0.5, *, dash: int = 0) -> None:
        self._pages[self._at].append(("line", (x0, y, x1, y, weight, dash)))

    def bar(self, x: float, y0: float, y1: float, weight: float = 0.5) -> None:
        self._pages[self._at].append(("line", (x, y0, x, y1, weight, 0)))

    def frame(self, x0: float, y0: float, x1: float, y1: float, *, fill: float = -1) -> None:
        """A rectangle: its outline, or only a ground of this grey."""
        self._pages[self._at].append(("frame", (x0, y0, x1, y1, fill)))

    def pdf(self) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(self.width, self.height), invariant=1)
        canvas.setTitle("")
        for page in self._pages:
            grounds_first = sorted(page, key=lambda act: act[0] != "frame")
            for kind, what in grounds_first:
                getattr(self, f"_{kind}")(canvas, *what)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def _text(self, canvas: Canvas, x: float, y: float, text: str, pen: Pen) -> None:
        _measured(pen.font)
        canvas.setFont(pen.font, pen.size)
        canvas.setFillGray(pen.grey)
        canvas.drawString(x, self.height - y, text)

    def _line(self, canvas: Canvas, *what: float) -> None:
        x0, y0, x1, y1, weight, dash = what
        canvas.setLineWidth(weight)
        canvas.setDash(*([dash, dash] if dash else []))
        canvas.line(x0, self.height - y0, x1, self.height - y1)

    def _frame(self, canvas: Canvas, *what: float) -> None:
        x0, y0, x1, y1, fill = what
        canvas.setLineWidth(0.6)
        canvas.setFillGray(max(fill, 0))
        box = (x0, self.height - y1, x1 - x0, y1 - y0)
        canvas.rect(*box, stroke=int(fill < 0), fill=int(fill >= 0))


@cache
def _measured(font: str) -> Any:
    """The font's widths; Vera comes with reportlab as a file, the others are built into PDF."""
    if font.startswith("Vera"):
        folder = Path(reportlab.__file__).parent / "fonts"
        pdfmetrics.registerFont(TTFont(font, str(folder / f"{font}.ttf")))
    return pdfmetrics.getFont(font)
