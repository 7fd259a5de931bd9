"""Pictures as pages: the image's own pixels, upright by its EXIF tag, as plain RGB.

Pillow reads them all. MuPDF was tried: it has no WebP, ignores the EXIF orientation where it gives
exact pixels, gives only the first TIFF frame there, and rescales by the file's dpi elsewhere.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from engine.errors import CorruptDocument, PageTooLarge
from engine.formats import TIFF, Format
from engine.pages.printed import PrintedLine
from engine.types import Image

MAX_PIXELS = 75_000_000
"""An A3 sheet at 600 dpi; in memory three bytes a pixel, twice while it is converted."""

# What Pillow's decoders raise on broken files, by its own fuzz tests.
_FAULTS = (OSError, SyntaxError, ValueError, NotImplementedError, OverflowError, EOFError)
_BOMBS = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning)


class ImageDocument:
    """One page a TIFF frame. An animation in another format is one picture: its first."""

    def __init__(self, data: bytes, fmt: Format, max_pages: int) -> None:
        with _decoding(1):
            self._image = Pillow.open(io.BytesIO(data), formats=[fmt.name])
            self.page_count = _frames(self._image, max_pages) if fmt is TIFF else 1

    def render(self, number: int) -> Image:
        with _decoding(number):
            self._image.seek(number - 1)
            if self._image.width * self._image.height > MAX_PIXELS:
                raise _too_large(number)
            return np.array(_rgb(ImageOps.exif_transpose(self._image)))

    def printed(self, _number: int) -> tuple[PrintedLine, ...]:
        return ()

    def close(self) -> None:
        self._image.close()


def _frames(image: Pillow.Image, most: int) -> int:
    """How many, or one more than ``most``: a file can chain a million."""
    # One by one: Pillow miscounts after a jump beyond the end.
    for index in range(1, most + 1):
        try:
            image.seek(index)
        except EOFError:
            return index
    return most + 1


def _rgb(image: Pillow.Image) -> Pillow.Image:
    """The image as a person sees it on white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image).convert("RGB")
    if image.mode == "LAB":  # Pillow converts no LAB; its lightness is the picture in grey
        return image.getchannel(0).convert("RGB")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        return Pillow.alpha_composite(Pillow.new("RGBA", above.size, "white"), above).convert("RGB")
    return image.convert("RGB")


def _eight_bits(image: Pillow.Image) -> Pillow.Image:
    """Deep grey as 8 bits. 16-bit files keep their scale; others are stretched to what they use."""
    values = np.asarray(image, dtype=np.float32)
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else (values.min(), values.max())
    if high <= low:
        return Pillow.new("L", image.size, "white")
    return Pillow.fromarray(((values - low) * (255 / (high - low))).astype(np.uint8))


@contextmanager
def _decoding(number: int) -> Iterator[None]:
    """Pillow's complaints as ours, and none of its warnings on anyone's terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            yield
        except _BOMBS as fault:
            raise _too_large(number) from fault
        except _FAULTS as fault:
            raise CorruptDocument from fault


def _too_large(number: int) -> PageTooLarge:
    limit = MAX_PIXELS // 1_000_000
    return PageTooLarge(
        f"Document could not be read: page {number} has more than {limit} million pixels."
    )
