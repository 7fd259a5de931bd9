"""Lines in any order become a page a person would read the same way."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from engine import layout
from engine.types import Box, Line, Word

PROSE = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "again"]


def line(text: str, x: float, y: float, width: float | None = None, height: float = 20) -> Line:
    """A line of even words from x to x + width."""
    words = text.split()
    step = (width or 10 * len(text)) / len(words)
    boxes = [Box(x + i * step, y, x + (i + 0.9) * step, y + height) for i in range(len(words))]
    return Line(tuple(Word(w, b, 0.9) for w, b in zip(words, boxes, strict=True)))


def column(name: str, x: float, y: float = 100, rows: int = 12, width: float = 400) -> list[Line]:
    """Prose, its last line short; every line begins with the column's name and its number."""
    widths = [width - (7 * row) % 30 for row in range(rows - 1)] + [width / 3]
    return [
        line(f"{name}{row} {' '.join(PROSE)}", x, y + 30 * row, w) for row, w in enumerate(widths)
    ]


def read(lines: Sequence[Line], seed: int = 7) -> list[str]:
    """The first word of each line, in reading order, whatever order the lines came in."""
    shuffled = list(lines)
    random.Random(seed).shuffle(shuffled)
    return [line.words[0].text for line in layout.order(layout.blocks(shuffled))]


def firsts(*groups: Sequence[Line]) -> list[str]:
    return [line.words[0].text for group in groups for line in group]


def typed(lines: Sequence[Line]) -> str:
    return layout.text(layout.blocks(lines))


class TestOrder:
    def test_one_column_is_read_from_the_top(self) -> None:
        page = column("a", 100)
        assert read(page) == firsts(page)

    def test_two_columns_are_read_one_after_the_other(self) -> None:
        left, right = column("a", 100), column("b", 540)
        assert read([*left, *right]) == firsts(left, right)

    def test_three_columns_too(self) -> None:
        parts = [column(name, x, width=300) for name, x in (("a", 50), ("b", 390), ("c", 730))]
        assert read(sum(parts, [])) == firsts(*parts)  # noqa: RUF017

    def test_columns_need_not_share_their_baselines(self) -> None:
        left, right = column("a", 100), column("b", 540, y=113, rows=9)
        assert read([*left, *right]) == firsts(left, right)

    def test_title_and_footer_run_across_columns(self) -> None:
        title = [line("Title " + " ".join(PROSE * 2), 120, 40, 800, height=30)]
        footer = [line("Footer " + " ".join(PROSE * 2), 120, 600, 800)]
        left, right = column("a", 100), column("b", 540)
        assert read([*footer, *right, *title, *left]) == firsts(title, left, right, footer)

    def test_a_wide_line_ends_the_columns_above_it(self) -> None:
        upper = column("a", 100, rows=6), column("b", 540, rows=6)
        bar = [line("Bar " + " ".join(PROSE * 2), 100, 300, 840)]
        lower = column("c", 100, y=350, rows=6), column("d", 540, y=350, rows=6)
        everything = [*upper[0], *upper[1], *bar, *lower[0], *lower[1]]
        assert read(everything) == firsts(*upper, bar, *lower)

    def test_a_footer_over_one_column_comes_last(self) -> None:
        left, right = column("a", 100), column("b", 540)
        footer = [line("Page 3", 100, 600)]
        assert read([*footer, *left, *right]) == firsts(left, right, footer)

    def test_a_line_read_across_the_gutter_is_cut_in_two(self) -> None:
        left, right = column("a", 100), column("b", 525)
        merged = [Line(a.words + b.words) for a, b in zip(left, right, strict=True)]
        assert read(merged) == firsts(left, right)

    def test_wide_spaces_elsewhere_leave_a_line_whole(self) -> None:
        loose = Line(line("Total", 50, 10).words + line("9.00", 600, 10).words)
        assert layout.order(layout.blocks([loose])) == [loose]

    def test_a_receipt_is_read_row_by_row(self) -> None:
        goods = [line(f"item{n} of a long description", 50, 30 * n, 300) for n in range(9)]
        sums = [line(f"{n}.00", 600, 30 * n) for n in range(9)]
        assert read([*goods, *sums]) == [t for n in range(9) for t in (f"item{n}", f"{n}.00")]

    def test_a_table_of_words_is_read_row_by_row(self) -> None:
        xs = (50, 300, 550, 800)
        cells = [
            [line(f"r{row}c{i} Cell", x, 30 * row) for i, x in enumerate(xs)] for row in range(8)
        ]
        assert read(sum(cells, [])) == firsts(*cells)  # noqa: RUF017

    def test_the_rows_of_a_page_askew_hold_together(self) -> None:
        slope = 0.03
        rows = [
            [line(f"r{r}x{x}", x, 30 * r + slope * x) for x in range(0, 900, 150)] for r in range(9)
        ]
        assert read(sum(rows, [])) == firsts(*rows)  # noqa: RUF017


class TestText:
    def test_what_stands_side_by_side_is_one_line(self) -> None:
        assert typed([line("Total", 50, 10), line("9.00", 600, 12)]) == "Total  9.00"

    def test_what_nearly_touches_is_parted_by_one_space(self) -> None:
        assert typed([line("Total", 50, 10, 50), line("due", 100, 10)]) == "Total due"

    def test_more_paper_than_usual_leaves_a_blank_line(self) -> None:
        page = [line(str(n), 50, y) for n, y in enumerate((10, 40, 70, 200, 230))]
        assert typed(page) == "0\n1\n2\n\n3\n4"

    def test_double_spaced_lines_stay_together(self) -> None:
        assert typed([line(str(n), 50, 48 * n) for n in range(4)]) == "0\n1\n2\n3"

    def test_columns_are_parted_by_a_blank_line(self) -> None:
        text = typed([*column("a", 100), *column("b", 540)])
        assert text.count("\n\n") == 1

    def test_an_empty_page_has_none(self) -> None:
        assert typed([]) == ""


def words(page: Sequence[Line]) -> list[str]:
    return sorted(repr(word) for line in page for word in line.words)


edges = st.floats(0, 3000, allow_nan=False, width=32)
sizes = st.floats(0, 500, allow_nan=False, width=32)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    text = draw(st.sampled_from(["Total", "9.00", "a longer line of some prose here", "§"]))
    x, y = draw(edges), draw(edges)
    box = Box(x, y, x + draw(sizes), y + draw(sizes))
    return Line(tuple(Word(word, box, 0.5) for word in text.split()))


@given(st.lists(lines(), max_size=40), st.randoms(use_true_random=False))
def test_no_word_is_lost_or_doubled_and_the_input_order_is_forgotten(
    page: list[Line], chance: random.Random
) -> None:
    found = layout.order(layout.blocks(page))
    assert words(found) == words(page)
    shuffled = page.copy()
    chance.shuffle(shuffled)
    assert layout.order(layout.blocks(shuffled)) == found
