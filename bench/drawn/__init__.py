"""Invented documents with ground truth, as unlike each other as real ones."""

from __future__ import annotations

from collections.abc import Iterator

from bench.drawn import contract, form, lands, ledger, receipt, trade
from bench.drawn.draft import Drawn
from bench.drawn.house import House
from bench.drawn.lands import Dice
from bench.drawn.schemas import namings, schema

__all__ = ["KINDS", "Drawn", "draw", "draw_many", "namings", "schema"]

DRAWERS = {
    "invoice": trade.draw,
    "credit_note": trade.draw,
    "order": trade.draw,
    "delivery": trade.draw,
    "bill": trade.draw,
    "receipt": receipt.draw,
    "form": form.draw,
    "contract": contract.draw,
    "statement": ledger.statement,
    "payslip": ledger.payslip,
}
KINDS = (
    *("invoice", "receipt", "form", "invoice", "contract", "receipt", "credit_note", "invoice"),
    *("order", "receipt", "bill", "invoice", "delivery", "form", "statement", "payslip"),
)
"""Taken in turn, the frequent ones more than once."""

FAMILY = 2
"""Documents of one vendor."""


def draw(seed: int) -> Drawn:
    """The document of this number: always the same one."""
    vendor = seed // FAMILY
    dice = Dice(f"vendor {vendor}")
    lands_of_all = lands.load()
    land = dice.choices(lands_of_all, [each.weight for each in lands_of_all])[0]
    house = House(f"vendor {vendor}", KINDS[vendor % len(KINDS)], land)
    name = f"{house.kind}-{house.language}-{seed:04}"
    return DRAWERS[house.kind](house, Dice(f"document {seed}"), name)


def draw_many(count: int, first_seed: int = 0) -> Iterator[Drawn]:
    for seed in range(first_seed, first_seed + count):
        yield draw(seed)
