"""What fields mean by their descriptions, and names that are sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import labels
from engine.matching.labels import Meaning
from engine.matching.labels.index import Entry
from engine.matching.labels.sentences import Sentences
from engine.matching.labels.words import Vocabulary
from engine.schema import Hints, Kind, Leaf
from tests import speed

LEXICON = labels.load()

DESCRIPTIONS = """
number|The sum of all tax.|tax_total
number|What is still to be paid.|amount_due
string|The number the issuer gave to this invoice.|invoice_number
string|The day the invoice was issued.|document_date
string|Where the shop is: street, postcode and town.|address seller
string|The last day for paying it.|due_date
string|How long it stays in force.|term
string|The day from which it applies.|effective_date
string|The company that sends the invoice.|party_name seller
number|The sum of all lines without tax.|subtotal
number|What had to be paid in the end, tax included.|total
number|Everything together, with tax.|total
number|How much tax is part of it.|tax_total
string|The people and companies that sign the agreement.|party
string|The state or country whose law governs it.|jurisdiction
string|The business that gave out this receipt.|party_name seller
string|The day of the purchase.|document_date
string|The day on the receipt.|document_date
string|Name of the shop or restaurant.|party_name seller
string|The number one can call the shop at.|phone seller
number|The sum before tax.|subtotal
string|The customer the invoice is addressed to.|party_name buyer
string|The number of the order it belongs to.|order_number
string|VAT identification number of the issuer.|vat_id seller
string|The IBAN of the account to pay to.|iban payee
number|The rate of the tax in percent.|tax_rate
number|The sum including tax.|total
string|When the document was made out|document_date
string|The date until which payment is expected|due_date
string|Last possible day of payment|due_date
string|By when does it need to be paid?|due_date
number|How much the customer still owes|amount_due
number|How much has already been paid|amount_paid
number|Money the customer got back|change
number|What the shipping costs|shipping
number|By how much the price was reduced|discount
string|How the customer paid|payment_method
string|Who served the customer at the till|cashier
string|In which currency the amounts are|currency
string|Who bought the goods|party_name buyer
string|The company that has to pay this bill|party_name buyer
string|Where the goods are delivered|address recipient
string|The person who works for the company|party_name employee
string|When the person was born|birth_date
string|Which country's law applies to the contract|jurisdiction
string|How long the contract runs|term
string|Date when the agreement takes effect|effective_date
number|Total amount of VAT|tax_total
number|Amount without VAT|subtotal
number|Final amount after taxes and discounts|total
number|Total price the customer spent on this purchase|total
integer|How many items were bought in total|item_count
string|Registration number of the company in the commercial register|company_number seller
string|Phone number to reach the supplier|phone seller
string|E-mail address of the customer|email buyer
string|Name of the person who issued the invoice|party_name seller
string|The firm that sold the goods|party_name seller
string|When the goods were delivered|delivery_date
string|When were the goods shipped?|delivery_date
string|Day on which the order was placed|order_date
string|Number of the purchase order|order_number
string|The customer's number at the supplier|customer_number
number|Share of tax in percent|tax_rate
number|Salary before deductions|gross_pay
number|Salary after deductions|net_pay
string|Period the invoice covers|period
string|The parties to the agreement|party
string|How long before the end notice must be given|notice_period
number|Money on the account at the end of the month|closing_balance
number|Total of the invoice, without shipping|total
string|Der Tag, an dem die Rechnung ausgestellt wurde|document_date
string|Wann muss spätestens bezahlt werden|due_date
number|Summe aller Steuern|tax_total
number|Was noch zu zahlen ist|amount_due
string|Wer die Rechnung ausgestellt hat|party_name seller
string|Firma, die die Rechnung geschickt hat|party_name seller
number|Summe ohne Steuern|subtotal
number|Alles zusammen, inklusive Mehrwertsteuer|total
string|Wie lange der Vertrag gilt|term
string|Ab wann der Vertrag gilt|effective_date
string|Die Nummer der Rechnung|invoice_number
string|Nach welchem Recht der Vertrag beurteilt wird|jurisdiction
string|Wo sich das Geschäft befindet|address seller
string|Wer bezahlen muss|party_name buyer
string|Le jour où la facture a été émise|document_date
string|La date limite pour payer|due_date
number|La somme de toutes les taxes|tax_total
number|Ce qui reste à payer|amount_due
string|L'entreprise qui a envoyé la facture|party_name seller
number|Montant total taxes comprises|total
number|Montant hors taxes|subtotal
string|Combien de temps dure le contrat|term
string|Qui doit payer la facture|party_name buyer
string|Le numéro de téléphone du magasin|phone seller
string|El día en que se emitió la factura|document_date
string|Último día para pagar|due_date
number|La suma de todos los impuestos|tax_total
number|Lo que queda por pagar|amount_due
string|La empresa que envía la factura|party_name seller
number|Todo junto, con impuestos|total
number|Importe sin IVA|subtotal
string|Quién tiene que pagar la factura|party_name buyer
string|Cuánto tiempo dura el contrato|term
string|Il giorno in cui è stata emessa la fattura|document_date
string|Ultimo giorno per pagare|due_date
number|La somma di tutte le imposte|tax_total
number|Quanto resta da pagare|amount_due
string|La ditta che ha inviato la fattura|party_name seller
number|Totale senza IVA|subtotal
number|Tutto insieme, tasse incluse|total
string|Per quanto tempo vale il contratto|term
string|De dag waarop de factuur is uitgegeven|document_date
string|De laatste dag om te betalen|due_date
number|De som van alle belastingen|tax_total
number|Wat nog betaald moet worden|amount_due
string|Het bedrijf dat de factuur stuurt|party_name seller
number|Alles samen, inclusief btw|total
string|Hoe lang het contract geldt|term
string|O dia em que a fatura foi emitida|document_date
string|Último dia para pagamento|due_date
number|A soma de todos os impostos|tax_total
number|O que falta pagar|amount_due
string|A empresa que enviou a fatura|party_name seller
number|Tudo junto, com impostos|total
string|Quanto tempo dura o contrato|term
number|Total cost of the purchase including all taxes|total
number|The grand total printed at the bottom|total
number|How much the buyer paid overall|total
number|Value added tax in euros|tax_total
number|The VAT charged|tax_total
string|Name of the company issuing the bill|party_name seller
string|Legal name of the supplier|party_name seller
string|Who the invoice is for|party_name buyer
string|Who is being billed|party_name buyer
string|Postal address of the vendor|address seller
string|Where the customer lives|address buyer
string|Address the goods are sent to|address recipient
string|Tax identification number of the seller|tax_number seller
string|Unique identifier of the invoice|invoice_number
string|The reference the customer should quote when paying|reference
string|The date printed on the document|document_date
string|Date on which the invoice was created|document_date
string|Date by which the amount has to be paid|due_date
string|When payment is due|due_date
string|When the contract starts to apply|effective_date
string|How many months the agreement is valid|term
string|The law under which disputes are decided|jurisdiction
string|Both contracting parties|party
string|Bank account number in IBAN format|iban
string|Name of the bank|bank
string|The currency of the invoice, for example EUR|currency
number|Discount granted on the total|discount
number|Cash given by the customer|cash
number|Cost of delivery|shipping
string|Phone number of the store|phone seller
string|Web page of the seller|website seller
string|Time at which the purchase was made|time
string|Date of birth of the patient|birth_date patient
string|Name of the employee|party_name employee
number|Gross salary for the month|gross_pay
number|Money paid out to the employee|net_pay
string|Number plate of the car|registration_plate
string|Betrag, der noch offen ist|amount_due
string|Gesamtbetrag inklusive Mehrwertsteuer|total
string|Datum, bis zu dem gezahlt werden muss|due_date
string|Name des Unternehmens, das die Rechnung gestellt hat|party_name seller
string|Anschrift des Kunden|address buyer
string|Nom de la société émettrice de la facture|party_name seller
string|Date à laquelle la facture doit être payée|due_date
number|Montant de la TVA|tax_total
string|Numéro de TVA du fournisseur|vat_id seller
string|Nombre de la empresa que emite la factura|party_name seller
string|Fecha en la que vence el pago|due_date
number|Importe total con IVA|total
string|Nome dell'azienda che emette la fattura|party_name seller
string|Data entro cui pagare|due_date
number|Importo totale IVA inclusa|total
string|Naam van de klant|party_name buyer
string|Adres van de winkel|address seller
number|Totaalbedrag zonder btw|subtotal
string|Nome do cliente|party_name buyer
number|Valor total com IVA|total
"""

NAMES = """
string|who_issued_it|party_name seller
string|who_sold_it|party_name seller
string|who_has_to_pay|party_name buyer
string|who_must_pay|party_name buyer
number|what_to_pay|amount_due
number|still_to_pay|amount_due
string|pay_until|due_date
string|when_bought|document_date
number|vat_percent|tax_rate
number|VatPercent|tax_rate
number|Tax percentage|tax_rate
number|tax_pct|tax_rate
number|percent_vat|tax_rate
number|totals.taxPercent|tax_rate
number|line_items.vat_percent|tax_rate
number|mwst_prozent|tax_rate
number|iva_percentuale|tax_rate
number|porcentaje_iva|tax_rate
number|taux_tva|tax_rate
number|discount_pct|discount_rate
number|interest_percent|interest_rate
number|exchange_rate|exchange_rate
number|hourly_rate|hourly_rate
number|tip_percent|None
"""


def rows(table: str) -> list[tuple[Kind, str, str]]:
    return [tuple(line.split("|")) for line in table.strip().splitlines()]  # type: ignore[misc]


def asked(found: Meaning) -> str:
    return f"{found.concept} {found.role}" if found.role else str(found.concept)


def described(text: str, kind: Kind = "string") -> Meaning:
    return LEXICON.meaning(["field_7"], Leaf(kind, Hints(description=text)))


def test_there_are_many_descriptions_and_no_two_are_the_same() -> None:
    texts = [text for _, text, _ in rows(DESCRIPTIONS)]
    assert len(texts) == len(set(texts)) >= 120


@pytest.mark.parametrize(("kind", "text", "wanted"), rows(DESCRIPTIONS), ids=str)
def test_a_description_tells_what_an_obscure_name_means(kind: Kind, text: str, wanted: str) -> None:
    assert asked(described(text, kind)) == wanted


@pytest.mark.parametrize(("kind", "name", "wanted"), rows(NAMES), ids=str)
def test_a_name_may_be_a_sentence_or_ask_for_a_percentage(
    kind: Kind, name: str, wanted: str
) -> None:
    assert asked(LEXICON.meaning(name.split("."), Leaf(kind))) == wanted


@pytest.mark.parametrize(
    ("kind", "text", "type_of_value"),
    [
        ("string", "The day it was painted", "date"),
        ("number", "How many windows it has", "quantity"),
        ("string", "How long the film is", "duration"),
        ("number", "The share of wool in percent", "percent"),
        ("string", "Something about it", "text"),
    ],
)
def test_the_type_is_told_even_where_no_concept_is(
    kind: Kind, text: str, type_of_value: str
) -> None:
    assert described(text, kind).type == type_of_value


def test_a_number_is_never_a_name_and_a_date_never_a_number_of_nights() -> None:
    number = described("The company that sends the invoice", "number")
    assert number.concept != "party_name"
    assert described("The day the invoice was issued").type == "date"


def test_a_title_that_asks_for_a_percentage_gets_one() -> None:
    found = LEXICON.meaning(["x"], Leaf("number", Hints(title="Tax percentage")))
    assert (found.concept, found.type) == ("tax_rate", "percent")


def test_a_clear_name_counts_more_than_its_description() -> None:
    leaf = Leaf("string", Hints(description="The day the invoice was issued"))
    assert LEXICON.meaning(["due_date"], leaf).concept == "due_date"


def test_examples_tell_nothing() -> None:
    plain = described("Number of the invoice")
    assert described("Number of the invoice, e.g. order 17 due 1 May") == plain


def sentences() -> Sentences:
    vocabulary = Vocabulary({"der": "la", "tag": "day"})
    clue = frozenset(("day", "pay")), Entry("concept", "due_date")
    asks = {"date": ("day", "when"), "amount": ("much",), "duration": ("long",)}
    return Sentences(vocabulary, {"zahlt": "pay", "wann": "when"}, asks, [clue])


def test_words_of_sentences_are_understood_beside_those_of_labels() -> None:
    assert sentences().words("Der Tag, wann man zahlt") == ("la", "day", "when", "man", "pay")
    assert sentences().spoken(("wann", "tag")) == ("when", "tag")


def test_a_number_of_things_is_a_count_and_one_of_the_thing_is_none() -> None:
    assert sentences().words("number of chairs")[0] == "count"
    assert sentences().words("number of the chair")[0] == "number"


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("the last day for it", {"date"}),
        ("when it is", {"date"}),
        ("it is much", {"amount"}),
        ("much de long it is", {"duration"}),
        ("nothing of the kind", set()),
    ],
)
def test_how_a_sentence_opens_tells_the_types(words: str, types: set[str]) -> None:
    assert sentences().types(tuple(words.split())) == types


def test_clues_are_found_in_any_order_with_the_place_of_the_first() -> None:
    found = list(sentences().told(("to", "pay", "by", "which", "day")))
    assert [(each.entry.name, each.at) for each in found] == [("due_date", 1)]
    assert not list(sentences().told(("to", "pay")))


@given(st.text(max_size=200), st.sampled_from(["string", "number", "integer", "boolean"]))
def test_any_description_is_read(text: str, kind: Kind) -> None:
    assert 0 <= described(text, kind).certainty <= 1


def test_a_description_is_read_in_no_time() -> None:
    rest = " The sum of all the lines of the invoice that is still to be paid" * 9
    assert speed.within(1, lambda: [described(f"{number}{rest}") for number in range(100)])
