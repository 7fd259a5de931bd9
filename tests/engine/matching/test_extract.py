"""Fields are found on pages: any schema, any page, in bounded time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bench import pace
from bench.drawn.examples import INVOICE
from engine import schema
from engine.matching import extract, labels
from engine.schema import Group, Hints, Leaf, Node, Rows
from engine.types import Box, FieldValue, Line, Page, Word
from tests import speed
from tests.engine.matching.pages import extracted, line, page
from tests.engine.test_schema import has_shape, trees

# ---- any schema, any page

HINTS = [
    Hints(),
    Hints(format="date"),
    Hints(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    Hints(title="Total", description="The amount that is to be paid"),
    Hints(choices=("paid", "open", "")),
    Hints(choices=(1, 2.5, True)),
]
NAMES = ["total", "date", "invoice_no", "seller", "name", "address", "paid", "items", "vat", "tags"]

leaves = st.builds(
    Leaf, st.sampled_from(["string", "number", "integer", "boolean"]), st.sampled_from(HINTS)
)
named: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda nodes: (
        nodes.map(Rows)
        | st.dictionaries(st.sampled_from(NAMES), nodes, max_size=4).map(
            lambda d: Group(tuple(d.items()))
        )
    ),
    max_leaves=8,
)

PRINTED = [
    *("Total", "Date:", "Invoice", "No.", "Seller", "Name", "Bill", "to", "Description", "Amount"),
    *(
        "9.00",
        "-9,00",
        "1.234,56",
        "01/03/2026",
        "3",
        "RM",
        "%",
        "GB123456789",
        "INV-48",
        "LS11",
        "5PS",
    ),
    *(
        "Oak",
        "Ltd",
        "Mill",
        "Lane",
        "ann@oak.example",
        "☑",
        "[x]",
        "yes",
        "-",
        ":",
        "名",
        "\u2167",
        "x" * 300,
    ),
]
texts = st.sampled_from(PRINTED) | st.text(min_size=1, max_size=4)
edges, sizes = st.floats(-50, 900, width=16), st.floats(0, 60, width=16)


@st.composite
def anywhere(draw: st.DrawFn) -> list[Line]:
    """Words anywhere, also on top of each other and without any size."""
    lines = []
    for said in draw(st.lists(st.lists(texts, min_size=1, max_size=5), max_size=6)):
        x, y, size = draw(edges), draw(edges), draw(sizes)
        lines.append(Line(tuple(Word(each, Box(x, y, x + size, y + size), 1) for each in said)))
    return lines


@st.composite
def in_rows(draw: st.DrawFn) -> list[Line]:
    """Cells in rows and columns."""
    cells = st.lists(texts, min_size=1, max_size=3).map(" ".join)
    rows = draw(st.lists(st.lists(cells, min_size=1, max_size=3), max_size=6))
    spots = [
        (text, 50 + 300 * x, 50 + 30 * y)
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
    ]
    return [line(*spot) for spot in spots if spot[0].strip()]


documents = st.lists(anywhere() | in_rows(), max_size=3).map(
    lambda found: [Page(n, 1000, 1400, tuple(lines), "") for n, lines in enumerate(found, 1)]
)


def entries(node: Node, data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The values that have an entry, by their dotted path: all but arrays in other arrays."""
    if isinstance(node, Group):
        for name, inner in node.fields:
            yield from entries(inner, data[name], (*path, name))
        return
    yield ".".join(path), data
    if isinstance(node, Rows):
        for number, item in enumerate(data):
            for name, value in entries(node.item, item, (*path, str(number))):
                if not isinstance(value, list):
                    yield name, value


