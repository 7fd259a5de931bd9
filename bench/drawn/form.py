"""Forms filled in by hand: labels above, beside, inside and under the boxes, and boxes to tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bench.drawn import lands
from bench.drawn.draft import Draft, Drawn
from bench.drawn.house import House
from bench.drawn.lands import Dice
from bench.drawn.paper import A4, LETTER, Align, Pen

STYLES = ("line", "dots", "above", "under", "box", "box", "beside", "table", "bare")
"""Where a label stands and what is drawn for the answer; see ``CELLS``."""

PERSONAL = (
    ("last_name", "first_name"),
    ("birth_date", "birth_place"),
    ("gender",),
    ("street",),
    ("postcode", "city", "country"),
    ("phone", "email"),
    ("nationality", "occupation"),
)
MORE = (("policy_number", "iban"), ("is_member",), ("smoker",), ("newsletter",), ("consent",))
ALWAYS = ("last_name", "first_name", "street", "postcode", "city")
PLACES: tuple[Align, ...] = ("left", "right", "center")
WAYS = {"it": "Via", "es": "C/", "pt": "Rua"}
"""What comes before the name of a street."""

STATEMENTS = ("is_member", "newsletter", "consent")
"""Answered by one box to tick."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one answer goes: from left to right, and the baseline of its text."""

    x0: float
    x1: float
    y: float


class Sheet:
    """A form being drawn: its draft, the pens of the printer and of the hand, and how far it is."""

    def __init__(self, draft: Draft) -> None:
        house = draft.house
        self.draft, self.house, self.y = draft, house, 60.0
        face = house.pick("hand", ("mono", "serif", "serif", "sans", "wide"))
        slanted = house.chance("slanted hand", 0.6)
        size = draft.pen.size * house.pick("hand size", (1, 1.1, 1.25))
        self.hand = Pen(face, size, slanted=slanted, bold=house.chance("heavy hand", 0.1))
        self.label = draft.pen.scaled(house.pick("label size", (1, 1, 0.85)))
        self.style = house.pick("form style", STYLES)
        self.count = 0

    def words(self, field: str) -> str:
        """The label as this form prints it: numbered, starred, with a colon."""
        self.count += 1
        label = self.draft.label(field)
        if self.house.chance("numbered fields", 0.15):
            label = f"{self.count}. {label}"
        if field in ALWAYS and self.house.chance("stars", 0.25):
            label += " *"
        ends = label.endswith(("?", "*", ":", "."))
        return label if ends or not self.house.chance("colons", 0.45) else f"{label}:"


def draw(house: House, dice: Dice, name: str) -> Drawn:
    draft = Draft(house, dice, LETTER if house.land.code == "US" else A4)
    _know(draft)
    sheet = Sheet(draft)
    _head(sheet)
    for section, rows in (("personal", PERSONAL), ("more", MORE)):
        if house.chance(f"section {section}", 0.75):
            _section(sheet, section)
        for row in rows:
            fields = [field for field in row if _prints(house, field)]
            _row(sheet, fields)
    _signature(sheet)
    return draft.done(name)


def _know(draft: Draft) -> None:
    house, dice = draft.house, draft.dice
    person = house.party(dice, private=1)
    city, post, phone = dice.choice(house.land.cities).split(";")
    for field, part in (("first_name", "first"), ("last_name", "last"), ("occupation", "jobs")):
        draft.know(field, dice.choice(house.words("words", part)))
    if house.chance("capital answers", 0.15):
        for field in ("first_name", "last_name"):
            draft.know(field, draft.text(field).upper())
    draft.know("nationality", dice.choice(house.words("words", "nations")))
    draft.know("country", dice.choice(house.words("words", "countries")))
    draft.know_day("birth_date", date(1942, 1, 1) + timedelta(days=dice.randrange(23000)))
    draft.know("birth_place", dice.choice(house.land.cities).split(";")[0])
    number = dice.randint(1, 180)
    street = f"{WAYS.get(house.language, '')} {dice.choice(house.land.streets)}".strip()
    first = house.language == "en" or house.land.code == "FR"
    draft.know("street", f"{number} {street}" if first else f"{street} {number}")
    draft.know("city", city)
    draft.know("postcode", lands.fill(post, dice))
    draft.know("phone", lands.fill(phone, dice))
    draft.know("email", f"{person.person.split()[0].lower()}{number}@post.{house.land.tlds[0]}")
    draft.know("policy_number", house.code("policy", dice))
    draft.know("iban", house.bank_of(dice)[1])
    draft.know_day("signature_date", date(2016, 1, 4) + timedelta(days=dice.randrange(4000)))


def _prints(house: House, field: str) -> bool:
    if field == "iban" and not house.land.iban:
        return False
    return field in ALWAYS or house.chance(f"prints {field}", 0.62)


