"""Words with a value: currencies, durations and answers, ticked ones among them."""

from __future__ import annotations

import pytest

from engine.matching import values
from engine.matching.values import Reading, Type


def found(wanted: Type, text: str) -> list[object]:
    return [reading.value for reading in values.find(wanted, text)]


def only(wanted: Type, text: str) -> Reading:
    (reading,) = values.find(wanted, text)
    return reading


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"),
        ("12,00€", "EUR"),
        ("RM 9.00", "MYR"),
        ("Rs. 5", "INR"),
        ("US$ 12", "USD"),
        ("Total in Euro", "EUR"),
        ("dollars", "USD"),
        ("12 kr", "SEK"),
        ("zł", "PLN"),
        ("CHF12", "CHF"),
    ],
)
def test_currencies_become_codes(text: str, code: str) -> None:
    assert found("currency", text) == [code]


@pytest.mark.parametrize("text", ["", "THE CAT", "EUROPE", "ARMS", "12.00", "form"])
def test_these_are_no_currencies(text: str) -> None:
    assert found("currency", text) == []


def test_a_sign_that_countries_share_is_less_sure_than_a_code() -> None:
    assert only("currency", "$").certainty < only("currency", "USD").certainty


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 years", "3 years"),
        ("for three (3) years.", "3 years"),
        ("(3) years", "3 years"),
        ("18 Monate", "18 Monate"),
        ("two years", "2 years"),
        ("30 days net", "30 days"),
        ("zwei Jahre", "2 Jahre"),
        ("90 jours", "90 jours"),
        ("un an", "1 an"),
        ("tre mesi", "3 mesi"),
        ("dos años", "2 años"),
        ("drie maanden", "3 maanden"),
        ("três meses", "3 meses"),
        ("a 30-day term", "30 day"),
        ("twenty-four months", "24 months"),
        ("twenty-four (24) Months", "24 Months"),
        ("10 business days", "10 business days"),
        ("1,5 Jahre", "1.5 Jahre"),
    ],
)
def test_durations_have_the_number_in_digits_and_the_unit_as_printed(text: str, value: str) -> None:
    assert found("duration", text) == [value]


@pytest.mark.parametrize(
    ("lasting", "due"),
    [
        ("for a period of two years", "within 30 days"),
        ("this agreement continues for three (3) years", "by thirty (30) days' written notice"),
        ("für die Dauer von zwei Jahren", "innerhalb von 14 Tagen"),
        ("pour une durée de dix-huit mois", "avec un préavis de trente jours"),
        ("tendrá una duración de un año", "dentro de catorce (14) días"),
        ("ha una durata di diciotto mesi", "entro quattordici (14) giorni"),
        ("geldt voor een periode van achttien maanden", "met een termijn van dertig dagen na"),
        ("mantêm-se durante dois anos", "com aviso de trinta dias"),
    ],
)
def test_what_lasts_is_surer_than_what_is_due(lasting: str, due: str) -> None:
    usual = only("duration", "about two years").certainty
    assert only("duration", lasting).certainty > usual
    if "termijn" not in due:
        assert only("duration", due).certainty < usual


@pytest.mark.parametrize("text", ["", "years", "3 apples", "A3 years", "one", "3 yearsome"])
def test_these_are_no_durations(text: str) -> None:
    assert found("duration", text) == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", True),
        ("no", False),
        ("No.", False),
        ("Oui", True),
        ("nein", False),
        ("sì", True),
        ("Não", False),
        ("nee", False),
        ("Y", True),
        ("N", False),
        ("X", True),
        ("✓", True),
        ("[x]", True),
        ("( X )", True),
        ("(x)", True),
        ("[ ]", False),
        ("□", False),
        ("■", True),
        ("Smoker: yes", True),
        ("[X] Smoker", True),
        ("☒ Yes ☐ No", True),
        ("☐ Yes ☒ No", False),
        ("Yes ☒ No ☐", True),
        ("Yes ☐ No ☒", False),
        ("□ Ja ■ Nein", False),
        ("☑ no", False),
        ("☑ Y ☐ N", True),
        ("☐ S ☑ N", False),
        ("(x) Ja", True),
        ("(x) nee ( ) ja", False),
        ("(x) Newsletter", True),
        ("☐ Yes, send me offers", False),
        ("☑ Yes, send me offers", True),
    ],
)
def test_answers_in_words_and_boxes(text: str, answer: bool) -> None:
    assert found("flag", text) == [answer]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No. 12",
        "Invoice No: 12",
        "Contract No.",
        "no 7",
        "N° 3",
        "(x) the bonus",
        "☐ Yes",
        "☐ Y ☐ N",
        "(x) The bonus is paid on the last day of each month",
        "X-ray",
    ],
)
def test_these_are_no_answers(text: str) -> None:
    assert found("flag", text) == []


def test_a_word_in_running_text_hardly_answers() -> None:
    texts = ["there is no more", "no more of it", "More: no", "no"]
    certainties = [only("flag", text).certainty for text in texts]
    assert certainties == sorted(set(certainties))


def test_several_boxes_answer_each() -> None:
    assert found("flag", "[x] Gas [ ] Water") == [True, False]
