"""The two worked examples of the native contract as documents, each in five layouts."""

from __future__ import annotations

from typing import Any

from bench.drawn.grid import Grid, stack
from bench.drawn.paper import A4, A5, Align, Paper, Pen

__all__ = ["INVOICE", "RECEIPT", "SANS", "Grid", "invoices", "receipts"]

Json = dict[str, Any]

RECEIPT: tuple[Json, Json] = (
    {"merchant": "", "date": "", "items": [{"name": "", "price": 0}], "total": 0},
    {
        "merchant": "Prentiss & Co.",
        "date": "18/03/2026",
        "items": [
            {"name": "Flat white", "price": 4.8},
            {"name": "Almond croissant", "price": 5.2},
        ],
        "total": 10,
    },
)
INVOICE: tuple[Json, Json] = (
    {
        "invoice_number": "",
        "issue_date": "",
        "due_date": "",
        "supplier": {"name": "", "vat_number": ""},
        "line_items": [{"description": "", "quantity": 0, "unit_price": 0, "amount": 0}],
        "subtotal": 0,
        "vat": 0,
        "total": 0,
    },
    {
        "invoice_number": "INV-4821",
        "issue_date": "01/03/2026",
        "due_date": "31/03/2026",
        "supplier": {"name": "Harwood Analytics Ltd", "vat_number": "GB123456789"},
        "line_items": [
            {"description": "Consulting, March", "quantity": 12, "unit_price": 180, "amount": 2160},
            {"description": "Report preparation", "quantity": 1, "unit_price": 450, "amount": 450},
        ],
        "subtotal": 2610,
        "vat": 522,
        "total": 3132,
    },
)
"""A schema as a customer sends it, and exactly the data to come back."""

MONO, SANS, SERIF, WIDE = (Pen(face) for face in ("mono", "sans", "serif", "wide"))


def receipts() -> list[bytes]:
    """Till receipts from the same till, as five different shops would print them."""
    return [
        _plain_till(),
        _till_with_columns(),
        _quantity_first(),
        _guest_check(),
        _two_lines_an_item(),
    ]


def invoices() -> list[bytes]:
    """The same invoice as five different companies would send it."""
    return [
        _ruled_table(),
        _labels_above(),
        _letterhead_in_the_middle(),
        _seller_in_the_footer(),
        _two_columns_of_details(),
    ]


def _plain_till() -> bytes:
    """Typewriter letters, no column of quantities, date and time on one line."""
    return _typed(
        """\
          Prentiss & Co.
       12 Cathedral Yard
         Exeter EX1 1HB
        Tel 01392 555 014

18/03/2026              10:26
Receipt 0048213     Till 02
-----------------------------
Flat white               4.80
Almond croissant         5.20
-----------------------------
Subtotal                10.00
TOTAL                   10.00
Card                    10.00
Change                   0.00

VAT 20% included         1.67
 Thank you for your visit
"""
    )


def _till_with_columns() -> bytes:
    """Headed columns with quantities and unit prices; the date has a label."""
    paper = Paper((230, 330))
    heads = Grid((14, 128, 172, 216), ("left", "right", "right", "right"), SANS)
    paper.put(115, 34, "Prentiss & Co.", Pen("sans", 15, bold=True), "center")
    paper.put(115, 48, "The Old Dairy, 3 Mill Lane, Totnes TQ9 5DS", SANS.scaled(0.85), "center")
    paper.put(115, 59, "www.prentiss-and-co.example", SANS.scaled(0.85), "center")
    paper.put(14, 84, "Date: 18/03/2026", SANS)
    paper.put(216, 84, "Time: 08:51", SANS, "right")
    paper.put(14, 97, "Order: 117", SANS)
    paper.put(216, 97, "Served by: Maya", SANS, "right")
    paper.rule(14, 216, 104)
    heads.print(paper, 116, [("Item", "Qty", "Price", "Amount")], bold=True)
    paper.rule(14, 216, 121)
    lines = [("Flat white", "1", "4.80", "4.80"), ("Almond croissant", "1", "5.20", "5.20")]
    heads.print(paper, 134, lines)
    paper.rule(14, 216, 158)
    sums = Grid((14, 216), ("left", "right"), SANS)
    sums.print(paper, 172, [("Items sold", "2"), ("Net", "8.33"), ("VAT 20 %", "1.67")])
    sums.print(paper, 218, [("Total to pay", "£10.00")], bold=True)
    sums.print(paper, 238, [("Cash", "20.00"), ("Change due", "10.00")])
    paper.put(115, 285, "Keep this receipt for returns within 28 days", SANS, "center")
    return paper.pdf()


