"""Finds times of day."""

from __future__ import annotations

import re

from engine.matching.values.reading import Habits, Reading

_HALF = r"(?P<half>[ap])\.?[ ]?m(?![^\W_])\.?"
_TIME = re.compile(
    rf"""(?:(?<![0-9.,:/-])(?<![^\W_])|(?<=[0-9][/.-][0-9]{{4}})(?=[0-9]{{2}}[:.])|(?<=[0-9]T))(?:
    (?P<hour>[01]?[0-9]|2[0-4])(?:
        (?:[ ]?:[ ]?|[hH])(?P<minute>[0-5][0-9])
            (?:[ ]?:[ ]?(?P<second>[0-5][0-9])(?:[.,][0-9]{{1,6}})?)?
            (?:[ ]?{_HALF}|(?P<short_half>[AP])(?![^\W_]))?(?![0-9]|:[0-9])
        |[.](?P<dotted>[0-5][0-9])(?:[ ]?{_HALF.replace("half", "dotted_half")}|[ ](?:Uhr|uur|h)\b)
        |(?:[ ]?{_HALF.replace("half", "bare_half")}|[ ]?(?:Uhr|uur)\b)
    ))""",
    re.VERBOSE | re.IGNORECASE,
)
_HOUR = re.compile(r"[0-9][ ]?(?:[:.hH][ ]?[0-9]|[apAPhHuU])")


def find(text: str, _habits: Habits) -> list[Reading]:
    """The times, as ``09:42`` or ``09:42:07``, from 00 to 23 hours."""
    if not _HOUR.search(text):
        return []
    found = []
    for match in _TIME.finditer(text):
        half = match["half"] or match["short_half"] or match["dotted_half"] or match["bare_half"]
        hour = _hour(int(match["hour"]), half)
        if hour is not None:
            minute = match["minute"] or match["dotted"]
            value = f"{hour:02d}:{minute or '00'}"
            value += f":{match['second']}" if match["second"] else ""
            sure = 0.9 if match["minute"] else 0.8 if half and minute else 0.6
            found.append(Reading("time", match.start(), match.end(), value, sure))
    return found


def _hour(hour: int, half: str | None) -> int | None:
    """Of 24; None if there is no such hour."""
    if half is None:
        return hour if hour < 24 else None
    if not 1 <= hour <= 12:
        return hour if hour < 24 else None
    return hour % 12 + (12 if half in "pP" else 0)
