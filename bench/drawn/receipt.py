"""Till receipts: narrow strips of paper, with or without columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bench.drawn import basket, blocks, lands
from bench.drawn.basket import Basket, Bought
from bench.drawn.draft import Draft, Drawn
from bench.drawn.house import House, value
from bench.drawn.lands import Dice
from bench.drawn.paper import Pen

FORMS = ("plain", "plain", "counted", "columns", "columns", "below", "below", "coded", "lettered")
"""How a thing bought is printed; see ``FORMING``."""

SUBTOTAL_MARKS = ("sub", "zwischen", "zw.", "sous", "s/t", "tussen", "parziale")
"""In wordings of a sum that may hold the tax already."""


class Strip:
    """The paper of a till, from the top down."""

    def __init__(self, draft: Draft, pen: Pen) -> None:
        self.draft, self.pen, self.y = draft, pen, 30.0

    def feed(self, lines: float = 1) -> None:
        self.y += self.pen.pitch * lines

    def line(self, left: str, right: str = "", pen: Pen | None = None) -> None:
        """A line with something at its left and something at its right edge."""
        draft, pen = self.draft, pen or self.pen
        room = draft.x1 - draft.x0 - (pen.width(right) + 6 if right else 0)
        draft.paper.put(draft.x0, self.y, left, pen.fitted(left, room))
        if right:
            draft.paper.put(draft.x1, self.y, right, pen, "right")
        self.y += pen.pitch

    def middle(self, text: str, pen: Pen | None = None, *, left: bool = False) -> None:
        """Lines in the middle, or all at the left."""
        draft, pen = self.draft, pen or self.pen
        for line in pen.wrapped(text, draft.x1 - draft.x0):
            x = draft.x0 if left else draft.paper.width / 2
            draft.paper.put(x, self.y, line, pen, "left" if left else "center")
            self.y += pen.pitch

    def part(self) -> None:
        """What stands between two parts of a receipt."""
        draft, mark = (
            self.draft,
            self.draft.house.pick("part", ("-", "-", "=", "*", ".", "rule", "")),
        )
        if mark == "rule":
            draft.paper.rule(draft.x0, draft.x1, self.y - self.pen.size * 0.5)
        elif mark:
            count = int((draft.x1 - draft.x0) / self.pen.width(mark))
            draft.paper.put(draft.x0, self.y, mark * count, self.pen)
        self.feed()


def draw(house: House, dice: Dice, name: str) -> Drawn:
    pen = _pen(house)
    wide = house.pick("strip", (190, 205, 226, 250, 280))
    draft = Draft(house, dice, (wide, 100))
    strip, bill = Strip(draft, pen), basket.fill(house, dice)
    _know(draft, bill)
    late = house.chance("details at the foot", 0.2)
    _sign(strip)
    if not late:
        _details(strip)
    strip.part()
    _items(strip, bill)
    strip.part()
    _sums(strip, bill)
    _payment(strip, bill)
    if late:
        strip.part()
        _details(strip)
    _farewell(strip, bill)
    draft.paper.height = strip.y + 20
    return draft.done(name)


def _pen(house: House) -> Pen:
    face = house.pick("till face", ("mono", "mono", "mono", "sans", "sans", "wide", "serif"))
    size = house.pick("till size", (7, 7.5, 8, 8.5))
    return Pen(face, size - 0.5 * (face == "wide"), bold=house.chance("bold till", 0.08))


def _know(draft: Draft, bill: Basket) -> None:
    house, dice = draft.house, draft.dice
    draft.know_day("date", date(2016, 1, 4) + timedelta(days=dice.randrange(4000)))
    hour, minute, second = dice.randint(7, 21), dice.randrange(60), dice.randrange(60)
    shown = house.pick("clock", ("{0:02}:{1:02}", "{0:02}:{1:02}", "{0:02}:{1:02}:{2:02}", "half"))
    if shown == "half" and house.language == "en":
        text = f"{(hour - 1) % 12 + 1}:{minute:02} {'PM' if hour > 11 else 'AM'}"
    else:
        text = (shown if shown != "half" else "{0}:{1:02}").format(hour, minute, second)
    draft.know("time", text)
    draft.know("receipt_number", house.code("receipt", dice))
    first, last = (dice.choice(house.words("words", part)) for part in ("first", "last"))
    draft.know("cashier", house.pick("staff", (first, f"{first} {last[:1]}.", f"{first} {last}")))
    signed = house.chance("till signs", 0.45)
    for field, cents in (
        ("total", bill.total),
        ("subtotal", bill.subtotal),
        ("tax", bill.tax),
        ("rounding", bill.rounding),
    ):
        draft.know_sum(
            field, cents, signed=signed or (field == "total" and house.chance("sign", 0.4))
        )


def _sign(strip: Strip) -> None:
    """The shop's name, address and numbers."""
    draft, house = strip.draft, strip.draft.house
    party, left = house.seller, house.chance("sign at the left", 0.2)
    big = strip.pen.scaled(house.pick("sign size", (1, 1.2, 1.5, 1.8)))
    draft.know("store_name", party.name)
    strip.middle(
        draft.tell("store_name"), replace(big, bold=house.chance("sign bold", 0.6)), left=left
    )
    if house.chance("register on receipt", 0.25):
        strip.middle(party.register, left=left)
    if house.chance("shop address", 0.92):
        draft.know("store_address", "\n".join(party.address))
        draft.tell("store_address")
        for line in party.address:
            strip.middle(line, left=left)
    if house.chance("shop phone", 0.7):
        draft.know("store_phone", party.phone)
        label = house.label("phone") if house.chance("label phone", 0.85) else ""
        colon = house.pick("phone colon", (":", ":", "", " :")) if label else ""
        strip.middle(f"{label}{colon} {draft.tell('store_phone')}".strip(), left=left)
    if house.chance("shop vat", 0.5):
        draft.know("seller_vat_id", party.vat)
        strip.middle(f"{house.label('vat_id')}: {draft.tell('seller_vat_id')}", left=left)
    if house.chance("shop site", 0.2):
        strip.middle(party.website, left=left)
    if house.chance("shop title", 0.4):
        strip.feed(0.5)
        title = house.pick("title", house.words("titles", "receipt"))
        strip.middle(title, strip.pen.strong(), left=left)
    strip.feed(0.7)