def check_evidence(value: FieldValue, pages: Mapping[int, Page]) -> None:
    assert 0 <= value.confidence <= 1
    assert bool(value.reason) == value.flag
    if value.value is None:
        assert (value.page, value.box, value.words) == (None, None, ())
        return
    assert value.page is not None
    assert value.box is not None
    assert value.words
    printed = [word for row in pages[value.page].lines for word in row.words]
    for word in value.words:
        assert word in printed
        assert value.box.x0 <= word.box.x0 <= word.box.x1 <= value.box.x1
        assert value.box.y0 <= word.box.y0 <= word.box.y1 <= value.box.y1


@settings(max_examples=100, deadline=None)
@given(trees | named, documents)
def test_any_schema_on_any_pages_has_its_shape_and_its_evidence(
    node: Node, pages: list[Page]
) -> None:
    found = extract(node, pages)
    assert has_shape(node, found.data)
    assert extract(node, pages) == found
    at = {page.number: page for page in pages}
    for value in found.fields.values():
        check_evidence(value, at)
    told = list(entries(node, found.data))
    assume(len(dict(told)) == len(told))
    assert found.fields.keys() == dict(told).keys()
    for name, data in told:
        check_value(found.fields[name], data)


def check_value(entry: FieldValue, data: Any) -> None:
    if isinstance(data, list):
        assert entry.value is None
        assert entry.flag or data
    elif entry.value is None:
        assert data in ("", 0, False)
    else:
        assert (data, type(data)) == (entry.value, type(entry.value))


def test_every_field_and_every_array_has_an_entry() -> None:
    template = {
        "total": 0,
        "seller": {"name": ""},
        "items": [{"name": "", "price": 0}],
        "tags": [""],
    }
    found = extracted(template, "Oak Ltd", "Tea   2.00", "Milk   3.00", "Total   5.00")
    assert {"total", "seller.name", "items", "tags"} <= found.fields.keys()
    assert found.fields["items"].value is None
    assert found.fields["items.1.price"].value == 3
    assert found.data["items"][1] == {"name": "Milk", "price": 3}  # type: ignore[call-overload, index]


# ---- nothing is invented

EVERYTHING = {
    "invoice_number": "",
    "issue_date": "",
    "due_date": "",
    "supplier": {"name": "", "address": "", "vat_number": ""},
    "email": "",
    "currency": "",
    "total": 0,
    "paid": False,
    "items": [{"name": "", "price": 0}],
    "skills": [""],
}
PROSE = (
    "The river rises in the hills above the old town and flows past",
    "three mills before it reaches the sea. In spring the water is",
    "high and the ferries run late; in summer children swim from the",
    "wooden jetty below the bridge every afternoon until it is dark.",
)


@pytest.mark.parametrize("pages", [[], [page()], [page(), page(number=2)]], ids=len)
def test_nothing_is_found_where_nothing_is_printed(pages: list[Page]) -> None:
    found = extract(schema.parse(EVERYTHING), pages)
    assert found.data == schema.sentinel(schema.parse(EVERYTHING))
    assert all(value.flag for value in found.fields.values())


@pytest.mark.parametrize(
    "lines",
    [PROSE, ("* * *", "~", "-----"), ("x", "3 x 4 cm", "x")],
    ids=["prose", "ornaments", "crosses"],
)
def test_nothing_is_invented_on_an_unrelated_page(lines: Sequence[str]) -> None:
    found = extracted(EVERYTHING, *lines)
    assert found.data == schema.sentinel(schema.parse(EVERYTHING))


@pytest.mark.parametrize(
    "lines",
    [("Oak", "Elm", "Ash tree", "Willow"), ("4 8 15 16", "23 42"), ("Hello", "Good bye")],
    ids=["trees", "numbers", "greetings"],
)
def test_without_labels_nothing_goes_unflagged(lines: Sequence[str]) -> None:
    assert all(value.flag for value in extracted(EVERYTHING, *lines).fields.values())


def test_a_choice_is_found_on_a_full_page() -> None:
    template = {"type": "object", "properties": {"status": {"enum": ["paid", "open"]}}}
    lines = [f"zorkmid {'abcdefghij'[at % 10]}{at}" for at in range(60)]
    assert extracted(template, *lines, "Status: PAID").data == {"status": "paid"}


