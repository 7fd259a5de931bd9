"""Arrays of single values, and items printed as blocks of labels."""

from __future__ import annotations

import pytest

from tests.engine.matching.tables_paper import items


@pytest.mark.parametrize(
    ("schema", "page", "wanted"),
    [
        (
            {"skills": [""]},
            "Skills: Welding, Sailing, Knitting",
            ["Welding", "Sailing", "Knitting"],
        ),
        ({"skills": [""]}, "Skills: Welding; Deep sea sailing", ["Welding", "Deep sea sailing"]),
        (
            {"skills": [""]},
            "Skills\n- Welding\n- Deep sea\n  sailing\n- Knitting\n\n\n\nOther text",
            ["Welding", "Deep sea sailing", "Knitting"],
        ),
        ({"skills": [""]}, "Skills\n1. Welding\n2. Sailing", ["Welding", "Sailing"]),
        (
            {"invoice_numbers": [""]},
            "Invoice number: A-17\n\nDate: 1 March 2026\n\nInvoice number: A-18",
            ["A-17", "A-18"],
        ),
        ({"parties": [""]}, "Parties: Alice, Bob", []),
    ],
    ids=["commas", "semicolons", "bullets", "numbers", "repeated_labels", "parties_elsewhere"],
)
def test_single_values(schema: dict[str, list[str]], page: str, wanted: list[str]) -> None:
    assert items(schema, page) == wanted


def test_a_block_begins_where_the_first_label_comes_again() -> None:
    schema = {"passengers": [{"first_name": "", "last_name": "", "seat": ""}]}
    page = """\
First name: Alice
Last name: Ames
Seat: 12A

First name: Bob
Last name: Brown

First name: Charlie
Seat: 14C
"""
    assert items(schema, page) == [
        ("Alice", "Ames", "12A"),
        ("Bob", "Brown", None),
        ("Charlie", None, "14C"),
    ]


def test_one_block_alone_is_no_array() -> None:
    schema = {"passengers": [{"first_name": "", "last_name": ""}]}
    assert items(schema, "First name: Alice\nLast name: Ames") == []