def _details(strip: Strip) -> None:
    """Date, time, number and who sold it: labelled rows, or all on one line."""
    draft, house = strip.draft, strip.draft.house
    form = house.pick("details", ("rows", "rows", "pairs", "bare", "edges"))
    fields = ["date"] + [
        field
        for field, share in (("time", 0.8), ("receipt_number", 0.75), ("cashier", 0.5))
        if house.chance(f"prints {field}", share)
    ]
    if house.chance("shuffled", 0.5):
        house.dice("order of details").shuffle(fields)
    if form in ("bare", "edges"):
        _bare(strip, fields, apart=form == "edges")
        return
    rows = [draft.row(field) for field in fields]
    if house.chance("till", 0.4):
        rows.append((house.label("till"), lands.fill("0#", draft.dice)))
    if house.chance("table", 0.12):
        rows.append((house.label("table"), str(draft.dice.randint(1, 40))))
    if form == "pairs":
        _pairs(strip, rows)
        return
    style = house.pick("rows", ("inline", "colon", "right", "aligned"))
    draft.pen = strip.pen
    strip.y = blocks.pairs(draft, rows, (draft.x0, draft.x1, strip.y), style)


def _bare(strip: Strip, fields: Sequence[str], *, apart: bool) -> None:
    """Without labels but for the number's and the cashier's."""
    draft = strip.draft
    texts = []
    for field in fields:
        if field in ("date", "time"):
            texts.append(draft.tell(field))
        else:
            texts.append(" ".join(draft.row(field)))
    while texts:
        first, *rest = texts
        room = draft.x1 - draft.x0 - strip.pen.width(first) - 10
        if rest and strip.pen.width(rest[0]) < room:
            both = (first, rest[0]) if apart else (f"{first} {rest[0]}", "")
            strip.line(*both)
            texts = rest[1:]
        else:
            strip.line(first)
            texts = rest


def _pairs(strip: Strip, rows: Sequence[tuple[str, str]]) -> None:
    """Two labelled values on a line, where they fit."""
    waiting = [f"{label}{'' if label.endswith(':') else ':'} {text}" for label, text in rows]
    room = strip.draft.x1 - strip.draft.x0 - 12
    while waiting:
        first, waiting = waiting[0], waiting[1:]
        if waiting and strip.pen.width(first) + strip.pen.width(waiting[0]) < room:
            strip.line(first, waiting[0])
            waiting = waiting[1:]
        else:
            strip.line(first)