def test_the_date_of_something_else_is_flagged_at_least() -> None:
    value = extracted({"issue_date": ""}, "Oak Ltd", "Date of birth: 01/02/2003").fields[
        "issue_date"
    ]
    assert value.value is None or value.flag


# ---- a user's own labels


def test_own_labels_change_what_is_found(tmp_path: Any) -> None:
    lines = ("Zorkmid tally   417", "Grand blurb   12.50", "Total   99.00")
    (tmp_path / "own.toml").write_text(
        "[labels]\nmileage = 'zorkmid tally'\ntotal = 'grand blurb'\n"
    )
    template = {"mileage": 0}
    assert extracted(template, *lines).data != {"mileage": 417}
    assert extracted(template, *lines, lexicon=labels.load(tmp_path)).data == {"mileage": 417}


def test_own_concepts_are_found_under_any_name(tmp_path: Any) -> None:
    (tmp_path / "own.toml").write_text(
        "[labels]\nroyalty_code = 'royalty code, code of royalties, tantiemenschlüssel'\n"
    )
    (tmp_path / "concepts.toml").write_text('[types]\ncode = ["royalty_code"]\n')
    lines = ("Rechnungsnummer: RE-2044", "Tantiemenschlüssel: QX-77")
    found = extracted({"royalty_code": ""}, *lines, lexicon=labels.load(tmp_path))
    assert found.data == {"royalty_code": "QX-77"}


# ---- time


def test_an_invoice_of_three_pages_takes_no_time() -> None:
    node, pages = schema.parse(INVOICE[0]), pace.invoice(3)
    extract(node, pages)
    assert speed.within(0.5, lambda: extract(node, pages))


def test_many_fields_on_many_pages_are_no_trouble() -> None:
    node, pages = pace.questionnaire(fields=500, pages=20)
    assert speed.within(10, lambda: extract(node, pages))


def crowded(*texts: str, step: tuple[int, int]) -> Page:
    """A line for each text, each so much further to the right and down."""
    return page(*((text, 50 + step[0] * at, 50 + step[1] * at) for at, text in enumerate(texts)))


def row(count: int) -> Page:
    words = (
        Word("9.00" if at % 7 else "total", Box(60 * at, 50, 60 * at + 50, 70), 0.9)
        for at in range(count)
    )
    return Page(1, 1000, 1000, (Line(tuple(words)),), "")


ADDRESS, PRICE = "14 Canal Wharf, Leeds LS11 5PS", "01/02/2026 Total 9.00"
HOSTILE: dict[str, Callable[[int], Page]] = {
    "one_line": row,
    "one_letter_cells": lambda count: crowded(*["x"] * count, step=(40, 0)),
    "one_label": lambda count: crowded(*["Total:"] * count, step=(0, 30)),
    "rows_of_labels_and_values": lambda count: page(*["total 9.00 " * 100] * (count // 100)),
    "dates_and_totals": lambda count: crowded(*[PRICE] * (count // 4), step=(0, 30)),
    "addresses": lambda count: crowded(*[ADDRESS] * (count // 6), step=(0, 21)),
    "on_top_of_each_other": lambda count: crowded(*["Oak Ltd"] * count, step=(0, 0)),
    "long_words": lambda count: page("9" * 50 * count, "A" * 50 * count, "total" * 10 * count),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_pages_take_time_in_proportion(kind: str) -> None:
    """Four times the words are at most eight times the work, and a millisecond or so each."""
    node = schema.parse(EVERYTHING)
    short, long = HOSTILE[kind](250), HOSTILE[kind](1_000)
    work = speed.lines(lambda: extract(node, [short]))
    assert speed.lines(lambda: extract(node, [long])) < 8 * work
    assert speed.within(1.5, lambda: extract(node, [long]))
