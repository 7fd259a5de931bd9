"""A vendor: its name and ids, and how all its papers look, words and numbers included."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from babel.dates import format_date

from bench.drawn import lands
from bench.drawn.lands import Dice, Land
from bench.drawn.paper import Pen

T = TypeVar("T")
DESKS = ("info", "office", "contact", "accounts", "mail", "billing", "hello", "admin")
CODES = (
    *("%####", "20%#-####", "20%#/####", "%#######", "@@-%####", "@@%#####", "%###-##"),
    *("26-00%##", "@%###/26", "####-@@-##", "1/%###", "%##.###", "%#-%####-#", "@%#-####"),
    *("00%####", "20%#.####", "@@@%##", "%### %###"),
)
OWN_CODES = {
    "invoice_number": ("INV-####", "R%######", "F20260%##", "INV%#####", "RE-####/26", "FT %/####"),
    "order_number": ("PO-%####", "4500######", "PO%#####"),
    "customer_number": ("C%####", "K-%###", "CUST%###"),
}
"""Numbers as documents and customers have them, and such as only some have."""

NUMBERS = {
    ",.": (",", "."),
    ".,": (".", ","),
    " ,": (" ", ","),
    "'.": ("'", "."),
    ".": ("", "."),
    ",": ("", ","),
    "lakh": ("lakh", "."),
}
"""What parts the thousands and the cents."""


@dataclass(frozen=True, slots=True)
class Party:
    """A company, or a person where ``name`` and ``person`` are the same; all as printed."""

    name: str
    person: str
    address: tuple[str, ...]
    town: str
    phone: str
    email: str
    website: str
    vat: str
    register: str


@dataclass(frozen=True)
class House:
    """What a vendor decides once; ``key`` alone decides everything that is not given."""

    key: str
    kind: str
    land: Land

    @property
    def language(self) -> str:
        return self.land.language

    def dice(self, question: str) -> Dice:
        """Always the same dice for this vendor and question."""
        return Dice(f"{self.key} {question}")

    def pick(self, question: str, options: Sequence[T]) -> T:
        return self.dice(question).choice(options)

    def chance(self, question: str, share: float) -> bool:
        return self.dice(question).chance(share)

    def words(self, section: str, name: str) -> tuple[str, ...]:
        return lands.words(self.language)[section][name]

    def label(self, field: str, section: str = "labels", **gaps: str) -> str:
        """What this vendor prints beside or above such a value."""
        plain = self._worded(self.language, section, field, gaps)
        if self.language != "en" and self.chance("bilingual", 0.08):
            plain = f"{plain} / {self._worded('en', section, field, gaps)}"
        return plain.upper() if self.chance(f"upper {section}", 0.12) else plain

    def _worded(self, language: str, section: str, field: str, gaps: dict[str, str]) -> str:
        options = lands.words(language)[section][field]
        fitting = [each for each in options if "rate" in gaps or "{rate}" not in each]
        known = {"tax": self.tax, "currency": self.money.unit, **gaps}
        return self.pick(f"{language} {section} {field}", fitting).format(**known)

    @cached_property
    def tax(self) -> str:
        return self.pick("tax", self.land.tax)

    @cached_property
    def pen(self) -> Pen:
        face = self.pick("face", ("sans",) * 5 + ("serif",) * 3 + ("wide",) + ("mono",))
        size = self.pick("size", (8, 8.5, 9, 9, 9.5, 10, 10.5))
        return Pen(face, size - (1 if face in ("wide", "mono") else 0))

    @cached_property
    def money(self) -> Money:
        return Money(
            *NUMBERS[self.pick("numbers", self.land.numbers)],
            self.pick("sign", self.land.signs),
            self.pick("side", self.land.sides),
            self.land.currency,
            self.pick("minus", ("-{}", "-{}", "({})", "{}-", "- {}")),
            self.pick("percent", ("{}%", "{}%", "{} %")),
        )

    def day(self, when: date, field: str = "") -> str:
        pattern = self.pick("day", self.land.days)
        if field and self.chance(f"other day {field}", 0.05):
            pattern = self.pick(f"day {field}", self.land.days)
        return format_date(when, pattern, locale=self.land.locale)

    def code(self, question: str, dice: Dice) -> str:
        """A number such as documents and customers have."""
        own = OWN_CODES.get(question, ()) if self.chance(f"own code {question}", 0.4) else ()
        return lands.fill(self.pick(f"code {question}", own or CODES), dice)

    @cached_property
    def seller(self) -> Party:
        return self.party(self.dice("seller"), shop=self.kind == "receipt")

    @cached_property
    def bank(self) -> tuple[str, str, str]:
        """The vendor's own; see ``bank_of``."""
        return self.bank_of(self.dice("bank"))

    def bank_of(self, dice: Dice) -> tuple[str, str, str]:
        """A bank, an account as printed (an IBAN where the country has them), and a BIC."""
        name = dice.choice(self.words("words", "banks"))
        raw = lands.iban(self.land, dice)
        spaced = " ".join(raw[at : at + 4] for at in range(0, len(raw), 4))
        letters = "".join(c for c in _ascii(name).upper() if c.isalpha())[:4]
        country = self.land.iban[:2] or self.land.code
        bic = letters + country + lands.fill("##", dice) + dice.choice(("", "XXX"))
        account = raw if dice.chance(0.3) else spaced
        return name, account or lands.fill("%#######", dice), bic

    def party(self, dice: Dice, *, shop: bool = False, private: float = 0) -> Party:
        """Somebody of this country."""
        person = " ".join(dice.choice(self.words("words", part)) for part in ("first", "last"))
        alone = dice.chance(private)
        name = person if alone else self._company(dice, "shops" if shop else "trades")
        slug = "".join(c for c in _ascii(name).lower().replace(" ", "-") if c.isalnum() or c == "-")
        site = f"{slug.strip('-')[:22].strip('-')}.{dice.choice(self.land.tlds)}"
        city, post, phone = dice.choice(self.land.cities).split(";")
        vat = self._printed_vat(lands.tax_id(self.land, dice))
        return Party(
            name,
            person,
            self._address(dice, city, post),
            re.split(r",| \(| -", city)[0],
            self._phone(lands.fill(phone, dice)),
            f"{dice.choice(DESKS)}@{site}",
            dice.choice(("www.", "www.", "", "https://")) + site,
            vat,
            lands.fill(dice.choice(self.land.register), dice),
        )

    def _company(self, dice: Dice, trades: str) -> str:
        last, other = dice.sample(self.words("words", "last"), 2)
        stem = dice.choice(self.words("words", "stems"))
        trade = dice.choice(self.words("words", trades))
        form = dice.choice(self.land.forms)
        first = dice.choice(self.words("words", "first"))
        plain = dice.choice(
            (
                f"{last} {trade} {form}",
                f"{stem} {form}",
                f"{stem} {trade} {form}",
                f"{last} & {other} {form}",
                f"{trade} {last} {form}",
                f"{first} {last} {trade}",
                f"{stem[:1]}{last[:1]}{other[:1]} {trade} {form}",
            )
            if trades == "trades"
            else (f"{stem} {trade}", f"{last} {trade}", f"{trade} {stem} {form}", f"{stem} {form}")
        )
        return plain.replace(" ,", ",")

    def _address(self, dice: Dice, city: str, post: str) -> tuple[str, ...]:
        lines = self.pick("address", self.land.address).format(
            no=dice.choice((dice.randrange(1, 99), dice.randrange(1, 300))),
            street=dice.choice(self.land.streets),
            unit=dice.choice(self.land.units),
            city=city,
            post=lands.fill(post, dice),
        )
        return tuple(re.split("/(?! )", lines))  # the "C/ " of a Spanish street stays

    def _phone(self, national: str) -> str:
        style = self.pick("phone", ("plain", "plain", "plus", "plus", "zero", "slash", "dash"))
        bare = national.replace("(", "").replace(")", "")
        if self.land.trunk and bare.startswith("0"):
            bare = bare[1:]
        if style == "plus":
            return f"+{self.land.dial} {bare}"
        if style == "zero" and self.land.trunk:
            return f"+{self.land.dial} (0){bare}"
        if style == "slash" and self.land.language == "de":
            return national.replace(" ", "/", 1)
        return national.replace(" ", "-", 1) if style == "dash" else national

    def _printed_vat(self, body: str) -> str:
        letters = iter(body)
        pattern = self.pick("vat print", self.land.vat_prints)
        return "".join(next(letters) if each == "_" else each for each in pattern)


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts and numbers are written; amounts are whole cents."""

    mark: str
    decimal: str
    sign: str
    side: str
    code: str
    minus: str
    percents: str

    @property
    def unit(self) -> str:
        return self.code if self.side in ("code", "none") else self.sign

    def plain(self, cents: int) -> str:
        """Without the currency."""
        whole = f"{abs(cents) // 100}"
        text = f"{self._grouped(whole)}{self.decimal}{abs(cents) % 100:02}"
        return self.minus.format(text) if cents < 0 else text

    def signed(self, cents: int) -> str:
        """With the currency, where this vendor prints one."""
        text = self.plain(cents)
        if self.side == "before":
            return f"{self.sign}{' ' if len(self.sign) > 1 else ''}{text}"
        if self.side == "after":
            return f"{text} {self.sign}"
        return f"{self.code} {text}" if self.side == "code" else text

    def number(self, value: float, places: int = 0) -> str:
        whole, _, part = f"{value:.{places}f}".partition(".")
        grouped = self._grouped(whole)
        return f"{grouped}{self.decimal}{part}" if part else grouped

    def percent(self, rate: float, places: int = 0) -> str:
        shown = f"{rate:.{places}f}" if rate == int(rate) else f"{rate:g}"
        return self.percents.format(shown.replace(".", self.decimal))

    def _grouped(self, whole: str) -> str:
        if self.mark == "lakh":
            head, tail = whole[:-3], whole[-3:]
            pairs = [head[max(at - 2, 0) : at] for at in range(len(head), 0, -2)][::-1]
            return ",".join([*pairs, tail])
        parts = [whole[max(at - 3, 0) : at] for at in range(len(whole), 0, -3)][::-1]
        return self.mark.join(parts)


def value(cents: int) -> float:
    """The amount as data: whole where it is whole."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
