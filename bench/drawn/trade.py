"""Invoices, credit notes, purchase orders, delivery notes and bills."""

from __future__ import annotations

from datetime import date, timedelta

from bench.drawn import blocks, deal, heads, lands, sums, table
from bench.drawn.deal import Deal, Line
from bench.drawn.draft import Draft, Drawn
from bench.drawn.house import House, value
from bench.drawn.lands import Dice
from bench.drawn.paper import A4, LETTER, Align
from bench.drawn.table import Column

NUMBERS = {
    "invoice": ("invoice_number", "invoice_date"),
    "bill": ("invoice_number", "invoice_date"),
    "credit_note": ("credit_note_number", "credit_note_date"),
    "order": ("order_number", "order_date"),
    "delivery": ("delivery_note_number", "delivery_date"),
}
SHARES = {
    "due_date": 0.6,
    "order_number": 0.45,
    "order_date": 0.25,
    "customer_number": 0.5,
    "delivery_date": 0.35,
    "delivery_note_number": 0.2,
    "invoice_number": 1,
    "payment_terms": 0.35,
    "currency": 0.12,
    "reference": 0.35,
    "contact": 0.3,
    "period": 0.12,
}
"""How many vendors print each of these beside number and date."""

FITS = {
    "order": ("delivery_date", "customer_number", "payment_terms", "reference", "contact"),
    "delivery": ("order_number", "order_date", "customer_number", "reference", "contact"),
    "credit_note": ("invoice_number", "customer_number", "reference", "contact", "currency"),
}
QUANTITY_ALIGNS: tuple[Align, ...] = ("right", "right", "center", "left")
ROUGHLY_FOOT = 84


def draw(house: House, dice: Dice, name: str) -> Drawn:
    draft = Draft(house, dice, LETTER if house.land.code == "US" else A4)
    bargain = deal.make(house, dice)
    _know(draft, bargain)
    y = heads.draw(draft, NUMBERS[house.kind], _details(draft))
    if house.chance("regarding", 0.3) and house.kind in ("invoice", "bill"):
        line = house.pick("regarding words", house.words("phrases", "regarding"))
        draft.paper.put(draft.x0, y, line, draft.pen.fitted(line, draft.x1 - draft.x0))
        y += draft.pen.pitch * 1.8
    if house.kind == "bill":
        y = _meter(draft, y)
    y, placed = _items(draft, bargain, y)
    if house.kind != "delivery":
        y = sums.draw(draft, bargain, placed, y)
    _close(draft, y)
    heads.feet(draft)
    return draft.done(name)


def _know(draft: Draft, bargain: Deal) -> None:
    house, dice = draft.house, draft.dice
    day = date(2016, 1, 4) + timedelta(days=dice.randrange(4000))
    days = house.pick("days", (7, 10, 14, 30, 30, 45, 60))
    number, issued = NUMBERS[house.kind]
    for field in ("invoice_number", "order_number", "customer_number", "delivery_note_number"):
        draft.know(field, house.code(field, dice))
    draft.know(number, house.code(number, dice))
    draft.know_day("order_date", day - timedelta(days=dice.randint(3, 30)))
    draft.know_day("delivery_date", day - timedelta(days=dice.randint(0, 3)))
    draft.know_day("due_date", day + timedelta(days=days))
    draft.know_day(issued, day)
    terms = house.pick("terms", house.words("phrases", "terms")).format(days=days)
    draft.know("payment_terms", terms)
    draft.know("currency", house.land.currency)
    start = day.replace(day=1)
    draft.know("period", f"{house.day(start)} - {house.day(start + timedelta(days=27))}")
    draft.know(
        "reference",
        f"{dice.choice(house.words('words', 'last'))[:3].upper()}/{days}-{dice.randint(10, 99)}",
    )
    draft.know("contact", house.party(dice).person)
    sums.know(draft, bargain)


