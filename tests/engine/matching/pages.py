"""Pages of words with a fixed pitch, for the tests of the field matcher."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine import schema
from engine.matching import Extraction, extract, labels
from engine.matching.candidates import Scene
from engine.matching.labels import Label, Lexicon
from engine.matching.sheet import Sheet
from engine.matching.spots import Spots
from engine.matching.values import UNKNOWN, Habits
from engine.types import Box, FieldValue, Line, Page, Word

PITCH, HEIGHT, LEADING = 10, 20, 30
LEFT = TOP = 50

Placed = tuple[str, float, float]
"""A line's text, and the x and y where it begins."""


def line(text: str, x: float = LEFT, y: float = TOP, sure: float = 0.99) -> Line:
    """Ten pixels a letter or space: three spaces part two cells."""
    return Line(
        tuple(
            Word(
                match.group(),
                Box(x + PITCH * match.start(), y, x + PITCH * match.end(), y + HEIGHT),
                sure,
            )
            for match in re.finditer(r"\S+", text)
        )
    )


def page(*placed: Placed | str, number: int = 1) -> Page:
    """Strings stand below each other, each at the place of its number; an empty one is a gap."""
    lines = [
        line(each, LEFT, TOP + LEADING * at) if isinstance(each, str) else line(*each)
        for at, each in enumerate(placed)
        if each
    ]
    return Page(number, 1000, 1400, tuple(lines), "")


def typed(text: str, number: int = 1) -> Page:
    """The lines of a text that is written as it shall stand on the page."""
    return page(*text.splitlines(), number=number)


def sheet(*placed: Placed | str) -> Sheet:
    return Sheet([page(*placed)])


def scene(*placed: Placed | str, habits: Habits = UNKNOWN, own: tuple[Label, ...] = ()) -> Scene:
    lying = sheet(*placed)
    return Scene(lying, Spots(lying, labels.load(), own), habits)


def extracted(
    template: Mapping[str, Any], *placed: Placed | str, lexicon: Lexicon | None = None
) -> Extraction:
    return extract(schema.parse(template), [page(*placed)], lexicon)


def found(template: Mapping[str, Any], *placed: Placed | str) -> Any:
    """The data of a template or a JSON Schema on one page."""
    return extracted(template, *placed).data


def one(name: str, empty: object, *placed: Placed | str) -> Any:
    """The value of a field with this name and sentinel."""
    return found({name: empty}, *placed)[name]


def evidence(name: str, empty: object, *placed: Placed | str) -> FieldValue:
    return extracted({name: empty}, *placed).fields[name]


