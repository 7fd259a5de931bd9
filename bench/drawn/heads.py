"""The top and the foot of a business paper: who sends it, to whom, its title and its details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.drawn import blocks
from bench.drawn.draft import Draft, Row
from bench.drawn.house import House, Party
from bench.drawn.paper import Align, Pen

PLACES = ("left", "left", "left", "right", "right", "centre", "split", "foot", "parties", "banner")
"""Where the seller stands."""

SIDES: tuple[Align, ...] = ("left", "left", "right", "center")


def draw(draft: Draft, named: tuple[str, str], details: Sequence[str]) -> float:
    """Everything above the table; returns the first baseline below it."""
    house = draft.house
    place = house.pick("seller place", PLACES)
    y = _letterhead(draft, place)
    y = _title(draft, named, place, y)
    other = house.party(draft.dice, private=0.2 if house.chance("private buyers", 0.4) else 0)
    return _middle(draft, named, details, (place, y), other)


def again(draft: Draft, number: str) -> float:
    """The short head of a further page; returns the first baseline for the table."""
    house = draft.house
    y = 50.0
    if house.chance("short head", 0.8):
        title = house.pick("title", house.words("titles", house.kind))
        draft.paper.put(
            draft.x0,
            y,
            house.seller.name if house.chance("short name", 0.5) else title,
            draft.pen.strong(),
        )
        draft.paper.put(
            draft.x1, y, f"{house.label(number)} {draft.tell(number)}", draft.pen, "right"
        )
        y += 10
    return y + 24


def feet(draft: Draft) -> None:
    """Page numbers, bank and register at the foot of every page."""
    house, paper = draft.house, draft.paper
    small = Pen(
        house.pen.face, 7 if house.pen.face != "wide" else 6.2, grey=house.pick("foot", (0, 0.35))
    )
    columns = _foot_columns(draft)
    numbered = paper.count > 1 or house.chance("numbered", 0.35)
    words = house.pick("page words", house.words("phrases", "page"))
    for page in range(1, paper.count + 1):
        paper.open(page)
        if page in (1, paper.count) or house.chance("feet everywhere", 0.7):
            _foot(draft, columns, small)
        if numbered:
            text = words.format(page=page, pages=paper.count)
            align: Align = house.pick("page align", ("right", "center", "left"))
            x = {"left": draft.x0, "right": draft.x1, "center": paper.width / 2}[align]
            paper.put(x, paper.height - 20, text, small, align)


def bank(draft: Draft) -> list[Row]:
    """Labels and values for the seller's account, told."""
    house = draft.house
    name, account, bic = house.bank
    field = "iban" if house.land.iban else "account_number"
    draft.know(field, account)
    draft.know("bic", bic)
    draft.know("bank_name", name)
    rows = [draft.row("bank_name")] if house.chance("bank name", 0.6) else []
    rows.append(draft.row(field))
    if house.land.iban and house.chance("bic", 0.7):
        rows.append(draft.row("bic"))
    return rows


def _letterhead(draft: Draft, place: str) -> float:
    """The seller's sign at the top; returns the next baseline."""
    house, paper = draft.house, draft.paper
    party, top = house.seller, 56.0
    if place == "parties":
        return top
    big = draft.pen.scaled(house.pick("name size", (1.2, 1.5, 1.5, 2)))
    big = replace(big, bold=house.chance("name bold", 0.7)).fitted(party.name, 240)
    name, *address = blocks.tell_party(draft, party, issuer(house))
    if place == "foot":
        side = house.pick("sign", SIDES[1:3])
        paper.put(draft.x0 if side == "left" else draft.x1, top, name, big, side)
        return top + 34
    lines = _address_lines(draft, address) + blocks.contact(draft, party, issuer(house))
    if place in ("centre", "banner"):
        return _centred(draft, name, lines, big, banner=place == "banner")
    if place == "split":
        room = draft.x1 - draft.x0 - max(map(draft.pen.width, lines)) - 12
        paper.put(draft.x0, top, name, big.fitted(name, room))
        return blocks.stack(draft, lines, (draft.x1, top), draft.pen, "right") + 12
    if place == "right" and house.chance("flush right", 0.5):
        paper.put(draft.x1, top, name, big, "right")
        return blocks.stack(draft, lines, (draft.x1, top + big.pitch), draft.pen, "right") + 12
    wide = max(big.width(name), *(draft.pen.width(line) for line in lines))
    x = draft.x0 if place == "left" else max(draft.x1 - wide, draft.x0)
    paper.put(x, top, name, big)
    return blocks.stack(draft, lines, (x, top + big.pitch), draft.pen) + 12


