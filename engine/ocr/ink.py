"""Tells ink from paper in a strip of one line, and measures where the ink is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.types import Box, Image

Mask = NDArray[np.bool_]
Span = tuple[int, int]
"""Start and exclusive end."""

CORE = 0.5
"""Rows with at least this share of the fullest row's ink are the body of the line."""


def mask(strip: Image) -> Mask:
    """True where there is ink: the rarer of two shades, without rules that run along the line."""
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
    _, dark = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    ink = dark if np.count_nonzero(dark) * 2 <= dark.size else cv2.bitwise_not(dark)
    length = 2 * strip.shape[0]
    if strip.shape[1] > length:
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 1), np.uint8)))
    return ink > 0


def blank_runs(inked: NDArray[np.bool_]) -> list[Span]:
    """Every stretch without ink, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], inked, [True])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def extent(ink: Mask, start: int, end: int) -> Box | None:
    """The tight box of the ink between two columns, in pixels of the strip; None without ink.

    Ink that hangs in from the strip's upper or lower edge without reaching the body of the line
    belongs to a neighbour and does not count.
    """
    part = ink[:, start:end]
    rows = np.asarray(part.any(axis=1))
    for first, last in _hanging(ink, rows):
        rows[first:last] = False
    columns = np.flatnonzero(np.any(part[rows], axis=0))
    filled = np.flatnonzero(rows)
    if not len(columns):
        return None
    return Box(
        start + float(columns[0]),
        float(filled[0]),
        start + float(columns[-1]) + 1,
        float(filled[-1]) + 1,
    )


def _hanging(ink: Mask, rows: NDArray[np.bool_]) -> list[Span]:
    profile = ink.sum(axis=1)
    body = np.flatnonzero(profile >= CORE * profile.max())
    return [
        (first, last)
        for first, last in blank_runs(~rows)
        if (first == 0 and last <= body[0]) or (last == len(rows) and first > body[-1])
    ]
