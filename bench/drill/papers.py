"""Documents that can be told apart by what is written on every page of them."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A5, landscape
from reportlab.pdfgen.canvas import Canvas

NUMBER = re.compile(r"\d{6}")
SCAN_DPI = 100
SCAN_SIZE = (640, 320)
FONT = ImageFont.load_default(size=30)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, and what has to come out of it: ``pages`` of them with its number, or a failure
    where ``pages`` is 0.
    """

    number: str
    filename: str
    content: bytes
    pages: int
    order: dict[str, Any] = field(default_factory=lambda: {"mode": "text"})

    def fault(self, answer: dict[str, Any]) -> str:
        """What is wrong with the answer to this paper's job, "" if nothing is."""
        status = answer["job"]["status"]
        if status != ("completed" if self.pages else "failed"):
            return f"{status}: {answer['job'].get('failure_reason')}"
        if not self.pages:
            return ""
        if self.order["mode"] == "structured":
            return self._foreign([answer["result"]["data"]["invoice_number"]], 1)
        return self._foreign([page["text"] for page in answer["result"]["pages"]], self.pages)

    def _foreign(self, texts: Sequence[str], expected: int) -> str:
        if len(texts) != expected:
            return f"{len(texts)} pages instead of {expected}"
        found = {number for text in texts for number in NUMBER.findall(text.replace(" ", ""))}
        missing = [text for text in texts if self.number not in text.replace(" ", "")]
        return f"expected {self.number}, read {texts}" if missing or len(found) > 1 else ""


def mixed(count: int, chance: random.Random) -> list[Paper]:
    """Papers of all kinds, each with a number of its own."""
    numbers = chance.sample(range(100_000, 1_000_000), count)
    return [chance.choices(KINDS, WEIGHTS)[0](str(number), chance) for number in numbers]


def scan(number: str, pages: int) -> Paper:
    images = [_drawn(_lines(number, page)) for page in range(1, pages + 1)]
    file = io.BytesIO()
    images[0].save(file, "PDF", save_all=True, append_images=images[1:], resolution=SCAN_DPI)
    return Paper(number, "scan.pdf", file.getvalue(), pages)


def picture(number: str) -> Paper:
    file = io.BytesIO()
    _drawn(_lines(number, 1)).save(file, "PNG")
    return Paper(number, "photo.png", file.getvalue(), 1)


def printed(number: str, pages: int, order: dict[str, Any] | None = None) -> Paper:
    """A PDF with a text layer."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=landscape(A5))
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica", 24)
        for line, text in enumerate(_lines(number, page)):
            canvas.drawString(50, 320 - 50 * line, text)
        canvas.showPage()
    canvas.save()
    return Paper(number, "letter.pdf", file.getvalue(), pages, order or {"mode": "text"})


def broken(number: str) -> Paper:
    whole = picture(number)
    return Paper(number, whole.filename, whole.content[:500], 0)


def _lines(number: str, page: int) -> list[str]:
    return [f"Invoice number: INV-{number}", f"Sheet {page}", "Delivered as agreed"]


def _drawn(lines: Sequence[str]) -> Image.Image:
    image = Image.new("L", SCAN_SIZE, 255)
    pen = ImageDraw.Draw(image)
    for line, text in enumerate(lines):
        pen.text((40, 40 + 80 * line), text, fill=0, font=FONT)
    return image


ORDER = {"mode": "structured", "schema": {"invoice_number": ""}}
KINDS: list[Callable[[str, random.Random], Paper]] = [
    lambda number, chance: printed(number, chance.randint(1, 4)),
    lambda number, chance: printed(number, 1, ORDER),
    lambda number, chance: picture(number),
    lambda number, chance: scan(number, chance.randint(2, 5)),
    lambda number, chance: scan(number, chance.randint(11, 25)),
    lambda number, chance: broken(number),
]
WEIGHTS = [30, 15, 32, 15, 2, 6]
