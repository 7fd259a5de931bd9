"""Pictures as PDF holds them: their own bytes where it can, otherwise the same pixels packed anew.

A JPEG goes in as it is, and so does the packed part of a PNG. Two colours are packed as faxes are.
What PDF has no like of (transparency, floating point) goes in as it was read.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from engine import pages
from engine.formats import JPEG, PNG, TIFF, Format
from engine.searchable.layer import Frame

DPI = 200
"""Of a picture that does not say, or says what no scanner or camera does."""

LEAST_DPI, MOST_DPI = 30, 4800
LONGEST = 14_400
"""Points that a page may be long."""

ORIENTATION, ROWS_PER_STRIP, PHOTOMETRIC, STRIP, STRIP_LENGTH = 274, 278, 262, 273, 279

_EXACT = frozenset(("1", "L", "P", "RGB", "I;16"))
"""Kinds of pixels that a PNG holds as they are."""

# Where the corners of the unit square come to lie, by the orientation that EXIF and TIFF know.
_TURNED: dict[int, Frame] = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}


@dataclass(frozen=True, slots=True)
class Packed:
    """Pixels as they lie in a PDF: the bytes, and what its dictionary says of them."""

    data: bytes
    entries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture; ``width`` and ``height`` are those of the page, in points."""

    packed: Packed
    width: float
    height: float
    place: Frame


def pictures(source: bytes, found: Format) -> Iterator[Picture]:
    """The pictures of a file, one a page. Raises ``UnreadableDocument`` where reading it would."""
    with (
        pages.opened(source) as document,
        Pillow.open(io.BytesIO(source), formats=[found.name]) as image,
    ):
        for number in range(1, document.page_count + 1):
            if found is TIFF:
                image.seek(number - 1)
            yield _whole(source, found, image) or _repacked(image, document, number)


def _whole(source: bytes, found: Format, image: Pillow.Image) -> Picture | None:
    """The picture in its own bytes."""
    packed = _jpeg(source, image) if found is JPEG else None
    if found is PNG and (packed := png(source)):
        packed = _smallest(packed, image)
    return _placed(packed, image) if packed else None


def _placed(packed: Packed, image: Pillow.Image) -> Picture:
    """Pixels as they are stored, turned as the file says."""
    width, height = _points(image.size, image.info.get("dpi"))
    a, b, c, d, e, f = _TURNED.get(_orientation(image), _TURNED[1])
    if b:
        width, height = height, width
    frame = (a * width, b * height, c * width, d * height, e * width, f * height)
    return Picture(packed, width, height, frame)


def _repacked(image: Pillow.Image, document: pages.Document, number: int) -> Picture:
    dpi = image.info.get("dpi")
    if dpi and _TURNED.get(_orientation(image), _TURNED[1])[1]:
        dpi = dpi[::-1]
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in _EXACT or upright.has_transparency_data:
        upright = _plain(Pillow.fromarray(document.render(number)))
    packed = png(_encoded(upright, "PNG"))
    if packed is None:
        raise ValueError("a PNG of these pixels is one that PDF can unpack")
    width, height = _points(upright.size, dpi)
    return Picture(_smallest(packed, upright), width, height, (width, 0, 0, height, 0, 0))


def _orientation(image: Pillow.Image) -> int:
    found: int = image.getexif().get(ORIENTATION, 1)
    return found


def _points(size: tuple[int, int], dpi: tuple[float, float] | None) -> tuple[float, float]:
    """Width and height on paper."""
    sane = dpi and all(LEAST_DPI <= each <= MOST_DPI for each in dpi)
    across, down = map(float, dpi) if dpi and sane else (DPI, DPI)
    width, height = size[0] * 72 / across, size[1] * 72 / down
    shrunk = min(1.0, LONGEST / max(width, height))
    return width * shrunk, height * shrunk


def _jpeg(source: bytes, image: Pillow.Image) -> Packed | None:
    spaces = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
    if image.mode not in spaces:
        return None
    entries = _entries(image.width, image.height, 8, spaces[image.mode]) | {"Filter": "/DCTDecode"}
    if image.mode == "CMYK":  # upside down, as the makers of Photoshop once began
        entries["Decode"] = "[1 0 1 0 1 0 1 0]"
    return Packed(source, entries)


def png(source: bytes) -> Packed | None:
    """The packed part of a PNG, if PDF can unpack it too."""
    parts = dict.fromkeys((b"IHDR", b"PLTE", b"tRNS", b"IDAT"), b"")
    for name, data in _chunks(source):
        if name in parts:
            parts[name] += data
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    palette = parts[b"PLTE"]
    spaces = {
        0: (1, "/DeviceGray"),
        2: (3, "/DeviceRGB"),
        3: (1, f"[/Indexed /DeviceRGB {max(len(palette) // 3 - 1, 0)} <{palette.hex()}>]"),
    }
    if interlaced or parts[b"tRNS"] or kind not in spaces:
        return None
    colours, space = spaces[kind]
    unpacked = f"<</Predictor 15 /Colors {colours} /BitsPerComponent {bits} /Columns {width}>>"
    entries = _entries(width, height, bits, space)
    return Packed(parts[b"IDAT"], entries | {"Filter": "/FlateDecode", "DecodeParms": unpacked})


def _chunks(source: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(source):
        length, name = struct.unpack_from(">I4s", source, at)
        yield name, source[at + 8 : at + 8 + length]
        at += length + 12


def _smallest(packed: Packed, image: Pillow.Image) -> Packed:
    """Pages in black and white are mostly smaller as faxes: to the pixel the same."""
    if image.mode not in ("1", "L", "P") or not _black_and_white(image):
        return packed
    return min(packed, _fax(image.convert("1")), key=lambda each: len(each.data))


def _black_and_white(image: Pillow.Image) -> bool:
    if image.mode == "1":
        return True
    colours = image.convert("RGB").getcolors(2) or [(0, None)]
    return all(colour in ((0, 0, 0), (255, 255, 255)) for _, colour in colours)


def _fax(image: Pillow.Image) -> Packed:
    file = _encoded(image, "TIFF", compression="group4", tiffinfo={ROWS_PER_STRIP: image.height})
    with Pillow.open(io.BytesIO(file)) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,), white_is_one = tags[STRIP], tags[STRIP_LENGTH], tags[PHOTOMETRIC]
    unpacked = (
        f"<</K -1 /Columns {image.width} /Rows {image.height} "
        f"/BlackIs1 {'true' if white_is_one else 'false'}>>"
    )
    entries = _entries(image.width, image.height, 1, "/DeviceGray")
    return Packed(
        file[start : start + length],
        entries | {"Filter": "/CCITTFaxDecode", "DecodeParms": unpacked},
    )


def _entries(width: int, height: int, bits: int, space: str) -> dict[str, str]:
    return {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": str(width),
        "Height": str(height),
        "BitsPerComponent": str(bits),
        "ColorSpace": space,
    }


def _plain(image: Pillow.Image) -> Pillow.Image:
    """Without colours where there are none."""
    pixels = np.asarray(image)
    grey = bool((pixels == pixels[:, :, :1]).all())
    return image.getchannel(0) if grey else image


def _encoded(image: Pillow.Image, name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()
