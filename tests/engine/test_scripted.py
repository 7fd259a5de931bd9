"""The reader that answers from a script."""

import numpy as np

from engine.layout import blocks, text
from engine.scripted import ScriptedReader, typed
from engine.types import Image

BLANK: Image = np.full((9, 9, 3), 255, np.uint8)


def said(reader: ScriptedReader, image: Image = BLANK) -> list[str]:
    return [line.text for line in reader.read(image)]


def test_it_answers_page_by_page_and_then_from_the_start() -> None:
    reader = ScriptedReader([["one"], ["two", "lines"]])
    assert [said(reader) for _ in range(3)] == [["one"], ["two", "lines"], ["one"]]
    assert reader.calls == 3


def test_it_can_look_at_the_image() -> None:
    reader = ScriptedReader(lambda image: ["dark" if image.max() < 99 else "light"])
    assert said(reader) == ["light"]
    assert said(reader, np.zeros_like(BLANK)) == ["dark"]


def test_without_a_script_every_page_is_blank() -> None:
    assert said(ScriptedReader([])) == []


def test_words_are_where_a_typewriter_would_set_them() -> None:
    lines = typed(["Total  9.00", "", "Thank you"], confidence=0.5)
    assert [word.text for word in lines[0].words] == ["Total", "9.00"]
    assert lines[0].words[0].box.x1 < lines[0].words[1].box.x0
    assert lines[0].box.y1 < lines[1].box.y0
    assert lines[0].confidence == 0.5
    assert text(blocks(lines)) == "Total 9.00\n\nThank you"
