"""The first bytes of a file decide what it is."""

import pytest

from engine import formats
from tests.engine import drawn


@pytest.mark.parametrize(
    ("name", "fmt"),
    [
        ("JPEG", formats.JPEG),
        ("PNG", formats.PNG),
        ("TIFF", formats.TIFF),
        ("WEBP", formats.WEBP),
        ("BMP", formats.BMP),
    ],
)
def test_pictures_are_known_by_their_first_bytes(name: str, fmt: formats.Format) -> None:
    assert formats.sniff(drawn.make_image(format=name)) is fmt


def test_a_pdf_may_begin_with_junk() -> None:
    assert formats.sniff(b"\r\njunk\n" + drawn.make_pdf()) is formats.PDF


@pytest.mark.parametrize("head", [b"", b"hello", b"BMnot a bitmap", b"RIFF....WAVE", b"\xff\xd8"])
def test_other_bytes_are_nothing_we_read(head: bytes) -> None:
    assert formats.sniff(head) is None


@pytest.mark.parametrize("name", ["a.PDF", "b.c.pdf", "some/where/x.pdf"])
def test_a_name_promises_a_format_in_any_case(name: str) -> None:
    assert formats.named(name) is formats.PDF


def test_a_name_without_a_known_ending_promises_nothing() -> None:
    assert formats.named("pdf") is None
