"""What fields mean, however they are called."""

from __future__ import annotations

import pytest

from engine.matching import labels
from engine.matching.labels import Meaning
from engine.schema import Hints, Kind, Leaf
from engine.schema.tree import NO_HINTS

LEXICON = labels.load()


def meaning(path: str, kind: Kind = "string", hints: Hints = NO_HINTS) -> Meaning:
    return LEXICON.meaning(path.split("."), Leaf(kind, hints))


STRINGS = """
vendor_name: party_name seller name
supplier.name: party_name seller name
Lieferant: party_name seller name
merchant: party_name seller name
store_name: party_name seller name
company: party_name seller name
companyName: party_name seller name
seller: party_name seller name
issuedBy: party_name seller name
fornitore.nome: party_name seller name
fornecedor: party_name seller name
raisonSociale: party_name seller name
razon_social: party_name seller name
leverancier: party_name seller name
customer_name: party_name buyer name
client: party_name buyer name
Kunde: party_name buyer name
bill_to: party_name buyer name
billTo.name: party_name buyer name
nomeCliente: party_name buyer name
nom_client: party_name buyer name
nombre_cliente: party_name buyer name
klant.naam: party_name buyer name
ship_to: party_name recipient name
consignee.name: party_name recipient name
payee: party_name payee name
employer.name: party_name employer name
Arbeitgeber: party_name employer name
patient_name: party_name patient name
doctor: party_name doctor name
landlord: party_name landlord name
Mieter: party_name tenant name
policy_holder: party_name insured name
account_holder: party_name account_holder name
Kontoinhaber: party_name account_holder name
name: party_name - name
full_name: full_name - name
firstName: first_name - name
patient.first_name: first_name patient name
Nachname: last_name - name
prenom: first_name - name
apellidos: last_name - name
cognome: last_name - name
ship_to.city: city recipient city
buyer.address.zip: postcode buyer postcode
bill_to_address_line1: street buyer street
billing_address: address buyer address
shipping_city: city recipient city
shipping_address.country: country recipient country
merchant_address: address seller address
supplier.address: address seller address
store_address: address seller address
kunde.anschrift.plz: postcode buyer postcode
client.adresse.ville: city buyer city
cliente.indirizzo.cap: postcode buyer postcode
morada: address - address
address.line1: street - street
address.postcode: postcode - postcode
employee.address.city: city employee city
customer_vat: vat_id buyer vat_id
supplier.vat_number: vat_id seller vat_id
lieferant.ust_id: vat_id seller vat_id
partita_iva: vat_id - vat_id
leverancier.btw_nummer: vat_id seller vat_id
cif_proveedor: vat_id seller vat_id
customer_tax_id: vat_id buyer vat_id
gst_no: vat_id - vat_id
codiceFiscale: tax_number - vat_id
cnpj_emitente: vat_id seller vat_id
Steuernummer: tax_number - vat_id
fournisseur.siret: company_number seller code
kvk_nummer: company_number - code
company_registration_number: company_number - code
supplier_phone: phone seller phone
vendor.contact.email: email seller email
telemovel: mobile - phone
fax_no: fax - phone
supplier.website: website seller url
iban: iban - iban
swift_code: bic - bic
bank.name: bank - name
bankAccountNumber: account_number - code
sort_code: routing_number - code
invoice_no: invoice_number - code
billNumber: invoice_number - code
invoice.number: invoice_number - code
Rechnungsnummer: invoice_number - code
rechnungs_nr: invoice_number - code
numeroFattura: invoice_number - code
numeroFacture: invoice_number - code
numero_factura: invoice_number - code
factuurnummer: invoice_number - code
numero_nota: invoice_number - code
doc_no: invoice_number - code
receipt_no: receipt_number - code
po_number: order_number - code
PONumber: order_number - code
purchaseOrder: order_number - code
Bestellnummer: order_number - code
customer.number: customer_number - code
Kundennummer: customer_number - code
contract_id: contract_number - code
policyNumber: policy_number - code
Versicherungsnummer: policy_number - code
tracking_number: tracking_number - code
employee_id: party_number - code
table_no: table_number - code
date: document_date - date
issue_date: document_date - date
invoiceDate: document_date - date
receipt.date: document_date - date
Rechnungsdatum: document_date - date
date_facture: document_date - date
data_emissione: document_date - date
dt_emissao: document_date - date
fecha_factura: document_date - date
factuurdatum: document_date - date
due_date: due_date - date
payment_due: due_date - date
faelligkeitsdatum: due_date - date
Fälligkeitsdatum: due_date - date
dateEcheance: due_date - date
dataScadenza: due_date - date
data_vencimento: due_date - date
fechaVencimiento: due_date - date
vervaldatum: due_date - date
order.date: order_date - date
delivery_date: delivery_date - date
Lieferdatum: delivery_date - date
date_of_birth: birth_date - date
dob: birth_date - date
Geburtsdatum: birth_date - date
valid_until: expiry_date - date
period_start: start_date - date
effective_date: effective_date - date
transactions.date: transaction_date - date
last_updated_date: - - date
total: total - amount
grand_total: total - amount
amt: total - amount
totalAmount: total - amount
total_amount_eur: total - amount
data.fields.total: total - amount
total.value: total - amount
invoice.total: total - amount
totalTTC: total - amount
Gesamtbetrag: total - amount
importe_total: total - amount
totale_documento: total - amount
valor_total: total - amount
totaalbedrag: total - amount
subtotal: subtotal - amount
net_amount: subtotal - amount
montant_ht: subtotal - amount
imponibile: subtotal - amount
baseImponible: subtotal - amount
Nettobetrag: subtotal - amount
tax: tax_total - amount
vat_amount: tax_total - amount
MwSt: tax_total - amount
tva: tax_total - amount
btw_bedrag: tax_total - amount
taxes.amount: tax_total - amount
taxes.rate: tax_rate - percent
mwst_satz: tax_rate - percent
aliquota_iva: tax_rate - percent
amount_due: amount_due - amount
balance_due: amount_due - amount
cash: cash - amount
change: change - amount
discount: discount - amount
shipping.cost: shipping - amount
tip: tip - amount
rounding_adjustment: rounding - amount
opening_balance: opening_balance - amount
line_items.amount: line_total - amount
line_items.total: line_total - amount
items.price: unit_price - amount
items.name: item_name - text
items.code: item_code - code
line_items.description: description - text
line_items.qty: quantity - quantity
positionen.menge: quantity - quantity
positionen.einzelpreis: unit_price - amount
positionen.gesamtpreis: line_total - amount
lignes.prixUnitaire: unit_price - amount
lignes.designation: description - text
lineas.precio: unit_price - amount
itens.descricao: description - text
itens.valor_unitario: unit_price - amount
omschrijving: description - text
transactions.balance: balance - amount
currency: currency - currency
paymentMethod: payment_method - text
modePaiement: payment_method - text
payment.terms: payment_terms - text
cashier_name: cashier - name
governing_law: jurisdiction - state
jurisdiction: jurisdiction - state
Gerichtsstand: jurisdiction - state
term: term - duration
Laufzeit: term - duration
party: party - name
parties: party - name
Vertragspartei: party - name
gross_pay: gross_pay - amount
bruttolohn: gross_pay - amount
diagnosis: diagnosis - text
medications.dosage: dosage - text
Kennzeichen: registration_plate - code
vin: vin - code
Kilometerstand: mileage - quantity
flight_no: flight_number - code
meter_reading: meter_reading - quantity
education.degree: degree - text
abstract: abstract - text
net_income: net_income - amount
foo_bar: - - text
widget_no: - - code
widget_amount: - - amount
widget_email: email - email
is_urgent: - - flag
"""