def _items(strip: Strip, bill: Basket) -> None:
    house = strip.draft.house
    form = house.pick("items", FORMS)
    if form == "columns":
        keys = _columns(strip, bill)
    else:
        keys = {
            "plain": ("description", "amount"),
            "lettered": ("description", "amount"),
            "counted": ("quantity", "description", "amount"),
        }.get(form, ("description", "quantity", "unit_price", "amount"))
        for each in bill.items:
            _item(strip, each, form)
    rows = [_datum(each, keys, form) for each in bill.items]
    strip.draft.know("items", bill.items[0].name, rows)
    strip.draft.tell("items")


def _item(strip: Strip, item: Bought, form: str) -> None:
    """One thing on one line or two."""
    house = strip.draft.house
    amount, price = _money(house, item.amount), house.money.plain(item.price)
    times = house.pick("times", (" x ", " @ ", "x", " X "))
    indent = "  " * house.pick("indent", (0, 1, 2))
    if form == "counted":
        mark = house.pick("count mark", (" ", " x ", "x "))
        strip.line(f"{item.quantity}{mark}{item.name}", amount)
    elif form == "plain":
        strip.line(item.name, amount)
    elif form == "lettered":
        strip.line(item.name, f"{amount} {house.pick('letter', ('A', 'B', 'T', '*', '1'))}")
    elif form == "below":
        strip.line(f"{item.name}")
        strip.line(f"{indent}{item.quantity}{times}{price}", amount)
    else:
        strip.line(f"{item.code} {item.name}")
        strip.line(f"{indent}{item.quantity}{times}{price}", amount)


def _columns(strip: Strip, bill: Basket) -> tuple[str, ...]:
    """Headed columns; returns the keys of those there is room for."""
    draft, house, pen = strip.draft, strip.draft.house, strip.pen
    front = house.pick("front", (("description", "quantity"), ("quantity", "description")))
    keys: tuple[str, ...] = (*front, *house.pick("back", (("unit_price", "amount"), ("amount",))))
    heads = {key: house.label(key, "columns") for key in keys} | {
        "amount": house.label("price" if "unit_price" not in keys else "amount", "columns")
    }
    cells = [
        {
            "description": each.name,
            "quantity": str(each.quantity),
            "unit_price": house.money.plain(each.price),
            "amount": _money(house, each.amount),
        }
        for each in bill.items
    ]
    widths = {
        key: max(pen.width(text) for text in (heads[key], *(row[key] for row in cells))) + 8
        for key in keys
    }
    taken = sum(widths[key] for key in keys if key != "description")
    shrunk = pen.scaled(min(1, (draft.x1 - draft.x0 - 60) / taken))
    if shrunk.size < pen.size:
        widths = {key: width * shrunk.size / pen.size for key, width in widths.items()}
        taken = sum(widths[key] for key in keys if key != "description")
    widths["description"] = draft.x1 - draft.x0 - taken
    for number, row in enumerate([heads, *cells]):
        strong = shrunk.strong() if number == 0 and house.chance("bold heads", 0.4) else shrunk
        _columned(strip, row, widths, keys, strong)
        if number == 0 and house.chance("part under heads", 0.5):
            strip.part()
    return keys


def _columned(
    strip: Strip, row: dict[str, str], widths: dict[str, float], keys: Sequence[str], pen: Pen
) -> None:
    """A row of cells; a long name goes on below."""
    draft, x, deepest = strip.draft, strip.draft.x0, strip.y
    for key in keys:
        left = key == "description" or key == keys[0]
        lines = pen.wrapped(row[key], widths[key] - 6) if key == "description" else [row[key]]
        for number, line in enumerate(lines):
            y = strip.y + number * pen.pitch
            edge = x if left else x + widths[key]
            fitted = pen.fitted(line, widths[key] - 4)
            draft.paper.put(edge, y, line, fitted, "left" if left else "right")
            deepest = max(deepest, y)
        x += widths[key]
    strip.y = deepest + strip.pen.pitch


def _datum(item: Bought, keys: Sequence[str], form: str) -> dict[str, object]:
    data: dict[str, object] = {
        "description": item.name,
        "quantity": item.quantity,
        "unit_price": value(item.price),
        "amount": value(item.amount),
    }
    kept = {key: data[key] for key in keys}
    return kept | {"item_code": item.code} if form == "coded" else kept


