"""Words of names and printed labels: spellings, compounds, words run together, misread letters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.matching import labels
from engine.matching.labels.words import LONGEST_RUN, MOST, Vocabulary, fold
from tests import speed

LEXICON = labels.load()


def words(text: str) -> str:
    return " ".join(token.word for token in LEXICON.tokens(text))


@pytest.mark.parametrize(
    "text",
    [
        "invoice_no",
        "invoiceNumber",
        "InvoiceNo",
        "INVOICE NO.",
        "Invoice #",
        "invoice-nr",
        "Invoice №",
        "Inv. No",
        "Bill Number",
        "Rechnungsnummer",
        "RechnungsNr",
        "Rechnungs-Nr.",
        "rechnungsnr",
        "INVOICENO",
        "factuurnummer",
        "Factuur nr",
        "lnvoice Number",
        "Invoce Number",
        "INV0ICE NUMBER",
        "INVOlCE N0",
        "Rechnungsnurnmer",
        "Invoice N°",
        "Invoice Nº",
    ],
)
def test_an_invoice_number_has_the_same_words_however_it_is_written(text: str) -> None:
    assert words(text) == "invoice number"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Numéro de facture", "number invoice"),
        ("numero de facture", "number invoice"),
        ("Numéro d'article", "number item"),
        ("Date of issue", "date issue"),
        ("Data do documento", "date document"),
        ("Datum der Rechnung", "date invoice"),
        ("No. of items", "count item"),
        ("number_of_guests", "count guest"),
        ("Number of the invoice", "number invoice"),
        ("item number", "item number"),
        ("P.O. No", "po number"),
        ("P/O Number", "po number"),
        ("D.O.B.", "dob"),
        ("A/C No", "account number"),
        ("P.IVA", "p vat"),
        ("c.f.", "cf"),
        ("totalTTC", "total inclusive"),
        ("lineItems2", "line item 2"),
        ("address_line1", "address line 1"),
        ("VATNo", "vat number"),
        ("HTMLParser", "html parser"),
        ("VAT %", "vat percent"),
        ("12.03.2024", "12 03 2024"),
    ],
)
def test_words_are_split_and_made_canonical(text: str, wanted: str) -> None:
    assert words(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("GRANDTOTAL", "grand total"),
        ("TAXINVOICE", "tax invoice"),
        ("invoiceno", "invoice number"),
        ("CASINO", "casino"),
        ("DUEDATE", "due date"),
        ("duedate", "due date"),
        ("totalamount", "total amount"),
        ("Gesamtbetrag", "total amount"),
        ("Lieferantenname", "supplier name"),
        ("Fälligkeitsdatum", "due date"),
        ("Faelligkeitsdatum", "due date"),
        ("Bruttobetrag", "gross amount"),
        ("factuurdatum", "invoice date"),
        ("vervaldatum", "due date"),
        ("vatno", "vatno"),
        ("carpet", "carpet"),
        ("Portland", "portland"),
        ("Anderson", "anderson"),
    ],
)
def test_only_what_is_wholly_known_is_taken_apart(text: str, wanted: str) -> None:
    assert words(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("T0TAL", "total"),
        ("TOTA1", "tota 1"),
        ("Arnount", "amount"),
        ("Subtota1s", "subtotal"),
        ("Dcscription", "description"),
        ("Custorner", "customer"),
        ("Quantlty", "quantity"),
        ("Recelpt", "receipt"),
        ("Suppller", "supplier"),
        ("Rechnunqsnummer", "invoice number"),
        ("house", "house"),
        ("horse", "horse"),
        ("older", "older"),
        ("paper", "paper"),
        ("prince", "prince"),
        ("later", "later"),
        ("dale", "dale"),
    ],
)
def test_one_misread_letter_is_forgiven_and_other_words_are_left_alone(
    text: str, wanted: str
) -> None:
    assert words(text) == wanted


def test_tokens_say_where_in_the_text_they_stand() -> None:
    text = "Die RechnungsNr.: 5, GRANDTOTAL"
    found = [text[token.start : token.end] for token in LEXICON.tokens(text)]
    assert found == ["Die", "Rechnungs", "Nr", "5", "GRAND", "TOTAL"]


def test_the_parts_of_a_compound_with_accents_stand_where_they_are_printed() -> None:
    text = unicodedata.normalize("NFD", "Fälligkeitsdatum")
    found = [text[token.start : token.end] for token in LEXICON.tokens(text)]
    assert [unicodedata.normalize("NFC", part) for part in found] == ["Fälligkeits", "datum"]


def test_accents_do_not_count_but_where_a_word_has_one_it_is_preferred() -> None:
    assert words("Número") == words("numero") == words("NÚMERO") == "number"
    assert words("Facturé à") != words("Facture")


def test_a_user_may_write_a_compound_that_the_parts_already_explain() -> None:
    vocabulary = Vocabulary({"rechnung": "invoice", "nummer": "number"})
    assert vocabulary.learn("rechnungsnummer") == ("invoice", "number")
    assert vocabulary.learn("wunderding") == ("wunderding",)
    assert vocabulary.known("Wunderding") == "wunderding"


def test_folding_takes_case_and_accents_away() -> None:
    assert fold("ÉCHÉANCE") == "echeance"
    assert fold("Größe") == "grosse"
    assert fold("Œuvre Ørsted") == "oeuvre orsted"


@given(st.text(max_size=200))
@example("İİİ ß ﬁ ² ½ Ⅷ ㈱")
@example("#" * 200)
@example("a.b.c.d.e/f/g" * 10)
@example("e\u0301" * 50)
def test_any_text_has_tokens_in_order_inside_of_it(text: str) -> None:
    end = 0
    for token in LEXICON.tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.word
        end = token.end


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "total " * 20_000, "a." * 50_000, "rn" * 50_000, "é" * 100_000, "1a" * 50_000],
    ids=["one word", "many words", "points", "lookalikes", "accents", "digits"],
)
def test_a_hostile_line_is_read_in_no_time(text: str) -> None:
    assert len(LEXICON.tokens(text)) <= MOST + LONGEST_RUN
    assert speed.within(2, lambda: LEXICON.tokens(text))


def test_a_line_of_known_words_takes_microseconds() -> None:
    line = "Invoice No: 2024-117  Date of issue: 12 March 2024 Total 99"
    assert speed.within(0.2, lambda: [LEXICON.tokens(line) for _ in range(1000)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mail: net@total.net", "mail"),
        ("www.invoice-total.org Tel", "phone"),
        ("https://cash.example/net?total=1 Fax", "fax"),
        ("billing.net", ""),
        ("VAT @ Total", "vat total"),
        ("Inv.No", "invoice number"),
    ],
)
def test_words_inside_addresses_are_no_words_of_labels(text: str, wanted: str) -> None:
    assert words(text) == wanted