NUMBERS: list[tuple[str, Kind, str, str]] = [
    ("vat", "number", "tax_total", "amount"),
    ("total", "integer", "total", "amount"),
    ("total", "number", "total", "amount"),
    ("visit_fee", "number", "fee", "amount"),
    ("visit_count", "number", "visit_count", "integer"),
    ("line_items.quantity", "number", "quantity", "quantity"),
    ("items.qty", "integer", "quantity", "integer"),
    ("tax_rate", "number", "tax_rate", "percent"),
    ("age", "integer", "age", "integer"),
    ("invoice_number", "integer", "invoice_number", "integer"),
    ("no_of_items", "integer", "item_count", "integer"),
    ("insured", "boolean", "insured", "flag"),
    ("paid", "boolean", "paid", "flag"),
    ("net_income", "number", "net_income", "amount"),
    ("consumption_kwh", "number", "consumption", "quantity"),
]

DESCRIBED = [
    ("who_issued_it", "company that issued the document", "party_name", "seller"),
    ("field_7", "Grand total including tax", "total", None),
    ("field_8", "Total amount before tax", "subtotal", None),
    ("amount", "Amount of VAT charged", "tax_total", None),
    ("name", "Name of the patient", "party_name", "patient"),
    ("address", "Full address of the store", "address", "seller"),
    ("f1", "The date by which the invoice must be paid", "due_date", None),
    ("f2", "VAT number of the customer", "vat_id", "buyer"),
    ("f3", "Rechnungsnummer des Lieferanten", "invoice_number", None),
    ("f4", "Numéro de la facture", "invoice_number", None),
    ("x", "Which state's laws govern the agreement (governing law)", "jurisdiction", None),
    ("total", "The sum of all line totals", "total", None),
    ("invoice_no", "Printed near the due date", "invoice_number", None),
]


def cases() -> list[tuple[str, str]]:
    lines = [line.partition(": ") for line in STRINGS.strip().splitlines()]
    return [(path, wanted) for path, _, wanted in lines]


