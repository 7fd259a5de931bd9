"""Groups the lines of a table into items: values in their columns, texts over several lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.matching.tables.bodies import Line, Stretch
from engine.matching.tables.grids import Grid
from engine.matching.tables.strips import Strip, gap, written
from engine.types import Word

NEAR = 1.0
"""Of a line's height: lines with less between them may be parts of one text."""

UNEVEN = 1.4
"""How much wider the widest of some gaps is than the narrowest if it means anything."""

LOPSIDED = 1.12
"""How much nearer texts are to the items that they belong to than to the others."""

FILLED = 0.75
"""Of a column: a text that reaches so far shows where texts are wrapped."""

LEAST_WRAPS, WRAPS_SHARE = 3, 0.8
"""Line ends, and the share of them, that show where texts are wrapped in a wider column."""

MOST_TEXT = 12
"""Lines of one text."""

_OPEN = ("-", "\u2013", ",", "/", "&", "(", "+")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: the words of each column, from top to bottom, and the lines it is printed on."""

    cells: tuple[tuple[Word, ...], ...]
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """Lines with values that are one item, and the lines with only a text above and below."""

    cores: list[Line]
    above: list[Line]
    below: list[Line]


def group(stretch: Stretch, texts: frozenset[int]) -> list[Item]:
    """The items of a stretch; ``texts`` are the heads of columns that may run over lines."""
    drafts, leading = _drafts(stretch, texts)
    if not drafts:
        return []
    _share(drafts, leading, texts)
    limits = {place: _limit(stretch, place) for place in texts}
    return [_item(draft, stretch.grid, limits) for draft in drafts]


def _drafts(stretch: Stretch, texts: frozenset[int]) -> tuple[list[_Draft], list[Line]]:
    """The items with all lines of text below them, and the lines above the first."""
    drafts: list[_Draft] = []
    leading: list[Line] = []
    for line in stretch.lines:
        if line.is_core and drafts and _belongs(drafts[-1], line, texts):
            drafts[-1].cores.append(line)
        elif line.is_core:
            drafts.append(_Draft([line], [], []))
        elif drafts:
            drafts[-1].below.append(line)
        else:
            leading.append(line)
    return drafts, leading


def _belongs(draft: _Draft, line: Line, texts: frozenset[int]) -> bool:
    """Whether a line with values only fills what the item above has not got."""
    filled = {place for core in draft.cores for place, cell in enumerate(core.cells) if cell}
    last = (draft.below or draft.cores)[-1]
    if gap(last.strip, line.strip) > NEAR * line.strip.height and not draft.below:
        return False
    mine = {place for place, cell in enumerate(line.cells) if cell}
    return not mine & filled and not mine & texts


def _share(drafts: list[_Draft], leading: list[Line], texts: frozenset[int]) -> None:
    """Gives the texts between two items to the one that they belong to."""
    leading = _near(leading, drafts[0].cores[0], texts)
    trailing = _near(drafts[-1].below, drafts[-1].cores[-1], texts)
    side = _side(drafts)
    if side > 0:
        leading = []
    drafts[0].above.extend(leading)
    for upper, lower in pairwise(drafts):
        at = _parting(upper, lower, side, bool(leading), bool(trailing), texts)
        lower.above.extend(upper.below[at:])
        del upper.below[at:]


def _side(drafts: Sequence[_Draft]) -> int:
    """Whether texts between items are nearer to the one above (1) or below (-1) in the whole
    table; 0 where the gaps do not say."""
    above, below = 0.0, 0.0
    for upper, lower in pairwise(drafts):
        if upper.below:
            above += _pitch(upper.cores[-1], upper.below[0])
            below += _pitch(upper.below[-1], lower.cores[0])
    if above > LOPSIDED * below:
        return -1
    return 1 if below > LOPSIDED * above else 0


def _pitch(above: Line, below: Line) -> float:
    return below.strip.box.center[1] - above.strip.box.center[1]


def _parting(
    upper: _Draft, lower: _Draft, side: int, leading: bool, trailing: bool, texts: frozenset[int]
) -> int:
    """How many of the lines between two items belong to the upper one."""
    between = upper.below
    if leading and trailing and len(between) > 1:
        at = _cut(upper.cores[-1], between, lower.cores[0])
        if at is not None:
            return at
    if side:
        return len(between) if side > 0 else 0
    if not leading:
        return len(between)
    return len(between) if trailing and _has_name(upper, texts) else 0


def _near(lines: Sequence[Line], core: Line, texts: frozenset[int]) -> list[Line]:
    """Of the lines beside an item those with a text and no gap between."""
    found: list[Line] = []
    ordered = list(lines) if lines and lines[0].at > core.at else list(reversed(lines))
    last = core
    for line in ordered:
        upper, lower = (last, line) if line.at > last.at else (line, last)
        if gap(upper.strip, lower.strip) > NEAR * line.strip.height or not _texts(line, texts):
            break
        found.append(line)
        last = line
    return sorted(found, key=lambda line: line.at)


def _texts(line: Line, texts: frozenset[int]) -> set[int]:
    return {place for place in texts if line.cells[place]}


def _has_name(draft: _Draft, texts: frozenset[int]) -> bool:
    return any(_is_name(core.cells[place]) for core in draft.cores for place in texts)


def _cut(upper: Line, between: Sequence[Line], lower: Line) -> int | None:
    """Where the lines between two items part, None where the gaps do not say."""
    if not between:
        return None
    chain = [upper, *between, lower]
    gaps = [_pitch(above, below) for above, below in pairwise(chain)]
    widest = max(range(len(gaps)), key=lambda at: gaps[at])
    return widest if gaps[widest] > UNEVEN * max(min(gaps), 1.0) else None


def _limit(stretch: Stretch, place: int) -> float:
    """How far a text of the column reaches before it is wrapped."""
    last = max(at for at, line in enumerate(stretch.lines) if line.is_core)
    every = stretch.lines[: last + 3]
    lines = [line for line in every if line.cells[place]]
    cells = [line.cells[place] for line in lines]
    if not cells:
        return 0.0
    height = stretch.lines[0].strip.height
    left = min(cell[0].box.x0 for cell in cells)
    right = max(cell[-1].box.x1 for cell in cells)
    others = [cell[0].box.x0 for line in stretch.cores for cell in line.cells[place + 1 :] if cell]
    room = min([stretch.grid.right(place), *others]) - 0.3 * height
    fills = right - left >= FILLED * (room - left) or _is_wrapping(lines, place, right)
    return right + 0.2 * height if fills else room


def _is_wrapping(lines: Sequence[Line], place: int, right: float) -> bool:
    """Whether all texts over several lines look as if they were wrapped there."""
    pairs = [
        (line.cells[place], below.cells[place])
        for line, below in pairwise(lines)
        if not below.is_core and gap(line.strip, below.strip) <= NEAR * line.strip.height
    ]
    full = sum(right - text[-1].box.x1 < below[0].box.width for text, below in pairs)
    return len(pairs) >= LEAST_WRAPS and full >= WRAPS_SHARE * len(pairs)


def _item(draft: _Draft, grid: Grid, limits: dict[int, float]) -> Item:
    found: list[tuple[Word, ...]] = []
    for place in range(len(grid.heads)):
        own = [core for core in draft.cores if core.cells[place]]
        if place in limits:
            above = _directly(draft.above, draft.cores[0], place)
            below = (
                _wrapped([*own, *draft.below], place, limits[place])
                if own
                else _first(draft.below, place)
            )
            cells = _named([*above, *(own[:1]), *below], place) if above else [*own[:1], *below]
        else:
            cells = own
        found.append(tuple(word for line in cells for word in line.cells[place]))
    strips = tuple(line.strip for line in draft.cores)
    return Item(tuple(found), strips)


def _directly(above: Sequence[Line], core: Line, place: int) -> list[Line]:
    """The lines right above an item that hold its text."""
    found: list[Line] = []
    last = core
    for line in reversed(above[-MOST_TEXT:]):
        if not line.cells[place] or gap(line.strip, last.strip) > NEAR * line.strip.height:
            break
        found.append(line)
        last = line
    return found[::-1]


def _first(below: Sequence[Line], place: int) -> list[Line]:
    """The line right below an item that has no text of its own."""
    return [line for line in below[:1] if line.cells[place]]


def _wrapped(lines: Sequence[Line], place: int, limit: float) -> list[Line]:
    """The lines after the first that go on with its text, because it did not fit."""
    found: list[Line] = []
    last = lines[0]
    for line in lines[1:MOST_TEXT]:
        if line.is_core or not _goes_on(last, line, place, limit):
            break
        found.append(line)
        last = line
    return found


def _goes_on(last: Line, line: Line, place: int, limit: float) -> bool:
    cell, before = line.cells[place], last.cells[place]
    height = line.strip.height
    if not cell or line.numbers - {place} or gap(last.strip, line.strip) > NEAR * height:
        return False
    if abs(cell[0].box.x0 - before[0].box.x0) > height:
        return False
    text = written(before)
    room = limit - before[-1].box.x1
    first = cell[0]
    runs_on = text.endswith(_OPEN) or first.text[:1].islower() or first.text[:1] in "(["
    return runs_on or room < first.box.width + 0.25 * height


def _named(lines: Iterable[Line], place: int) -> list[Line]:
    """Lines without those that hold only a code, where others hold a name."""
    every = list(lines)
    return [line for line in every if _is_name(line.cells[place])] or every


def _is_name(cell: Sequence[Word]) -> bool:
    """Whether a text is more than a code: several words, or one without digits."""
    letters = any(character.isalpha() for word in cell for character in word.text)
    digits = any(character.isdigit() for word in cell for character in word.text)
    return letters and (len(cell) > 1 or not digits)
