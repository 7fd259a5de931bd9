"""Fills the arrays of a schema: finds the table or the list that is meant and reads its items."""

from __future__ import annotations

from collections.abc import Sequence

from engine.matching.labels import Lexicon
from engine.matching.sheet import Sheet
from engine.matching.tables import blocks, headed, lists, loose
from engine.matching.tables.columns import Path, others, wanted
from engine.matching.tables.headings import Finder
from engine.matching.tables.listed import Listed
from engine.matching.tables.readings import Readings
from engine.matching.tables.strips import cut
from engine.matching.tables.sums import Sums
from engine.matching.values import Habits
from engine.schema import Rows

__all__ = ["Listed", "Path", "find"]

NOTHING = Listed((), 0.0, "No table with these columns was found.", frozenset())


SURE = 0.7
"""Confidence of a table that needs no comparison with other ways to read the document."""

LOOSELY = 0.7
"""What a list without a heading counts against a table with one."""


def find(node: Rows, path: Sequence[str], sheet: Sheet, lexicon: Lexicon, habits: Habits) -> Listed:
    """The items of an array; none, with a reason, where no table or list for it was found."""
    asked = wanted(node.item, tuple(path), lexicon)
    columns = asked.all
    if not columns:
        return NOTHING
    strips = cut(sheet)
    sums = Sums(lexicon)
    readings = Readings(habits)
    finder = Finder(asked, others(lexicon), lexicon, sums, readings)
    table = headed.find(columns, strips, finder, sums, readings)
    if table and table.confidence >= SURE:
        return table
    if len(columns) == 1:
        other = lists.find(columns[0], strips, finder, readings)
    else:
        plain = loose.find(columns, strips, sums, readings)
        other = _best(plain, blocks.find(columns, strips, finder, readings))
    if table and other:
        return other if other.confidence * LOOSELY > table.confidence else table
    return table or other or NOTHING


def _best(*found: Listed | None) -> Listed | None:
    return max((one for one in found if one), key=lambda one: one.confidence, default=None)
