"""Blocks of text on a page: stacks of lines, labels with their values, signs of a party."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.drawn.draft import Draft, Row
from bench.drawn.house import Party
from bench.drawn.paper import Align, Pen

STYLES = ("colon", "colon", "far", "right", "inline", "aligned", "above", "boxed", "plain")
Area = tuple[float, float, float]
"""Left, right and the first baseline."""


def stack(
    draft: Draft, lines: Sequence[str], at: tuple[float, float], pen: Pen, align: Align = "left"
) -> float:
    """Lines one below the other; returns the next baseline."""
    x, y = at
    for line in lines:
        draft.paper.put(x, y, line, pen, align)
        y += pen.pitch
    return y


def pairs(draft: Draft, rows: Sequence[Row], area: Area, style: str) -> float:
    """Labels and their values in one of ``STYLES``; returns the next baseline."""
    if not rows:
        return area[2]
    if style in ("above", "boxed"):
        return _cells(draft, rows, area, boxed=style == "boxed")
    x0, x1, y = area
    marked = [(_marked(draft, label, style), text) for label, text in rows]
    pen = _fitting(draft, marked, x1 - x0)
    if pen.size < draft.pen.size * 0.72:
        return _cells(draft, rows, area, boxed=False)
    pitch = pen.pitch * draft.house.pick("pairs pitch", (1, 1, 1.15, 1.4))
    for row in marked:
        PLACING[style](draft, marked, row, (x0, x1, y), pen)
        y += pitch
    return y


def heading(draft: Draft, text: str, at: tuple[float, float], align: Align = "left") -> float:
    """A small title over a block; returns the next baseline."""
    look = draft.house.pick("heading", ("bold", "bold", "plain", "slanted", "colon"))
    pen = replace(draft.pen, bold=look == "bold", slanted=look == "slanted")
    words = text if look != "colon" or text.endswith((":", ".")) else f"{text}:"
    draft.paper.put(*at, words, pen, align)
    return at[1] + pen.pitch * 1.1


def contact(draft: Draft, party: Party, role: str) -> list[str]:
    """The lines a party prints besides name and address, with or without labels."""
    house, lines = draft.house, []
    shares = {"phone": 0.75, "fax": 0.15, "email": 0.6, "website": 0.5, "vat_id": 0.8}
    texts = {
        "phone": party.phone,
        "fax": party.phone[:-1] + "9",
        "email": party.email,
        "website": party.website,
        "vat_id": party.vat,
    }
    for part, share in shares.items():
        if not house.chance(f"{role} {part}", share):
            continue
        bare = part in ("email", "website") and house.chance(f"bare {part}", 0.6)
        label = "" if bare else house.label(part)
        if part != "fax":
            draft.know(f"{role}_{part}", texts[part])
            draft.tell(f"{role}_{part}")
        lines.append(
            f"{label}{house.pick('contact colon', (':', ':', '', ' :')) if label else ''} "
            f"{texts[part]}".strip()
        )
    return lines


def tell_party(draft: Draft, party: Party, role: str) -> list[str]:
    """Name and address, told."""
    draft.know(f"{role}_name", party.name)
    draft.know(f"{role}_address", "\n".join(party.address))
    draft.tell(f"{role}_name")
    draft.tell(f"{role}_address")
    return [party.name, *party.address]


def _marked(draft: Draft, label: str, style: str) -> str:
    if style == "plain" or label.endswith((":", "?")):
        return label
    mark = draft.house.pick("label colon", (":", ":", ":", "", " :"))
    return label + (mark or (":" if style in ("inline", "colon") else ""))


def _fitting(draft: Draft, rows: Sequence[Row], width: float) -> Pen:
    pen = draft.pen
    need = max(pen.strong().width(label) for label, _ in rows)
    need += max(pen.strong().width(text) for _, text in rows) + 10
    return pen if need <= width else pen.scaled(width / need * 0.98)


def _pens(draft: Draft, pen: Pen) -> tuple[Pen, Pen]:
    """For labels and for values."""
    look = draft.house.pick("pair look", ("plain", "plain", "label", "label", "value", "grey"))
    label = replace(pen, bold=look == "label", grey=0.45 if look == "grey" else 0)
    return label, replace(pen, bold=look == "value")


def _put(draft: Draft, row: Row, label_x: float, value_x: float, y: float, pen: Pen) -> None:
    label, text = _pens(draft, pen)
    draft.paper.put(label_x, y, row[0], label)
    draft.paper.put(value_x, y, row[1], text)


def _widest(rows: Sequence[Row], pen: Pen) -> float:
    return max(pen.strong().width(label) for label, _ in rows)


def _next_to(draft: Draft, rows: Sequence[Row], row: Row, area: Area, pen: Pen) -> None:
    x0, _, y = area
    _put(draft, row, x0, x0 + _widest(rows, pen) + pen.size * 0.8, y, pen)


def _far(draft: Draft, rows: Sequence[Row], row: Row, area: Area, pen: Pen) -> None:
    x0, x1, y = area
    widest = max(pen.strong().width(text) for _, text in rows)
    near = x0 + _widest(rows, pen) + 8
    _put(draft, row, x0, max(near, min(x0 + (x1 - x0) * 0.55, x1 - widest)), y, pen)


def _right(draft: Draft, rows: Sequence[Row], row: Row, area: Area, pen: Pen) -> None:
    del rows
    x0, x1, y = area
    label, text = _pens(draft, pen)
    draft.paper.put(x0, y, row[0], label)
    draft.paper.put(x1, y, row[1], text, "right")


def _inline(draft: Draft, rows: Sequence[Row], row: Row, area: Area, pen: Pen) -> None:
    del rows
    x0, _, y = area
    label, _ = _pens(draft, pen)
    _put(draft, row, x0, x0 + label.width(f"{row[0]} "), y, pen)


def _aligned(draft: Draft, rows: Sequence[Row], row: Row, area: Area, pen: Pen) -> None:
    x0, _, y = area
    label, text = _pens(draft, pen)
    edge = x0 + _widest(rows, pen)
    draft.paper.put(edge, y, row[0], label, "right")
    draft.paper.put(edge + 6, y, row[1], text)


PLACING: dict[str, Callable[[Draft, Sequence[Row], Row, Area, Pen], None]] = {
    "colon": _next_to,
    "plain": _next_to,
    "far": _far,
    "right": _right,
    "inline": _inline,
    "aligned": _aligned,
}


def _cells(draft: Draft, rows: Sequence[Row], area: Area, *, boxed: bool) -> float:
    """Labels above their values, as many side by side as there is room for."""
    x0, x1, y = area
    pen, small = draft.pen, draft.pen.scaled(draft.house.pick("cell label", (1, 1, 0.85)))
    label_pen, text_pen = _pens(draft, pen)
    label_pen = replace(label_pen, size=small.size)
    widest = max(max(pen.strong().width(part) for part in row) for row in rows)
    across = int(min(max((x1 - x0) // (widest + 12), 1), draft.house.pick("across", (2, 3, 4, 5))))
    wide, high = (x1 - x0) / across, pen.pitch * 2.5
    y += 4 if boxed else 0
    for number, (label, text) in enumerate(rows):
        x, top = x0 + number % across * wide, y + number // across * high
        draft.paper.put(x + 3, top, label, label_pen.fitted(label, wide - 6))
        draft.paper.put(x + 3, top + pen.pitch, text, text_pen.fitted(text, wide - 6))
        if boxed:
            draft.paper.frame(x, top - pen.size - 3, x + wide, top + high - pen.size - 3)
    return y + (len(rows) - 1) // across * high + high + (6 if boxed else 0)
