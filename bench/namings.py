"""The names that different clients would give to the same fields: schemas to measure with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Wish:
    """A field of a schema: its dotted path and type, and JSON Schema keywords that say more.

    The fields of an array's items have the array's path before their own.
    """

    path: str
    type: str = "string"
    hints: Mapping[str, str] = field(default_factory=dict)


Naming = Mapping[str, Wish]
"""What is asked for, by the name that the ground truth has for it."""


def schema(naming: Naming) -> dict[str, Any]:
    """The JSON Schema that asks for these fields; an array must come before its items' fields."""
    root: dict[str, Any] = {"type": "object", "properties": {}}
    for wish in naming.values():
        *groups, name = wish.path.split(".")
        place = root
        for group in groups:
            empty = {"type": "object", "properties": {}}
            place = place["properties"].setdefault(group, empty)
            place = place.get("items", place)
        place["properties"][name] = _property(wish)
    return root


def _property(wish: Wish) -> dict[str, Any]:
    types = {
        "rows": {"type": "array", "items": {"type": "object", "properties": {}}},
        "strings": {"type": "array", "items": {"type": "string"}},
    }
    return {**types.get(wish.type, {"type": wish.type}), **wish.hints}


def _text(path: str, description: str = "", **hints: str) -> Wish:
    return _wish(path, "string", description, hints)


def _number(path: str, description: str = "", **hints: str) -> Wish:
    return _wish(path, "number", description, hints)


def _wish(path: str, kind: str, description: str, hints: dict[str, str]) -> Wish:
    return Wish(path, kind, {"description": description, **hints} if description else hints)


SROIE: tuple[Naming, ...] = (
    {
        "company": _text("company"),
        "date": _text("date"),
        "address": _text("address"),
        "total": _number("total"),
    },
    {
        "company": _text("merchant"),
        "date": _text("purchase_date"),
        "address": _text("merchant_address"),
        "total": _number("grand_total"),
    },
    {
        "company": _text("store.name"),
        "address": _text("store.address"),
        "date": _text("receipt.issuedOn"),
        "total": _number("receipt.amountPaid"),
    },
    {
        "company": _text("who_issued_it", "The business that gave out this receipt."),
        "date": _text("field_2", "The day of the purchase.", format="date"),
        "address": _text("field_3", "Where the shop is: street, postcode and town."),
        "total": _number("field_4", "What had to be paid in the end, tax included."),
    },
    {
        "company": _text("Firma"),
        "date": _text("Datum"),
        "address": _text("Anschrift"),
        "total": _text("Gesamtbetrag"),
    },
    {
        "total": _number("montant_total"),
        "date": _text("date_achat"),
        "company": _text("commerçant.nom"),
        "address": _text("commerçant.adresse"),
    },
)

WILD: tuple[Naming, ...] = (
    {
        "store_name": _text("store_name"),
        "date": _text("date"),
        "total": _number("total"),
        "tax": _number("tax"),
        "subtotal": _number("subtotal"),
        "phone": _text("phone"),
    },
    {
        "store_name": _text("merchant"),
        "phone": _text("merchant_phone"),
        "date": _text("purchase_date"),
        "subtotal": _number("amount_before_tax"),
        "tax": _number("sales_tax"),
        "total": _number("grand_total"),
    },
    {
        "store_name": _text("vendor.name"),
        "phone": _text("vendor.telephone"),
        "date": _text("transactionDate"),
        "subtotal": _number("totals.net"),
        "tax": _number("totals.tax"),
        "total": _number("totals.gross"),
    },
    {
        "store_name": _text("field_1", "Name of the shop or restaurant."),
        "date": _text("field_2", "The day on the receipt.", format="date"),
        "phone": _text("field_3", "The number one can call the shop at."),
        "total": _number("field_4", "Everything together, with tax.", title="Total"),
        "tax": _number("field_5", "How much tax is part of it.", title="Tax"),
        "subtotal": _number("field_6", "The sum before tax.", title="Subtotal"),
    },
    {
        "store_name": _text("Geschäft"),
        "phone": _text("Telefonnummer"),
        "date": _text("Kaufdatum"),
        "subtotal": _text("Zwischensumme"),
        "tax": _text("Mehrwertsteuer"),
        "total": _text("Endsumme"),
    },
    {
        "store_name": _text("nombre_tienda"),
        "date": _text("fecha"),
        "subtotal": _number("base_imponible"),
        "tax": _number("impuesto"),
        "total": _number("importe_total"),
        "phone": _text("teléfono"),
    },
)

