"""Reads digits with separators as a number: which sign groups them, which is the decimal point."""

from __future__ import annotations

import re
from typing import NamedTuple

_MOST_DIGITS = 15

_SPACES = "[ \u00a0\u2009\u202f]"
PATTERN = re.compile(
    rf"""[0-9.,](?:(?<=[0-9])(?:
        [0-9]{{0,2}}(?:
            (?:{_SPACES}[0-9]{{3}}(?![0-9]))+(?:[.,][0-9]{{1,2}}(?![0-9.,]))?(?![ ]?[0-9]|[.,][0-9])
            |(?:[ ][.,][ ]?[0-9]{{2}}|[.,][ ](?:00|[0-9]{{2}}(?=$|[ ]{{2}})))(?![\w.,/-]|[ ][0-9]))
        |[0-9]*(?:[.,'\u2019][0-9]+)*)
    |(?<![\w.,][.,])(?<=[.,])[0-9]{{2}}(?![\w.,]))""",
    re.VERBOSE,
)
"""Digits with what groups them; ``read`` knows whether they are a number."""

_POINTS = frozenset(".,")
_SEPARATOR = re.compile(r"[^0-9]")
_SPACED_POINT = re.compile(r"(?<=[0-9])(?: ([.,]) ?|([.,]) )(?=[0-9])")


class Numeral(NamedTuple):
    """A number without sign, and how it is printed."""

    value: int | float
    decimals: int
    grouped: bool
    doubtful: bool
    """The separators could mean something else, or are damaged."""

    @property
    def is_written_out(self) -> bool:
        """It has decimals or grouped thousands."""
        return self.grouped or self.decimals > 0


def read(printed: str, decimal: str | None = None) -> Numeral | None:
    """The number that digits and separators make; None if they make none that a person would
    print, or one of more than 15 digits. ``decimal`` is the point the document is known to use."""
    whole, rest, doubtful = printed, "", False
    if printed[-3:-2] in _POINTS and printed[:-3].isdigit():
        whole, rest = printed[:-3], printed[-2:]
    elif not printed.isdigit():
        split = _split(printed, decimal)
        if split is None:
            return None
        whole, rest, doubtful = split
    digits = whole if whole.isdigit() else _SEPARATOR.sub("", whole)
    if len(digits) + len(rest) > _MOST_DIGITS:
        return None
    value = float(f"{digits or '0'}.{rest}") if rest else int(digits)
    if rest and value == int(value):
        value = int(value)
    return Numeral(value, len(rest), len(digits) < len(whole), doubtful)


def _split(printed: str, decimal: str | None) -> tuple[str, str, bool] | None:
    """The whole part, the decimals, and whether that is doubtful."""
    closed = _SPACED_POINT.sub(lambda point: point[1] or point[2], printed)
    damaged = closed != printed
    signs = _SEPARATOR.findall(closed)
    point = signs[-1]
    whole, _, rest = closed.rpartition(point)
    if not whole:
        return "", rest, damaged
    if len(signs) == 1:
        return (whole, rest, True) if damaged else _one_sign(whole, point, rest, decimal)
    if point in ".," and _is_grouped(whole):
        if point not in signs[:-1]:
            return whole, rest, damaged
        if len(rest) == 2:
            return whole, rest, True
    return (closed, "", damaged) if _is_grouped(closed) else None


def _one_sign(
    whole: str, sign: str, rest: str, decimal: str | None
) -> tuple[str, str, bool] | None:
    can_group = len(rest) == 3 and len(whole) <= 3 and whole[0] != "0"
    if sign not in ".,":
        return (whole + sign + rest, "", False) if can_group else None
    if not can_group or sign == decimal:
        return whole, rest, False
    return whole + sign + rest, "", decimal is None


_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:([.,'\u2019 \u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3})*)?"
    r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
)


def _is_grouped(digits: str) -> bool:
    """In threes, or as in India in twos before the last three; plain digits count as well."""
    return digits.isdigit() or _GROUPED.fullmatch(digits) is not None
