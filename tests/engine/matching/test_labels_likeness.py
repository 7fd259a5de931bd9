"""How much a printed label means a field: the wanted label before its distractors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import labels
from engine.matching.labels import Meaning
from engine.schema import Kind, Leaf

LEXICON = labels.load()

CLEARLY = 0.2


def meaning(path: str, kind: Kind = "string") -> Meaning:
    return LEXICON.meaning(path.split("."), Leaf(kind))


def likeness(path: str, text: str) -> float:
    return LEXICON.likeness(meaning(path), text)


ORDER = """
total: Total > Subtotal
total: Total > Total discount
total: TOTAL RM > Total Qty
total: Grand Total > Sub-total
total: GRANDTOTAL > Total items
total: T0TAL > Total savings
total: Total (incl. VAT) > Total excl. VAT
total: Total incl. GST > GST Summary
total: Total > Rounding Adj
total: Total > Cash
total: Total > Change
total: Gesamtbetrag > Zwischensumme
total: Gesamtbetrag > Nettobetrag
total: Total TTC > Total HT
total: Totale fattura > Totale imponibile
total: Total factura > Base imponible
total: Totaal incl. btw > Totaal excl. btw
total: Valor total > Valor do IVA
subtotal: Subtotal > Total
subtotal: Sub Total > Grand Total
subtotal: Total excl. tax > Total incl. tax
subtotal: Zwischensumme > Summe
subtotal: Total HT > Total TTC
subtotal: Imponibile > Totale
tax_total: VAT > Total
tax_total: GST 6% > GST No
tax_total: Sales tax > Tax invoice
tax_total: MwSt. 19 % > USt-IdNr.
tax_total: Total VAT > VAT rate
tax_total: TVA 20% > N° TVA
tax_rate: VAT rate > VAT amount
amount_due: Amount due > Amount paid
amount_due: Balance due > Due date
amount_due: Zu zahlen > Bezahlt
cash: Cash > Change
change: Change > Cash
due_date: Due date > Invoice date
due_date: Payment due > Date
due_date: Due date > Order date
due_date: Fälligkeitsdatum > Rechnungsdatum
due_date: Date d'échéance > Date de facture
due_date: Data scadenza > Data fattura
due_date: Fecha de vencimiento > Fecha de emisión
due_date: Vervaldatum > Factuurdatum
due_date: Vencimento > Emissão
invoice_date: Invoice date > Due date
invoice_date: Date > Ship date
invoice_date: Date of issue > Date of birth
invoice_date: Rechnungsdatum > Lieferdatum
invoice_date: Date de facture > Date de livraison
invoice_no: Invoice No. > Order No.
invoice_no: Invoice # > Customer #
invoice_no: Rechnungsnummer > Kundennummer
invoice_no: lnvoice Nurnber > Phone Number
invoice_no: Numéro de facture > Numéro client
invoice_no: Invoice No > Invoice to
invoice_no: Invoice No > Tax invoice
order_number: PO Number > Invoice Number
order_number: P.O. No > Account No
customer_no: Customer No > Customer
items.unit_price: Unit price (EUR) > Total price
items.unit_price: Einzelpreis netto > Gesamtpreis
items.unit_price: Price > Amount
items.unit_price: Prix unitaire HT > Montant HT
items.unit_price: P.U. > Total
items.amount: Amount > Unit price
items.amount: Line total > Unit price
items.amount: Gesamtpreis > Einzelpreis
items.amount: Total (EUR) > Discount
items.quantity: Qty. > Price
items.quantity: Menge > Einheit
items.quantity: Qté > P.U.
items.quantity: Aantal > Prijs
items.description: Description > Quantity
items.description: Bezeichnung > Betrag
items.description: Item > Price
items.code: Item code > Item
items.code: Artikel-Nr. > Artikel
items.tax_rate: VAT % > Amount
vendor_name: Supplier > Customer
vendor_name: Sold by > Sold to
customer_name: Bill to > Ship to
customer_name: Kunde > Lieferant
shipping_address: Ship to > Bill to
supplier.vat_id: VAT Reg No > Company Reg No
supplier.vat_id: Supplier VAT ID > Customer VAT ID
iban: IBAN > BIC
phone: Tel > Fax
phone: Telefon > Telefax
fax: Fax > Tel
birth_date: Date of birth > Place of birth
governing_law: Governing law > Term
opening_balance: Opening balance > Closing balance
net_pay: Net pay > Gross pay
discount: Total discount > Total
item_count: Total items > Total
"""


def orders() -> list[tuple[str, str, str]]:
    lines = [line.partition(": ") for line in ORDER.strip().splitlines()]
    return [(path, *rest.split(" > ")) for path, _, rest in lines]  # type: ignore[misc]


def test_there_are_many_orders() -> None:
    assert len(orders()) == len(set(orders())) >= 80


@pytest.mark.parametrize(
    ("path", "label", "distractor"), orders(), ids=[" ".join(each) for each in orders()]
)
def test_the_wanted_label_is_clearly_before_its_distractor(
    path: str, label: str, distractor: str
) -> None:
    assert likeness(path, label) > likeness(path, distractor) + CLEARLY


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("items.unit_price", "Unit price"),
        ("items.unit_price", "Unit Price (EUR)"),
        ("items.unit_price", "Unit price in €"),
        ("items.unit_price", "Price, unit"),
        ("items.quantity", "QTY."),
        ("total", "TOTAL (RM)"),
        ("total", "Grand total"),
        ("invoice_no", "No. Invoice"),
        ("tax_total", "VAT (%)"),
    ],
)
def test_the_same_words_in_any_order_and_with_any_unit_are_all_alike(path: str, text: str) -> None:
    assert likeness(path, text) == 1.0


def test_one_more_word_costs_the_more_the_more_it_tells() -> None:
    assert 1 > likeness("items.unit_price", "Unit price net 2024") > 0.6
    assert likeness("total", "Total payments") < likeness("total", "Total sum")


@pytest.mark.parametrize("text", ["", "  ", "€", "12.50", "xyzzy", "Lorem ipsum dolor"])
def test_what_is_no_label_is_like_nothing(text: str) -> None:
    assert likeness("total", text) < 0.1


@given(st.text(max_size=80), st.sampled_from(["total", "supplier.vat_id", "x", "items.amount"]))
def test_likeness_is_a_share_whatever_is_printed(text: str, path: str) -> None:
    assert 0 <= likeness(path, text) <= 1


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Total discount", "discount", "concept"),
        ("Total items", "item_count", "concept"),
        ("Total Qty", "item_count", "concept"),
        ("Total savings", "savings", "concept"),
        ("GST summary", "tax_base", "concept"),
        ("Tax invoice", "document_type", "concept"),
        ("Cash", "cash", "concept"),
        ("Change", "change", "concept"),
        ("Rounding Adj", "rounding", "concept"),
        ("Amount excl. tax", "subtotal", "concept"),
        ("Sub-total", "subtotal", "concept"),
        ("Tel", "phone", "concept"),
        ("Fax", "fax", "concept"),
        ("Ship date", "delivery_date", "concept"),
        ("VAT reg no", "vat_id", "concept"),
        ("governed by the laws of the State of", "jurisdiction", "concept"),
        ("for a period of", "term", "concept"),
        ("remain in effect for", "term", "concept"),
        ("by and between", "party", "concept"),
        ("dated as of", "effective_date", "concept"),
        ("entered into as of", "effective_date", "concept"),
        ("Invoice to", "buyer", "role"),
        ("Ship to", "recipient", "role"),
        ("Sold by", "seller", "role"),
    ],
)
def test_printed_phrases_are_listed_with_what_they_mean(text: str, name: str, kind: str) -> None:
    phrase = tuple(token.word for token in LEXICON.tokens(text))
    assert (phrase, name, kind) in set(LEXICON.phrases())


def test_no_phrase_is_empty_or_only_glue() -> None:
    for phrase, name, _ in LEXICON.phrases():
        assert all(phrase), name
        assert not {"the", "of", "la", "de"}.issuperset(phrase), name
