"""PDFs that were read, with their words over what they show."""

from __future__ import annotations

import os
import shutil
import unicodedata
from dataclasses import replace

import pymupdf
import pytest

from bench.searchable import found, misplaced, same_looks, same_pictures
from engine import pages, pipeline, searchable
from engine.errors import CorruptDocument, EncryptedDocument, UnsupportedFormat
from engine.scripted import ScriptedReader, typed
from engine.types import Box, Line, Page, Word
from tests.engine import drawn

LETTER = ["Dear Zoë", "thank you for the letter", "I-I (once) \\ [twice]"]


@pytest.fixture(autouse=True, scope="module")
def poppler() -> None:
    if not shutil.which("pdftotext"):
        missing = pytest.fail if "CI" in os.environ else pytest.skip  # noqa: TID251
        missing("pdftotext is missing: install poppler-utils")


def read(source: bytes, *lines: str) -> tuple[Page, ...]:
    """The pages of a document as if OCR had seen these lines on each."""
    reader = ScriptedReader([lines or LETTER])
    return pipeline.run(source, reader, pipeline.Options(ocr="ocr")).pages


def made(source: bytes, *lines: str) -> bytes:
    """Searchable, and as all searchable files must be: words in place, looks and pictures kept."""
    done = read(source, *lines)
    result = searchable.make(source, done)
    assert not list(misplaced(source, result, done))
    assert all(same_looks(source, result, page) for page in done)
    assert same_pictures(source, result)
    return result


def texts(pdf: bytes, number: int = 1) -> list[str]:
    return [text for text, _ in found(pdf)[number]]


def words(*lines: str) -> list[str]:
    return [word for line in lines for word in line.split()]


def changed(source: bytes, page_keys: dict[str, str]) -> bytes:
    """The document with these entries in the dictionary of its first page."""
    with pymupdf.open(stream=source, filetype="pdf") as pdf:
        for key, value in page_keys.items():
            pdf.xref_set_key(pdf[0].xref, key, value)
        content: bytes = pdf.tobytes()
    return content


def test_the_words_of_a_scan_are_found_in_their_places() -> None:
    source = drawn.make_scanned_pdf(pages=[LETTER, ["page two"]])
    result = made(source)
    assert texts(result) == texts(result, 2) == words(*LETTER)


def test_every_byte_of_the_source_is_kept() -> None:
    source = drawn.make_scanned_pdf(pages=[LETTER])
    assert made(source).startswith(source)


def test_the_same_document_gives_the_same_file() -> None:
    source = drawn.make_scanned_pdf()
    assert made(source) == made(source)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pages_that_lie_are_searched_as_they_were_read(turned: int, rotation: int) -> None:
    """``turned`` is what the PDF says of its page, ``rotation`` what the reader found out."""
    source = changed(drawn.make_scanned_pdf(), {"Rotate": str(turned)})
    (page,) = read(source)
    if rotation in (90, 270):
        page = replace(page, width=page.height, height=page.width)
    page = replace(page, rotation=rotation)
    result = searchable.make(source, [page])
    assert not list(misplaced(source, result, [page]))
    assert sorted(texts(result)) == sorted(words(*LETTER))
    assert same_looks(source, result, page)


@pytest.mark.parametrize(
    "keys",
    [
        {"MediaBox": "[-100 50 495 892]"},
        {"MediaBox": "[0 0 700 900]", "CropBox": "[60 40 655 882]", "Rotate": "90"},
        {"CropBox": "[-50 -50 900 900]"},
    ],
)
def test_the_frame_of_the_page_may_lie_anywhere(keys: dict[str, str]) -> None:
    made(changed(drawn.make_scanned_pdf(), keys))


def test_pages_may_count_in_larger_units() -> None:
    source = changed(drawn.make_scanned_pdf(), {"UserUnit": "2"})
    (page,) = read(source)
    result = searchable.make(source, [page])
    with pymupdf.open(stream=result, filetype="pdf") as pdf:
        x0, y0, *_, text = pdf[0].get_text("words")[0][:5]
        place, scale = page.lines[0].words[0].box, pdf[0].rect.width / page.width
    assert text == "Dear"
    assert (x0, y0) == pytest.approx((place.x0 * scale, place.y0 * scale), abs=2)


@pytest.mark.parametrize(
    "line",
    [
        "Ελληνικά кириллица Ђорђе",
        "中文 文字 日本語 한국어",
        "naïve e\u0301te\u0301 Żółć ạ̈",
        "\U0001d49c\U0001d4eb \U0001f600 \U0002000b",
        "(a) \\n [b] <c> 100% /x\\",
        "☐ yes ☑ no",
    ],
)
def test_all_of_unicode_is_found(line: str) -> None:
    result = made(drawn.make_scanned_pdf(), line)
    with pymupdf.open(stream=result, filetype="pdf") as pdf:
        assert pdf[0].get_text().split() == unicodedata.normalize("NFC", line).split()