def _quantity_first() -> bytes:
    """Pound signs, the quantity before the name, the date at the bottom without a label."""
    return _typed(
        """\
Prentiss & Co.
Units 4-5 Harbour Arcade
Falmouth TR11 3XA
VAT No. 412 7781 06

   *** EAT IN - TABLE 9 ***

1 x Flat white          £4.80
1 x Almond croissant    £5.20

2 items
=============================
AMOUNT DUE             £10.00
=============================
VISA **** **** **** 4417
Auth code 093312
Paid                   £10.00
You earned 10 points

Op 7  18/03/2026 13:07 #55102
"""
    )


def _guest_check() -> bytes:
    """A page with a ruled table, labels above their values, and the total at the left."""
    paper = Paper(A5)
    pen = SERIF.scaled(1.2)
    paper.put(40, 60, "Prentiss & Co.", Pen("serif", 22, bold=True))
    paper.put(40, 78, "Bakery and coffee house since 1987", Pen("serif", 11, slanted=True))
    paper.put(380, 52, "8 Saddler Street", pen, "right")
    paper.put(380, 66, "Durham DH1 3NP", pen, "right")
    paper.put(380, 80, "0191 555 0172", pen, "right")
    heads = Grid((40, 160, 270), ("left",) * 3, pen)
    heads.print(paper, 120, [("Date of purchase", "Receipt no.", "Cashier")], bold=True)
    heads.print(paper, 135, [("18/03/2026", "R-20931", "J. Bell")])
    table = Grid((46, 86, 370), ("left", "left", "right"), pen)
    table.print(paper, 178, [("No.", "Description", "Price")], bold=True)
    table.print(
        paper, 200, [("1", "Flat white", "4.80"), ("2", "Almond croissant", "5.20")], pitch=22
    )
    for y in (164, 186, 208, 230):
        paper.rule(40, 380, y)
    for x in (40, 80, 300, 380):
        paper.bar(x, 164, 230)
    sums = Grid((40, 190), ("left", "right"), pen)
    sums.print(paper, 262, [("Total (GBP)", "10.00")], bold=True)
    sums.print(paper, 278, [("of which VAT at 20%", "1.67"), ("Paid by card", "10.00")])
    paper.put(40, 340, "Goods remain fresh for one day. See you again!", pen)
    return paper.pdf()


def _two_lines_an_item() -> bytes:
    """The name of a thing above its quantity and price; a lot of small print around."""
    paper = Paper((220, 420))
    pen = WIDE.scaled(0.85)
    middle = [
        ("Prentiss & Co.", pen.scaled(1.6)),
        ("Store 0117, Meadow Retail Park", pen),
        ("Kendal LA9 6DW", pen),
        ("Tel: 01539 555 0199", pen),
        ("Company No. 07715533", pen),
    ]
    for at, (text, style) in enumerate(middle):
        paper.put(110, 30 + 13 * at, text, style, "center")
    sums = Grid((16, 204), ("left", "right"), pen)
    sums.print(paper, 112, [("Sale", "#000482-17"), ("18/03/2026", "16:40:09")])
    paper.rule(16, 204, 132, dash=2)
    paper.put(16, 146, "Flat white", pen)
    sums.print(paper, 157, [("   1 @ 4.80", "4.80 A")])
    paper.put(16, 172, "Almond croissant", pen)
    sums.print(paper, 183, [("   1 @ 5.20", "5.20 A")])
    paper.rule(16, 204, 192, dash=2)
    sums.print(paper, 207, [("Total", "10.00")], bold=True)
    sums.print(paper, 222, [("Mastercard", "10.00"), ("Number of items", "2")])
    rates = Grid((16, 90, 150, 204), ("left", "right", "right", "right"), pen)
    rates.print(
        paper, 258, [("VAT", "Net", "Tax", "Gross"), ("A 20%", "8.33", "1.67", "10.00")], pitch=12
    )
    paper.put(110, 310, "Your saving with our card today: 0.85", pen, "center")
    paper.put(110, 322, "Exchange until 17/04/2026 with this receipt", pen, "center")
    return paper.pdf()