def _head(sheet: Sheet) -> None:
    draft, house = sheet.draft, sheet.house
    place: Align = house.pick("form head", PLACES)
    x = {"left": draft.x0, "right": draft.x1, "center": draft.paper.width / 2}[place]
    title = house.pick("title", house.words("titles", "form"))
    big = replace(draft.pen.scaled(house.pick("title size", (1.5, 1.8, 2.2))), bold=True)
    lines = [(house.seller.name, draft.pen.strong()), (title, big)]
    for text, pen in lines if house.chance("name first", 0.6) else lines[::-1]:
        sheet.y += pen.size
        draft.paper.put(x, sheet.y, text, pen.fitted(text, draft.x1 - draft.x0), place)
        sheet.y += pen.pitch * 0.4
    sheet.y += draft.pen.size
    if house.chance("form address", 0.4):
        text = ", ".join(house.seller.address)
        draft.paper.put(x, sheet.y, text, draft.pen.scaled(0.8), place)
        sheet.y += draft.pen.pitch
    if house.chance("hint", 0.6):
        hint = house.pick("hint words", house.words("phrases", "form_hint"))
        draft.paper.put(draft.x0, sheet.y + 4, hint, draft.pen.scaled(0.85))
        sheet.y += draft.pen.pitch
    sheet.y += 16


def _section(sheet: Sheet, section: str) -> None:
    draft, house = sheet.draft, sheet.house
    words = house.pick(f"{section} words", house.words("headings", section))
    if house.chance("section ground", 0.4):
        draft.paper.frame(draft.x0, sheet.y - 11, draft.x1, sheet.y + 4, fill=0.85)
    draft.paper.put(draft.x0 + 3, sheet.y, words, draft.pen.strong())
    sheet.y += 24


def _row(sheet: Sheet, fields: Sequence[str]) -> None:
    """Fields side by side, or one below the other where the form has one column."""
    if not fields:
        return
    narrow = sheet.style in ("table", "beside", "bare") or sheet.house.chance("one column", 0.3)
    for some in [[field] for field in fields] if narrow else [fields]:
        wide = (sheet.draft.x1 - sheet.draft.x0) / len(some)
        for at, field in enumerate(some):
            x0 = sheet.draft.x0 + at * wide
            _answer(sheet, field, Cell(x0, x0 + wide - (8 if at < len(some) - 1 else 0), sheet.y))
        sheet.y += _height(sheet, some)


def _height(sheet: Sheet, fields: Sequence[str]) -> float:
    if any(field in (*STATEMENTS, "smoker", "gender") for field in fields):
        return 20
    return {"above": 34, "under": 34, "box": 32, "table": 20}.get(sheet.style, 22)


def _answer(sheet: Sheet, field: str, cell: Cell) -> None:
    if field in STATEMENTS:
        _statement(sheet, field, cell)
    elif field in ("gender", "smoker"):
        _choice(sheet, field, cell)
    else:
        empty = sheet.draft.dice.chance(0.12)
        label = sheet.words(field)
        if empty:
            sheet.draft.leave(field)
        CELLS[sheet.style](sheet, label, "" if empty else sheet.draft.tell(field), cell)


def _statement(sheet: Sheet, field: str, cell: Cell) -> None:
    draft, ticked = sheet.draft, sheet.draft.dice.chance(0.5)
    label = sheet.house.label(field)
    draft.know(field, label, ticked)
    draft.tell(field)
    if sheet.house.chance("box behind", 0.15):
        draft.paper.put(cell.x0, cell.y, label, sheet.label)
        _box(sheet, cell.x0 + sheet.label.width(label) + 8, cell.y, ticked=ticked)
    else:
        x = _box(sheet, cell.x0, cell.y, ticked=ticked)
        draft.paper.put(x, cell.y, label, sheet.label.fitted(label, cell.x1 - x))


def _choice(sheet: Sheet, field: str, cell: Cell) -> None:
    """Two answers, one of them ticked, or none."""
    draft = sheet.draft
    names = ("male", "female") if field == "gender" else ("yes", "no")
    pairs = list(zip(*(sheet.house.words("labels", name) for name in names), strict=False))
    words = sheet.house.pick(f"{field} answers", pairs)
    ticked = draft.dice.choice((0, 1, 0, 1, None))
    label = sheet.words(field)
    draft.paper.put(cell.x0, cell.y, label, sheet.label)
    x = cell.x0 + sheet.label.width(label) + 14
    for at, word in enumerate(words):
        x = _box(sheet, x, cell.y, ticked=at == ticked)
        draft.paper.put(x, cell.y, word, sheet.label)
        x += sheet.label.width(word) + 18
    if ticked is None:
        draft.leave(field)
    else:
        draft.know(field, words[ticked], words[ticked] if field == "gender" else ticked == 0)
        draft.tell(field)


def _box(sheet: Sheet, x: float, y: float, *, ticked: bool) -> float:
    """A box with or without its mark; returns where the text after it starts."""
    paper, pen = sheet.draft.paper, sheet.label
    kind = sheet.house.pick("tick", ("[x]", "[X]", "(x)", "X", "x", "check", "check"))
    if len(kind) == 3:
        shown = kind if ticked else f"{kind[0]} {kind[2]}"
        paper.put(x, y, shown, pen)
        return x + pen.width(kind) + 4
    side = pen.size
    paper.frame(x, y - side * 0.85, x + side, y + side * 0.15)
    if ticked and kind == "check":
        paper.put(x + side / 2, y - 0.5, "\N{HEAVY CHECK MARK}", Pen("marks", side), "center")
    elif ticked:
        paper.put(x + side / 2, y - 0.5, kind, sheet.hand.strong(), "center")
    return x + side + 4