def issuer(house: House) -> str:
    """An order is written by the buyer, all else by the seller."""
    return "buyer" if house.kind == "order" else "seller"


def _receiver(house: House) -> str:
    return "seller" if house.kind == "order" else "buyer"


def _address_lines(draft: Draft, address: Sequence[str]) -> list[str]:
    """Some vendors write their address on one line."""
    house = draft.house
    if not house.chance("address on a line", 0.35):
        return list(address)
    joined = house.pick("joint", (", ", " · ", " - ", " | ", ", ")).join(address)
    draft.know(f"{issuer(house)}_address", joined)
    return [joined]


def _centred(draft: Draft, name: str, lines: Sequence[str], big: Pen, *, banner: bool) -> float:
    paper, middle = draft.paper, draft.paper.width / 2
    joined: list[str] = []
    for line in lines:
        if joined and len(joined[-1]) + len(line) < 70 and draft.house.chance("join contact", 0.6):
            joined[-1] += f"   {line}"
        else:
            joined.append(line)
    paper.put(middle, 56, name, big, "center")
    y = 56 + big.pitch
    for line in joined:
        pen = draft.pen.fitted(line, draft.x1 - draft.x0)
        paper.put(middle, y, line, pen, "center")
        y += pen.pitch
    if banner:
        paper.frame(draft.x0 - 10, 36, draft.x1 + 10, y, fill=0.88)
    else:
        paper.rule(draft.x0, draft.x1, y - 2, draft.house.pick("letter rule", (0.4, 1, 2)))
    return y + 22


def _title(draft: Draft, named: tuple[str, str], place: str, y: float) -> float:
    """The kind of paper, maybe with its number or its date; returns the next baseline."""
    house, (number, issued) = draft.house, named
    title = house.pick("title", house.words("titles", house.kind))
    if house.chance("no title", 0.06):
        return y
    if house.chance("number in title", 0.22):
        joint = house.pick(
            "title joint", (" ", " ", " Nr. " if house.language == "de" else " # ", ": ")
        )
        title = f"{title}{joint}{draft.tell(number)}"
    pen = draft.pen.scaled(house.pick("title size", (1.3, 1.6, 2, 2.5)))
    pen = replace(pen, bold=house.chance("title bold", 0.75))
    at: Align = house.pick("title place", SIDES)
    if place == "left" and house.chance("title beside", 0.5):
        draft.paper.put(draft.x1, 56, title, pen.fitted(title, 170), "right")
        return y + 8
    x = {"left": draft.x0, "right": draft.x1, "center": draft.paper.width / 2}[at]
    y += pen.size * 0.6
    draft.paper.put(x, y, title, pen.fitted(title, draft.x1 - draft.x0), at)
    y += pen.pitch
    if house.chance("bare date", 0.1):
        day = draft.tell(issued)
        words = f"{house.seller.town}, {day}" if house.chance("town and day", 0.5) else day
        draft.paper.put(x, y, words, draft.pen, at)
        y += draft.pen.pitch
    return y + draft.pen.pitch * 0.8


def _middle(
    draft: Draft,
    named: tuple[str, str],
    details: Sequence[str],
    start: tuple[str, float],
    other: Party,
) -> float:
    """Addressee and details, side by side or one below the other."""
    house, (place, y) = draft.house, start
    fields = [field for field in (*named, *details) if not draft.tells(field)]
    if house.chance("date first", 0.2):
        fields.sort(key=lambda field: field != named[1])
    rows = [draft.row(field, _wording(house, field)) for field in fields]
    half = (draft.x1 - draft.x0) / 2
    style = house.pick("details style", blocks.STYLES)
    plan = house.pick("plan", ("beside", "beside", "beside", "swapped", "below", "above", "wide"))
    if place == "parties":
        y = max(
            _party(draft, house.seller, issuer(house), (draft.x0, y)),
            _party(draft, other, _receiver(house), (draft.x0 + half + 8, y)),
        )
        return blocks.pairs(draft, rows, (draft.x0, draft.x1, y + 14), style) + 16
    if plan in ("beside", "swapped"):
        left, right = (draft.x0, draft.x0 + half + 12)
        who, what = (left, right) if plan == "beside" else (right, left)
        end = _party(draft, other, _receiver(house), (who, y))
        end = max(end, blocks.pairs(draft, rows, (what, what + half - 12, y), style))
        return _ship_to(draft, end) + 16
    if plan == "above":
        y = blocks.pairs(draft, rows, (draft.x0, draft.x1, y), style) + 12
        return _ship_to(draft, _party(draft, other, _receiver(house), (draft.x0, y))) + 16
    end = _party(draft, other, _receiver(house), (draft.x0, y))
    if house.chance("ship to", 0.3):
        end = max(end, _ship_to(draft, y, draft.x0 + half + 8))
    wide = "above" if plan == "wide" else style
    return blocks.pairs(draft, rows, (draft.x0, draft.x1, end + 14), wide) + 16


