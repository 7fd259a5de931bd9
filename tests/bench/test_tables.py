"""Tables asked for by their headings."""

from __future__ import annotations

from pathlib import Path

from bench import tables
from bench.tables import Cell
from tests.bench.shelf import lay

STRUCTURE = """<document filename='a'>
  <table id='1'>
    <region page='1' col-increment='0' row-increment='0'>
      <cell start-row='0' start-col='1'><content>Tea
sold</content></cell>
      <cell start-row='0' start-col='2'><content>Pies</content></cell>
      <cell start-row='1' start-col='0'><content>March</content></cell>
      <cell start-row='1' start-col='1'><content>12</content></cell>
      <cell start-row='1' start-col='2'><content> </content></cell>
    </region>
    <region page='2' col-increment='0' row-increment='2'>
      <cell start-row='0' start-col='1'><content>14</content></cell>
      <cell start-row='0' start-col='2'><content>3</content></cell>
    </region>
  </table>
</document>"""


def cell(row: int, column: int, text: str, *, down: int = 1, wide: int = 1) -> Cell:
    return Cell(range(row, row + down), range(column, column + wide), text)


def test_a_table_is_asked_for_by_the_columns_that_have_a_heading(tmp_path: Path) -> None:
    structure = tmp_path / "a.xml"
    structure.write_text(STRUCTURE)
    wanted, truth = tables.asked(structure)
    assert wanted["properties"]["table_1"]["items"]["properties"] == {
        "field_2": {"type": "string", "title": "Tea sold"},
        "field_3": {"type": "string", "title": "Pies"},
    }
    assert truth == {"table_1": [{"field_2": "12"}, {"field_2": "14", "field_3": "3"}]}


def test_headings_below_a_wide_one_belong_to_it() -> None:
    cells = [
        cell(0, 0, "Month", down=2),
        cell(0, 1, "Sold", wide=2),
        cell(1, 2, "Pies"),
        cell(1, 1, "Tea"),
        cell(2, 0, "March"),
        cell(2, 1, "12"),
    ]
    titles = tables.headings(cells)
    assert titles == {"field_1": "Month", "field_2": "Sold Tea", "field_3": "Sold Pies"}
    assert tables.body(cells, titles) == [{"field_1": "March", "field_2": "12"}]


def test_columns_are_asked_for_in_their_order() -> None:
    titles = tables.headings([cell(0, column, str(column)) for column in range(12)])
    assert list(titles) == [f"field_{number}" for number in range(1, 13)]


def test_each_document_and_all_together_have_a_line(shared: Path) -> None:
    entry = {"id": "a", "file": "a.pdf", "ground_truth": {"structure": "a.xml"}}
    lay(tables.CATEGORY, [entry], {"a.xml": STRUCTURE}, {"a.pdf": ["nothing like a table"]})
    nothing = "cells precision 0.0000, recall 0.0000, f1 0.0000"
    assert list(tables.report()) == [f"a, tables 1: {nothing}", f"tables, all: {nothing}"]
