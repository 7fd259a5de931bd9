"""The sums under a table: subtotal, tax, total, what was paid and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.drawn import heads
from bench.drawn.deal import Deal
from bench.drawn.draft import Draft, Row
from bench.drawn.paper import Pen
from bench.drawn.table import Placed

FORMS = ("right", "right", "right", "left", "full", "columns", "table", "table")
STRONG = ("total", "amount_due")


def know(draft: Draft, bargain: Deal) -> None:
    """All sums, as this vendor prints them."""
    house = draft.house
    signed = house.chance("signs in sums", 0.7)
    amounts = {
        "subtotal": bargain.subtotal,
        "discount": -bargain.discount if house.chance("minus discount", 0.5) else bargain.discount,
        "shipping": bargain.shipping,
        "tax_total": bargain.tax,
        "total": bargain.total,
        "amount_paid": -bargain.paid if house.chance("minus paid", 0.4) else bargain.paid,
        "amount_due": bargain.due,
    }
    for field, cents in amounts.items():
        draft.know_sum(
            field, cents, signed=signed or (field in STRONG and house.chance("strong sign", 0.5))
        )
    if bargain.taxes:
        rate = bargain.taxes[0][0]
        draft.know("tax_rate", _rate(draft, rate), rate)


def draw(draft: Draft, bargain: Deal, placed: Placed, y: float) -> float:
    """The block of sums, and maybe the taxes rate by rate; returns the next baseline."""
    house = draft.house
    rows = _rows(draft, bargain)
    pitch = draft.pen.pitch * house.pick("sums pitch", (1, 1.2, 1.5))
    summary = len(bargain.taxes) > 1 or (bool(bargain.taxes) and house.chance("tax summary", 0.15))
    need = (len(rows) + 1) * pitch + (len(bargain.taxes) + 2) * draft.pen.pitch * summary
    if y + need > draft.paper.height - 110:
        draft.paper.turn()
        y = heads.again(draft, heads_number(draft))
    y += draft.pen.pitch * house.pick("above sums", (0.3, 0.8, 1.5))
    form = house.pick("sums form", FORMS)
    y = _across(draft, rows, y) if form == "columns" else _block(draft, rows, placed, (y, pitch))
    return _summary(draft, bargain, y) if summary else y


def heads_number(draft: Draft) -> str:
    """The field that names this paper."""
    named = {"order": "order_number", "credit_note": "credit_note_number"}
    return named.get(draft.house.kind, "invoice_number")


def _rows(draft: Draft, bargain: Deal) -> list[tuple[str, Row]]:
    house = draft.house
    fields = []
    if bargain.taxes or bargain.discount or bargain.shipping or house.chance("needless", 0.3):
        fields.append("subtotal")
    fields += [each for each in ("discount", "shipping") if getattr(bargain, each)]
    rows = [(field, draft.row(field)) for field in fields]
    rows += _tax_rows(draft, bargain)
    if bargain.paid:
        draft.reserve("amount_due")
    rows.append(("total", draft.row("total")))
    if bargain.paid:
        rows += [(field, draft.row(field)) for field in ("amount_paid", "amount_due")]
    elif house.chance("due anyway", 0.12):
        rows.append(("amount_due", draft.row("amount_due")))
    if house.chance("total first", 0.03):
        rows.reverse()
    return rows


def _tax_rows(draft: Draft, bargain: Deal) -> list[tuple[str, Row]]:
    house = draft.house
    if not bargain.taxes:
        return []
    if len(bargain.taxes) == 1:
        rate = _rate(draft, bargain.taxes[0][0])
        row = draft.row("tax_total", rate=rate)
        if rate in row[0]:
            draft.tell("tax_rate")
        return [("tax_total", row)]
    rows = []
    if house.chance("tax by rate", 0.5):
        for each, _, tax in bargain.taxes:
            label = f"{house.tax} {_rate(draft, each)}"
            rows.append(("", (label, house.money.plain(tax))))
    if not rows or house.chance("tax sum", 0.5):
        rows.append(("tax_total", draft.row("tax_total")))
    return rows


def _rate(draft: Draft, rate: float) -> str:
    return draft.house.money.percent(rate, draft.house.pick("rate places", (0, 0, 0, 1, 2)))


def _block(
    draft: Draft, rows: Sequence[tuple[str, Row]], placed: Placed, at: tuple[float, float]
) -> float:
    """Sums one below the other."""
    house, (y, pitch) = draft.house, at
    left, right = _sides(draft, rows, placed)
    form = house.pick("sums form", FORMS)
    for field, (label, text) in rows:
        pen = _pen(draft, field)
        if field in STRONG and house.chance("rule over total", 0.4):
            draft.paper.rule(left, right, y - pitch + 4)
            y += 4
        shown = (
            label if label.endswith(":") or not house.chance("sums colon", 0.35) else f"{label}:"
        )
        if form == "table" or (form == "right" and house.chance("labels to the right", 0.3)):
            edge = (
                right - max(draft.pen.scaled(1.15).strong().width(row[1]) for _, row in rows) - 12
            )
            draft.paper.put(edge, y, shown, pen, "right")
        else:
            draft.paper.put(left, y, shown, pen)
        draft.paper.put(right, y, text, pen, "right")
        y += pitch
    return y


def _sides(draft: Draft, rows: Sequence[tuple[str, Row]], placed: Placed) -> tuple[float, float]:
    pen = draft.pen.scaled(1.15).strong()
    need = (
        max(pen.width(row[0]) for _, row in rows) + max(pen.width(row[1]) for _, row in rows) + 24
    )
    wide = max(need, draft.house.pick("sums width", (150, 180, 220)))
    form = draft.house.pick("sums form", FORMS)
    if form == "left":
        return draft.x0, draft.x0 + wide
    if form == "full":
        return draft.x0, draft.x1 - 3
    keys = [column.key for column in placed.columns]
    right = draft.x1 - 3
    if (
        form == "table"
        and "amount" in keys
        and placed.columns[keys.index("amount")].align == "right"
    ):
        right = placed.inner(keys.index("amount"))[1]
    return max(right - wide, draft.x0), right


def _pen(draft: Draft, field: str) -> Pen:
    if field not in STRONG:
        return draft.pen
    grown = draft.pen.scaled(draft.house.pick("total size", (1, 1, 1.15)))
    return replace(grown, bold=draft.house.chance("total bold", 0.7))


def _across(draft: Draft, rows: Sequence[tuple[str, Row]], y: float) -> float:
    """Sums side by side, each with its label above."""
    wide = (draft.x1 - draft.x0) / len(rows)
    for number, (field, (label, text)) in enumerate(rows):
        x, pen = draft.x0 + number * wide, _pen(draft, field)
        draft.paper.put(x + 4, y, label, draft.pen.fitted(label, wide - 8))
        draft.paper.put(x + 4, y + pen.pitch * 1.1, text, pen.fitted(text, wide - 8))
    if draft.house.chance("framed sums", 0.6):
        draft.paper.frame(draft.x0, y - 12, draft.x1, y + draft.pen.pitch * 1.8)
    return y + draft.pen.pitch * 3


def _summary(draft: Draft, bargain: Deal, y: float) -> float:
    """Rate, net and tax, a line for every rate: numbers much like the sums."""
    house, pen = draft.house, draft.pen.scaled(0.9)
    edges = (draft.x0 + 60, draft.x0 + 150, draft.x0 + 230)
    y += pen.pitch
    names = (house.label("tax_rate", "columns"), house.label("subtotal"), house.tax)
    for x, name in zip(edges, names, strict=True):
        draft.paper.put(x, y, name, pen.fitted(name, 74), "right")
    for rate, net, tax in bargain.taxes:
        y += pen.pitch
        texts = (_rate(draft, rate), house.money.plain(net), house.money.plain(tax))
        for x, text in zip(edges, texts, strict=True):
            draft.paper.put(x, y, text, pen, "right")
    return y + pen.pitch
