"""What was sold, for how much, with what tax: invented, and adding up to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.drawn import lands
from bench.drawn.house import House
from bench.drawn.lands import Dice


@dataclass(frozen=True, slots=True)
class Line:
    """One thing sold; price and amount in cents, discount and rate in per cent."""

    description: str
    code: str
    quantity: float
    unit: str
    price: int
    discount: int
    rate: float
    amount: int


@dataclass(frozen=True, slots=True)
class Deal:
    """Lines and their sums in cents; taxes are (rate, net, tax) for every rate."""

    lines: tuple[Line, ...]
    subtotal: int
    discount: int
    shipping: int
    taxes: tuple[tuple[float, int, int], ...]
    paid: int

    @property
    def tax(self) -> int:
        return sum(tax for _, _, tax in self.taxes)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.shipping + self.tax

    @property
    def due(self) -> int:
        return self.total - self.paid


def make(house: House, dice: Dice) -> Deal:
    lines = tuple(_line(house, dice) for _ in range(_count(house, dice)))
    subtotal = sum(line.amount for line in lines)
    discount = round(subtotal * dice.choice((5, 10, 3)) / 100) if house.chance("rebate", 0.2) else 0
    shipping = dice.choice((490, 950, 1250, 2500)) if house.chance("shipping", 0.25) else 0
    taxes = _taxes(house, lines, shipping - discount)
    total = subtotal - discount + shipping + sum(tax for _, _, tax in taxes)
    paid = dice.choice((total // 2, total // 4, 10000)) if house.chance("paid", 0.2) else 0
    return Deal(lines, subtotal, discount, shipping, taxes, min(paid, total))


def _count(house: House, dice: Dice) -> int:
    """Most have a few lines, some go on for pages."""
    most = house.pick("lines", (3, 4, 6, 8, 12, 20, 45))
    return dice.randint(1 if most < 20 else 10, most)


def _line(house: House, dice: Dice) -> Line:
    goods = house.chance("goods", 0.6)
    if house.kind == "bill":
        description = dice.choice(house.words("phrases", "supply"))
    elif house.kind == "credit_note" and dice.chance(0.3):
        description = dice.choice(house.words("phrases", "credited"))
    else:
        description = dice.choice(house.words("words", "goods" if goods else "services"))
    if dice.chance(0.3):
        description += ", " + dice.choice(house.words("words", "extras"))
    quantity = _quantity(house, dice)
    price = dice.choice(
        (dice.randint(45, 999), dice.randint(10, 400) * 25, dice.randint(1, 90) * 1000)
    )
    discount = dice.choice((0, 0, 5, 10, 15)) if house.chance("line discounts", 0.2) else 0
    return Line(
        description=description,
        code=lands.fill(
            house.pick("item code", ("%###", "@@-##", "%###-#", "%######", "@%#/#")), dice
        ),
        quantity=quantity,
        unit=dice.choice(house.words("words", "units")),
        price=price,
        discount=discount,
        rate=dice.choice(house.land.rates) if house.chance("mixed", 0.25) else _rate(house),
        amount=round(quantity * price * (100 - discount) / 100),
    )


def _quantity(house: House, dice: Dice) -> float:
    if house.chance("broken quantities", 0.2) and dice.chance(0.4):
        return dice.choice((0.5, 1.5, 2.25, 7.75, 12.5, 0.75))
    return dice.choice(
        (1, 1, 2, 3, dice.randint(1, 12), dice.randint(1, 60), dice.randint(50, 1500))
    )


def _rate(house: House) -> float:
    return house.pick("rate", house.land.rates)


def _taxes(house: House, lines: Sequence[Line], more: int) -> tuple[tuple[float, int, int], ...]:
    """Discount and shipping are taxed at the highest rate; some vendors charge no tax."""
    if house.chance("no tax", 0.1):
        return ()
    rates = sorted({line.rate for line in lines}, reverse=True)
    nets = [sum(line.amount for line in lines if line.rate == rate) for rate in rates]
    nets[0] += more
    return tuple(
        (rate, net, round(net * rate / 100)) for rate, net in zip(rates, nets, strict=True)
    )
