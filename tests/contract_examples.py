"""The schemas of the contract's worked examples, and the data of two of them."""

RECEIPT = {"merchant": "", "date": "", "items": [{"name": "", "price": 0}], "total": 0}
RECEIPT_DATA = {
    "merchant": "Prentiss & Co.",
    "date": "18/03/2026",
    "items": [
        {"name": "Flat white", "price": 4.8},
        {"name": "Almond croissant", "price": 5.2},
    ],
    "total": 10,
}
INVOICE = {
    "invoice_number": "",
    "issue_date": "",
    "due_date": "",
    "supplier": {"name": "", "vat_number": ""},
    "line_items": [{"description": "", "quantity": 0, "unit_price": 0, "amount": 0}],
    "subtotal": 0,
    "vat": 0,
    "total": 0,
}
INVOICE_DATA = {
    "invoice_number": "INV-4821",
    "issue_date": "01/03/2026",
    "due_date": "31/03/2026",
    "supplier": {"name": "Harwood Analytics Ltd", "vat_number": "GB123456789"},
    "line_items": [
        {"description": "Consulting, March", "quantity": 12, "unit_price": 180, "amount": 2160},
        {"description": "Report preparation", "quantity": 1, "unit_price": 450, "amount": 450},
    ],
    "subtotal": 2610,
    "vat": 522,
    "total": 3132,
}
SHORT_INVOICE = {
    "invoice_number": "",
    "total": 0,
    "paid": False,
    "line_items": [{"description": "", "quantity": 0, "amount": 0}],
}
SHORT_INVOICE_JSON_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["invoice_number", "total", "line_items"],
    "properties": {
        "invoice_number": {"type": "string"},
        "total": {"type": "number"},
        "paid": {"type": "boolean"},
        "line_items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "description": {"type": "string"},
                    "quantity": {"type": "integer"},
                    "amount": {"type": "number"},
                },
            },
        },
    },
}