def _details(draft: Draft) -> list[str]:
    """The fields of the head besides number and date, in this vendor's order."""
    house = draft.house
    fitting = FITS.get(house.kind, tuple(f for f in SHARES if f != "invoice_number"))
    chosen = [field for field in fitting if house.chance(f"prints {field}", SHARES[field])]
    house.dice("order of details").shuffle(chosen)
    return chosen


def _meter(draft: Draft, y: float) -> float:
    """The readings of a bill for electricity or water."""
    house, dice = draft.house, draft.dice
    before, used = dice.randint(1000, 80000), dice.randint(90, 6000)
    draft.know("meter_number", lands.fill("%#######", dice))
    for field, number in (
        ("previous_reading", before),
        ("current_reading", before + used),
        ("consumption", used),
    ):
        draft.know(field, house.money.number(number), number)
    fields = ["meter_number", "previous_reading", "current_reading", "consumption"]
    if house.chance("prints contract", 0.5):
        draft.know("contract_number", lands.fill("%########", dice))
        fields.insert(0, "contract_number")
    rows = [draft.row(field) for field in fields]
    style = house.pick("meter style", ("above", "right", "colon", "boxed"))
    return blocks.pairs(draft, rows, (draft.x0, draft.x1, y), style) + draft.pen.pitch


def _items(draft: Draft, bargain: Deal, y: float) -> tuple[float, table.Placed]:
    house, paper = draft.house, draft.paper
    columns = _columns(draft, bargain)
    running = [0]
    for line in bargain.lines:
        running.append(running[-1] + line.amount)
    carried = house.kind == "invoice" and house.chance("carried", 0.3)

    def turn(number: int) -> float:
        amount = house.money.plain(running[number])
        if carried:
            _carry(draft, "carried", amount, paper.height - ROUGHLY_FOOT + 8)
        paper.turn()
        top = heads.again(draft, NUMBERS[house.kind][0])
        if carried:
            _carry(draft, "brought", amount, top)
            top += draft.pen.pitch * 2
        return top

    bottom = paper.height - ROUGHLY_FOOT - draft.pen.pitch
    y, printed, placed = table.draw(draft, columns, y, bottom, turn)
    _know_items(draft, bargain, printed)
    return y, placed


def _carry(draft: Draft, which: str, amount: str, y: float) -> None:
    words = draft.house.pick(which, draft.house.words("phrases", which))
    draft.paper.put(draft.x1 - 90, y, words, draft.pen, "right")
    draft.paper.put(draft.x1 - 3, y, amount, draft.pen, "right")


def _columns(draft: Draft, bargain: Deal) -> list[Column]:
    """The columns this vendor has, in its order."""
    house = draft.house
    priced = house.kind != "delivery"
    cells = {
        "position": [_position(house, at) for at in range(len(bargain.lines))],
        "item_code": [line.code for line in bargain.lines],
        "description": [line.description for line in bargain.lines],
        "quantity": [_quantity(house, line) for line in bargain.lines],
        "unit": [line.unit for line in bargain.lines],
        "unit_price": [_money(house, line.price) for line in bargain.lines],
        "discount": [house.money.percent(line.discount) for line in bargain.lines],
        "tax_rate": [house.money.percent(line.rate) for line in bargain.lines],
        "amount": [_money(house, line.amount) for line in bargain.lines],
    }
    keys = [key for key in _order(house) if _has(house, key, bargain)]
    if not priced:
        keys = [key for key in keys if key not in ("unit_price", "discount", "tax_rate", "amount")]
    return [_column(house, key, cells[key]) for key in keys]


def _order(house: House) -> tuple[str, ...]:
    front = house.pick(
        "columns",
        (
            ("position", "item_code", "description", "quantity", "unit"),
            ("position", "item_code", "description", "quantity", "unit"),
            ("position", "description", "quantity", "unit"),
            ("quantity", "unit", "item_code", "description"),
            ("position", "quantity", "unit", "description", "item_code"),
            ("item_code", "quantity", "unit", "description"),
        ),
    )
    back = house.pick(
        "money columns",
        (
            ("unit_price", "discount", "tax_rate", "amount"),
            ("unit_price", "discount", "amount", "tax_rate"),
            ("tax_rate", "unit_price", "discount", "amount"),
        ),
    )
    return front + back