def _wording(house: House, field: str) -> str:
    credited = house.kind == "credit_note" and field == "invoice_number"
    return "original_invoice" if credited else field


def _party(draft: Draft, party: Party, role: str, at: tuple[float, float]) -> float:
    """One party with or without a heading; returns the next baseline."""
    house, (x, y) = draft.house, at
    lines = blocks.tell_party(draft, party, role)
    width = (draft.x1 - draft.x0) / 2 - 8
    if role == issuer(house):
        lines += blocks.contact(draft, party, role)
    elif _in_foot(house):
        sender = f"{house.seller.name} · {' · '.join(house.seller.address)}"
        draft.know(f"{issuer(house)}_address", " · ".join(house.seller.address))
        small = draft.pen.scaled(0.7)
        draft.paper.put(x, y, sender, small.fitted(sender, width))
        y += 14
    if role == issuer(house) or house.chance("party heading", 0.6):
        words = house.pick(f"{role} words", house.words("headings", role))
        y = blocks.heading(draft, words, (x, y))
    if party.person != party.name and role == _receiver(house) and house.chance("person", 0.3):
        lines.insert(1, party.person)
    if role == _receiver(house) and house.chance("other vat", 0.3) and party.person != party.name:
        draft.know(f"{role}_vat_id", party.vat)
        lines.append(": ".join(draft.row(f"{role}_vat_id", "vat_id")))
    for number, line in enumerate(lines):
        pen = draft.pen.strong() if number == 0 and house.chance("bold party", 0.4) else draft.pen
        draft.paper.put(x, y, line, pen.fitted(line, width))
        y += pen.pitch
    return y


def _in_foot(house: House) -> bool:
    return house.pick("seller place", PLACES) == "foot"


def _ship_to(draft: Draft, y: float, x: float | None = None) -> float:
    """Where the goods go: another name and address, to be told from the buyer's."""
    house = draft.house
    if x is None and not house.chance("ship to below", 0.15):
        return y
    place = draft.x0 if x is None else x
    top = y + (10 if x is None else 0)
    words = house.pick("ship words", house.words("headings", "ship_to"))
    top = blocks.heading(draft, words, (place, top))
    lines = blocks.tell_party(draft, house.party(draft.dice), "ship_to")
    widest = max(lines, key=draft.pen.width)
    pen = draft.pen.fitted(widest, draft.x1 - place)
    return blocks.stack(draft, lines, (place, top), pen)


def _foot_columns(draft: Draft) -> list[list[str]]:
    house = draft.house
    columns: list[list[str]] = []
    if _in_foot(house):
        columns.append([house.seller.name, *house.seller.address])
        columns.append(blocks.contact(draft, house.seller, issuer(house)))
    banked = draft.tells("iban") or draft.tells("account_number")
    if house.kind != "order" and not banked and house.chance("bank in foot", 0.4):
        columns.append([" ".join(row) for row in bank(draft)])
    if house.chance("register", 0.5):
        columns.append([house.seller.register])
    return [column for column in columns if column]


def _foot(draft: Draft, columns: Sequence[Sequence[str]], pen: Pen) -> None:
    top = draft.paper.height - 62
    if columns and draft.house.chance("foot rule", 0.6):
        draft.paper.rule(draft.x0, draft.x1, top - 9, 0.4)
    wide = (draft.x1 - draft.x0) / max(len(columns), 1)
    for number, column in enumerate(columns):
        for line_number, line in enumerate(column):
            y = top + line_number * pen.pitch
            draft.paper.put(draft.x0 + number * wide, y, line, pen.fitted(line, wide - 8))
