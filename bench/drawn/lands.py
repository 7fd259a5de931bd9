"""Countries: how numbers, dates, addresses and identifiers are written there."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from stdnum import iban as stdiban
from stdnum import luhn
from stdnum.es import ccc

FOLDER = Path(__file__).parent
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
LISTED = (
    *("signs", "sides", "days", "tax", "vat_prints", "address"),
    *("units", "streets", "cities", "forms", "tlds", "register"),
)


class Dice(Random):
    """Chance that depends on its key alone."""

    def chance(self, share: float) -> bool:
        return self.random() < share


@dataclass(frozen=True, slots=True)
class Land:
    """One country; the fields are those of ``lands.toml``."""

    code: str
    locale: str
    weight: int
    currency: str
    signs: tuple[str, ...]
    numbers: tuple[str, ...]
    sides: tuple[str, ...]
    days: tuple[str, ...]
    rates: tuple[float, ...]
    tax: tuple[str, ...]
    vat_prefix: str
    vat: str
    check: str
    vat_prints: tuple[str, ...]
    iban: str
    dial: str
    trunk: str
    address: tuple[str, ...]
    units: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    forms: tuple[str, ...]
    tlds: tuple[str, ...]
    register: tuple[str, ...]

    @property
    def language(self) -> str:
        return self.locale[:2]


@cache
def load() -> tuple[Land, ...]:
    table = tomllib.loads((FOLDER / "lands.toml").read_text("utf-8"))
    return tuple(Land(code=code, **_listed(entry)) for code, entry in table.items())


@cache
def words(language: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Section and name to the alternatives of one language."""
    text = (FOLDER / "languages" / f"{language}.toml").read_text("utf-8")
    return {
        section: {name: tuple(listed.split("|")) for name, listed in entries.items()}
        for section, entries in tomllib.loads(text).items()
    }


def fill(pattern: str, dice: Dice) -> str:
    """The pattern with random digits and letters in its gaps."""
    return "".join(_gap(letter, dice) for letter in pattern)


def tax_id(land: Land, dice: Dice) -> str:
    """A tax number without its prefix, with the right check digits."""
    if land.code == "FR":
        siren = luhn_ended(fill("%#######", dice))
        return f"{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"
    valid = _validator(land.check)
    body = fill(land.vat, dice)
    while not valid(land.vat_prefix + body):
        body = fill(land.vat, dice)
    return body


def iban(land: Land, dice: Dice) -> str:
    """An account number without spaces, with the right check digits; "" where there are none."""
    if not land.iban:
        return ""
    account = _account(land, dice)
    while not stdiban.is_valid(account):
        account = _account(land, dice)
    return account


def _account(land: Land, dice: Dice) -> str:
    code, body = land.iban[:2], fill(land.iban[4:], dice)
    if code in NATIONAL:
        body = NATIONAL[code](body)
    return code + str(stdiban.calc_check_digits(f"{code}00{body}")) + body


def luhn_ended(digits: str) -> str:
    return digits + str(luhn.calc_check_digit(digits))


def _french(body: str) -> str:
    bank, branch, account = int(body[:5]), int(body[5:10]), int(body[10:21])
    return body[:21] + f"{97 - (89 * bank + 15 * branch + 3 * account) % 97:02}"


def _spanish(body: str) -> str:
    return body[:8] + str(ccc.calc_check_digits(body)) + body[10:]


def _belgian(body: str) -> str:
    return body[:10] + f"{int(body[:10]) % 97 or 97:02}"


def _portuguese(body: str) -> str:
    return body[:19] + f"{98 - int(body[:19] + '00') % 97:02}"


NATIONAL: dict[str, Callable[[str], str]] = {
    "FR": _french,
    "ES": _spanish,
    "BE": _belgian,
    "PT": _portuguese,
}


def _listed(entry: dict[str, Any]) -> dict[str, Any]:
    entry["numbers"], entry["rates"] = tuple(entry["numbers"]), tuple(entry["rates"])
    for name in LISTED:
        entry[name] = tuple(entry[name].split("|"))
    return entry


def _gap(letter: str, dice: Dice) -> str:
    if letter == "#":
        return str(dice.randrange(10))
    if letter == "%":
        return str(dice.randrange(2, 10))
    return dice.choice(LETTERS) if letter == "@" else letter


@cache
def _validator(check: str) -> Callable[[str], bool]:
    if not check:
        return bool
    valid: Callable[[str], bool] = import_module(f"stdnum.{check}").is_valid
    return valid