def _has(house: House, key: str, bargain: Deal) -> bool:
    if key == "discount":
        return any(line.discount for line in bargain.lines)
    if key == "tax_rate":
        return bool(bargain.taxes) and house.chance("rate column", 0.35)
    shares = {"position": 0.3, "item_code": 0.4, "unit": 0.3, "quantity": 0.93, "unit_price": 0.9}
    return house.chance(f"column {key}", shares.get(key, 1))


def _column(house: House, key: str, cells: list[str]) -> Column:
    left = key in ("position", "item_code", "description", "unit")
    align: Align = "left" if left else "right"
    if key == "quantity":
        align = house.pick("quantity align", QUANTITY_ALIGNS)
    if key in ("unit_price", "amount") and house.chance("money left", 0.06):
        align = "left"
    return Column(key, house.label(key, "columns"), tuple(cells), align)


def _position(house: House, at: int) -> str:
    return house.pick("positions", ("{}", "{}.", "{:03}", "{}0")).format(at + 1)


def _quantity(house: House, line: Line) -> str:
    exact = house.pick("places", (0, 0, 0, 2, 3))
    places = exact or (0 if line.quantity == int(line.quantity) else 2)
    text = house.money.number(line.quantity, places)
    glued = not house.chance("column unit", 0.3) and house.chance("unit with quantity", 0.15)
    return f"{text} {line.unit}" if glued else text


def _money(house: House, cents: int) -> str:
    signed = house.chance("signs in table", 0.3)
    return house.money.signed(cents) if signed else house.money.plain(cents)


def _know_items(draft: Draft, bargain: Deal, printed: list[Column]) -> None:
    """The rows as data, of the columns there was room for."""
    keys = [each.key for each in printed if each.key != "position"]
    rows = [{key: _datum(line, key) for key in keys} for line in bargain.lines]
    draft.know("line_items", bargain.lines[0].description, rows)
    draft.tell("line_items")


def _datum(line: Line, key: str) -> str | float:
    if key in ("unit_price", "amount"):
        return value(line.price if key == "unit_price" else line.amount)
    names = {"item_code": "code", "tax_rate": "rate"}
    datum: str | float = getattr(line, names.get(key, key))
    return datum


def _close(draft: Draft, y: float) -> None:
    """Terms, bank details and small print under the sums, as far as there is room."""
    house, room = draft.house, draft.paper.height - ROUGHLY_FOOT
    y += draft.pen.pitch * 1.5
    if y + draft.pen.pitch * 10 < room:
        y = _payment(draft, y)
    small = draft.pen.scaled(house.pick("note size", (0.8, 0.9, 1)))
    for note in _notes(house):
        for line in small.wrapped(note, draft.x1 - draft.x0):
            if y + small.pitch < room:
                y += small.pitch
                draft.paper.put(draft.x0, y, line, small)


def _payment(draft: Draft, y: float) -> float:
    house = draft.house
    rows = []
    told = draft.tells("payment_terms") or house.kind == "delivery"
    if not told and house.chance("terms below", 0.4):
        rows.append(draft.row("payment_terms"))
    if house.kind in ("invoice", "bill") and house.chance("bank below", 0.45):
        rows += heads.bank(draft)
    if rows and house.chance("bank heading", 0.4):
        words = house.pick("bank words", house.words("headings", "bank"))
        y = blocks.heading(draft, words, (draft.x0, y))
    style = house.pick("bank style", ("colon", "colon", "inline", "plain", "aligned"))
    return blocks.pairs(draft, rows, (draft.x0, draft.x0 + 330, y), style)


def _notes(house: House) -> list[str]:
    notes = list(house.words("phrases", "small" if house.kind == "bill" else "notes"))
    house.dice("notes").shuffle(notes)
    kept = notes[: house.pick("note count", (0, 0, 1, 2, 3))]
    thanks = house.pick("thanks words", house.words("phrases", "thanks"))
    return [*kept, thanks] if house.chance("thanks", 0.4) else kept
