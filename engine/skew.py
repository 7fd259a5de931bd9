"""How much the lines of a page hang askew, and where their words would stand if they did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import numpy as np

from engine.types import Box, Line, Word

STEEPEST, STEPS = 0.06, 61
"""The slopes that are tried, in pixels down per pixel to the right: about 3.4 degrees either way.
Pages that hang more are rare, and text lines are found on them only in pieces."""

FEWEST_WORDS = 8
SHARPER = 1.03
"""By how much the rows must stand out better than without a slope."""

MOST_TOGETHER = 100_000
"""Slopes times words that are counted at once."""

NOTICEABLE = 0.3
"""Of a word's height, over the width of the text: less does no harm."""


def slope(lines: Sequence[Line]) -> float:
    """Pixels down per pixel to the right at which most words share rows; 0.0 for a level page.

    Words are counted into thin bands along each slope; the more uneven the counts, the better the
    slope follows the rows.
    """
    words = [word for line in lines for word in line.words]
    if len(words) < FEWEST_WORDS:
        return 0.0
    x, y = np.array([word.box.center for word in words]).T
    widths = np.array([word.box.width for word in words])
    height = max(1.0, median(word.box.height for word in words))
    tried = np.linspace(-STEEPEST, STEEPEST, STEPS)
    together = max(1, MOST_TOGETHER // len(words))
    parts = (tried[at : at + together, None] for at in range(0, STEPS, together))
    sharp = np.concatenate([_sharpness((y - part * x) / height, widths) for part in parts])
    best = int(sharp.argmax())
    askew = abs(tried[best]) * float(np.ptp(x)) > NOTICEABLE * height
    return float(tried[best]) if askew and sharp[best] > SHARPER * sharp[STEPS // 2] else 0.0


def level(box: Box, slope: float) -> Box:
    """Where a box would be if the page hung straight."""
    if not slope:
        return box
    down = slope * box.center[0]
    return Box(box.x0, box.y0 - down, box.x1, box.y1 - down)


def level_word(word: Word, slope: float) -> Word:
    return replace(word, box=level(word.box, slope))


def _sharpness(rows: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """For each slope, of half-row bands at two offsets, so that no row is cut in two by both; rows
    are (slopes, words)."""
    total = np.zeros(len(rows))
    for offset in (0.0, 0.25):
        bands = np.floor((rows + offset) * 2).astype(int)
        bands -= bands.min(axis=1, keepdims=True)
        most = int(bands.max()) + 1
        bands += most * np.arange(len(rows))[:, None]
        counts = np.bincount(bands.ravel(), np.tile(widths, len(rows)), most * len(rows))
        total += (counts.reshape(len(rows), most) ** 2).sum(axis=1)
    return total
