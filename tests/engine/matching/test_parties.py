"""Names of companies and people, and addresses in one line or in several."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import parties
from engine.matching.candidates import Candidate
from tests.engine.matching.pages import Placed, scene


def texts(found: Iterable[Candidate]) -> list[str]:
    return [candidate.text for candidate in found]


def names(*placed: Placed | str) -> list[str]:
    return texts(parties.names(scene(*placed)))


def addresses(*placed: Placed | str) -> list[str]:
    return texts(parties.addresses(scene(*placed)))


def surest(found: Iterable[Candidate]) -> str:
    return max(found, key=lambda candidate: candidate.certainty).text


class TestNames:
    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("Oak & Elm Ltd", "Oak & Elm Ltd"),
            ("Seller: Oak & Elm Ltd", "Oak & Elm Ltd"),
            ("Oak & Elm Ltd - 1 Mill Lane - Harbury", "Oak & Elm Ltd"),
            ("Oak & Elm Ltd | 1 Mill Lane", "Oak & Elm Ltd"),
            ("Bill to: Ida Thornley, 9 Quay Street", "Ida Thornley"),
            ("Oak & Elm Ltd (07715533)", "Oak & Elm Ltd"),
            ("Patient name: Ida Thornley", "Ida Thornley"),
            ("Cliente: Librería Montes S.A.", "Librería Montes S.A."),
            ("Käufer: Jörg Öztürk", "Jörg Öztürk"),
            ("Op.: Ida", "Ida"),
            ("Bankers Old Harbury Bank", "Old Harbury Bank"),
            ("Bank name Harbury Bank", "Harbury Bank"),
        ],
    )
    def test_stand_in_lines(self, line: str, name: str) -> None:
        assert name in names(line)

    def test_may_go_over_two_lines(self) -> None:
        (both,) = [
            found
            for found in parties.names(scene("The Northam and District", "Bakery Company Ltd"))
            if found.more
        ]
        assert both.text == "The Northam and District Bakery Company Ltd"
        assert [word.text for word in both.words] == both.text.split()
        assert both.last.text == "Bakery Company Ltd"
        assert both.box.height > both.cell.box.height

    @pytest.mark.parametrize("line", ["12.50", "01/03/2026", "Ltd", "A", "+44 20 7946 0018", "::"])
    def test_are_no_numbers_and_no_legal_forms(self, line: str) -> None:
        assert names(line) == []

    def test_are_no_longer_than_a_name(self) -> None:
        assert all(len(name) <= parties.NAME_LETTERS for name in names("Oak " * 12, "Elm" * 40))

    def test_never_include_a_label_with_a_colon(self) -> None:
        assert not [name for name in names("Seller: Ann", "First name: Ida") if ":" in name]

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ('made between Oak Capital Inc. (the "Buyer") and the other', "Oak Capital Inc."),
            ("is made with Ida Thornley, an individual who lives in York", "Ida Thornley"),
            ("was signed by Oak of Harbury Ltd on the day that is said", "Oak of Harbury Ltd"),
        ],
    )
    def test_are_introduced_in_running_text(self, text: str, name: str) -> None:
        found = names(f"this agreement {text}", "and so it goes on until the end of the page")
        assert name in found

    def test_in_running_text_end_before_the_next_label(self) -> None:
        line = "Nom de la banque Crédit Mouliné IBAN FR76 3000 4000 0300 0000 0000 143 à utiliser"
        assert "Crédit Mouliné" in names(line, "pour tous les paiements de cette facture")

    def test_never_begin_inside_a_word(self) -> None:
        assert not [name for name in names("KdH Textiel N.V.") if name.startswith("H ")]

    def test_no_sentence_begins_with_one(self) -> None:
        prose = (
            "the river rises in the hills above the old town and flows",
            "past three mills. In spring the water is high and late.",
        )
        assert names(*prose) == []


class TestAddresses:
    LINES = ("Oak & Elm Ltd", "14 Canal Wharf", "Leeds LS11 5PS", "", "Total   12.50")

    def test_stacked_are_joined_by_commas(self) -> None:
        found = max(parties.addresses(scene(*self.LINES)), key=lambda each: each.certainty)
        assert found.text == "14 Canal Wharf, Leeds LS11 5PS"
        assert [cell.text for cell in found.more] == ["Leeds LS11 5PS"]
        assert [word.text for word in found.words] == [
            "14",
            "Canal",
            "Wharf",
            "Leeds",
            "LS11",
            "5PS",
        ]

    @pytest.mark.parametrize(
        ("line", "address"),
        [
            ("Oak Ltd - 14 Canal Wharf - Leeds LS11 5PS", "14 Canal Wharf - Leeds LS11 5PS"),
            ("Address: 14 Canal Wharf, Leeds LS11 5PS", "14 Canal Wharf, Leeds LS11 5PS"),
            ("Anschrift: Hafenweg 12, 24103 Kiel", "Hafenweg 12, 24103 Kiel"),
            ("8 rue des Tanneurs, 69002 Lyon", "8 rue des Tanneurs, 69002 Lyon"),
            ("4 Main Street, Springfield, OH 45501", "4 Main Street, Springfield, OH 45501"),
            ("No 5, Jalan Mawar 2, 47500 Subang", "No 5, Jalan Mawar 2, 47500 Subang"),
        ],
    )
    def test_in_one_line(self, line: str, address: str) -> None:
        assert address in addresses(line)

    @pytest.mark.parametrize(
        "lines",
        [
            ("Résidence du Lac", "8 rue des Tanneurs", "69002 Lyon"),
            ("3e étage", "8 rue des Tanneurs", "69002 Lyon"),
            ("The Old Forge", "Bridge Street", "Cork T12 E1P9"),
            ("Zum Kornfeld 12", "3. OG", "24103 Kiel", "Deutschland"),
            ("Am Anger 4", "Gebäude C", "24103 Kiel"),
            ("Donaukai 16", "A-4020 Linz"),
            ("Im Feld 6", "CH-6003 Luzern"),
            ("V.le Mazzini 4", "24121 Bergamo (BG)"),
            ("C/ Las Eras, 14", "47001 Valladolid"),
            ("Waterhof 80-huis", "6811 KL Arnhem", "Nederland"),
            ("55 Pottersgate", "Norwich", "NR1 3EX"),
            ("Rua das Flores, 31 - Vila Velha", "Campinas - SP", "CEP 13010-100"),
            ("Chaussée du Bois, 16", "B-4000 Liège", "Belgique"),
            ("20 Kestrel Lane", "#05-12", "Singapore 018956"),
            ("Postfach 11 42", "24103 Kiel"),
            ("PO Box 118", "Ipswich QLD 4305"),
            ("c/o Ida Thornley", "14 Canal Wharf", "Leeds LS11 5PS"),
        ],
    )
    def test_of_many_countries_are_found_whole(self, lines: tuple[str, ...]) -> None:
        assert parties.joined(lines) in addresses("", *lines, "", "Total   12.50")

    @pytest.mark.parametrize(
        ("line", "address"),
        [
            ("3e étage · 8 rue des Tanneurs · 69002 Lyon", "3e étage · 8 rue des Tanneurs"),
            ("Donaukai 16 · A-4020 Linz", "Donaukai 16 · A-4020 Linz"),
            ("Oak Ltd, 14 Canal Wharf, Leeds LS11 5PS", "14 Canal Wharf, Leeds LS11 5PS"),
            ("Via Verdi 27 | 37121 Verona (VR)", "Via Verdi 27 | 37121 Verona (VR)"),
            ("8 rue des Tanneurs 69002 Lyon Mél: a@oak.example", "8 rue des Tanneurs 69002 Lyon"),
            ("14 Canal Wharf Leeds LS11 5PS T 0113 496 0018", "14 Canal Wharf Leeds LS11 5PS"),
            ("Hafenweg 12 24103 Kiel Fernruf / Phone 0431 5550123", "Hafenweg 12 24103 Kiel"),
            ("14 Canal Wharf     Leeds LS11 5PS", "14 Canal Wharf, Leeds LS11 5PS"),
        ],
    )
    def test_are_cut_out_of_a_letterhead(self, line: str, address: str) -> None:
        assert any(found.startswith(address) for found in addresses(line))
        assert address in addresses(line) or "étage" in address

    def test_end_before_the_next_one(self) -> None:
        found = addresses("14 Canal Wharf", "Leeds LS11 5PS", "2 Market Place", "York YO1 8QT")
        assert not any("Leeds" in text and "York" in text for text in found)

    def test_numbers_alone_are_none(self) -> None:
        assert addresses("Item", "4749", "6004", "2053") == []

    def test_a_street_is_one_where_its_town_follows(self) -> None:
        page = scene("Donaubogen 16", "4020 Linz am See", "", "Donaubogen 16", "Wasserpumpe")
        alike = {cell.row: parties.likeness(cell, page) for cell in page.sheet.cells}
        assert alike[0] > 0 > alike[2]

    @pytest.mark.parametrize("line", ["Total 12.50", "ida@oak.example", "Flat white", "01/03/2026"])
    def test_are_nothing_else(self, line: str) -> None:
        assert addresses(line) == []

    def test_have_no_more_lines_than_an_address(self) -> None:
        found = parties.addresses(scene(*["14 Canal Wharf, Leeds"] * 12))
        assert max(1 + len(candidate.more) for candidate in found) == parties.ADDRESS_LINES

    @pytest.mark.parametrize(
        ("more", "less"),
        [
            ("14 Canal Wharf", "14 items sold"),
            ("Leeds LS11 5PS", "Leeds"),
            ("Hafenweg 12", "Hafen"),
            ("Springfield, OH 45501", "Springfield"),
            ("14 Canal Wharf", "14 Canal Wharf, Tel 01434 555 016"),
            ("14 Canal Wharf", "14 Canal Wharf 12.50"),
            ("14 Canal Wharf", "14 Canal Wharf " * 20),
            ("Oak", ""),
        ],
    )
    def test_are_told_by_their_words(self, more: str, less: str) -> None:
        assert parties.addressness(more) > parties.addressness(less) or less == ""
        assert parties.addressness(less) <= 0 or parties.addressness(more) > 0

    @pytest.mark.parametrize(
        ("lines", "text"),
        [
            (["1 Mill Lane", "Harbury"], "1 Mill Lane, Harbury"),
            (["1 Mill Lane,", "Harbury"], "1 Mill Lane, Harbury"),
            (["1 Mill Lane -", "Harbury,"], "1 Mill Lane - Harbury"),
            (["1 Mill Lane"], "1 Mill Lane"),
        ],
    )
    def test_lines_are_joined_by_one_mark(self, lines: list[str], text: str) -> None:
        assert parties.joined(lines) == text

    def test_blocks_side_by_side_are_apart(self) -> None:
        found = addresses("14 Canal Wharf     2 Market Place", "Leeds LS11 5PS     York YO1 8QT")
        assert {"14 Canal Wharf, Leeds LS11 5PS", "2 Market Place, York YO1 8QT"} <= set(found)
        assert not any("Canal" in text and "York" in text for text in found)


class TestParts:
    LINES = ("Oak Ltd", "14 Canal Wharf", "Leeds LS11 5PS", "West Yorkshire")

    def test_of_an_address_in_lines(self) -> None:
        page = scene(*self.LINES)
        assert surest(parties.streets(page)) == "14 Canal Wharf"
        assert surest(parties.cities(page)) == "Leeds"
        assert "West Yorkshire" in texts(parties.regions(page)) or "Yorkshire" in texts(
            parties.regions(page)
        )

    def test_of_an_address_in_one_line(self) -> None:
        page = scene("Hafenweg 12, 24103 Kiel, Schleswig-Holstein")
        assert "Hafenweg 12" in texts(parties.streets(page))
        assert surest(parties.cities(page)) == "Kiel"

    @pytest.mark.parametrize(
        ("line", "city"),
        [
            ("City: Tampa, FL", "Tampa, FL"),
            ("Comune: Verona (VR)", "Verona (VR)"),
            ("Town: Ipswich QLD", "Ipswich QLD"),
            ("Cidade: Campinas - SP", "Campinas - SP"),
            ("City: Dublin 8", "Dublin 8"),
            ("Ort: Freiburg im Breisgau", "Freiburg im Breisgau"),
        ],
    )
    def test_a_city_is_given_with_its_state_where_it_stands_alone(
        self, line: str, city: str
    ) -> None:
        assert surest(parties.cities(scene(line))) == city

    @pytest.mark.parametrize(
        "line", ["24121 Bergamo (BG)", "Bergamo 24121", "24121 - Bergamo", "Bergamo BG 24121"]
    )
    def test_a_city_beside_its_postcode_is_given_without(self, line: str) -> None:
        assert surest(parties.cities(scene(line))) == "Bergamo"

    @pytest.mark.parametrize(
        ("line", "place"),
        [
            ("this agreement is governed by the laws of Zembla and no other", "Zembla"),
            ("governed by the laws of England and Wales", "England and Wales"),
            ("under the laws of New South Wales", "New South Wales"),
            ("Ausschließlicher Gerichtsstand für alle Streitigkeiten ist Kiel.", "Kiel"),
            ("als Gerichtsstand wird Freiburg im Breisgau vereinbart", "Freiburg"),
            ("tout litige relève des tribunaux de Lyon.", "Lyon"),
            ("serán competentes los tribunales de Toledo.", "Toledo"),
            ("se acuerda el fuero de Toledo.", "Toledo"),
            ("Foro competente: Modena.", "Modena"),
            ("è competente in via esclusiva il foro di Modena.", "Modena"),
            ("são competentes os tribunais de Braga.", "Braga"),
            ("as partes elegem o foro da comarca de Braga.", "Braga"),
            ("bevoegd is uitsluitend de rechter te Utrecht.", "Utrecht"),
            ("de rechtbank Utrecht is bevoegd", "Utrecht"),
        ],
    )
    def test_whose_law_or_courts_rule_is_surest(self, line: str, place: str) -> None:
        found = {c.text: c.certainty for c in parties.regions(scene(line))}
        assert found[place] == max(found.values()) == 1.0

    @pytest.mark.parametrize(
        ("line", "region"),
        [
            ("Springfield, OH 45501", "OH"),
            ("under the laws of the State of New York and no other", "New York"),
            ("State: Zembla", "Zembla"),
            ("governed by the laws of England", "England"),
        ],
    )
    def test_regions_are_known_or_labelled(self, line: str, region: str) -> None:
        assert region in texts(parties.regions(scene(line)))


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    parties.is_namelike(text)
    assert -10 < parties.addressness(text) < 10
    assert all(word == parties.plain(word) for word in parties.words_of(text))


strange = st.text("Aa1 ,.:-/&()\"'éß\u0130\ufb01", min_size=1, max_size=40).filter(str.strip)


@given(st.lists(strange, min_size=1, max_size=4))
def test_what_is_found_is_printed(lines: list[str]) -> None:
    page = scene(*lines)
    for source in (parties.names, parties.addresses, parties.streets, parties.cities):
        for candidate in source(page):
            assert 0 <= candidate.start < candidate.end <= len(candidate.cell.text)
            assert 0 <= candidate.certainty <= 1
            assert candidate.words
            assert candidate.more or candidate.text in candidate.cell.text
