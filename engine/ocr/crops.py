"""Cuts a text line out of a page as an upright strip, and maps places in it back to the page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.types import Box, Image

Quad = NDArray[np.float32]
"""Four corners (4, 2), clockwise from the one that is top left."""

TALL = 1.5
"""A strip this many times taller than wide is text that runs upwards or downwards."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A line's pixels, reading left to right, and the matrix from them to pixels of the page."""

    image: Image
    to_page: NDArray[np.float64]

    def page_box(self, box: Box) -> Box:
        """The upright rectangle on the page around a rectangle in the strip."""
        corners = np.array(
            [[box.x0, box.y0, 1], [box.x1, box.y0, 1], [box.x1, box.y1, 1], [box.x0, box.y1, 1]]
        )
        mapped = corners @ self.to_page.T
        points = mapped[:, :2] / mapped[:, 2:]
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return Box(float(x0), float(y0), float(x1), float(y1))


def cut(page: Image, quad: Quad) -> Crop:
    """The strip inside a quadrilateral; a tall one is turned as text that runs down needs it."""
    top_left, top_right, bottom_right, bottom_left = quad.astype(np.float32)
    width = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right), 1)
    height = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right), 1)
    corners = [top_left, top_right, bottom_right, bottom_left]
    if height >= TALL * width:
        corners = [top_right, bottom_right, bottom_left, top_left]
        width, height = height, width
    size = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    to_strip = cv2.getPerspectiveTransform(np.array(corners, dtype=np.float32), size)
    strip = cv2.warpPerspective(
        page, to_strip, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Crop(strip.astype(np.uint8, copy=False), np.linalg.inv(to_strip).astype(np.float64))


def _distance(a: NDArray[np.float32], b: NDArray[np.float32]) -> int:
    return int(np.linalg.norm(a - b))