def test_what_is_no_character_does_no_harm() -> None:
    line = Line((Word("a\ud800b", Box(100, 100, 200, 120), 0.9),))
    source = drawn.make_scanned_pdf()
    result = searchable.make(source, [replace(read(source)[0], lines=(line,))])
    assert texts(result) == ["a\N{REPLACEMENT CHARACTER}b"]


def test_words_that_touch_stay_two() -> None:
    line = Line((Word("one", Box(100, 100, 150, 120), 1), Word("two", Box(150, 100, 200, 120), 1)))
    source = drawn.make_scanned_pdf()
    result = searchable.make(source, [replace(read(source)[0], lines=(line,))])
    assert texts(result) == ["one", "two"]


def test_lines_along_the_edge_of_a_page_run_down() -> None:
    boxes = (Box(20, 100, 40, 300), Box(20, 310, 40, 420))
    line = Line(tuple(map(Word, ("10011000", "draft"), boxes, (0.9, 0.9))))
    source = drawn.make_scanned_pdf()
    page = replace(read(source)[0], lines=(line,))
    assert not list(misplaced(source, searchable.make(source, [page]), [page]))


def test_words_beyond_the_edge_are_left_out_and_those_across_it_are_not() -> None:
    page = read(drawn.make_scanned_pdf())[0]
    line = Line((Word("edge", Box(-5, -3, 60, 20), 1), Word("off", Box(9000, 0, 9050, 20), 1)))
    result = searchable.make(drawn.make_scanned_pdf(), [replace(page, lines=(line,))])
    assert texts(result) == ["edge"]


def test_pages_with_good_text_of_their_own_stay_as_they_are() -> None:
    source = drawn.make_pdf(pages=[LETTER])
    done = pipeline.run(source, None, pipeline.Options(ocr="text")).pages
    assert searchable.make(source, done) == source


def test_a_page_without_words_needs_nothing() -> None:
    source = drawn.make_scanned_pdf(hidden=[["old"]])
    assert searchable.make(source, [replace(read(source)[0], lines=())]) == source


def test_older_invisible_text_gives_way() -> None:
    source = drawn.make_scanned_pdf(pages=[LETTER, LETTER], hidden=[["wr0ng"], ["wr0ng"]])
    with pymupdf.open(stream=source, filetype="pdf") as pdf:
        link = {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(9, 9, 99, 99), "uri": "http://a.b/"}
        pdf[0].insert_link(link)
        source = pdf.tobytes()
    result = made(source)
    assert texts(result) == texts(result, 2) == words(*LETTER)
    with pymupdf.open(stream=result, filetype="pdf") as pdf:
        assert [each["uri"] for each in pdf[0].get_links()] == ["http://a.b/"]


def test_older_invisible_text_stays_on_pages_that_had_nothing_new() -> None:
    source = drawn.make_scanned_pdf(pages=[LETTER, LETTER], hidden=[["old"], ["old"]])
    first, second = read(source)
    result = searchable.make(source, [first, replace(second, source="text")])
    assert (texts(result), texts(result, 2)) == (words(*LETTER), ["old"])


def test_a_document_made_searchable_twice_says_everything_once() -> None:
    assert texts(made(made(drawn.make_scanned_pdf()), "second time")) == ["second", "time"]


def test_text_that_can_be_seen_stays() -> None:
    result = made(drawn.make_pdf(pages=[["Printed"]]), "read")
    assert sorted(texts(result)) == ["Printed", "read"]


def test_a_signed_file_is_not_written_anew() -> None:
    source = drawn.make_scanned_pdf(hidden=[["old"]])
    with pymupdf.open(stream=source, filetype="pdf") as pdf:
        pdf.xref_set_key(pdf.pdf_catalog(), "AcroForm", "<</SigFlags 3 /Fields []>>")
        source = pdf.tobytes()
    result = made(source, "new")
    assert result.startswith(source)
    assert sorted(texts(result)) == ["new", "old"]


def test_a_document_that_is_locked_for_changes_stays_so() -> None:
    result = made(drawn.make_encrypted_pdf(owner_only=True))
    with pymupdf.open(stream=result, filetype="pdf") as pdf:
        assert pdf.metadata["encryption"].startswith("Standard V5 R6 256-bit AES")


