"""Where a page image carries ink that could be writing, and whether a box holds any."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from engine.types import Box, Image

Mask = NDArray[np.bool_]
Colour = tuple[int, int, int]

CONTRAST = 40
"""Steps of 255 between paper and ink; fainter marks are no writing."""

STEP = 2
"""A mask has one cell for this many pixels each way."""

_RULE = 31
"""Cells: an upright edge as long as this is a rule or a frame, not a letter (0.3 in at 200 dpi)."""

_PATCH, _CROWD = 16, 10
"""A patch is so many cells each way; small print leaves at least so many of them set."""


def strokes(image: Image) -> Mask:
    """The upright edges of letters: what writing is full of, and rules and plain areas are not."""
    rows = image[::STEP]
    darkest = np.minimum(np.minimum(rows[:, :, 0], rows[:, :, 1]), rows[:, :, 2]).astype(np.int16)
    edges = np.abs(np.diff(darkest, axis=1, append=darkest[:, -1:])) > CONTRAST
    even = edges[:, : edges.shape[1] // STEP * STEP]
    return _without_rules(even[:, ::STEP] | even[:, 1::STEP])


def outside(mask: Mask, boxes: Iterable[Box]) -> Mask:
    """The mask without what lies in the boxes."""
    rest = mask.copy()
    for box in boxes:
        rest[_cells(box.y0, box.y1), _cells(box.x0, box.x1)] = False
    return rest


def stands_out(image: Image, box: Box, colour: Colour | None) -> bool:
    """Whether the box holds ink, and this colour, if given, would show on the paper around it."""
    height, width = image.shape[:2]
    y0, y1 = max(0, int(box.y0) - 1), min(height, int(box.y1) + 2)
    x0, x1 = max(0, int(box.x0) - 1), min(width, int(box.x1) + 2)
    if y1 - y0 < 3 or x1 - x0 < 3:
        return False
    crop = image[y0:y1, x0:x1].reshape(-1, 3)
    if int((crop.max(axis=0) - crop.min(axis=0)).max()) < CONTRAST:
        return False
    if colour is None:
        return True
    paper = np.median(np.concatenate((image[y0, x0:x1], image[y1 - 1, x0:x1])), axis=0)
    return bool(np.abs(paper - colour).max() >= CONTRAST)


def paint_over(image: Image, box: Box) -> None:
    """Fill the box with the paper of its corner, in place."""
    height, width = image.shape[:2]
    y0, x0 = max(0, int(box.y0) - 1), max(0, int(box.x0) - 1)
    if y0 < height and x0 < width:
        image[y0 : int(box.y1) + 2, x0 : int(box.x1) + 2] = image[y0, x0].copy()


def clusters(mask: Mask) -> Mask:
    """The mask without the specks: the ends of rules, dots, the odd edge that no letter is near."""
    height, width = mask.shape
    padded = np.pad(mask, ((0, -height % _PATCH), (0, -width % _PATCH)))
    rows, columns = padded.shape[0] // _PATCH, padded.shape[1] // _PATCH
    counts = padded.reshape(rows, _PATCH, columns, _PATCH).sum(axis=(1, 3))
    dense = np.kron(counts >= _CROWD, np.ones((_PATCH, _PATCH), np.bool_))
    return mask & dense[:height, :width]


def around(mask: Mask, image: Image, margin: int = 16) -> Box:
    """The part of the image that holds all the set cells, of which there is at least one."""
    height, width = image.shape[:2]
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(
        max(0, int(columns[0]) * STEP - margin),
        max(0, int(rows[0]) * STEP - margin),
        min(width, (int(columns[-1]) + 1) * STEP + margin),
        min(height, (int(rows[-1]) + 1) * STEP + margin),
    )


def any_in(mask: Mask, box: Box) -> bool:
    return bool(mask[_cells(box.y0, box.y1), _cells(box.x0, box.x1)].any())


def _without_rules(mask: Mask) -> Mask:
    # An edge counts as a rule where nearly a whole upright window is set: rules are broken by the
    # lines that cross them.
    solid = _window_sums(mask) >= 0.8 * _RULE
    return mask & ~(_window_sums(solid) > 0)


def _window_sums(mask: Mask) -> NDArray[np.int32]:
    """For each cell how many are set in the upright window around it."""
    half = _RULE // 2
    padded = np.pad(mask, ((half + 1, half), (0, 0)))
    sums = np.cumsum(padded, axis=0, dtype=np.int32)
    return np.asarray(sums[_RULE:] - sums[:-_RULE])


def _cells(start: float, stop: float) -> slice:
    # One cell of margin: glyphs reach a little beyond the boxes that fonts give them.
    return slice(max(0, int(start) // STEP - 1), max(0, int(stop) // STEP + 2))
