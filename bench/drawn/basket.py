"""What was bought at a till, and its sums."""

from __future__ import annotations

from dataclasses import dataclass

from bench.drawn import lands
from bench.drawn.house import House
from bench.drawn.lands import Dice

ROUNDED = ("MY", "CH", "AU")
"""Where nobody has coins of one cent."""


@dataclass(frozen=True, slots=True)
class Bought:
    """One thing; price and amount in cents."""

    name: str
    code: str
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Basket:
    """What was bought and its sums in cents; ``rounding`` is part of ``total``."""

    items: tuple[Bought, ...]
    subtotal: int
    rate: float
    tax: int
    rounding: int
    total: int


def fill(house: House, dice: Dice) -> Basket:
    most = house.pick("basket", (2, 4, 6, 9, 16))
    names = dice.sample(house.words("words", "foods"), dice.randint(1, most))
    items = tuple(
        Bought(
            each.upper() if house.chance("capitals", 0.4) else each,
            lands.fill(house.pick("code", ("%############", "%####", "0%##")), dice),
            dice.choice((1, 1, 1, 2, 3, dice.randint(1, 12))),
            dice.choice(
                (dice.randint(5, 90) * 10, dice.randint(50, 3000), dice.randint(10, 60) * 5)
            ),
        )
        for each in names
    )
    gross = sum(each.amount for each in items)
    rate = house.pick("rate", house.land.rates)
    if taxed_on_top(house):
        tax = round(gross * rate / 100)
        whole = gross + tax
    else:
        tax, whole = round(gross * rate / (100 + rate)), gross
    total = round(whole / 5) * 5 if house.land.code in ROUNDED else whole
    return Basket(items, gross, rate, tax, total - whole, total)


def taxed_on_top(house: House) -> bool:
    """Whether tax comes on top of the prices."""
    return house.land.code == "US" or house.chance("tax added", 0.12)
