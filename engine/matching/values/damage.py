"""Puts back digits that a reader of images takes for letters, and lost points, in their place."""

from __future__ import annotations

import re

_SUSPECT = re.compile(r"[0-9](?:[OolI]| [0-9]{2}(?![0-9.,]))|[OolI][.,/-]?[0-9]")
_RUN = re.compile(
    r"""(?<![a-z0-9_OI])(?=[OolI.,/-]{0,12}[0-9])
    [0-9OolI]{1,12}(?:[.,/-][0-9OolI]{1,4}){0,4}(?!\w)""",
    re.VERBOSE,
)
_DIGITS = str.maketrans("OolI", "0011")
_LOST_POINT = re.compile(
    r"(?:(?<![\s\S])|(?<=[:$\u20ac\u00a3M])|(?<=[:$\u20ac\u00a3M] )|(?<=  ))"
    r"(0|[1-9][0-9]{0,4}) ([0-9]{2})(?= *\Z|  )"
)


def mend(text: str) -> str:
    """The text with O, o, l and I as digits inside groups of digits, ``1O.00`` as ``10.00``, and
    with the point of an amount that lost it: ``RM 31 00`` as ``RM 31.00``."""
    if not _SUSPECT.search(text):
        return text
    text = _RUN.sub(lambda run: run[0].translate(_DIGITS), text)
    return _LOST_POINT.sub(r"\1.\2", text)
