"""Documents become pages of pixels, or one clear reason why not."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

from engine import pages
from engine.errors import (
    CorruptDocument,
    EmptyDocument,
    EncryptedDocument,
    PageTooLarge,
    TooManyPages,
    UnsupportedFormat,
)
from engine.types import Image as Pixels
from tests.engine import drawn

RED, WHITE = [255, 0, 0], [255, 255, 255]


def first_page(path: Path, content: bytes, dpi: int = pages.DPI) -> Pixels:
    path.write_bytes(content)
    with pages.opened(path, dpi=dpi) as document:
        return document.render(1)


def count(path: Path, max_pages: int = pages.MAX_PAGES) -> int:
    with pages.opened(path, max_pages=max_pages) as document:
        return document.page_count


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "no-extension-needed"


class TestPictures:
    @pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
    def test_their_pixels_are_the_page(self, path: Path, kind: str) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (61, 43, 3), np.uint8)
        content = drawn.encoded(Image.fromarray(noise), kind, dpi=(300, 300))
        assert np.array_equal(first_page(path, content), noise)

    def test_webp_too(self, path: Path) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (61, 43, 3), np.uint8)
        content = drawn.encoded(Image.fromarray(noise), "WEBP", lossless=True)
        assert np.array_equal(first_page(path, content), noise)

    def test_a_photo_taken_sideways_stands_upright(self, path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        content = drawn.encoded(Image.new("RGB", (30, 20), "red"), "JPEG", exif=exif)
        assert first_page(path, content).shape == (30, 20, 3)

    @pytest.mark.parametrize(
        ("mode", "colour", "kind", "seen"),
        [
            ("1", 1, "TIFF", WHITE),
            ("L", 200, "PNG", [200, 200, 200]),
            ("P", 0, "PNG", [0, 0, 0]),
            ("LA", (0, 0), "PNG", WHITE),
            ("RGBA", (255, 0, 0, 255), "PNG", RED),
            ("RGBA", (255, 0, 0, 0), "PNG", WHITE),
            ("CMYK", (0, 255, 255, 0), "TIFF", RED),
            ("I;16", 65535, "PNG", WHITE),
            ("I;16", 32896, "TIFF", [128, 128, 128]),
            ("F", 3.5, "TIFF", WHITE),
            ("LAB", (255, 128, 128), "TIFF", WHITE),
        ],
    )
    def test_every_kind_of_colour_comes_out_as_it_looks(
        self,
        path: Path,
        mode: str,
        colour: float | tuple[int, ...],
        kind: str,
        seen: list[int],
    ) -> None:
        content = drawn.encoded(Image.new(mode, (9, 7), colour), kind)
        page = first_page(path, content)
        assert page.dtype == np.uint8
        assert page[3, 4].tolist() == seen

    def test_deep_greys_are_spread_over_what_they_use(self, path: Path) -> None:
        grey = Image.fromarray(np.array([[1000, 2000], [3000, 3000]], np.int32))
        assert first_page(path, drawn.encoded(grey, "TIFF"))[:, :, 0].tolist() == [
            [0, 127],
            [255, 255],
        ]

    def test_each_tiff_frame_is_a_page(self, path: Path) -> None:
        sizes = [(20, 10), (30, 10), (40, 10)]
        first, *others = [Image.new("1", size) for size in sizes]
        path.write_bytes(drawn.encoded(first, "TIFF", save_all=True, append_images=others))
        with pages.opened(path) as document:
            shapes = [image.shape[:2] for image in map(document.render, (3, 1, 2))]
        assert shapes == [(10, 40), (10, 20), (10, 30)]

    def test_too_many_frames_are_not_even_counted(self, path: Path) -> None:
        frames = [Image.new("1", (2, 2)) for _ in range(5)]
        path.write_bytes(drawn.encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
        with pytest.raises(TooManyPages):
            count(path, max_pages=4)
        assert count(path, max_pages=5) == 5

    def test_an_animation_is_one_picture(self, path: Path) -> None:
        frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
        content = drawn.encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
        assert first_page(path, content)[4, 4].tolist() == RED
        assert count(path) == 1

    @pytest.mark.parametrize("side", [9_000, 12_000, 20_000])
    def test_a_huge_one_is_refused_before_it_is_decoded(self, path: Path, side: int) -> None:
        header = io.BytesIO()
        Image.new("1", (1, 1)).save(header, "PNG")
        claimed = side.to_bytes(4, "big") * 2
        content = header.getvalue().replace((1).to_bytes(4, "big") * 2, claimed, 1)
        path.write_bytes(_with_crc(content))
        with pytest.raises(PageTooLarge, match="page 1 has more than 75 million pixels"):
            first_page(path, path.read_bytes())

    def test_half_a_picture_is_damaged(self, path: Path) -> None:
        content = drawn.make_image(format="JPEG")
        with pytest.raises(CorruptDocument):
            first_page(path, content[: len(content) // 2])


class TestPdfs:
    def test_they_are_rendered_at_the_dpi_asked_for(self, path: Path) -> None:
        assert first_page(path, drawn.make_pdf(), dpi=144).shape == (1684, 1190, 3)

    def test_a_poster_is_rendered_at_fewer(self, path: Path) -> None:
        document = pymupdf.open()
        document.new_page(width=14_000, height=7_000)
        height, width, _ = first_page(path, document.tobytes()).shape
        assert 19_000_000 < height * width <= 20_100_000
        assert round(width / height, 2) == 2

    def test_any_page_can_be_rendered_alone(self, path: Path) -> None:
        drawn.make_pdf(path, [["one"], [], ["three"]])
        with pages.opened(path) as document:
            dark = [number for number in (2, 3) if document.render(number).min() < 99]
        assert dark == [3]

    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_the_words_lie_on_their_ink_however_the_page_is_turned(
        self, path: Path, turn: int
    ) -> None:
        document = drawn.make_document([["Hello"]])
        document[0].set_cropbox(pymupdf.Rect(30, 50, 500, 700))
        document[0].set_rotation(turn)
        path.write_bytes(document.tobytes())
        with pages.opened(path) as opened:
            image, (line,) = opened.render(1), opened.printed(1)
        box = line.words[0].word.box
        inked = image.min(axis=2) < 128
        assert (
            inked.sum() == inked[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1].sum()
        )
        assert line.level == (turn == 0)

    def test_the_words_say_whether_they_are_shown(self, path: Path) -> None:
        document = drawn.make_document([["seen words"]])
        drawn.write(document[0], ["", "unseen"], render_mode=3)
        path.write_bytes(document.tobytes())
        with pages.opened(path) as opened:
            words = [word for line in opened.printed(1) for word in line.words]
        assert [(w.word.text, w.shown) for w in words] == [
            ("seen", True),
            ("words", True),
            ("unseen", False),
        ]

    def test_they_are_counted_without_rendering(self, path: Path) -> None:
        drawn.make_pdf(path, [["page"]] * 7)
        assert count(path) == 7
        with pytest.raises(TooManyPages, match="more than 6 pages"):
            count(path, max_pages=6)

    def test_a_password_to_open_is_one_too_many(self, path: Path) -> None:
        drawn.make_encrypted_pdf(path)
        with pytest.raises(EncryptedDocument):
            count(path)

    def test_a_password_only_to_change_is_none_of_ours(self, path: Path) -> None:
        assert first_page(path, drawn.make_encrypted_pdf(owner_only=True)).min() < 99

    def test_one_without_pages_is_empty(self, path: Path) -> None:
        path.write_bytes(_pdf_without_pages())
        with pytest.raises(EmptyDocument):
            count(path)

    @pytest.mark.parametrize("instead", ["42", "null", "<</Type/Pages/Kids[]/Count 1>>"])
    def test_a_page_that_cannot_be_loaded_fails_the_document(
        self, path: Path, instead: str
    ) -> None:
        document = drawn.make_document([["one"], ["two"]])
        document.update_object(document.page_xref(1), instead)
        path.write_bytes(document.tobytes())
        with pages.opened(path) as opened:
            opened.render(1)
            with pytest.raises(CorruptDocument, match="page 2 is damaged"):
                opened.render(2)

    def test_nothing_is_said_on_the_terminal(
        self, path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        content = drawn.make_pdf()
        with pytest.raises(CorruptDocument):
            first_page(path, drawn.make_broken_pdf())
        first_page(path, content[: len(content) * 3 // 4])
        assert capfd.readouterr() == ("", "")


def test_an_empty_file_is_told_so(path: Path) -> None:
    path.touch()
    with pytest.raises(UnsupportedFormat, match="empty"):
        count(path)


def test_an_unknown_format_is_told_what_there_is(path: Path) -> None:
    path.write_bytes(b"Dear Sirs")
    with pytest.raises(UnsupportedFormat, match="PDF, JPEG"):
        count(path)


def _with_crc(png: bytes) -> bytes:
    at = png.index(b"IHDR")
    crc = zlib.crc32(png[at : at + 17]).to_bytes(4, "big")
    return png[: at + 17] + crc + png[at + 21 :]


def _pdf_without_pages() -> bytes:
    parts = [b"%PDF-1.4\n"]
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj%sendobj\n" % (number, content))
    start = sum(map(len, parts))
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    parts.append(b"xref\n0 3\n0000000000 65535 f \n" + rows)
    parts.append(b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)
    return b"".join(parts)