def test_there_are_many_cases_and_no_two_are_the_same() -> None:
    assert len(cases()) >= 150
    assert len(dict(cases())) == len(cases())


@pytest.mark.parametrize(("path", "wanted"), cases(), ids=[path for path, _ in cases()])
def test_a_field_means_what_its_name_says(path: str, wanted: str) -> None:
    found = meaning(path)
    assert f"{found.concept or '-'} {found.role or '-'} {found.type}" == wanted


@pytest.mark.parametrize(("path", "kind", "concept", "kind_of_value"), NUMBERS)
def test_the_kind_of_a_field_counts(
    path: str, kind: Kind, concept: str, kind_of_value: str
) -> None:
    found = meaning(path, kind)
    assert (found.concept, found.type) == (concept, kind_of_value)


@pytest.mark.parametrize(("path", "text", "concept", "role"), DESCRIBED)
def test_a_description_helps_where_the_name_says_little(
    path: str, text: str, concept: str, role: str | None
) -> None:
    found = meaning(path, hints=Hints(description=text))
    assert (found.concept, found.role) == (concept, role)


def test_a_name_counts_more_than_a_description_and_a_title_more_than_that() -> None:
    named = meaning("invoice_number")
    titled = meaning("x", hints=Hints(title="Invoice number"))
    described = meaning("x", hints=Hints(description="Invoice number"))
    assert titled.concept == "invoice_number"
    assert named.certainty > titled.certainty > described.certainty > meaning("x").certainty


@pytest.mark.parametrize(
    ("hint", "text", "kind"),
    [
        ("format", "date", "date"),
        ("format", "date-time", "date"),
        ("format", "email", "email"),
        ("format", "uri", "url"),
        ("format", "time", "time"),
        ("format", "nonsense", "text"),
        ("pattern", r"^\d{4}-\d{2}-\d{2}$", "date"),
        ("pattern", r"^[0-9]{2}/[0-9]{2}/[0-9]{4}$", "date"),
        ("pattern", r"^\d{8}$", "code"),
        ("pattern", r"^[A-Z]{2}\d{6}$", "code"),
        ("pattern", r"^\S+@\S+$", "email"),
        ("pattern", r"^\d{2}:\d{2}$", "time"),
        ("pattern", r"^\d+\.\d{2}$", "amount"),
        ("pattern", "(((", "code"),
    ],
)
def test_format_and_pattern_tell_the_type(hint: str, text: str, kind: str) -> None:
    hints = Hints(format=text) if hint == "format" else Hints(pattern=text)
    assert meaning("x", hints=hints).type == kind


def test_a_format_rules_out_what_does_not_fit_it() -> None:
    found = meaning("payment", hints=Hints(format="date"))
    assert found.type == "date"
    assert found.concept != "amount_paid"


def test_a_pattern_of_digits_leaves_a_telling_concept_alone() -> None:
    assert meaning("postcode", hints=Hints(pattern=r"^\d{5}$")).type == "postcode"


def test_a_choice_of_currencies_is_a_currency_and_others_are_texts() -> None:
    currency = Leaf("string", Hints(choices=("EUR", "USD")))
    colour = Leaf("string", Hints(choices=("red", "blue")))
    assert LEXICON.meaning(["x"], currency).type == "currency"
    assert LEXICON.meaning(["status"], colour).type == "text"


def test_the_own_words_of_a_field_come_first() -> None:
    assert meaning("bill_number").phrases[0] == ("invoice", "number")
    assert meaning("gesamtbetrag_brutto").phrases[0] == ("total", "amount", "gross")
    assert meaning("supplier.vat_id").phrases[0] == ("supplier", "vat", "id")


def test_the_combinations_of_role_and_concept_come_before_the_concept() -> None:
    phrases = meaning("customer_vat").phrases
    assert phrases.index(("customer", "vat", "number")) < phrases.index(("vat", "number"))


def test_phrases_come_from_all_languages_once_and_not_without_end() -> None:
    phrases = meaning("due_date").phrases
    assert {("due", "date"), ("date", "due"), ("zahlungsziel",)} <= set(phrases)
    for path in ("total", "supplier.vat_id", "invoice_no", "x"):
        found = meaning(path).phrases
        assert 1 <= len(set(found)) == len(found) <= 120


def test_a_party_is_called_by_its_role_not_by_its_name_alone() -> None:
    phrases = meaning("supplier.name").phrases
    assert ("supplier",) in phrases[:3]
    assert ("name",) not in phrases[:5]


def test_places_in_arrays_and_empty_paths_do_no_harm() -> None:
    assert meaning("line_items.0.amount") == meaning("line_items.amount")
    assert LEXICON.meaning([], Leaf("string")).concept is None
    assert LEXICON.meaning(["0"], Leaf("number")).type == "amount"
