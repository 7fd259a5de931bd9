"""Knows currencies by sign, by ISO code and by name, and finds them in text."""

from __future__ import annotations

import re

from engine.matching.values.reading import Habits, Reading

SIGNS = {
    "$": "USD",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u00a5": "JPY",
    "\u20b9": "INR",
    "\u20a9": "KRW",
    "\u20bd": "RUB",
    "\u20ba": "TRY",
    "\u0e3f": "THB",
    "\u20b1": "PHP",
    "\u20ab": "VND",
    "\u20b4": "UAH",
    "\u20a6": "NGN",
    "\u20aa": "ILS",
    "RM": "MYR",
    "Rs": "INR",
    "Rp": "IDR",
    "Fr": "CHF",
    "SFr": "CHF",
    "kr": "SEK",
    "Kr": "SEK",
    "K\u010d": "CZK",
    "z\u0142": "PLN",
    "Ft": "HUF",
}
"""The ISO code of what is printed beside amounts, without a dot behind it."""

_ALL_CODES = (
    "AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK DOP EGP EUR GBP GEL GHS HKD HRK HUF"
    " IDR ILS INR ISK JOD JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN"
    " QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD TZS UAH UGX USD UYU VND XAF XOF ZAR ZMW"
)
CODES = frozenset(_ALL_CODES.split())

WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "d\u00f3lares": "USD",
    "dollari": "USD",
    "pound": "GBP",
    "pounds": "GBP",
    "sterling": "GBP",
    "pfund": "GBP",
    "franken": "CHF",
    "ringgit": "MYR",
    "rupee": "INR",
    "rupees": "INR",
    "yen": "JPY",
    "yuan": "CNY",
    "peso": "MXN",
    "pesos": "MXN",
    "reais": "BRL",
    "kroner": "DKK",
    "kronor": "SEK",
    "zloty": "PLN",
    "rand": "ZAR",
    "baht": "THB",
    "rupiah": "IDR",
}

PRINTED = (
    r"(?:[A-Z]{1,3}\$|[$\u20ac\u00a3\u00a5\u20b9\u20a9\u20bd\u20ba\u0e3f\u20b1\u20ab\u20b4\u20a6\u20aa]"
    r"|[A-Z]{2,3}\.?|Rs\.?|Rp\.?|S?Fr\.?|[Kk]r\.?|K\u010d|z\u0142|Ft)"
)
"""A pattern for what may be a sign or a code; ``code`` knows whether it is one."""

_SHARED = frozenset(("$", "\u00a5", "Rs", "Fr", "kr", "Kr"))
_CANDIDATE = re.compile(rf"(?<![^\W\d_]){PRINTED}(?![^\W\d_])|(?<!\w)[^\W\d_]{{3,8}}(?!\w)")


def code(printed: str) -> str | None:
    """The ISO code of a sign or code, such as "RM" or "EUR"; None if it is neither."""
    printed = printed.rstrip(".")
    return printed if printed in CODES else SIGNS.get(printed)


def find(text: str, _habits: Habits) -> list[Reading]:
    """The currencies, as ISO codes; signs that several countries share with less certainty."""
    found = []
    for match in _CANDIDATE.finditer(text):
        known = code(match[0])
        if known:
            sure = 0.5 if match[0].rstrip(".") in _SHARED else 0.95
            found.append(Reading("currency", match.start(), match.end(), known, sure))
        elif (named := WORDS.get(match[0].casefold())) is not None:
            found.append(Reading("currency", match.start(), match.end(), named, 0.7))
    return found
