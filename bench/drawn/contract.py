"""Short contracts: prose with parties, a day, a term and a place of jurisdiction in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bench.drawn.draft import Draft, Drawn
from bench.drawn.house import House, Party
from bench.drawn.lands import Dice
from bench.drawn.paper import A4, LETTER, Align, Pen

PLACES: tuple[Align, ...] = ("left", "center")


class Prose:
    """Paragraphs running over the pages."""

    def __init__(self, draft: Draft) -> None:
        house = draft.house
        self.draft, self.y = draft, 70.0
        face = house.pick("prose face", ("serif", "serif", "sans", "wide"))
        self.pen = Pen(face, house.pick("prose size", (9, 10, 10.5, 11)))
        self.leading = self.pen.pitch * house.pick("leading", (1, 1.1, 1.4))

    def paragraph(self, text: str, *, indent: float = 0) -> None:
        draft = self.draft
        for line in self.pen.wrapped(text, draft.x1 - draft.x0 - indent):
            if self.y > draft.paper.height - 70:
                draft.paper.turn()
                self.y = 70
            draft.paper.put(draft.x0 + indent, self.y, line, self.pen)
            self.y += self.leading
        self.y += self.leading * 0.5


def draw(house: House, dice: Dice, name: str) -> Drawn:
    draft = Draft(house, dice, LETTER if house.land.code == "US" else A4)
    parties = (house.seller, house.party(dice, private=0.15))
    prose = Prose(draft)
    _title(prose)
    _opening(prose, parties)
    _clauses(prose)
    _signatures(prose, parties)
    _numbers(draft)
    return draft.done(name)


def _title(prose: Prose) -> None:
    draft, house = prose.draft, prose.draft.house
    title = house.pick("title", house.words("titles", "contract"))
    pen = replace(prose.pen, size=house.pick("title size", (12, 14, 18)), bold=True)
    align: Align = house.pick("title place", PLACES)
    x = draft.x0 if align == "left" else draft.paper.width / 2
    draft.paper.put(x, prose.y, title, pen.fitted(title, draft.x1 - draft.x0), align)
    prose.y += pen.pitch * 1.8


def _opening(prose: Prose, parties: tuple[Party, Party]) -> None:
    """Who, where and since when."""
    draft, house = prose.draft, prose.draft.house
    draft.know_day("effective_date", date(2008, 1, 7) + timedelta(days=draft.dice.randrange(6500)))
    draft.know("party", parties[0].name, [party.name for party in parties])
    draft.tell("party")
    first, second = house.pick("roles", house.words("contract", "roles")).split("/")
    text = house.pick("opening", house.words("contract", "opening")).format(
        title=house.pick("title", house.words("titles", "contract")),
        date=draft.tell("effective_date"),
        a=parties[0].name,
        b=parties[1].name,
        a_address=", ".join(parties[0].address),
        b_address=", ".join(parties[1].address),
        role_a=first,
        role_b=second,
    )
    prose.paragraph(text)


def _clauses(prose: Prose) -> None:
    draft, house = prose.draft, prose.draft.house
    clauses = list(house.words("contract", "clauses"))
    house.dice("clauses").shuffle(clauses)
    clauses = clauses[: house.pick("clause count", (3, 5, 7, 9))]
    if house.chance("term", 0.8):
        draft.know("term", draft.dice.choice(house.words("words", "durations")))
        wording = house.pick("term words", house.words("contract", "term"))
        clauses.append(wording.format(term=draft.tell("term")))
    if house.chance("law", 0.85):
        draft.know("jurisdiction", draft.dice.choice(house.words("words", "laws")))
        wording = house.pick("law words", house.words("contract", "law"))
        clauses.append(wording.format(law=draft.tell("jurisdiction")))
    mark = house.pick("clause mark", ("{}. ", "§ {} ", "{}) ", "Art. {} ", ""))
    indent = house.pick("indent", (0, 0, 14))
    for number, clause in enumerate(clauses, start=1):
        prose.paragraph(mark.format(number) + clause, indent=indent)


def _signatures(prose: Prose, parties: tuple[Party, Party]) -> None:
    """Both names over lines to sign on, with a day that is not the contract's."""
    draft, house = prose.draft, prose.draft.house
    if prose.y > draft.paper.height - 150:
        draft.paper.turn()
        prose.y = 70
    prose.y += prose.leading
    half = (draft.x1 - draft.x0) / 2
    words = house.pick("signed", house.words("contract", "signed"))
    for at, party in enumerate(parties):
        signed = [words.format(name=party.name), party.person]
        if house.chance("signed on", 0.4):
            signed.append(f"{house.label('signature_date')}: ____________")
        x, y = draft.x0 + at * half, prose.y
        draft.paper.rule(x, x + half - 30, y + 42, 0.5)
        for line, text in enumerate(signed):
            below = 0 if line == 0 else 40 + line * 14
            draft.paper.put(x, y + below, text, prose.pen.fitted(text, half - 12))


def _numbers(draft: Draft) -> None:
    if draft.house.chance("numbered", 0.5):
        words = draft.house.pick("page words", draft.house.words("phrases", "page"))
        middle, foot = draft.paper.width / 2, draft.paper.height - 30
        for page in range(1, draft.paper.count + 1):
            draft.paper.open(page)
            text = words.format(page=page, pages=draft.paper.count)
            draft.paper.put(middle, foot, text, Pen(size=8), "center")