def _ruled_table() -> bytes:
    """Seller top left, labels with colons at the right, a ruled table, totals at the right."""
    paper = Paper(A4)
    paper.put(50, 70, "Harwood Analytics Ltd", Pen("sans", 16, bold=True))
    stack(paper, 50, 86, ["14 Canal Wharf, Leeds LS11 5PS", "VAT: GB123456789"], SANS)
    paper.put(545, 70, "INVOICE", Pen("sans", 24, bold=True), "right")
    details = Grid((390, 470), ("left", "left"), SANS)
    details.print(
        paper,
        130,
        [
            ("Invoice no.:", "INV-4821"),
            ("Invoice date:", "01/03/2026"),
            ("Due date:", "31/03/2026"),
            ("Your order:", "PO-7731"),
        ],
        pitch=14,
    )
    paper.put(50, 130, "Bill to", SANS.strong())
    buyer = ["Tolmere Foods plc", "Accounts Payable", "2 Market Place", "York YO1 8QT"]
    stack(paper, 50, 143, buyer, SANS)
    table = Grid((56, 350, 440, 539), ("left", "right", "right", "right"), SANS)
    table.print(paper, 245, [("Description", "Quantity", "Unit price", "Amount")], bold=True)
    table.print(
        paper,
        265,
        [
            ("Consulting, March", "12", "180.00", "2,160.00"),
            ("Report preparation", "1", "450.00", "450.00"),
        ],
        pitch=20,
    )
    for y in (232, 252, 272, 292):
        paper.rule(50, 545, y)
    for x in (50, 300, 360, 450, 545):
        paper.bar(x, 232, 292)
    sums = Grid((400, 539), ("left", "right"), SANS)
    sums.print(paper, 312, [("Subtotal", "2,610.00"), ("VAT 20 %", "522.00")], pitch=15)
    sums.print(paper, 344, [("Total", "£3,132.00")], bold=True)
    bank = "Barnwick Bank, sort code 20-44-91, account 30912277"
    stack(paper, 50, 400, ["Please pay within 30 days.", bank], SANS)
    return paper.pdf()


def _labels_above() -> bytes:
    """Seller top right, labels above values, the quantity first, no rules, totals at the left."""
    paper = Paper(A4)
    pen = SERIF.scaled(1.15)
    paper.put(545, 64, "Harwood Analytics Ltd", pen.strong(), "right")
    for at, text in enumerate(["Suite 9, The Maltings", "Burton DE14 1QH", "+44 1283 555 019"]):
        paper.put(545, 78 + 13 * at, text, pen, "right")
    paper.put(50, 120, "Tax invoice", Pen("serif", 26))
    heads = Grid((50, 160, 270, 380), ("left",) * 4, pen)
    labels = ("Invoice number", "Date of issue", "Payment due", "VAT registration")
    heads.print(paper, 160, [labels], bold=True)
    heads.print(paper, 175, [("INV-4821", "01/03/2026", "31/03/2026", "GB123456789")])
    paper.put(50, 215, "Customer", pen.strong())
    stack(paper, 50, 229, ["Quenby & Vale LLP", "77 Foregate, Chester CH1 1HE"], pen)
    table = Grid((80, 110, 430, 545), ("right", "left", "right", "right"), pen)
    table.print(paper, 290, [("Qty", "Details", "Rate", "Line total")], bold=True)
    table.print(
        paper,
        308,
        [
            ("12", "Consulting, March", "£180.00", "£2,160.00"),
            ("1", "Report preparation", "£450.00", "£450.00"),
        ],
        pitch=17,
    )
    sums = Grid((50, 220), ("left", "right"), pen)
    sums.print(
        paper,
        370,
        [("Net amount", "£2,610.00"), ("VAT @ 20%", "£522.00"), ("Total due", "£3,132.00")],
        pitch=16,
    )
    paper.put(50, 460, "Terms: 30 days net. Late payments bear interest at 8% a year.", pen)
    paper.put(297, 800, "Page 1 of 1", pen, "center")
    return paper.pdf()


