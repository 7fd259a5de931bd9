"""Bank statements and pay slips: running lists of money with a few facts above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from bench.drawn import blocks, heads, lands, table
from bench.drawn.draft import Draft, Drawn
from bench.drawn.house import House, value
from bench.drawn.lands import Dice
from bench.drawn.paper import A4, LETTER
from bench.drawn.table import Column

STYLES = ("colon", "far", "right", "inline", "above", "boxed", "aligned")


@dataclass(frozen=True, slots=True)
class Move:
    """Money in or out, in cents, and what is left after it."""

    day: date
    text: str
    amount: int
    balance: int


def statement(house: House, dice: Dice, name: str) -> Drawn:
    draft = Draft(house, dice, LETTER if house.land.code == "US" else A4)
    start = date(2016, 1, 1) + timedelta(days=30 * dice.randrange(120))
    opening = dice.randint(-50000, 900000)
    moves = _moves(house, dice, start, opening)
    _know_account(draft, start, opening, moves[-1].balance)
    y = _top(draft, "statement", ["account_holder", "statement_number", "statement_date"])
    rows = [draft.row(field) for field in _account(house)]
    sums = [draft.row("opening_balance"), draft.row("closing_balance")]
    above = house.chance("balances above", 0.5)
    details = rows + sums if above else rows
    y = blocks.pairs(draft, details, (draft.x0, draft.x1, y), house.pick("account style", STYLES))
    y = _moved(draft, moves, y + 22)
    if not above:
        blocks.pairs(draft, sums, (draft.x1 - 220, draft.x1, y + 10), "right")
    heads.feet(draft)
    return draft.done(name)


def payslip(house: House, dice: Dice, name: str) -> Drawn:
    draft = Draft(house, dice, LETTER if house.land.code == "US" else A4)
    earned = _parts(house, dice, "earnings", (9000, 420000))
    taken = _parts(house, dice, "deducted", (500, sum(cents for _, cents in earned) // 12))
    _know_pay(draft, earned, taken)
    y = _top(draft, "payslip", ["employee_name"])
    fields = [
        field
        for field, share in (
            ("employee_number", 0.8),
            ("pay_period", 0.9),
            ("pay_date", 0.6),
            ("department", 0.4),
            ("social_number", 0.5),
        )
        if house.chance(f"prints {field}", share)
    ]
    rows = [draft.row(field) for field in fields]
    y = blocks.pairs(draft, rows, (draft.x0, draft.x1, y), house.pick("pay style", STYLES))
    y = _paid(draft, earned, taken, y + 20)
    sums = [draft.row(field) for field in ("gross_pay", "deductions", "net_pay")]
    if house.chance("paid to account", 0.5) and house.land.iban:
        draft.know("iban", house.bank_of(dice)[1])
        sums.append(draft.row("iban"))
    style = house.pick("pay sums", ("right", "far", "above", "boxed", "colon"))
    area = (draft.x0, draft.x1, y + 16) if style != "right" else (draft.x1 - 260, draft.x1, y + 16)
    blocks.pairs(draft, sums, area, style)
    heads.feet(draft)
    return draft.done(name)


def _moves(house: House, dice: Dice, start: date, opening: int) -> list[Move]:
    day, balance, moves = start, opening, []
    for _ in range(dice.randint(4, house.pick("moves", (8, 15, 30, 55)))):
        day += timedelta(days=dice.choice((0, 0, 1, 1, 2)))
        amount = dice.choice((-1, -1, -1, 1)) * dice.choice(
            (dice.randint(99, 9000), dice.randint(5, 220) * 1000)
        )
        balance += amount
        text = dice.choice(house.words("phrases", "transactions"))
        moves.append(Move(day, text.format(name=house.party(dice).name), amount, balance))
    return moves


def _know_account(draft: Draft, start: date, opening: int, closing: int) -> None:
    house, dice = draft.house, draft.dice
    _, account, bic = house.bank_of(dice)
    draft.know("account_holder", house.party(dice, private=0.6).name)
    draft.know(
        "statement_number", lands.fill(house.pick("sheet", ("#", "%#", "%/2026", "00%")), dice)
    )
    draft.know_day("statement_date", start + timedelta(days=31))
    draft.know("iban" if house.land.iban else "account_number", account)
    draft.know("bic", bic)
    draft.know("period", f"{house.day(start)} - {house.day(start + timedelta(days=30))}")
    draft.know_sum("opening_balance", opening)
    draft.know_sum("closing_balance", closing)


def _account(house: House) -> list[str]:
    fields = ["iban" if house.land.iban else "account_number"]
    if house.land.iban and house.chance("bic", 0.6):
        fields.append("bic")
    return fields + (["period"] if house.chance("statement period", 0.6) else [])


def _top(draft: Draft, kind: str, fields: Sequence[str]) -> float:
    """The issuer, the title, and the first details beside the addressee."""
    house, paper = draft.house, draft.paper
    title = house.pick("title", house.words("titles", kind))
    y = 56.0
    paper.put(
        draft.x0,
        y,
        blocks.tell_party(draft, house.seller, "seller")[0],
        draft.pen.scaled(1.4).strong(),
    )
    y = blocks.stack(draft, house.seller.address, (draft.x0, y + 16), draft.pen)
    big = draft.pen.scaled(house.pick("title size", (1.3, 1.6, 2))).strong()
    if house.chance("title beside", 0.4):
        paper.put(draft.x1, 56, title, big.fitted(title, 200), "right")
    else:
        y += big.size
        paper.put(draft.x0, y, title, big)
        y += big.pitch
    rows = [draft.row(field) for field in fields]
    style = house.pick("top style", STYLES)
    return blocks.pairs(draft, rows, (draft.x0, draft.x1 - 120, y + 10), style) + 10


def _moved(draft: Draft, moves: Sequence[Move], y: float) -> float:
    """The list of movements: one signed column, or one for money out and one for money in."""
    house, money = draft.house, draft.house.money
    split, left = house.chance("two columns", 0.5), house.chance("balances", 0.7)
    columns = [
        Column(
            "date", house.label("date", "columns"), tuple(house.day(move.day) for move in moves)
        ),
        Column("description", house.label("text", "columns"), tuple(move.text for move in moves)),
    ]
    if split:
        out = tuple(money.plain(-move.amount) if move.amount < 0 else "" for move in moves)
        into = tuple(money.plain(move.amount) if move.amount >= 0 else "" for move in moves)
        columns.append(Column("debit", house.label("debit", "columns"), out, "right"))
        columns.append(Column("credit", house.label("credit", "columns"), into, "right"))
    else:
        amounts = tuple(money.plain(move.amount) for move in moves)
        columns.append(Column("amount", house.label("amount", "columns"), amounts, "right"))
    if left:
        balances = tuple(money.plain(move.balance) for move in moves)
        columns.append(Column("balance", house.label("balance", "columns"), balances, "right"))
    rows = [_datum(move, columns, house) for move in moves]
    draft.know("transactions", moves[0].text, rows)
    draft.tell("transactions")
    return _table(draft, columns, y)


def _datum(move: Move, columns: Sequence[Column], house: House) -> dict[str, object]:
    data: dict[str, object] = {
        "date": house.day(move.day),
        "description": move.text,
        "debit": value(-move.amount) if move.amount < 0 else None,
        "credit": value(move.amount) if move.amount >= 0 else None,
        "amount": value(move.amount),
        "balance": value(move.balance),
    }
    return {column.key: data[column.key] for column in columns}


def _table(draft: Draft, columns: Sequence[Column], y: float) -> float:
    def turn(number: int) -> float:
        del number
        draft.paper.turn()
        return 70

    y, _, _ = table.draw(draft, columns, y, draft.paper.height - 110, turn)
    return y


def _parts(house: House, dice: Dice, which: str, between: tuple[int, int]) -> list[tuple[str, int]]:
    words = house.words("phrases", which)
    chosen = [words[0], *dice.sample(words[1:], dice.randint(1, len(words) - 1))]
    return [(word, dice.randint(*between)) for word in chosen]


def _know_pay(
    draft: Draft, earned: Sequence[tuple[str, int]], taken: Sequence[tuple[str, int]]
) -> None:
    house, dice = draft.house, draft.dice
    month = date(2016, 1, 1) + timedelta(days=30 * dice.randrange(120))
    period = house.pick("pay period", ("MMMM y", "MM/y", "MMM y"))
    draft.know("employee_name", house.party(dice, private=1).name)
    draft.know(
        "employee_number", lands.fill(house.pick("staff number", ("%###", "0%###", "@-%##")), dice)
    )
    draft.know("pay_period", format_date(month, period, locale=house.land.locale))
    draft.know_day("pay_date", month + timedelta(days=27))
    draft.know("department", dice.choice(house.words("words", "departments")))
    draft.know(
        "social_number",
        lands.fill(house.pick("social", ("%# ###### @ ###", "@@ ## ## ## @")), dice),
    )
    gross, less = (sum(cents for _, cents in part) for part in (earned, taken))
    draft.know_sum("gross_pay", gross)
    draft.know_sum("deductions", less)
    draft.know_sum("net_pay", gross - less)


def _paid(
    draft: Draft, earned: Sequence[tuple[str, int]], taken: Sequence[tuple[str, int]], y: float
) -> float:
    """Earnings and deductions: in two columns of one table, or with a minus in one."""
    house, money = draft.house, draft.house.money
    lines = [*earned, *((word, -cents) for word, cents in taken)]
    columns = [
        Column("description", house.label("description", "columns"), tuple(w for w, _ in lines))
    ]
    if house.chance("two columns", 0.5):
        for key, sign in (("gross_pay", 1), ("deductions", -1)):
            cells = tuple(money.plain(abs(c)) if c * sign > 0 else "" for _, c in lines)
            columns.append(Column(key, house.label(key), cells, "right"))
    else:
        cells = tuple(money.plain(cents) for _, cents in lines)
        columns.append(Column("amount", house.label("amount", "columns"), cells, "right"))
    return _table(draft, columns, y)