def test_outlines_labels_notes_and_forms_are_kept() -> None:
    pdf = drawn.make_document([LETTER, LETTER])
    pdf.set_toc([[1, "Chapter", 2]])
    pdf.set_page_labels([{"startpage": 0, "prefix": "A-", "style": "D", "firstpagenum": 7}])
    pdf[0].add_text_annot((50, 50), "a note")
    field = pymupdf.Widget()
    field.field_type, field.field_name = pymupdf.mupdf.PDF_WIDGET_TYPE_TEXT, "name"
    field.field_value, field.rect = "Alice", pymupdf.Rect(60, 300, 200, 320)
    pdf[0].add_widget(field)
    with pymupdf.open(stream=made(pdf.tobytes()), filetype="pdf") as after:
        assert after.get_toc() == [[1, "Chapter", 2]]
        assert after[1].get_label() == "A-8"
        assert [note.info["content"] for note in after[0].annots()] == ["a note"]
        assert [each.field_value for each in after[0].widgets()] == ["Alice"]


@pytest.mark.parametrize("content", [b"q q 2 0 0 2 0 0 cm", b"Q Q", b"BT (open", b"BI /W 4 ID"])
def test_content_that_breaks_off_swallows_no_words(content: bytes) -> None:
    pdf = drawn.make_document([[]])
    xref = pdf.get_new_xref()
    pdf.update_object(xref, "<<>>")
    pdf.update_stream(xref, content)
    pdf.xref_set_key(pdf[0].xref, "Contents", f"{xref} 0 R")
    made(pdf.tobytes())


@pytest.mark.parametrize(
    "keys",
    [
        {"Contents": "null", "Resources": "null"},
        {"Contents": "[]", "Resources": "<</Font null>>"},
        {"Contents": "7", "Resources": "12"},
    ],
)
def test_pages_that_lack_things_get_their_words(keys: dict[str, str]) -> None:
    assert texts(made(changed(drawn.make_pdf(pages=[[]]), keys))) == words(*LETTER)


def test_a_page_that_is_shown_twice_has_its_words_once() -> None:
    source = drawn.make_scanned_pdf()
    with pymupdf.open(stream=source, filetype="pdf") as pdf:
        parent = int(pdf.xref_get_key(pdf[0].xref, "Parent")[1].split()[0])
        pdf.xref_set_key(parent, "Kids", f"[{pdf[0].xref} 0 R {pdf[0].xref} 0 R]")
        pdf.xref_set_key(parent, "Count", "2")
        source = pdf.tobytes()
    result = made(source)
    assert texts(result) == texts(result, 2) == words(*LETTER)


def test_pages_that_share_what_they_show_have_words_of_their_own() -> None:
    source = drawn.make_scanned_pdf(pages=[[], []])
    with pymupdf.open(stream=source, filetype="pdf") as pdf:
        for key in ("Contents", "Resources"):
            pdf.xref_set_key(pdf[1].xref, key, pdf.xref_get_key(pdf[0].xref, key)[1])
        source = pdf.tobytes()
    first, second = read(source, "first")[0], read(source, "second")[1]
    result = searchable.make(source, [first, second])
    assert (texts(result), texts(result, 2)) == (["first"], ["second"])


def test_a_damaged_file_that_could_be_read_gets_its_words() -> None:
    whole = drawn.make_scanned_pdf()
    assert texts(made(whole[: whole.rindex(b"xref")])) == words(*LETTER)
    assert texts(made(b"junk before it\n" + whole)) == words(*LETTER)


def test_what_could_not_be_read_is_refused() -> None:
    page = read(drawn.make_scanned_pdf())[0]
    for source, error in (
        (b"", UnsupportedFormat),
        (drawn.make_broken_pdf(), CorruptDocument),
        (drawn.make_encrypted_pdf(), EncryptedDocument),
    ):
        with pytest.raises(error, match=r"could not be"):
            searchable.make(source, [page])


def test_many_pages_stay_small() -> None:
    lines = [" ".join(f"word{row}x{n}" for n in range(8)) for row in range(40)]
    source = drawn.make_scanned_pdf(pages=[["x"]])
    page = replace(read(source)[0], lines=tuple(typed(lines)))
    with pymupdf.open(stream=source, filetype="pdf") as pdf:
        for _ in range(29):
            pdf.fullcopy_page(0)
        source = pdf.tobytes()
    result = searchable.make(source, [replace(page, number=n) for n in range(1, 31)])
    assert len(result) - len(source) < 30 * 3000
    assert texts(result, 30) == words(*lines)


def test_frames_at_other_resolutions_fit_as_well() -> None:
    source = drawn.make_scanned_pdf()
    with pages.opened(source, dpi=90) as document:
        height, width = document.render(1).shape[:2]
    page = Page(1, width, height, tuple(typed(["Hello", "world"])), "")
    result = searchable.make(source, [page])
    assert not list(misplaced(source, result, [page]))