def _money(house: House, cents: int) -> str:
    signed = house.chance("signs on items", 0.2)
    return house.money.signed(cents) if signed else house.money.plain(cents)


def _sums(strip: Strip, bill: Basket) -> None:
    """Subtotal, tax, rounding and total, and numbers like them."""
    draft, house = strip.draft, strip.draft.house
    taxed = house.chance("tax line", 0.7)
    if basket.taxed_on_top(house) or house.chance("subtotal line", 0.35):
        strip.line(_subtotal_label(draft), draft.tell("subtotal"))
    if basket.taxed_on_top(house):
        _tax(strip, bill)
    if bill.rounding or (house.land.code in basket.ROUNDED and house.chance("round nothing", 0.5)):
        strip.line(house.label("rounding"), draft.tell("rounding"))
    grown = strip.pen.scaled(house.pick("total size", (1, 1.2, 1.5)))
    label = draft.label("total", "receipt_total")
    colon = house.pick("total colon", ("", "", ":"))
    strip.feed(0.3)
    strip.line(
        f"{label}{colon}", draft.tell("total"), replace(grown, bold=house.chance("total bold", 0.6))
    )
    strip.feed(0.3)
    if taxed and not basket.taxed_on_top(house):
        _tax(strip, bill)


def _subtotal_label(draft: Draft) -> str:
    words = draft.house.words("labels", "receipt_subtotal")
    fitting = [each for each in words if any(m in each.lower() for m in SUBTOTAL_MARKS)]
    return (
        draft.house.label("receipt_subtotal")
        if basket.taxed_on_top(draft.house)
        else draft.house.pick("gross subtotal", fitting)
    )


def _tax(strip: Strip, bill: Basket) -> None:
    draft, house = strip.draft, strip.draft.house
    rate = house.money.percent(bill.rate, house.pick("rate places", (0, 0, 1, 2)))
    label = draft.label("tax", "receipt_tax", rate=rate)
    if rate in label:
        draft.know("tax_rate", rate, bill.rate)
        draft.tell("tax_rate")
    strip.line(label, draft.tell("tax"))


def _payment(strip: Strip, bill: Basket) -> None:
    """Cash and change, or a card."""
    draft, house, dice = strip.draft, strip.draft.house, strip.draft.dice
    if house.chance("no payment", 0.12):
        return
    in_cash, named = dice.chance(0.5), house.chance("names method", 0.2)
    if named:
        first, *others = house.words("words", "methods")
        draft.know("payment_method", first if in_cash else dice.choice(others))
        strip.line(*draft.row("payment_method"))
    if in_cash:
        steps = [step for step in (500, 1000, 2000, 5000, 10000) if step > bill.total]
        given = steps[0] if steps else -(-bill.total // 5000) * 5000
        draft.know_sum("cash", given, signed=False)
        draft.know_sum("change", given - bill.total, signed=False)
        strip.line(*draft.row("cash"))
        strip.line(*draft.row("change"))
    elif not named:
        strip.line(house.label("card"), house.money.plain(bill.total))
        if house.chance("card number", 0.5):
            strip.line(f"**** **** **** {lands.fill('%###', dice)}")


def _farewell(strip: Strip, bill: Basket) -> None:
    """Counts, taxes, points and thanks: more numbers nobody asks for."""
    house, dice = strip.draft.house, strip.draft.dice
    strip.feed(0.5)
    if house.chance("count", 0.35):
        strip.line(house.label("item_count"), str(sum(each.quantity for each in bill.items)))
    if house.chance("savings", 0.15):
        strip.line(house.label("savings"), house.money.plain(dice.randint(10, 900)))
    if house.chance("points", 0.15):
        strip.line(house.label("points"), str(dice.randint(1, 900)))
    if house.chance("tax table", 0.25):
        net = bill.total - bill.tax
        parts = (
            house.money.percent(bill.rate),
            *map(house.money.plain, (net, bill.tax, bill.total)),
        )
        strip.line(f"{house.tax}  {parts[0]}  {parts[1]}", f"{parts[2]}  {parts[3]}")
    strip.feed(0.5)
    if house.chance("thanks", 0.8):
        strip.middle(house.pick("thanks words", house.words("phrases", "thanks")))
    if house.chance("bar code", 0.3):
        strip.middle(lands.fill("#############", dice))
