"""The data files: complete in every language, open to a user's own, and clear about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.matching import labels
from engine.matching.labels import FaultyTable, Lexicon
from engine.matching.labels.tables import TYPES
from engine.schema import Leaf
from tests import speed

HERE = Path(labels.__file__).parent
LEXICON = labels.load()

CORE = {
    "invoice_number": "Invoice number, Rechnungsnummer, Numéro de facture, Número de factura, "
    "Numero fattura, Factuurnummer, Número da fatura",
    "document_date": "Invoice date, Rechnungsdatum, Date de facture, Fecha de factura, "
    "Data fattura, Factuurdatum, Data de emissão",
    "due_date": "Due date, Fällig am, Date d'échéance, Fecha de vencimiento, Data di scadenza, "
    "Vervaldatum, Data de vencimento",
    "total": "Grand total, Gesamtbetrag, Total TTC, Importe total, Totale fattura, Totaalbedrag, "
    "Valor total",
    "subtotal": "Subtotal, Zwischensumme, Total HT, Base imponible, Imponibile, Subtotaal, "
    "Total sem IVA",
    "tax_total": "VAT, MwSt., TVA, Cuota IVA, Importo IVA, Btw-bedrag, Valor do IVA",
    "tax_rate": "VAT rate, Steuersatz, Taux de TVA, Tipo IVA, Aliquota IVA, Btw-tarief, "
    "Taxa de IVA",
    "amount_due": "Amount due, Zu zahlen, Net à payer, Saldo pendiente, Totale dovuto, "
    "Te betalen, Valor a pagar",
    "amount_paid": "Amount paid, Bezahlt, Montant payé, Importe pagado, Importo pagato, Betaald, "
    "Valor pago",
    "cash": "Cash, Bar, Espèces, Efectivo, Contanti, Contant, Dinheiro",
    "change": "Change, Rückgeld, Monnaie rendue, Cambio, Resto, Wisselgeld, Troco",
    "discount": "Discount, Rabatt, Remise, Descuento, Sconto, Korting, Desconto",
    "shipping": "Shipping, Versandkosten, Frais de port, Gastos de envío, Spese di spedizione, "
    "Verzendkosten, Portes de envio",
    "rounding": "Rounding, Rundung, Arrondi, Redondeo, Arrotondamento, Afronding, Arredondamento",
    "unit_price": "Unit price, Einzelpreis, Prix unitaire, Precio unitario, Prezzo unitario, "
    "Stuksprijs, Preço unitário",
    "quantity": "Quantity, Menge, Quantité, Cantidad, Quantità, Aantal, Quantidade",
    "description": "Description, Bezeichnung, Désignation, Descripción, Descrizione, "
    "Omschrijving, Descrição",
    "order_number": "Order number, Bestellnummer, Numéro de commande, Número de pedido, "
    "Numero ordine, Bestelnummer, Número do pedido",
    "customer_number": "Customer number, Kundennummer, Numéro client, Número de cliente, "
    "Codice cliente, Klantnummer, Código do cliente",
    "payment_method": "Payment method, Zahlungsart, Mode de paiement, Forma de pago, "
    "Modalità di pagamento, Betaalwijze, Forma de pagamento",
    "phone": "Phone, Telefon, Téléphone, Teléfono, Telefono, Telefoon, Telefone",
    "postcode": "Postcode, PLZ, Code postal, Código postal, CAP, Postcode, CEP",
    "city": "City, Ort, Ville, Ciudad, Città, Plaats, Cidade",
    "street": "Street, Straße, Rue, Calle, Via, Straat, Rua",
    "country": "Country, Land, Pays, País, Paese, Land, País",
    "address": "Address, Anschrift, Adresse, Dirección, Indirizzo, Adres, Endereço",
    "birth_date": "Date of birth, Geburtsdatum, Date de naissance, Fecha de nacimiento, "
    "Data di nascita, Geboortedatum, Data de nascimento",
    "first_name": "First name, Vorname, Prénom, Nombre de pila, Nome di battesimo, Voornaam, "
    "Primeiro nome",
    "last_name": "Last name, Nachname, Nom de famille, Apellidos, Cognome, Achternaam, Apelido",
    "term": "Term, Laufzeit, Durée du contrat, Duración, Durata, Looptijd, Prazo de vigência",
    "jurisdiction": "Governing law, Anwendbares Recht, Droit applicable, Ley aplicable, "
    "Legge applicabile, Toepasselijk recht, Lei aplicável",
    "signature": "Signature, Unterschrift, Signature, Firma del cliente, Firma del cliente, "
    "Handtekening, Assinatura",
}
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
ROLES = {
    "seller": "Supplier, Lieferant, Fournisseur, Proveedor, Fornitore, Leverancier, Fornecedor",
    "buyer": "Bill to, Rechnungsempfänger, Facturé à, Facturar a, Fatturare a, Factuuradres, "
    "Faturar a",
    "recipient": "Ship to, Lieferadresse, Adresse de livraison, Dirección de entrega, "
    "Indirizzo di consegna, Afleveradres, Endereço de entrega",
}


def printed(table: dict[str, str]) -> list[tuple[str, str, str]]:
    found = []
    for name, texts in table.items():
        each = [text.strip() for text in texts.split(",")]
        found += [(name, language, text) for language, text in zip(LANGUAGES, each, strict=True)]
    return found


@pytest.mark.parametrize(("concept", "language", "text"), printed(CORE))
def test_every_language_has_the_core_of_concepts(concept: str, language: str, text: str) -> None:
    phrase = tuple(token.word for token in LEXICON.tokens(text))
    assert phrase in LEXICON.concepts[concept].phrases
    assert LEXICON.meaning([text], Leaf("string")).concept == concept


@pytest.mark.parametrize(("role", "language", "text"), printed(ROLES))
def test_every_language_has_the_core_of_roles(role: str, language: str, text: str) -> None:
    phrase = tuple(token.word for token in LEXICON.tokens(text))
    assert phrase in LEXICON.roles[role].phrases
    assert LEXICON.meaning([text], Leaf("string")).role == role


FURTHER = """
sv: förfallodatum due_date, att betala amount_due, momsbelopp tax_total
da: forfaldsdato due_date, at betale amount_due, momsbeløb tax_total, fakturadato document_date
nb: forfallsdato due_date, å betale amount_due, kundenummer customer_number, mva tax_total
pl: termin płatności due_date, do zapłaty amount_due, kwota vat tax_total, kod pocztowy postcode
ms: jatuh tempo due_date, tunai cash, jumlah besar total, harga satuan unit_price
ro: data scadenței due_date, total de plată amount_due, cota tva tax_rate, preț unitar unit_price
cs: datum splatnosti due_date, k úhradě amount_due, základ daně tax_base, psč postcode
tr: vade tarihi due_date, ödenecek tutar amount_due, ara toplam subtotal, birim fiyat unit_price
"""


def further() -> list[tuple[str, str]]:
    lines = [line.partition(": ")[2] for line in FURTHER.strip().splitlines()]
    return [tuple(each.rsplit(" ", 1)) for line in lines for each in line.split(", ")]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "concept"), further(), ids=str)
def test_further_languages_have_the_words_of_invoices(text: str, concept: str) -> None:
    phrase = tuple(token.word for token in LEXICON.tokens(text))
    assert phrase in LEXICON.concepts[concept].phrases


def test_further_languages_leave_the_labels_of_the_first_as_they_are(tmp_path: Path) -> None:
    for name in ("concepts", *LANGUAGES):
        (tmp_path / f"{name}.toml").write_text((HERE / f"{name}.toml").read_text())
    few, every = (Lexicon(labels.tables.read([folder])) for folder in (tmp_path, HERE))
    for concept in few.concepts:
        field = few.meaning([concept], Leaf("string"))
        assert every.meaning([concept], Leaf("string")).concept == field.concept
    for concept, _, text in printed(CORE):
        assert [token.word for token in every.tokens(text)] == [
            token.word for token in few.tokens(text)
        ], concept


def test_every_word_of_a_clue_is_one_that_sentences_are_read_with() -> None:
    tables = labels.tables.read([HERE])
    known = set(tables.words.values()) | set(tables.speech.values())
    clues = [*tables.clues.values(), *tables.role_clues.values(), *tables.asks.values()]
    words = {word for texts in clues for text in texts for word in text.split()}
    turned = {word for word in words if tables.words.get(word, word) != word and word not in known}
    assert not turned


def test_bars_part_alternatives(tmp_path: Path) -> None:
    write(tmp_path, "x.toml", "[labels]\nyield = 'net|gross yield|crop, rest'\n")
    found = labels.tables.read([tmp_path]).labels["yield"]
    assert list(found) == ["net yield", "net crop", "gross yield", "gross crop", "rest"]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Your reference", {"reference", "order_number"}),
        ("Ihr Zeichen", {"reference", "order_number"}),
        ("Votre référence", {"reference", "order_number"}),
        ("Account No.", {"account_number", "customer_number"}),
        ("Exclusief btw", {"subtotal"}),
        ("Totaal excl. btw", {"subtotal"}),
        ("Amount before GST", {"subtotal"}),
        ("Net of VAT", {"subtotal"}),
        ("Sum incl. GST", {"total"}),
        ("Total plus VAT", {"total"}),
        ("Service tax amount", {"tax_total"}),
        ("zzgl. MwSt.", {"tax_total"}),
        ("Shipped", {"delivery_date"}),
        ("Delivered on", {"delivery_date"}),
        ("Ordered on", {"order_date"}),
        ("Id. client", {"customer_number"}),
        ("Credit memo", {"document_type", "credit_note_number"}),
        ("VAT No.", {"vat_id"}),
        ("GST No.", {"tax_number", "vat_id"}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_label_may_mean_two_things(text: str, concepts: set[str]) -> None:
    phrase = {token.word for token in LEXICON.tokens(text)}
    found = {name for words, name, kind in LEXICON.phrases() if set(words) == phrase}
    assert concepts <= found
    assert found <= concepts | {"delivery_date", "shipping", "order_number"}


def test_every_language_has_a_file_and_every_concept_a_phrase_and_a_type() -> None:
    assert {f"{language}.toml" for language in LANGUAGES} <= {f.name for f in HERE.glob("*.toml")}
    assert len(LEXICON.concepts) >= 150
    for concept in LEXICON.concepts.values():
        assert concept.type in TYPES
        assert concept.phrases, concept.name


def test_files_of_the_package_speak_of_known_concepts_and_roles_only(tmp_path: Path) -> None:
    (tmp_path / "concepts.toml").write_text((HERE / "concepts.toml").read_text())
    (tmp_path / "en.toml").write_text((HERE / "en.toml").read_text())
    english = Lexicon(labels.tables.read([tmp_path]))
    assert set(LEXICON.concepts) == set(english.concepts)
    assert set(LEXICON.roles) == set(english.roles)


def test_loading_is_quick_and_done_once() -> None:
    assert speed.within(0.5, lambda: Lexicon(labels.tables.read([HERE])))
    assert labels.load() is LEXICON


def test_a_schema_of_500_fields_is_understood_in_no_time() -> None:
    def understand() -> None:
        lexicon = Lexicon(labels.tables.read([HERE]))
        for number in range(500):
            lexicon.meaning(["group", f"customer_field_{number}_total_amount"], Leaf("string"))

    assert speed.within(3, understand)


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_users_files_add_words_labels_roles_and_concepts(tmp_path: Path) -> None:
    write(tmp_path, "concepts.toml", '[types]\ncode = ["herd_number"]\n')
    write(
        tmp_path,
        "farm.toml",
        "[words]\nnumber = ['tal']\n"
        "[roles]\nfarmer = 'farmer, herd keeper'\n"
        "[labels]\nherd_number = 'herd tal'\nmilk_grade = 'milk grade'\ntotal = 'whole lot'\n"
        "[party]\nherd_number = 'herd'\n[columns]\nquantity = 'litres'\n",
    )
    lexicon = labels.load(tmp_path)
    leaf = Leaf("string")
    assert lexicon.meaning(["herd_no"], leaf).concept == "herd_number"
    assert lexicon.meaning(["herd_no"], leaf).type == "code"
    assert lexicon.meaning(["milkGrade"], leaf).type == "text"
    assert lexicon.meaning(["whole_lot"], leaf).concept == "total"
    assert lexicon.meaning(["grand_total"], leaf).concept == "total"
    assert lexicon.meaning(["farmer"], leaf).role == "farmer"
    assert lexicon.meaning(["farmer_herd"], leaf).concept == "herd_number"
    assert lexicon.meaning(["items", "litres"], leaf).concept == "quantity"
    assert "herd_number" not in LEXICON.concepts


def test_a_users_files_replace_nothing(tmp_path: Path) -> None:
    text = "[words]\ndate = 'total'\n[labels]\nmine = 'grand total, rechnungsnummer'\n"
    lexicon = labels.load(write(tmp_path, "mine.toml", text))
    assert lexicon.meaning(["total"], Leaf("string")).concept == "total"
    assert lexicon.meaning(["grand_total"], Leaf("string")).concept == "total"
    assert lexicon.meaning(["Rechnungsnummer"], Leaf("string")).concept == "invoice_number"
    assert lexicon.meaning(["mine"], Leaf("string")).concept is None


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("x.toml", "[labels\n", ""),
        ("x.toml", "[label]\ntotal = 'sum'\n", "label"),
        ("x.toml", "labels = 3\n", "labels"),
        ("x.toml", "[labels]\ntotal = 3\n", "labels.total"),
        ("x.toml", "[labels]\ntotal = ['sum', 3]\n", "labels.total"),
        ("x.toml", "[labels]\ntotal = 'sum,, all'\n", "labels.total"),
        ("x.toml", "[labels]\n'Total sum' = 'sum'\n", "labels.Total sum"),
        ("x.toml", "[words]\ntotal = {a = 1}\n", "words.total"),
        ("concepts.toml", "[types]\nmoney = ['price']\n", "types.money"),
        ("concepts.toml", "[types]\ncode = ['Herd No']\n", "types.code.Herd No"),
        ("concepts.toml", "party = ['nobody']\n", "party"),
        ("concepts.toml", "[labels]\ntotal = 'sum'\n", "labels"),
    ],
    ids=lambda value: repr(value),
)
def test_a_mistake_names_the_file_and_the_key(
    tmp_path: Path, name: str, text: str, key: str
) -> None:
    with pytest.raises(FaultyTable) as raised:
        labels.load(write(tmp_path, name, text))
    assert isinstance(raised.value, ValueError)
    assert (raised.value.file.name, raised.value.key) == (name, key)
    assert name in str(raised.value)
    assert key in str(raised.value)


def test_a_folder_without_files_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(FaultyTable, match="holds a"):
        labels.load(tmp_path / "nowhere")


def test_a_file_that_is_not_text_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(FaultyTable, match=r"x\.toml"):
        labels.load(tmp_path)