def _letterhead_in_the_middle() -> bytes:
    """Centred letterhead, labels far from their values, headings of two lines, a VAT column."""
    paper = Paper(A4)
    paper.put(297, 60, "Harwood Analytics Ltd", Pen("wide", 17, bold=True), "center")
    address = "Kiln House · 31 Pottergate · Norwich NR2 1DX · 01603 555 0120"
    paper.put(297, 76, address, WIDE.scaled(0.8), "center")
    paper.rule(50, 545, 86, 1.2)
    stack(paper, 50, 112, ["Brackwell Rail Ltd", "4 Station Approach", "Ely CB7 4AU"], WIDE)
    details = Grid((50, 300), ("left", "left"), WIDE)
    details.print(
        paper,
        178,
        [
            ("Invoice", "INV-4821"),
            ("Customer account", "C-20077"),
            ("Date", "01/03/2026"),
            ("Date of supply", "27/02/2026"),
            ("Please pay by", "31/03/2026"),
        ],
        pitch=15,
    )
    pen = WIDE.scaled(0.9)
    table = Grid((50, 290, 370, 430, 545), ("left", "right", "right", "right", "right"), pen)
    paper.frame(46, 268, 549, 300, fill=0.88)
    two_lines = [
        ("", "", "Unit price", "VAT", "Net amount"),
        ("Service", "Hours", "£", "%", "£"),
    ]
    table.print(paper, 280, two_lines, bold=True, pitch=13)
    table.print(
        paper,
        316,
        [
            ("Consulting, March", "12.00", "180.00", "20.0", "2,160.00"),
            ("Report preparation", "1.00", "450.00", "20.0", "450.00"),
        ],
        pitch=18,
    )
    sums = Grid((340, 545), ("left", "right"), pen)
    rows = [("Total excluding VAT", "2,610.00"), ("Total VAT", "522.00")]
    sums.print(paper, 378, rows, pitch=15)
    sums.print(paper, 412, [("Total including VAT", "3,132.00")], bold=True)
    paper.frame(330, 364, 549, 420)
    footer = "Registered in England 07715533 · VAT No. GB123456789 · accounts@harwood.example"
    paper.put(297, 805, footer, WIDE.scaled(0.7), "center")
    return paper.pdf()


def _seller_in_the_footer() -> bytes:
    """The date below the title without a label; the seller's details only in the footer."""
    paper = Paper(A4)
    paper.put(60, 80, "Invoice INV-4821", Pen("sans", 20, bold=True))
    paper.put(60, 98, "01/03/2026", SANS)
    stack(paper, 60, 140, ["To:", "Ms Ida Thornley", "9 Quay Street", "Truro TR1 2HB"], SANS)
    paper.put(60, 215, "Payment is due on 31/03/2026. Please quote the invoice number.", SANS)
    aligns: tuple[Align, ...] = ("left", "left", "right", "right", "right")
    table = Grid((60, 120, 370, 450, 535), aligns, SANS)
    head = ("Code", "Description", "Price each", "Quantity", "Total")
    table.print(paper, 250, [head], bold=True)
    paper.rule(60, 535, 256, 1)
    table.print(
        paper,
        272,
        [
            ("CN-03", "Consulting, March", "£ 180.00", "12", "£ 2,160.00"),
            ("RP-01", "Report preparation", "£ 450.00", "1", "£ 450.00"),
        ],
        pitch=16,
    )
    paper.rule(60, 535, 295, 1)
    sums = Grid((450, 535), ("right", "right"), SANS)
    sums.print(
        paper,
        312,
        [("Sub-total", "£ 2,610.00"), ("VAT (20%)", "£ 522.00"), ("Grand total", "£ 3,132.00")],
        pitch=16,
    )
    small = SANS.scaled(0.85)
    paper.rule(60, 535, 765)
    stack(paper, 60, 778, ["Harwood Analytics Ltd", "5 Tanners Row", "Hexham NE46 3AA"], small)
    stack(paper, 230, 778, ["Phone 01434 555 016", "billing@harwood.example"], small)
    stack(paper, 400, 778, ["VAT no. GB123456789", "Company no. 07715533"], small)
    return paper.pdf()


