"""A page becomes Markdown that says every word of it once, and shows what its layout shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from engine import layout, markdown
from engine.types import Box, Line, Page, Word

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BULLETS = {*"\u2022\u00b7-*\u2013\u2014"}

Placed = tuple[str, float, float] | tuple[str, float, float, float]
"""A text, the x and y where it begins, and the height of its words."""


def line(text: str, x: float, y: float, high: float = 20) -> Line:
    """Letters half as wide as high; spaces too."""
    words, at = [], x
    for part in text.split():
        end = at + high / 2 * len(part)
        words.append(Word(part, Box(at, y, end, y + high), 0.99))
        at = end + high / 4
    return Line(tuple(words))


def page(*placed: Placed, number: int = 1) -> Page:
    blocks = layout.blocks([line(*each) for each in placed])
    lines = tuple(layout.order(blocks))
    return Page(number, 1000, 1400, lines, layout.text(blocks))


def shown(*placed: Placed) -> str:
    return markdown.page(page(*placed))


def under(
    *rows: Sequence[str], at: Sequence[float] = (50, 500, 700), top: float = 100
) -> list[Placed]:
    """Cells in columns, a row each 30 pixels."""
    return [
        (text, x, 100.0 + 30 * number)
        for number, row in enumerate(rows)
        for text, x in zip(row, at, strict=True)
        if text
    ]


def read(text: str) -> list[str]:
    """The words that a reader of the Markdown sees."""
    said = list(_said(text))
    return " ".join(said).split()


def _said(text: str) -> Iterator[str]:
    for token in PARSER.parse(text):
        if token.type == "list_item_open":
            yield f"{token.info}{token.markup}" if token.info else "•"
        assert token.type not in ("html_block", "code_block", "fence", "hr"), text
        if token.type == "inline":
            parts = ((t.type, t.content) for t in token.children or ())
            yield "".join(_part(*part) for part in parts)


def _part(kind: str, content: str) -> str:
    assert kind in ("text", "text_special", "softbreak", "hardbreak"), f"{kind}: {content}"
    return content or " "


def plain(words: Sequence[str]) -> list[str]:
    return ["•" if word in BULLETS else word for word in words]


TABLE = under(
    ("Item", "Quantity", "Price"),
    ("Chair", "2", "40.00"),
    ("Long table", "1", "120.00"),
    ("Lamp", "", "15.50"),
)


class TestWords:
    NASTY = (
        *(
            "#",
            "##",
            "-",
            "+",
            "*",
            "1.",
            "2.",
            "3)",
            ">",
            "---",
            "===",
            "|",
            "|---|",
            "```",
            "~~~",
        ),
        *("**bold**", "*", "_x_", "a_b", "INV_2024", "__", "~a~", "[a](b)", "[x]", "[1]:", "<b>"),
        *(
            "</b>",
            "<!--",
            "&amp;",
            "\\",
            "a\\",
            "\\*",
            "`",
            "`a`",
            "•",
            "\u2013",
            "x",
            "12.50",
            "Total:",
        ),
        *("![a](b)", "<http://a.b>", "http://a.b", ":--", "-->", "word", "a*b*c", "*a", "b*", "$5"),
    )
    WORDS = st.sampled_from(NASTY) | st.text("ab1.-*_#|`~[]()<>!&;\\:+=", min_size=1, max_size=6)
    LINES = st.tuples(
        st.lists(WORDS, min_size=1, max_size=5).map(" ".join),
        st.sampled_from((50.0, 80.0, 300.0, 500.0, 700.0)),
        st.integers(0, 12).map(lambda row: 30.0 * row),
        st.sampled_from((20.0, 20.0, 20.0, 30.0)),
    )

    @given(st.lists(LINES, max_size=14))
    def test_each_is_there_once_and_in_order(self, placed: list[Placed]) -> None:
        given_page = page(*placed)
        assert plain(read(markdown.page(given_page))) == plain(given_page.text.split())

    @example("1|\n-:")
    @given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=6).map("\n".join))
    def test_also_where_nobody_knows_their_places(self, text: str) -> None:
        bare = Page(1, 100, 100, (), text)
        assert plain(read(markdown.page(bare))) == plain(text.split())

    def test_a_page_without_any_is_nothing(self) -> None:
        assert markdown.page(Page(1, 100, 100, (), "")) == ""

    def test_lines_without_the_words_of_the_text_count_for_nothing(self) -> None:
        lying = Page(1, 100, 100, (line("Something", 50, 50, 60),), "else\nis here")
        assert markdown.page(lying) == "else  \nis here"


class TestLines:
    def test_of_a_form_stay_lines(self) -> None:
        said = shown(("Date: 3 May 2026", 50, 100), ("Total: 31.00", 50, 130))
        assert said == "Date: 3 May 2026  \nTotal: 31.00"

    def test_of_prose_go_on(self) -> None:
        said = shown(
            ("the quick brown fox jumps over the lazy dog and", 50, 100),
            ("then sleeps for the rest of this very long day", 50, 130),
            ("in the sun.", 50, 160),
        )
        assert said.count("\n") == 2
        assert "  \n" not in said

    def test_what_looks_like_markup_is_escaped(self) -> None:
        said = shown(("# 5 of 7", 50, 100), ("1. May 2026", 50, 200), ("***Thanks***", 50, 300))
        assert said == "\\# 5 of 7\n\n1\\. May 2026\n\n\\*\\*\\*Thanks***"

    @pytest.mark.parametrize(
        "text", ["INV_2024_7", "10 * 2 * 3", "#7", "a < b > c", "R&D", "5.00-", "[note]", "C:\\new"]
    )
    def test_what_does_not_stays_readable(self, text: str) -> None:
        assert shown((text, 50, 100)) == text


class TestHeadings:
    def test_are_larger_than_the_text_below_them(self) -> None:
        said = shown(
            ("Annual report", 50, 40, 60),
            ("Results", 50, 140, 36),
            ("we sold more chairs than in the year before", 50, 220),
            ("and fewer tables than anybody had thought of", 50, 250),
        )
        assert said.splitlines()[:3] == ["# Annual report", "", "## Results"]

    def test_have_three_levels_at_most(self) -> None:
        sizes = (90, 70, 54, 40)
        tops = (0, 120, 220, 300)
        text = [
            (f"line {n} of the text that all of this is about", 50, 400 + 30 * n) for n in range(9)
        ]
        heads = [("Part", 50, y, high) for y, high in zip(tops, sizes, strict=True)]
        assert [row.split()[0] for row in shown(*heads, *text).split("\n\n")[:4]] == [
            *("#", "##", "###", "###")
        ]

    def test_are_no_numbers(self) -> None:
        said = shown(("31.00", 50, 40, 60), ("is what all of it costs in the end", 50, 140))
        assert "#" not in said

    def test_are_none_where_all_is_large(self) -> None:
        said = shown(*[(f"Word {n}", 50, 100 + 70 * n, 60) for n in range(5)], ("small", 50, 600))
        assert "#" not in said


class TestLists:
    def test_have_a_mark_for_each_bullet(self) -> None:
        said = shown(("• one thing", 50, 100), ("and more of it", 62, 130), ("• another", 50, 160))
        assert said == "- one thing\n  and more of it\n- another"

    def test_with_numbers_count_up(self) -> None:
        said = shown(("1. one", 50, 100), ("2. two", 50, 130), ("4. four", 50, 160))
        assert said == "1. one\n2. two\n\n4\\. four"

    def test_of_one_dash_are_none(self) -> None:
        assert shown(("- five", 50, 100)) == "\\- five"

    def test_do_not_go_on_in_each_other(self) -> None:
        twice = [(f"{n}. item", 50, 100 + 30 * at) for at, n in enumerate((1, 2, 1, 2))]
        assert shown(*twice) == "1. item\n2. item\n\n1\\. item  \n2\\. item"


class TestTables:
    def test_have_a_row_for_each_line(self) -> None:
        assert shown(*TABLE).splitlines() == [
            "| Item | Quantity | Price |",
            "| --- | --- | --- |",
            "| Chair | 2 | 40.00 |",
            "| Long table | 1 | 120.00 |",
            "| Lamp |  | 15.50 |",
        ]

    def test_without_a_head_get_an_empty_one(self) -> None:
        assert shown(*TABLE[3:]).splitlines()[:2] == ["|  |  |  |", "| --- | --- | --- |"]

    def test_stand_between_what_is_none(self) -> None:
        around = [("These are the items of your order, dear Bob.", 50, 20), ("Thank you", 50, 400)]
        said = shown(*TABLE, *around).split("\n\n")
        assert (said[0], said[-1]) == ("These are the items of your order, dear Bob.", "Thank you")
        assert said[1].startswith("| Item")

    def test_escape_their_bars(self) -> None:
        rows = [("a|b", "1", "2"), ("c", "3", "4"), ("d", "5", "6")]
        assert "| a\\|b | 1 | 2 |" in shown(*under(*rows))

    def test_of_two_columns_have_amounts_at_the_right(self) -> None:
        amounts = [("Chairs", 50), ("Tables", 50), ("Lamps", 50)]
        right = [("9.00", 460), ("120.00", 440), ("1,120.00", 420)]
        placed = [
            (text, x, 100 + 30 * at)
            for pair in (amounts, right)
            for at, (text, x) in enumerate(pair)
        ]
        assert "| Tables | 120.00 |" in shown(*placed)

    @pytest.mark.parametrize(
        "rows",
        [
            (("Date:", "3 May", ""), ("Number:", "17", ""), ("Total:", "31.00", "")),
            (
                ("Bob Smith", "Alice Jones", ""),
                ("Long Lane 5", "Short Street 7", ""),
                ("Oslo", "Bergen", ""),
            ),
            (("one", "two", "three"),),
            (("Name", "Bob", "Smith"), ("City", "Oslo", "Norway"), ("Job", "Baker", "Cook")),
        ],
        ids=["labels and values", "addresses", "a single row", "words alone"],
    )
    def test_are_not_seen_in(self, rows: Sequence[Sequence[str]]) -> None:
        assert "|" not in shown(*under(*rows))
