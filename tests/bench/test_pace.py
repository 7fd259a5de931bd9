"""What the time of matching is measured with."""

from __future__ import annotations

from bench import pace
from engine import schema
from engine.schema import Group
from engine.scripted import typed
from engine.types import Page

NODE = schema.parse({"total": 0})
PAGE = Page(1, 600, 400, tuple(typed(["Total 5"])), "Total 5")


def test_the_invoice_fills_its_pages_and_adds_up() -> None:
    sheets = pace.invoice(3)
    assert [page.number for page in sheets] == [1, 2, 3]
    assert sheets[0].text.count("Survey of site") == 35
    assert "Invoice number: INV-4821" in sheets[0].text
    net, tax, total = (
        float(line.split()[-1].replace(",", "")) for line in sheets[2].text.splitlines()[-3:]
    )
    assert (tax, total) == (net / 5, net + tax)


def test_the_questionnaire_answers_every_field() -> None:
    node, sheets = pace.questionnaire(fields=500, pages=10)
    assert isinstance(node, Group)
    assert len(node.fields) == 500
    assert len(sheets) == 10
    text = "\n".join(page.text for page in sheets)
    for name, _ in node.fields:
        assert f"{name.replace('_', ' ').capitalize()}: " in text


def test_time_and_memory_are_measured() -> None:
    assert 0 < pace.seconds(NODE, [PAGE]) < 5
    assert pace.peak(NODE, [PAGE]) > 0