LANDS = {
    "en": """\
Harwood Analytics Ltd                        INVOICE
14 Canal Wharf
Leeds LS11 5PS

Bill to                            Invoice no.:    RE-2044
Tolmere Foods plc                  Invoice date:   05/03/2026
2 Market Place                     Due date:       04/04/2026
York YO1 8QT                       VAT no.:        GB123456789

Description             Quantity   Unit price     Amount
Posters                      100         2.40     240.00
Shipping                       1        12.50      12.50

                                   Subtotal       252.50
                                   VAT 20 %        50.50
                                   Total          303.00
""",
    "de": """\
Nordlicht Druck GmbH                         RECHNUNG
Hafenweg 12
24103 Kiel

Rechnung an                        Rechnungsnummer:  RE-2044
Bergmann Logistik AG               Rechnungsdatum:   05.03.2026
Lindenallee 7                      Fällig am:        04.04.2026
50667 Köln                         USt-IdNr.:        DE123456788

Bezeichnung              Menge    Einzelpreis     Betrag
Plakate                    100           2,40     240,00
Versand                      1          12,50      12,50

                              Zwischensumme       252,50
                              MwSt. 20 %           50,50
                              Gesamtbetrag        303,00
""",
    "fr": """\
Atelier Vermeil SARL                         FACTURE
8 rue des Tanneurs
69002 Lyon

Facturé à                          Numéro de facture :  RE-2044
Librairie Morane SAS               Date de facture :    05/03/2026
4 quai Nord                        Date d'échéance :    04/04/2026
33000 Bordeaux                     N° TVA :             FR83404833048

Désignation             Quantité   Prix unitaire     Montant
Affiches                     100            2,40      240,00
Livraison                      1           12,50       12,50

                                   Total HT          252,50
                                   TVA 20 %           50,50
                                   Total TTC         303,00
""",
    "es": """\
Talleres Quiroga S.L.                        FACTURA
Calle Mayor 8
28013 Madrid

Facturar a                         Número de factura:      RE-2044
Librería Montes S.A.               Fecha de factura:       05/03/2026
Calle Norte 4                      Fecha de vencimiento:   04/04/2026
08001 Barcelona                    NIF:                    B58378431

Descripción             Cantidad   Precio unitario     Importe
Carteles                     100              2,40      240,00
Envío                          1             12,50       12,50

                                   Base imponible        252,50
                                   IVA 20 %               50,50
                                   Total                 303,00
""",
    "it": """\
Officina Bellandi S.r.l.                     FATTURA
Via Roma 8
20121 Milano

Intestata a                        Numero fattura:      RE-2044
Libreria Montale S.p.A.            Data fattura:        05/03/2026
Via Nord 4                         Data di scadenza:    04/04/2026
10121 Torino                       Partita IVA:         IT00743110157

Descrizione             Quantità   Prezzo unitario     Importo
Manifesti                    100              2,40      240,00
Spedizione                     1             12,50       12,50

                                   Imponibile            252,50
                                   IVA 20 %               50,50
                                   Totale                303,00
""",
    "nl": """\
Drukkerij Veldhuis B.V.                      FACTUUR
Havenstraat 8
3011 AB Rotterdam

Factuur aan                        Factuurnummer:      RE-2044
Boekhandel Molenaar B.V.           Factuurdatum:       05-03-2026
Noordkade 4                        Vervaldatum:        04-04-2026
1012 AB Amsterdam                  BTW-nummer:         NL123456782B12

Omschrijving            Aantal     Stukprijs           Bedrag
Affiches                     100            2,40       240,00
Verzending                     1           12,50        12,50

                                   Subtotaal           252,50
                                   BTW 20 %             50,50
                                   Totaal              303,00
""",
    "pt": """\
Oficina Bragança Lda.                        FATURA
Rua Direita 8
1100-001 Lisboa

Faturar a                          Número da fatura:      RE-2044
Livraria Montes S.A.               Data da fatura:        05/03/2026
Rua Norte 4                        Data de vencimento:    04/04/2026
4000-001 Porto                     NIF:                   501442600

Descrição               Quantidade   Preço unitário     Valor
Cartazes                     100              2,40     240,00
Envio                          1             12,50      12,50

                                   Subtotal            252,50
                                   IVA 20 %             50,50
                                   Total               303,00
""",
}
"""The same invoice in seven languages."""

PARTIES = {
    "en": ("Harwood Analytics Ltd", "GB123456789", "Tolmere Foods plc"),
    "de": ("Nordlicht Druck GmbH", "DE123456788", "Bergmann Logistik AG"),
    "fr": ("Atelier Vermeil SARL", "FR83404833048", "Librairie Morane SAS"),
    "es": ("Talleres Quiroga S.L.", "B58378431", "Librería Montes S.A."),
    "it": ("Officina Bellandi S.r.l.", "IT00743110157", "Libreria Montale S.p.A."),
    "nl": ("Drukkerij Veldhuis B.V.", "NL123456782B12", "Boekhandel Molenaar B.V."),
    "pt": ("Oficina Bragança Lda.", "501442600", "Livraria Montes S.A."),
}
"""The seller, its VAT number and the buyer on each of them."""
