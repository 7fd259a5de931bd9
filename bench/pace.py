"""How long finding fields takes once a document is read, and how much memory."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product

from bench.drawn.examples import INVOICE, SANS, Grid
from bench.drawn.paper import Paper
from engine import matching, pipeline, schema
from engine.pipeline import Options
from engine.schema import Node
from engine.scripted import typed
from engine.types import Page

RUNS = 5
LINES_A_PAGE = 60
WHICH = ("first", "second", "third", "last", "other")
THINGS = (
    *("customer", "meter", "contract", "batch", "vehicle"),
    *("policy", "claim", "permit", "tenant", "device"),
)
VALUES = {
    "number": "{0}-{1:04}",
    "date": "{2:02}/03/2026",
    "amount": "{1:,}.50",
    "name": "Harwood {0} Ltd",
    "city": "Northam {0}",
    "rate": "{2} %",
    "phone": "+44 20 7946 {1:04}",
    "email": "desk{1}@example.com",
    "term": "{2} months",
    "note": "see sheet {0}",
}


def report() -> Iterator[str]:
    node = schema.parse(INVOICE[0])
    yield f"milliseconds to match a 3-page invoice: {seconds(node, invoice(3)) * 1000:.1f}"
    node, sheets = questionnaire(fields=500, pages=100)
    yield f"seconds to match 500 fields on 100 pages: {seconds(node, sheets, 1):.2f}"
    yield f"megabytes that takes at its peak: {peak(node, sheets) / 1e6:.0f}"


def seconds(node: Node, sheets: Sequence[Page], runs: int = RUNS) -> float:
    """The median of so many runs, after one to warm up."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        matching.extract(node, sheets)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def peak(node: Node, sheets: Sequence[Page]) -> int:
    """Bytes allocated at the most, the pages themselves not counted."""
    tracemalloc.start()
    try:
        matching.extract(node, sheets)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def invoice(pages: int) -> tuple[Page, ...]:
    """An invoice with 35 lines on each page but the last, which has fewer, and the totals."""
    paper = Paper()
    Grid((50, 400), ("left", "left"), SANS).print(
        paper,
        60,
        [
            ("Harwood Analytics Ltd", "INVOICE"),
            ("14 Canal Wharf, Leeds LS11 5PS", "Invoice number: INV-4821"),
            ("VAT number: GB123456789", "Issue date: 01/03/2026"),
            ("Bill to: Tolmere Foods plc", "Due date: 31/03/2026"),
        ],
        pitch=14,
    )
    table = Grid((56, 350, 440, 539), ("left", "right", "right", "right"), SANS)
    net = 0
    for page in range(1, pages + 1):
        table.print(paper, 150, [("Description", "Quantity", "Unit price", "Amount")], bold=True)
        count = 35 if page < pages else 20
        items = [(f"Survey of site {page}{at:02}", at + 1, 15 + page) for at in range(count)]
        rows = [(text, str(n), f"{price}.00", f"{n * price:,}.00") for text, n, price in items]
        table.print(paper, 168, rows, pitch=17)
        net += sum(n * price for _, n, price in items)
        if page < pages:
            paper.turn()
    sums = [("Subtotal", net), ("VAT 20 %", net / 5), ("Total", net * 6 / 5)]
    Grid((400, 539), ("left", "right"), SANS).print(
        paper, 540, [(label, f"{amount:,.2f}") for label, amount in sums], pitch=16
    )
    return pipeline.run(paper.pdf(), None, Options(ocr="text")).pages


def questionnaire(fields: int, pages: int) -> tuple[Node, tuple[Page, ...]]:
    """A schema of so many fields, and pages that answer all of them again and again."""
    names = list(islice(product(WHICH, THINGS, VALUES), fields))
    node = schema.parse({"_".join(name): "" for name in names})
    answers = (
        f"{' '.join(name).capitalize()}: {VALUES[name[2]].format(at, at * 7 % 9973, at % 28 + 1)}"
        for at, name in enumerate(cycle(names))
    )
    numbers = range(1, pages + 1)
    return node, tuple(_typed(number, islice(answers, LINES_A_PAGE)) for number in numbers)


def _typed(number: int, texts: Iterator[str]) -> Page:
    lines = tuple(typed(texts))
    text = "\n".join(line.text for line in lines)
    return Page(number, 1240, 1900, lines, text)
