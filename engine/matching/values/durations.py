"""Finds lengths of time: "3 years", "three (3) years", "18 Monate", "90 jours"."""

from __future__ import annotations

import re

from engine.matching.values.reading import Habits, Reading

_NAMED = {
    1: "one un une uno una um uma uma ein eine einem einen einer eines een \u00e9\u00e9n",
    2: "two zwei deux dos due twee dois duas",
    3: "three drei trois tres tre drie tr\u00eas",
    4: "four vier quatre cuatro quattro quatro",
    5: "five f\u00fcnf cinq cinco cinque vijf",
    6: "six sechs seis sei zes",
    7: "seven sieben sept siete sette zeven sete",
    8: "eight acht huit ocho otto oito",
    9: "nine neun neuf nueve nove negen",
    10: "ten zehn dix diez dieci tien dez",
    11: "eleven elf onze once undici",
    12: "twelve zw\u00f6lf douze doce dodici twaalf doze",
    14: "fourteen vierzehn quatorze catorce quattordici veertien catorze",
    15: "fifteen f\u00fcnfzehn quinze quince quindici vijftien",
    18: "eighteen achtzehn dix-huit dieciocho diciotto achttien dezoito",
    20: "twenty zwanzig vingt veinte venti twintig vinte",
    24: "vierundzwanzig vingt-quatre veinticuatro ventiquattro vierentwintig",
    30: "thirty drei\u00dfig dreissig trente treinta trenta dertig trinta",
    36: "sechsunddrei\u00dfig trente-six trentasei zesendertig",
    40: "forty vierzig quarante cuarenta quaranta veertig quarenta",
    45: "f\u00fcnfundvierzig quarante-cinq quarantacinque vijfenveertig",
    50: "fifty f\u00fcnfzig cinquante cincuenta cinquanta vijftig cinquenta",
    60: "sixty sechzig soixante sesenta sessanta zestig sessenta",
    90: "ninety neunzig quatre-vingt-dix noventa novanta negentig",
}
_NUMBERS = {word: number for number, words in _NAMED.items() for word in words.split()}
_UNITS = (
    r"days?|weeks?|months?|years?|yrs?|hours?|hrs?|minutes?|quarters?"
    r"|tag(?:en?)?|wochen?|monat(?:en?|s)?|jahr(?:en?|es)?|stunden?|minuten|quartale?"
    r"|jours?|semaines?|mois|ans?|ann\u00e9es?|heures?"
    r"|d[i\u00ed]as?|semanas?|mes(?:es)?|a\u00f1os?|horas?|minutos?"
    r"|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|or[ae]|minuti"
    r"|dag(?:en)?|weken|maand(?:en)?|jaar|jaren|uur|uren|m\u00eas|anos?"
)
_KINDS = r"(?:business|working|calendar|consecutive|banking|full)[ ]"
_LONGEST_FIRST = sorted(_NUMBERS, key=lambda word: (-len(word), word))
_UNIT = re.compile(rf"(?<![^\W\d_])(?:{_UNITS})(?![^\W_])", re.IGNORECASE)
_DURATION = re.compile(
    rf"""(?:(?<![\w.,/:-])\(?(?P<digits>[0-9]{{1,4}}(?:[.,][0-9]{{1,2}})?)
    |(?<![^\W_])(?P<word>{"|".join(_LONGEST_FIRST)})(?:[ -](?P<unit>{"|".join(_LONGEST_FIRST)}))?
        (?:[ ]?\([ ]?(?P<bracket>[0-9]{{1,4}})[ ]?(?=\)))?)
    \)?[ -]{{0,2}}(?P<measure>(?:{_KINDS})?(?:{_UNITS}))(?![^\W_])""",
    re.VERBOSE | re.IGNORECASE,
)


_STATED = re.compile(
    r"(?:\b(?:periods?|terms?|duration) of|\b(?:lasts?|survives?|continues?|remains?|runs|valid)"
    r"(?: in (?:full )?(?:force|effect))?(?: and effect)?(?: for)?"
    r"|dauer von|zeitraum von|laufzeit(?: von| beträgt)?|läuft"
    r"|durée de|période de|dure|pendant"
    r"|duración de|per[ií]odo de|plazo de|dura|durante"
    r"|durata di|periodo di|valgono per|vale per"
    r"|duur van|periode van|termijn van|gedurende|loopt(?: de overeenkomst)?"
    r"|duração de|prazo de)(?: (?:a|an|another|at least|over|über|mindestens))?[ :]{0,2}$",
    re.IGNORECASE,
)
"""What is printed before the time for which something holds."""

_DEADLINE = re.compile(
    r"\b(?:within|after|prior|notice|notification|earlier by|no later than|innerhalb|binnen|"
    r"spätestens|frist|kündigung|préavis|sous|délai|dans les|aviso|preaviso|antelación|dentro de|"
    r"preavviso|entro|opzegging|opzegtermijn|denúncia|em até|a contar)\b[^.;]{0,24}$",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"['\u2019]?,? (?:prior |written |advance )*(?:notice|after|before|net|netto|nach|après|vor|"
    r"avant|de préavis|de antelación|di preavviso)\b|['\u2019] ",
    re.IGNORECASE,
)
"""What is printed around a time in which something has to be done."""

_REACH = 60
"""Characters before a duration that are looked at."""


def find(text: str, _habits: Habits) -> list[Reading]:
    """The durations, the number in digits and the unit as printed: ``3 years``.

    Surest is what something lasts, least sure in what time something has to be done.
    """
    if not _UNIT.search(text):
        return []
    return [
        Reading(
            "duration", *match.span(), f"{_number(match)} {match['measure']}", _certainty(match)
        )
        for match in _DURATION.finditer(text)
    ]


def _number(match: re.Match[str]) -> str:
    digits = match["digits"] or match["bracket"]
    if digits:
        return digits.replace(",", ".").lstrip("0") or "0"
    tens = _NUMBERS[match["word"].casefold()]
    ones = _NUMBERS[match["unit"].casefold()] if match["unit"] else 0
    return str(tens + ones)


def _certainty(match: re.Match[str]) -> float:
    """Years such as in "2020 year" are no numbers of years."""
    if match["digits"] and len(match["digits"]) > 3:
        return 0.2
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    if _STATED.search(before):
        return 1.0
    if _DEADLINE.search(before) or _NOTICE.match(match.string, match.end()):
        return 0.4
    return 0.7
