"""Values come from the documents that people have: receipts, invoices, forms, in many languages."""

from __future__ import annotations

from typing import Any

import pytest

from bench.drawn.examples import INVOICE, RECEIPT, invoices, receipts
from engine import pipeline, schema
from engine.matching import extract
from engine.pipeline import Options
from tests.engine.matching.pages import LANDS, PARTIES, evidence, found, one, page, typed

WORKED = [
    *((RECEIPT, number, receipts) for number in range(5)),
    *((INVOICE, number, invoices) for number in range(5)),
]


@pytest.mark.parametrize(
    ("example", "number", "draw"),
    WORKED,
    ids=[f"{draw.__name__}_{number}" for _, number, draw in WORKED],
)
def test_the_worked_examples_of_the_contract_come_back_exactly(
    example: Any, number: int, draw: Any
) -> None:
    template, data = example
    pages = pipeline.run(draw()[number], None, Options(ocr="text")).pages
    assert extract(schema.parse(template), pages).data == data


class TestPlaces:
    def test_right_of_the_label_on_its_line(self) -> None:
        assert one("invoice_number", "", "Invoice No: INV-4821") == "INV-4821"

    def test_right_of_the_label_in_its_row(self) -> None:
        assert one("total", 0, ("Total", 50, 100), ("42.60", 700, 103)) == 42.6

    def test_right_of_the_label_in_the_same_word(self) -> None:
        assert one("date", "", "Date:18/03/2026") == "18/03/2026"
        assert one("invoice_number", "", "Invoice#INV-1") == "INV-1"

    def test_below_the_label_in_its_column(self) -> None:
        template = {"invoice_date": "", "invoice_number": "", "due_date": ""}
        heads = "Invoice date    Invoice number    Due date"
        cells = "01/03/2026      INV-4821          31/03/2026"
        assert list(found(template, heads, cells).values()) == [
            "01/03/2026",
            "INV-4821",
            "31/03/2026",
        ]

    @pytest.mark.parametrize(
        "text", ["Merchant ....... Ann", "Merchant - Ann", "Merchant : Ann", "Merchant   Ann"]
    )
    def test_past_what_leads_to_it(self, text: str) -> None:
        assert one("merchant", "", text) == "Ann"

    def test_a_line_to_write_on_is_no_value(self) -> None:
        assert one("merchant", "", "Merchant: ______") == ""

    def test_up_to_a_wide_gap(self) -> None:
        assert one("merchant", "", "Merchant: Prentiss & Co.   Till 4") == "Prentiss & Co."

    def test_a_longer_label_is_another_one(self) -> None:
        assert one("total", 0, "Sub total 9.00", "Total 10.00") == 10
        assert one("subtotal", 0, "Sub total 9.00", "Total 10.00") == 9
        assert one("due_date", "", "Date: 01/03/2026", "Due date: 31/03/2026") == "31/03/2026"

    def test_a_head_over_other_words_has_no_value(self) -> None:
        assert one("date", "", "Date Description", "Date: 1 March 2026") == "1 March 2026"

    def test_labels_may_be_in_another_row_of_a_page_that_hangs_askew(self) -> None:
        texts = [("Invoice number", 50), ("INV-4821", 400), ("Due date", 50), ("31/03/2026", 400)]
        texts += [("Oak Ltd", 50), ("Total", 700), ("9.00", 50), ("12.50", 900)] * 2
        placed = [(t, x, 100 + 30 * (at // 2) + 0.04 * x) for at, (t, x) in enumerate(texts)]
        template = {"invoice_number": "", "due_date": ""}
        assert found(template, *placed) == {"invoice_number": "INV-4821", "due_date": "31/03/2026"}


class TestParties:
    BLOCKS = """\
Seller                        Buyer
Harwood Analytics Ltd         Tolmere Foods plc
14 Canal Wharf                2 Market Place
Leeds LS11 5PS                York YO1 8QT
VAT no. GB123456789           VAT no. GB987654321
"""
    WANTED = {
        "seller": {
            "name": "Harwood Analytics Ltd",
            "address": "14 Canal Wharf, Leeds LS11 5PS",
            "vat_number": "GB123456789",
        },
        "buyer": {
            "name": "Tolmere Foods plc",
            "address": "2 Market Place, York YO1 8QT",
            "vat_number": "GB987654321",
        },
    }

    @pytest.mark.parametrize(
        ("seller", "buyer"), [("seller", "buyer"), ("supplier", "customer"), ("vendor", "bill_to")]
    )
    def test_know_which_block_is_theirs(self, seller: str, buyer: str) -> None:
        wanted = {seller: self.WANTED["seller"], buyer: self.WANTED["buyer"]}
        template = {party: dict.fromkeys(fields, "") for party, fields in wanted.items()}
        assert found(template, *self.BLOCKS.splitlines()) == wanted

    def test_know_their_labels(self) -> None:
        template = {"seller": {"name": "", "phone": ""}, "buyer": {"name": "", "phone": ""}}
        lines = (
            "Seller: Ann Harwood",
            "Seller Tel. 01434 555 016",
            "Buyer name: Bob Tolmere",
            "Buyer phone: 01434 555 017",
        )
        assert found(template, *lines) == {
            "seller": {"name": "Ann Harwood", "phone": "01434 555 016"},
            "buyer": {"name": "Bob Tolmere", "phone": "01434 555 017"},
        }

    def test_have_addresses_to_bill_and_to_ship_to(self) -> None:
        text = """\
Billing address               Shipping address
Tolmere Foods plc             Tolmere Depot
2 Market Place                9 Quay Street
York YO1 8QT                  Truro TR1 2HB
"""
        assert found({"shipping_address": "", "billing_address": ""}, *text.splitlines()) == {
            "shipping_address": "9 Quay Street, Truro TR1 2HB",
            "billing_address": "2 Market Place, York YO1 8QT",
        }

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            (
                "Harwood Analytics Ltd\n14 Canal Wharf\nLeeds LS11 5PS\nUnited Kingdom",
                ["14 Canal Wharf", "Leeds", "LS11 5PS", "United Kingdom"],
            ),
            (
                "Nordlicht Druck GmbH\nHafenweg 12, 24103 Kiel, Deutschland",
                ["Hafenweg 12", "Kiel", "24103", "Deutschland"],
            ),
            (
                "Atelier Vermeil SARL\n8 rue des Tanneurs\n69002 Lyon\nFrance",
                ["8 rue des Tanneurs", "Lyon", "69002", "France"],
            ),
        ],
        ids=["gb", "de", "fr"],
    )
    def test_have_addresses_in_parts(self, text: str, parts: list[str]) -> None:
        wanted = dict(zip(("street", "city", "postcode", "country"), parts, strict=True))
        template = {"supplier": {"name": "", "address": dict.fromkeys(wanted, "")}}
        name = text.split("\n")[0]
        assert found(template, *text.split("\n")) == {"supplier": {"name": name, "address": wanted}}


class TestForms:
    @pytest.mark.parametrize(
        "lines",
        [
            ("☑ Smoker   ☐ Married",),
            ("[x] Smoker   [ ] Married",),
            ("☑ Smoker", "☐ Married"),
            ("Smoker ☑   Married ☐",),
            ("Smoker: [X]", "Married: [ ]"),
            ("Smoker   ☑ Yes   ☐ No", "Married   ☐ Yes   ☑ No"),
            ("Smoker: yes", "Married: no"),
        ],
        ids=lambda lines: "|".join(lines),
    )
    def test_boxes_are_ticked_or_not(self, lines: tuple[str, ...]) -> None:
        template = {"smoker": False, "married": False}
        data = extract(schema.parse(template), [page(*lines)])
        assert data.data == {"smoker": True, "married": False}
        assert data.fields["married"].value is False

    @pytest.mark.parametrize(
        ("name", "line", "value"),
        [
            ("insured", "☑ Insured   ☐ Smoker", True),
            ("insured", "Insured: yes", True),
            ("insured", "Insured: no", False),
            ("raucher", "Raucher: ja", True),
            ("raucher", "Raucher: nein", False),
            ("fumeur", "Fumeur : oui", True),
        ],
    )
    def test_yes_and_no_are_said_in_words(self, name: str, line: str, value: bool) -> None:
        assert evidence(name, False, line).value is value

    def test_names_stand_side_by_side(self) -> None:
        template = {"first_name": "", "last_name": "", "date_of_birth": ""}
        lines = ("First name: Ida   Last name: Thornley", "Date of birth: 02/03/1981")
        assert list(found(template, *lines).values()) == ["Ida", "Thornley", "02/03/1981"]

    @pytest.mark.parametrize(
        ("name", "empty", "line", "value"),
        [
            ("email", "", "Email: ida@oak.example", "ida@oak.example"),
            ("phone", "", "Tel: +44 1434 555 016", "+44 1434 555 016"),
            ("iban", "", "IBAN: DE02 1203 0000 0000 2020 51", "DE02 1203 0000 0000 2020 51"),
            ("total", 0, "Gesamtbetrag   1.234,56 €", 1234.56),
            ("total", 0, "Grand total: $1,234.56", 1234.56),
            ("total", 0, "TOTAL RM 9.00", 9),
            ("discount", 0, "Discount   (12.50)", -12.5),
            ("discount", 0, "Discount   12.50-", -12.5),
            ("tax_rate", 0, "VAT rate: 19 %", 19),
            ("guests", 0, "Guests: 2", 2),
            ("offset", "", "Offset: -5 mm", "-5 mm"),
            ("currency", "", "Currency: EUR", "EUR"),
        ],
    )
    def test_values_are_of_many_types(self, name: str, empty: Any, line: str, value: Any) -> None:
        got = one(name, empty, line)
        assert (got, type(got)) == (value, type(value))

    @pytest.mark.parametrize(
        ("name", "line"),
        [
            ("who_issued_it", "Lieferant: Nordlicht Druck GmbH"),
            ("Lieferant", "Vendor: Nordlicht Druck GmbH"),
            ("vendor_name", "Fournisseur : Nordlicht Druck GmbH"),
        ],
    )
    def test_fields_may_be_called_anything(self, name: str, line: str) -> None:
        field = {"type": "string", "description": "Name of the supplier of the goods"}
        assert found(json(name, **field), line, "Customer: Oak Ltd") == {
            name: "Nordlicht Druck GmbH"
        }


def json(name: str, **field: Any) -> dict[str, Any]:
    """A JSON Schema with one field."""
    return {"type": "object", "properties": {name: field}}


class TestHints:
    @pytest.mark.parametrize(
        ("field", "line", "value"),
        [
            ({"type": "string"}, "Issue date: 5 March 2026", "5 March 2026"),
            ({"type": "string", "format": "date"}, "Issue date: 5 March 2026", "2026-03-05"),
            ({"type": "string", "format": "date"}, "Issue date: 25/03/2026", "2026-03-25"),
            (
                {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
                "Issue date: 25.03.2026",
                "2026-03-25",
            ),
        ],
        ids=["printed", "words", "slashes", "pattern"],
    )
    def test_dates_are_as_printed_or_iso(
        self, field: dict[str, str], line: str, value: str
    ) -> None:
        assert found(json("issue_date", **field), line) == {"issue_date": value}

    @pytest.mark.parametrize(
        ("line", "value"), [("Status: OVERDUE", "overdue"), ("Status: unheard of", "")]
    )
    def test_a_choice_is_one_of_those_offered(self, line: str, value: str) -> None:
        field = {"type": "string", "enum": ["paid", "open", "overdue"]}
        assert found(json("status", **field), line) == {"status": value}

    def test_a_choice_may_be_a_number_or_a_ticked_box(self) -> None:
        assert found(json("rating", type="integer", enum=[1, 2, 3]), "Rating: 2") == {"rating": 2}
        field = {"type": "string", "enum": ["single", "married", "widowed"]}
        line = "Marital status   ☐ single   ☑ married   ☐ widowed"
        assert found(json("marital_status", **field), line) == {"marital_status": "married"}

    def test_a_title_says_what_a_name_does_not(self) -> None:
        assert found(json("n", type="integer", title="Nights"), "Nights: 3") == {"n": 3}

    def test_an_integer_is_whole(self) -> None:
        lines = ("Nights: 3", "Price per night: 79.50")
        assert found(json("nights", type="integer"), *lines) == {"nights": 3}
        assert found(json("nights", type="integer"), "Nights: 2.5") == {"nights": 0}

    def test_the_root_may_be_a_value(self) -> None:
        node = schema.parse({"$schema": "", "type": "number", "title": "Total"})
        assert extract(node, [page("Total: 3.50")]).data == 3.5


class TestTogether:
    def test_amounts_that_add_up_are_chosen_together(self) -> None:
        template = {"subtotal": 0, "tax": 0, "total": 0}
        lines = ("Net   100.00", "Tax   20.00", "Total   120.00", "Total   200.00")
        assert list(found(template, *lines).values()) == [100, 20, 120]

    @pytest.mark.parametrize(
        ("template", "lines", "wanted"),
        [
            (
                {"invoice_date": "", "due_date": "", "delivery_date": ""},
                ("Invoice date: 01/03/2026",),
                ["01/03/2026", "", ""],
            ),
            (
                {"order_number": "", "invoice_number": ""},
                ("Invoice number: A-100",),
                ["", "A-100"],
            ),
            (
                {"first_name": "", "last_name": ""},
                ("First name: Ida",),
                ["Ida", ""],
            ),
            ({"discount": 0, "total": 0}, ("Total: 9.00",), [0, 9]),
        ],
        ids=["dates", "numbers", "names", "amounts"],
    )
    def test_the_same_words_are_not_two_values(
        self, template: dict[str, Any], lines: tuple[str, ...], wanted: list[object]
    ) -> None:
        assert list(found(template, *lines).values()) == wanted

    def test_the_first_of_many_pages_is_not_the_only_one(self) -> None:
        pages = [page("Oak Ltd", "Invoice number: A-1"), page("Total: 9.00", number=2)]
        data = extract(schema.parse({"invoice_number": "", "total": 0}), pages)
        assert data.data == {"invoice_number": "A-1", "total": 9}
        assert [data.fields[name].page for name in ("invoice_number", "total")] == [1, 2]


class TestArraysOfValues:
    def test_are_listed_behind_their_label(self) -> None:
        assert one("skills", [""], "Skills: Welding, Sailing, Knitting") == [
            "Welding",
            "Sailing",
            "Knitting",
        ]

    def test_are_gathered_from_the_text(self) -> None:
        lines = ("Write to ann@oak.example", "or to bob@oak.example")
        assert one("emails", [""], *lines) == ["ann@oak.example", "bob@oak.example"]

    def test_have_no_reason_to_be_looked_at_that_is_not_so(self) -> None:
        whole = evidence("emails", [""], "Write to ann@oak.example", "or to bob@oak.example")
        assert not whole.reason.startswith("No ")

    def test_are_empty_where_there_are_none(self) -> None:
        assert one("emails", [""], "Write to us") == []


@pytest.mark.parametrize("land", LANDS)
def test_an_invoice_is_read_in_its_language(land: str) -> None:
    template = {
        "invoice_number": "",
        "issue_date": "",
        "due_date": "",
        "supplier": {"name": "", "vat_number": ""},
        "customer": {"name": ""},
        "line_items": [{"quantity": 0, "unit_price": 0, "amount": 0}],
        "subtotal": 0,
        "vat": 0,
        "total": 0,
    }
    data: Any = extract(schema.parse(template), [typed(LANDS[land])]).data
    mark = {"de": ".", "nl": "-"}.get(land, "/")
    name, vat_number, customer = PARTIES[land]
    assert data == {
        "invoice_number": "RE-2044",
        "issue_date": mark.join(("05", "03", "2026")),
        "due_date": mark.join(("04", "04", "2026")),
        "supplier": {"name": name, "vat_number": vat_number},
        "customer": {"name": customer},
        "line_items": [
            {"quantity": 100, "unit_price": 2.4, "amount": 240},
            {"quantity": 1, "unit_price": 12.5, "amount": 12.5},
        ],
        "subtotal": 252.5,
        "vat": 50.5,
        "total": 303,
    }
