"""Where on the pages a wanted value stands, if it was read at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from bench import corpora
from bench.examples import Truth, right
from engine.types import Page, Word

Run = tuple[Word, ...]

LONGEST = {"number": 2, "date": 5}
"""Words that one value may be made of."""


def is_held(pages: Iterable[Page], truth: Truth) -> bool:
    """Whether any of the right values stands anywhere: more than that no matcher can find."""
    kind, values = truth
    return any(True for value in values for _ in find(pages, kind, value))


def find(pages: Iterable[Page], kind: str, want: str) -> Iterator[tuple[int, Run]]:
    """The number of the page and the words of every place that says this value."""
    search = _SEARCHES[kind]
    for page in pages:
        words = [word for line in page.lines for word in line.words]
        yield from ((page.number, run) for run in search(words, want))


def _text(words: Sequence[Word], want: str) -> Iterator[Run]:
    """As the scorer compares: letters and digits only, so a value may begin within a word."""
    squash = corpora.scorer().squash
    wanted, parts = squash(want), [squash(word.text) for word in words]
    text = "".join(parts)
    ends = list(accumulate(map(len, parts)))
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        stop = at + len(wanted)
        sides = zip(words, parts, ends, strict=True)
        yield tuple(w for w, part, end in sides if end > at and end - len(part) < stop)
        at = text.find(wanted, stop)


def _number(words: Sequence[Word], want: str) -> Iterator[Run]:
    return _runs(words, "number", want)


def _date(words: Sequence[Word], want: str) -> Iterator[Run]:
    dates = corpora.scorer().dates
    on_page = dates(" ".join(word.text for word in words))
    return _runs(words, "date", want) if on_page & dates(want) else iter(())


def _runs(words: Sequence[Word], kind: str, want: str) -> Iterator[Run]:
    """The shortest runs of words that say it."""
    found: list[range] = []
    for length in range(1, LONGEST[kind] + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            inside = any(start <= other[0] and other[-1] < start + length for other in found)
            if not inside and right(kind, " ".join(word.text for word in run), want):
                found.append(range(start, start + length))
                yield tuple(run)


_SEARCHES: dict[str, Callable[[Sequence[Word], str], Iterator[Run]]] = {
    "text": _text,
    "number": _number,
    "date": _date,
}