INVOICES: tuple[Naming, ...] = (
    {
        "invoice_number": _text("invoice_number"),
        "invoice_date": _text("invoice_date"),
        "due_date": _text("due_date"),
        "order_reference": _text("order_reference"),
        "seller_name": _text("seller_name"),
        "vendor_name": _text("vendor_name"),
        "seller_vat_id": _text("seller_vat_id"),
        "buyer_name": _text("buyer_name"),
        "iban": _text("iban"),
        "net_total": _number("net_total"),
        "vat_percent": _number("vat_percent"),
        "tax_total": _number("tax_total"),
        "total": _number("total"),
        "amount_due": _number("amount_due"),
        "lines": Wish("lines", "rows"),
        "lines.description": _text("lines.description"),
        "lines.quantity": _number("lines.quantity"),
        "lines.unit_price": _number("lines.unit_price"),
        "lines.line_total": _number("lines.line_total"),
    },
    {
        "seller_name": _text("vendor"),
        "vendor_name": _text("vendor"),
        "seller_vat_id": _text("vendor_vat_no"),
        "buyer_name": _text("customer"),
        "invoice_number": _text("bill_no"),
        "invoice_date": _text("issue_date"),
        "due_date": _text("payment_due"),
        "order_reference": _text("po_number"),
        "net_total": _number("subtotal"),
        "vat_percent": _number("vat_rate"),
        "tax_total": _number("vat_amount"),
        "total": _number("grand_total"),
        "amount_due": _number("balance_due"),
        "iban": _text("bank_account"),
        "lines": Wish("items", "rows"),
        "lines.description": _text("items.name"),
        "lines.quantity": _number("items.qty"),
        "lines.unit_price": _number("items.price"),
        "lines.line_total": _number("items.amount"),
    },
    {
        "invoice_number": _text("invoice.number"),
        "invoice_date": _text("invoice.date"),
        "due_date": _text("invoice.dueDate"),
        "order_reference": _text("invoice.purchaseOrder"),
        "seller_name": _text("supplier.name"),
        "vendor_name": _text("supplier.name"),
        "seller_vat_id": _text("supplier.vatNumber"),
        "iban": _text("supplier.iban"),
        "buyer_name": _text("billTo.name"),
        "net_total": _number("totals.net"),
        "vat_percent": _number("totals.taxRate"),
        "tax_total": _number("totals.tax"),
        "total": _number("totals.gross"),
        "amount_due": _number("totals.amountDue"),
        "lines": Wish("lineItems", "rows"),
        "lines.description": _text("lineItems.description"),
        "lines.quantity": _number("lineItems.quantity"),
        "lines.unit_price": _number("lineItems.unitPrice"),
        "lines.line_total": _number("lineItems.total"),
    },
    {
        "seller_name": _text("who_issued_it", "The company that sends the invoice."),
        "vendor_name": _text("who_issued_it", "The company that sends the invoice."),
        "buyer_name": _text("who_has_to_pay", "The customer the invoice is addressed to."),
        "invoice_number": _text("field_3", "The number the issuer gave to this invoice."),
        "invoice_date": _text("field_4", "The day the invoice was issued.", format="date"),
        "due_date": _text("field_5", "The last day for paying it.", format="date"),
        "order_reference": _text("field_6", "The number of the order it belongs to."),
        "seller_vat_id": _text("field_7", "VAT identification number of the issuer."),
        "iban": _text("field_8", "The IBAN of the account to pay to."),
        "net_total": _number("field_9", "The sum of all lines without tax."),
        "vat_percent": _number("field_10", "The rate of the tax in percent."),
        "tax_total": _number("field_11", "The sum of all tax."),
        "total": _number("field_12", "The sum including tax."),
        "amount_due": _number("field_13", "What is still to be paid."),
        "lines": Wish("field_14", "rows", {"description": "What was delivered, line by line."}),
        "lines.description": _text("field_14.a", "What it is.", title="Description"),
        "lines.quantity": _number("field_14.b", "How many of it.", title="Quantity"),
        "lines.unit_price": _number("field_14.c", "What one of it costs.", title="Unit price"),
        "lines.line_total": _number("field_14.d", "What the line costs.", title="Amount"),
    },
    {
        "seller_name": _text("Lieferant"),
        "vendor_name": _text("Lieferant"),
        "seller_vat_id": _text("USt-IdNr"),
        "buyer_name": _text("Kunde"),
        "invoice_number": _text("Rechnungsnummer"),
        "invoice_date": _text("Rechnungsdatum"),
        "due_date": _text("Fälligkeitsdatum"),
        "order_reference": _text("Bestellnummer"),
        "iban": _text("IBAN"),
        "net_total": _text("Nettobetrag"),
        "vat_percent": _text("Steuersatz"),
        "tax_total": _text("Steuerbetrag"),
        "total": _text("Bruttobetrag"),
        "amount_due": _text("Zahlbetrag"),
        "lines": Wish("Positionen", "rows"),
        "lines.description": _text("Positionen.Bezeichnung"),
        "lines.quantity": _text("Positionen.Menge"),
        "lines.unit_price": _text("Positionen.Einzelpreis"),
        "lines.line_total": _text("Positionen.Gesamtpreis"),
    },
    {
        "invoice_number": _text("numero_facture"),
        "invoice_date": _text("date_facture"),
        "due_date": _text("date_echeance"),
        "order_reference": _text("numero_commande"),
        "seller_name": _text("fournisseur.nom"),
        "vendor_name": _text("fournisseur.nom"),
        "seller_vat_id": _text("fournisseur.numero_tva"),
        "iban": _text("fournisseur.iban"),
        "buyer_name": _text("client.nom"),
        "net_total": _number("total_ht"),
        "vat_percent": _number("taux_tva"),
        "tax_total": _number("montant_tva"),
        "total": _number("total_ttc"),
        "amount_due": _number("net_a_payer"),
        "lines": Wish("lignes", "rows"),
        "lines.description": _text("lignes.désignation"),
        "lines.quantity": _number("lignes.quantité"),
        "lines.unit_price": _number("lignes.prix_unitaire"),
        "lines.line_total": _number("lignes.montant"),
    },
)