def _written(sheet: Sheet, text: str, x: float, y: float, room: float) -> None:
    if text:
        sheet.draft.paper.put(x, y, text, sheet.hand.fitted(text, room))


def _line(sheet: Sheet, label: str, text: str, cell: Cell, *, dash: int = 0) -> None:
    """The label, then a line to write on."""
    pen = sheet.label.fitted(label, (cell.x1 - cell.x0) * 0.55)
    start = cell.x0 + pen.width(label) + 5
    sheet.draft.paper.put(cell.x0, cell.y, label, pen)
    sheet.draft.paper.rule(start, cell.x1, cell.y + 2, 0.4, dash=dash)
    _written(sheet, text, start + 3, cell.y, cell.x1 - start - 3)


def _dots(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    _line(sheet, label, text, cell, dash=1)


def _above(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    sheet.draft.paper.put(cell.x0, cell.y, label, sheet.label.fitted(label, cell.x1 - cell.x0))
    sheet.draft.paper.rule(cell.x0, cell.x1, cell.y + 17, 0.4)
    _written(sheet, text, cell.x0 + 4, cell.y + 14, cell.x1 - cell.x0 - 4)


def _under(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    """The answer on a line, its label in small letters under the line."""
    _written(sheet, text, cell.x0 + 4, cell.y, cell.x1 - cell.x0 - 4)
    sheet.draft.paper.rule(cell.x0, cell.x1, cell.y + 3, 0.5)
    small = sheet.label.scaled(0.8)
    sheet.draft.paper.put(cell.x0, cell.y + 11, label, small.fitted(label, cell.x1 - cell.x0))


def _boxed(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    """A frame with a small label in its upper left corner."""
    sheet.draft.paper.frame(cell.x0, cell.y - 9, cell.x1, cell.y + 18)
    small = sheet.label.scaled(0.75)
    sheet.draft.paper.put(
        cell.x0 + 3, cell.y - 2, label, small.fitted(label, cell.x1 - cell.x0 - 6)
    )
    _written(sheet, text, cell.x0 + 6, cell.y + 13, cell.x1 - cell.x0 - 8)


def _beside(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    """The label in a column of its own, the answer in a box."""
    start = cell.x0 + (cell.x1 - cell.x0) * sheet.house.pick("label column", (0.3, 0.4))
    sheet.draft.paper.put(cell.x0, cell.y, label, sheet.label.fitted(label, start - cell.x0 - 4))
    sheet.draft.paper.frame(start, cell.y - 12, cell.x1, cell.y + 5)
    _written(sheet, text, start + 5, cell.y, cell.x1 - start - 8)


def _table(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    start = cell.x0 + (cell.x1 - cell.x0) * sheet.house.pick("label column", (0.3, 0.4))
    sheet.draft.paper.frame(cell.x0, cell.y - 13, cell.x1, cell.y + 7)
    sheet.draft.paper.bar(start, cell.y - 13, cell.y + 7)
    sheet.draft.paper.put(
        cell.x0 + 4, cell.y, label, sheet.label.fitted(label, start - cell.x0 - 8)
    )
    _written(sheet, text, start + 5, cell.y, cell.x1 - start - 8)


def _bare(sheet: Sheet, label: str, text: str, cell: Cell) -> None:
    """Nothing is drawn: the answer stands in a column."""
    start = cell.x0 + (cell.x1 - cell.x0) * 0.4
    sheet.draft.paper.put(cell.x0, cell.y, label, sheet.label.fitted(label, start - cell.x0 - 4))
    _written(sheet, text, start, cell.y, cell.x1 - start)


CELLS: dict[str, Callable[[Sheet, str, str, Cell], None]] = {
    "line": _line,
    "dots": _dots,
    "above": _above,
    "under": _under,
    "box": _boxed,
    "beside": _beside,
    "table": _table,
    "bare": _bare,
}


def _signature(sheet: Sheet) -> None:
    """Place and day, and a line to sign on."""
    draft, house = sheet.draft, sheet.house
    sheet.y += 28
    half = (draft.x1 - draft.x0) / 2
    if house.chance("prints place", 0.4):
        draft.know("place", house.seller.town)
        _line(sheet, *draft.row("place"), Cell(draft.x0, draft.x0 + half - 30, sheet.y))
        sheet.y += 24
    row = draft.row("signature_date")
    if house.chance("day under line", 0.4):
        _under(sheet, *row, Cell(draft.x0, draft.x0 + half - 30, sheet.y))
    else:
        _line(sheet, *row, Cell(draft.x0, draft.x0 + half - 30, sheet.y))
    _under(sheet, house.label("signature"), "", Cell(draft.x0 + half, draft.x1, sheet.y))
