"""Draws the sample documents: a two-page invoice as a PDF and a bad scan of a till receipt.

Run it again after a change: ``python -m samples.draw``. Same input, same files.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FOLDER = Path(__file__).parent
RECEIPT = """\
        CORNER & OAK
       Coffee  Bakery
    14 Linden Row, Harbury
     Tel. 01926 555 0148

Receipt  R-20418
18/03/2026            09:42
----------------------------
Flat white         2    9.60
Almond croissant   1    5.20
Sourdough loaf     1    6.40
Butter, salted     1    3.15
----------------------------
Subtotal               24.35
VAT 20 %                4.87
TOTAL                  29.22
Card ****4417          29.22

     Thank you, come back!
"""
ITEMS = [
    ("Site survey, two days", "2", "640.00", "1,280.00"),
    ("Cable duct, 50 mm, per metre", "120", "4.35", "522.00"),
    ("Patch panel, 24 ports", "3", "89.90", "269.70"),
    (
        "Network cabinet, 22 U, lockable, with fan tray and cable management",
        "1",
        "715.00",
        "715.00",
    ),
    ("Copper cable Cat 6A, per metre", "850", "1.12", "952.00"),
    ("Installation, per hour", "36", "58.00", "2,088.00"),
]
PAGE_TWO_ITEMS = [
    ("Measurement report, per link", "48", "6.50", "312.00"),
    ("Documentation and labels", "1", "180.00", "180.00"),
]


def main() -> None:
    (FOLDER / "invoice.pdf").write_bytes(invoice())
    (FOLDER / "receipt.jpg").write_bytes(receipt())


def invoice() -> bytes:
    """Two pages: the head and most items, then the rest of the table and the totals."""
    out = io.BytesIO()
    style = getSampleStyleSheet()
    head = [
        Paragraph("Harwood Networks Ltd", style["Title"]),
        Paragraph("Unit 7, Millbrook Park, Leeds LS11 5QT", style["Normal"]),
        Paragraph("VAT GB 123 4567 82", style["Normal"]),
        Spacer(0, 8 * mm),
        Paragraph("INVOICE INV-4821", style["Heading2"]),
        _pairs(
            [
                ("Invoice date", "01/03/2026"),
                ("Due date", "31/03/2026"),
                ("Order", "PO-77310"),
                ("Bill to", "Prentiss & Co., 3 Quayside, Bristol BS1 4RW"),
            ]
        ),
        Spacer(0, 6 * mm),
        _items(ITEMS),
        PageBreak(),
    ]
    tail = [
        Paragraph("INVOICE INV-4821, continued", style["Heading2"]),
        _items(PAGE_TWO_ITEMS),
        Spacer(0, 6 * mm),
        _pairs([("Subtotal", "6,318.70"), ("VAT 20 %", "1,263.74"), ("Total due", "7,582.44")]),
        Spacer(0, 8 * mm),
        Paragraph(
            "Please pay within 30 days to account 12345678, sort code 20-00-00.", style["Normal"]
        ),
    ]
    document = SimpleDocTemplate(out, pagesize=A4, title="Invoice INV-4821", invariant=1)
    document.build([*head, *tail])
    return out.getvalue()


def _pairs(rows: list[tuple[str, str]]) -> Table:
    return Table(rows, colWidths=[35 * mm, 110 * mm], hAlign="LEFT")


def _items(rows: list[tuple[str, str, str, str]]) -> Table:
    style = getSampleStyleSheet()["Normal"]
    wrapped = [(Paragraph(first, style), *rest) for first, *rest in rows]
    table = Table(
        [("Description", "Quantity", "Unit price", "Amount"), *wrapped],
        colWidths=[85 * mm, 22 * mm, 28 * mm, 28 * mm],
        hAlign="LEFT",
    )
    table.setStyle(
        TableStyle(
            [
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, colors.grey),
            ]
        )
    )
    return table


def receipt() -> bytes:
    """A till receipt as a poor flatbed scan: turned a little, soft, grey, noisy, recompressed."""
    noise = np.random.default_rng(20418)
    paper = Image.fromarray(_printed(RECEIPT)).convert("L")
    turned = paper.rotate(1.3, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=214)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float64)
    shade = np.linspace(0.97, 0.80, soft.shape[1])[np.newaxis, :]
    faded = 60 + soft * 0.72
    grainy = faded * shade + noise.normal(0, 7, soft.shape)
    out = io.BytesIO()
    Image.fromarray(grainy.clip(0, 255).astype(np.uint8)).save(
        out, "JPEG", quality=45, dpi=(150, 150)
    )
    return out.getvalue()


def _printed(text: str) -> NDArray[np.uint8]:
    """The text in a till's typeface on a strip of white paper, 150 dots an inch."""
    with pymupdf.open() as document:
        page = document.new_page(width=250, height=330)
        page.insert_text((22, 30), text, fontname="cour", fontsize=11)
        pixels = page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
        return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)[
            :, : pixels.width
        ]


if __name__ == "__main__":
    main()