NDA: tuple[Naming, ...] = (
    {
        "effective_date": _text("effective_date"),
        "jurisdiction": _text("jurisdiction"),
        "party": Wish("party", "strings"),
        "term": _text("term"),
    },
    {
        "party": Wish("parties", "strings"),
        "effective_date": _text("agreement_date"),
        "term": _text("duration"),
        "jurisdiction": _text("governing_law"),
    },
    {
        "effective_date": _text("contract.effectiveDate", format="date"),
        "term": _text("contract.termOfAgreement"),
        "jurisdiction": _text("contract.governingLaw"),
        "party": Wish("contract.signatories", "strings"),
    },
    {
        "party": Wish("who", "strings", {"description": "The parties who make this agreement."}),
        "effective_date": _text("field_2", "The day from which it applies.", format="date"),
        "term": _text("field_3", "How long it stays in force."),
        "jurisdiction": _text("field_4", "The state or country whose law governs it."),
    },
    {
        "party": Wish("Vertragsparteien", "strings"),
        "effective_date": _text("Vertragsbeginn"),
        "term": _text("Laufzeit"),
        "jurisdiction": _text("Geltendes_Recht"),
    },
    {
        "party": Wish("parties_au_contrat", "strings"),
        "effective_date": _text("date_effet"),
        "term": _text("durée"),
        "jurisdiction": _text("droit_applicable"),
    },
)
