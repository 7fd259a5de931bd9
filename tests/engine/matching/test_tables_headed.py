"""Tables with a heading: columns, rows, wrapped texts, pages and sums."""

from __future__ import annotations

import pytest

from tests.engine.matching.tables_paper import LINE_ITEMS, found, items

PLAIN = """\
Invoice 77

Description                   Quantity   Unit price      Amount
Oak shelf                            2        40.00       80.00
Brass hinge                         10         1.50       15.00

Subtotal                                                  95.00
VAT 20%                                                   19.00
Total                                                    114.00
"""
SHELF, HINGE = ("Oak shelf", 2, 40, 80), ("Brass hinge", 10, 1.5, 15)


def test_each_line_of_a_plain_table_is_an_item() -> None:
    assert items(LINE_ITEMS, PLAIN) == [SHELF, HINGE]


def test_amounts_that_add_up_make_a_table_sure() -> None:
    wrong = PLAIN.replace("95.00", "96.00").replace("114.00", "115.20")
    assert found(LINE_ITEMS, PLAIN).confidence > found(LINE_ITEMS, wrong).confidence
    assert found(LINE_ITEMS, PLAIN).reason == ""
    assert "do not add up" in found(LINE_ITEMS, wrong).reason


def test_values_come_with_page_box_and_words() -> None:
    item = found(LINE_ITEMS, PLAIN).items[0]
    amount = item[("amount",)]
    assert [word.text for word in amount.words] == ["80.00"]
    assert (amount.page, amount.box) == (1, amount.words[0].box)
    assert not amount.flag
    assert 0 < amount.confidence <= 1


def test_rows_are_those_of_the_items_and_not_of_the_sums() -> None:
    assert found(LINE_ITEMS, PLAIN).rows == {2, 3}


@pytest.mark.parametrize(
    "heading",
    [
        "Beschreibung                     Menge  Einzelpreis      Betrag",
        "Désignation                   Quantité  Prix unitaire   Montant",
        "Descripción                   Cantidad       Precio     Importe",
        "Omschrijving                    Aantal        Prijs      Bedrag",
        "DESCRIPTION                        QTY         RATE       TOTAL",
        "Gromkel                         Blorft      Zarnik      Amount",
    ],
    ids=["german", "french", "spanish", "dutch", "capitals", "unknown_words"],
)
def test_headings_are_read_in_other_words(heading: str) -> None:
    page = PLAIN.replace("Description                   Quantity   Unit price      Amount", heading)
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_columns_that_nobody_asked_for_keep_their_words() -> None:
    page = """\
No.  Item                 Qty     Price   VAT %    Disc.      Total
1    Oak shelf              2     40.00      20        0      80.00
2    Brass hinge           10      1.50      20        0      15.00
"""
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_the_order_of_the_columns_does_not_matter() -> None:
    page = """\
Qty   Amount   Unit price   Description
2      80.00        40.00   Oak shelf
10     15.00         1.50   Brass hinge
"""
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_cells_read_as_one_are_parted_at_the_columns() -> None:
    page = """\
Description                    Qty Price Amount
Oak shelf                        2 40.00  80.00
Brass hinge                     10  1.50  15.00
"""
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_a_heading_may_have_two_lines() -> None:
    page = """\
                                           Unit         Net
Description                   Quantity    price      amount
Oak shelf                            2    40.00       80.00
Brass hinge                         10     1.50       15.00
"""
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_a_description_goes_on_where_it_did_not_fit() -> None:
    page = """\
Description             Quantity   Unit price      Amount

Oak shelf with brackets        2        40.00       80.00
and twelve screws

Brass hinge                   10         1.50       15.00
"""
    assert [item[0] for item in items(LINE_ITEMS, page)] == [
        "Oak shelf with brackets and twelve screws",
        "Brass hinge",
    ]


def test_a_remark_below_an_item_is_no_description() -> None:
    page = """\
Description                         Quantity   Unit price      Amount

Oak shelf                                  2        40.00       80.00
Serial: 77-431

Brass hinge                               10         1.50       15.00
Serial: 77-432
"""
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_numbers_may_stand_on_the_last_line_of_an_item() -> None:
    page = """\
Description              Quantity   Unit price      Amount

Oak shelf with brackets
and screws                      2        40.00       80.00

Brass hinge                    10         1.50       15.00

Steel brackets, painted
twice, grey                     1         9.00        9.00
"""
    assert [item[0] for item in items(LINE_ITEMS, page)] == [
        "Oak shelf with brackets and screws",
        "Brass hinge",
        "Steel brackets, painted twice, grey",
    ]


def test_a_table_goes_on_over_the_page_with_and_without_its_heading() -> None:
    heading, rest = PLAIN.split("Oak shelf", 1)
    row = "Oak shelf                            2        40.00       80.00\n"
    again = "Description                   Quantity   Unit price      Amount\n"
    last = "Brass" + rest.split("Brass", 1)[1]
    for top in ("", again):
        assert items(LINE_ITEMS, heading + row, top + last) == [SHELF, HINGE]


def test_a_footer_is_no_item() -> None:
    page = PLAIN.replace("Subtotal", "\n\n\n\n\n\nPage 1 of 1    Company 4711\n\nSubtotal")
    assert items(LINE_ITEMS, page) == [SHELF, HINGE]


def test_nested_fields_and_inner_arrays() -> None:
    schema = {"line_items": [{"product": {"description": ""}, "quantity": 0, "tags": [""]}]}
    listed = found(schema, PLAIN)
    assert [set(item) for item in listed.items] == [
        {("product", "description"), ("quantity",)},
        {("product", "description"), ("quantity",)},
    ]
    assert items(schema, PLAIN) == [("Oak shelf", 2), ("Brass hinge", 10)]


def test_a_statement_has_days_and_balances() -> None:
    schema = {"transactions": [{"date": "", "description": "", "amount": 0, "balance": 0}]}
    page = """\
Date          Description                  Amount      Balance
01/03/2026    Opening of the shop         -120.00       880.00
02/03/2026    Rent for March              -500.00       380.00
05/03/2026    Sales                        250.50       630.50
"""
    assert items(schema, page) == [
        ("01/03/2026", "Opening of the shop", -120, 880),
        ("02/03/2026", "Rent for March", -500, 380),
        ("05/03/2026", "Sales", 250.5, 630.5),
    ]


def test_without_such_a_table_nothing_is_found() -> None:
    listed = found(LINE_ITEMS, "Dear Sir or Madam,\n\nthank you for your letter.\n")
    assert listed.items == ()
    assert listed.confidence == 0
    assert listed.reason
