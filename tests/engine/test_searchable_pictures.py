"""Pictures that were read, as searchable PDFs."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from bench.searchable import found, misplaced, same_looks, same_pictures
from engine import pages, pipeline, searchable
from engine.ocr.orientation import turned
from engine.scripted import ScriptedReader
from engine.searchable import font
from engine.types import Page
from tests.engine import drawn
from tests.engine.test_searchable import poppler

__all__ = ["poppler"]

LETTER = ["Dear Zoë", "thank you"]
ORIENTATION = 274
KINDS = {
    "PNG": ["RGB", "L", "1", "P", "RGBA", "LA", "I;16"],
    "JPEG": ["RGB", "L", "1", "CMYK"],
    "TIFF": ["RGB", "L", "1", "P", "CMYK", "RGBA", "LA", "I;16"],
    "WebP": ["RGB", "L", "1", "P", "CMYK", "RGBA", "LA"],
    "BMP": ["RGB", "L", "1", "P", "RGBA"],
}


def picture(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Upright in no way but one, and in colours where there are any."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.text((10, 10), "UP", "black", font=ImageFont.load_default(30))
    pen.ellipse((200, 120, 280, 180), "red")
    return image.convert(mode)


def made(source: bytes, **page: Any) -> tuple[bytes, list[Page]]:
    reader = ScriptedReader([LETTER])
    done = list(pipeline.run(source, reader, pipeline.Options(ocr="ocr")).pages)
    done = [Page(**{**{f: getattr(p, f) for f in Page.__slots__}, **page}) for p in done]
    return searchable.make(source, done), done


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        yield document


def stored(pdf: bytes) -> tuple[bytes, str]:
    """The first page's picture as it is packed, and its dictionary."""
    with opened(pdf) as document:
        xref = document.get_page_images(0)[0][0]
        return document.xref_stream_raw(xref), document.xref_object(xref, compressed=True)


@pytest.mark.parametrize(
    ("format", "mode"), [(name, mode) for name, modes in KINDS.items() for mode in modes]
)
def test_pictures_of_all_kinds_are_pages_with_their_words(format: str, mode: str) -> None:  # noqa: A002
    options = {"lossless": True} if format == "WebP" else {}
    source = drawn.encoded(picture(mode), format, **options)
    result, done = made(source)
    assert not list(misplaced(source, result, done))
    assert [text for text, _ in found(result)[1]] == ["Dear", "Zoë", "thank", "you"]
    if mode != "CMYK":  # every program has its own idea of what that looks like
        assert same_looks(source, result, done[0])
    if mode not in ("CMYK", "I;16"):
        assert same_pictures(source, result)


def test_a_jpeg_goes_in_as_it_is() -> None:
    source = drawn.encoded(picture(), "JPEG")
    assert stored(made(source)[0])[0] == source


def test_the_packed_part_of_a_png_goes_in_as_it_is() -> None:
    source = drawn.encoded(picture(), "PNG")
    packed, entries = stored(made(source)[0])
    assert packed in source
    assert "/Predictor 15" in entries


@pytest.mark.parametrize("mode", ["L", "P", "1"])
def test_black_and_white_is_packed_as_a_fax(mode: str) -> None:
    sheet = drawn.draw(LETTER).convert("1", dither=Image.Dither.NONE)
    source = drawn.encoded(sheet.convert(mode), "PNG")
    result, done = made(source)
    assert "/CCITTFaxDecode" in stored(result)[1]
    assert same_pictures(source, result)
    assert same_looks(source, result, done[0])


def test_deep_grey_stays_deep() -> None:
    values = np.arange(40_000, dtype=np.uint16).reshape(200, 200)
    for name in ("PNG", "TIFF"):
        result, _ = made(drawn.encoded(Image.fromarray(values), name))
        assert "/BitsPerComponent 16" in stored(result)[1]


def test_every_frame_of_a_tiff_is_a_page() -> None:
    frames = [picture(), picture("1", (100, 150)), picture("L", (80, 90))]
    source = drawn.encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    result, done = made(source)
    assert len(done) == 3
    assert all(same_looks(source, result, page) for page in done)
    assert same_pictures(source, result)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WebP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_page_stands_as_the_camera_was_held(format: str, orientation: int) -> None:  # noqa: A002
    image = picture()
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    source = drawn.encoded(image, format, exif=exif, dpi=(100, 200))
    result, done = made(source)
    assert same_looks(source, result, done[0])
    assert not list(misplaced(source, result, done))
    with opened(result) as document:
        wide = (300 * 72 / 100, 200 * 72 / 200)
        expected = wide if orientation < 5 else wide[::-1]
        if format != "WebP":  # which has no resolution
            assert document[0].rect[2:] == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_page_stands_upright_as_it_was_read(rotation: int) -> None:
    source = drawn.encoded(picture(), "PNG")
    width, height = (300, 200) if rotation in (0, 180) else (200, 300)
    result, done = made(source, rotation=rotation, width=width, height=height)
    assert same_looks(source, result, done[0])
    assert not list(misplaced(source, result, done))
    with opened(result) as document, pages.opened(source) as original:
        assert document[0].rotation == rotation
        seen = turned(original.render(1), rotation)
        assert seen.shape[:2] == (height, width)


@pytest.mark.parametrize("dpi", [(1, 1), (100_000, 100_000), None])
def test_without_a_resolution_that_can_be_it_is_200_dpi(dpi: tuple[int, int] | None) -> None:
    source = drawn.encoded(picture(), "PNG", **({"dpi": dpi} if dpi else {}))
    with opened(made(source)[0]) as document:
        assert document[0].rect[2:] == pytest.approx((108, 72))


def test_no_page_is_longer_than_pdf_allows() -> None:
    source = drawn.encoded(Image.new("1", (20_000, 10)), "PNG", dpi=(40, 40))
    with opened(made(source)[0]) as document:
        assert document[0].rect.width == pytest.approx(14_400)


def test_a_picture_with_gaps_shows_on_white_paper() -> None:
    image = picture("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    source = drawn.encoded(image, "PNG")
    result, done = made(source)
    assert same_looks(source, result, done[0])
    assert same_pictures(source, result)


def test_an_interlaced_png_is_packed_anew() -> None:
    # Adam7 with one pixel: the smallest there is.
    chunks = drawn.encoded(Image.new("L", (1, 1), 77), "PNG")
    source = bytearray(chunks)
    source[28] = 1
    source[29:33] = zlib.crc32(bytes(source[12:29])).to_bytes(4)
    result, _ = made(bytes(source))
    assert same_pictures(bytes(source), result)


def test_a_picture_without_words_is_a_page_all_the_same() -> None:
    with opened(searchable.make(drawn.make_image(), [])) as document:
        assert (len(document), document[0].get_text()) == (1, "")


def test_the_font_is_one_that_font_programs_take() -> None:
    face = ImageFont.truetype(io.BytesIO(font.true_type()), 100)
    assert face.getlength("\N{REPLACEMENT CHARACTER}") == 50


def test_characters_beyond_the_last_spare_code_are_unknown() -> None:
    codes = font.Codes()
    many = "".join(map(chr, range(0x20000, 0x20000 + len(font.SPARE))))
    assert codes.encode(many)[-2:] == b"\xdf\xff"
    assert codes.encode("\U0001f600\U00020000") == b"\xff\xfd\xd8\x00"
    assert b"<DFFF> <D841DFFF>" in codes.to_unicode()