def _two_columns_of_details() -> bytes:
    """Details in two columns side by side; the buyer has a VAT number too; a tax summary."""
    paper = Paper(A4)
    pen = SANS.scaled(0.95)
    paper.put(50, 56, "INVOICE", Pen("sans", 18, bold=True))
    for x, title, lines in (
        (50, "FROM", ["Harwood Analytics Ltd", "The Exchange, Stroud GL5 1AA", "GB123456789"]),
        (310, "TO", ["Merrow Textiles GmbH", "Am Speicher 4, 28195 Bremen", "VAT ID DE136695976"]),
    ):
        paper.put(x, 84, title, pen.strong())
        stack(paper, x, 98, lines, pen)
    paper.frame(50, 140, 545, 184)
    paper.bar(297, 140, 184)
    for x, pairs in (
        (56, [("Number", "INV-4821"), ("Order date", "12/02/2026"), ("Delivered", "27/02/2026")]),
        (304, [("Issued", "01/03/2026"), ("Due", "31/03/2026"), ("Our reference", "HA/26/117")]),
    ):
        Grid((x, x + 110), ("left", "left"), pen).print(paper, 153, pairs, pitch=13)
    aligns: tuple[Align, ...] = ("left", "right", "right", "right")
    table = Grid((56, 330, 400, 539), aligns, pen)
    paper.frame(50, 206, 545, 222, fill=0.82)
    table.print(paper, 217, [("Work done", "Price", "Units", "Amount (GBP)")], bold=True)
    table.print(
        paper,
        236,
        [
            ("Consulting, March", "180.00", "12", "2,160.00"),
            ("Report preparation", "450.00", "1", "450.00"),
        ],
        pitch=16,
    )
    paper.rule(50, 545, 260)
    rates = Grid((56, 170, 240), ("left", "right", "right"), pen)
    rates.print(paper, 280, [("VAT rate", "Goods", "VAT")], bold=True)
    rates.print(paper, 294, [("20.00%", "2,610.00", "522.00")])
    sums = Grid((380, 539), ("left", "right"), pen)
    sums.print(paper, 280, [("Net", "2,610.00"), ("VAT", "522.00")], pitch=14)
    sums.print(paper, 310, [("Gross total", "3,132.00")], bold=True)
    account = "IBAN GB33 BUKB 2020 1555 5555 55 · BIC BUKBGB22XXX · quote INV-4821"
    paper.put(50, 360, account, pen)
    return paper.pdf()


def _typed(text: str) -> bytes:
    """A strip of paper with this text in a till's letters."""
    lines = text.splitlines()
    pen = MONO.scaled(1.05)
    wide = max(pen.width(line) for line in lines)
    paper = Paper((wide + 36, 48 + 12 * len(lines)))
    for at, line in enumerate(lines, start=2):
        for start, run in _runs(line):
            paper.put(18 + pen.width(" " * start), 12 * at, run, pen)
    return paper.pdf()


def _runs(line: str) -> list[tuple[int, str]]:
    """The line parted at gaps of two spaces, each run with its column."""
    runs, at = [], 0
    for run in line.split("  "):
        if text := run.strip():
            runs.append((at + len(run) - len(run.lstrip()), text))
        at += len(run) + 2
    return runs
