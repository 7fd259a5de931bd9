"""A web page of everything that was not found right, for people to look at: one file, no scripts.

    python -m bench.misses OUT.html [--corpus sroie] [--naming 0]

It shows the results that ``python -m bench fields`` wrote last.
"""

from __future__ import annotations

import argparse
import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from PIL import ImageDraw

from bench import corpora, examples, fields, held, verdicts
from bench.examples import Example
from bench.verdicts import Verdict
from engine import pages
from engine.types import Page

WIDEST = 900
"""Pixels of a page image; a higher one is as high at most as it would be on A4 paper."""

HIGHEST = 1300
GOT, WANTED = (214, 40, 40), (24, 140, 70)
MARGIN = 3

Boxes = list[tuple[tuple[int, int, int], Sequence[float]]]


def main(argv: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(argv)
    missed = list(misses(args.corpus, args.naming))
    title = f"{len(missed)} misses in {args.corpus}, naming {args.naming}"
    args.out.write_text(page(title, missed), encoding="utf-8")
    print(f"{title}: {args.out}")


def misses(name: str, naming: int) -> Iterator[Verdict]:
    """Documents with values that are wrong without a flag first, then those with wrong values."""
    found = fields.results(name, naming)
    documents = []
    for example in examples.corpus(name, naming):
        row = found[example.file]
        judged = [*verdicts.fields(example, row), *verdicts.cells(example, row)]
        wrong = [verdict for verdict in judged if not verdict.right]
        documents.append(sorted(wrong, key=lambda verdict: verdict.flag))
    documents.sort(key=lambda wrong: -sum(not verdict.flag for verdict in wrong))
    for wrong in documents:
        yield from wrong


def page(title: str, missed: Iterable[Verdict]) -> str:
    """The whole page, a section a document, pictures included."""
    parts = groupby(missed, key=lambda verdict: verdict.example.file)
    sections = "".join(_section(list(wrong)) for _, wrong in parts)
    return _PAGE.format(title=escape(title), style=_STYLE, sections=sections)


def _section(wrong: Sequence[Verdict]) -> str:
    example = wrong[0].example
    rows = "".join(map(_row, wrong))
    boxes = _boxes(wrong)
    numbers = sorted(boxes) or [sheet.number for sheet in example.pages[:1]]
    pictures = "".join(_picture(example, number, boxes.get(number, [])) for number in numbers)
    head = f"<h2>{escape(example.file)}</h2><p>vendor: {escape(example.group)}</p>"
    table = f"<table>{_HEAD}{rows}</table>"
    return f'<section>{head}<div class="both">{table}<div>{pictures}</div></div></section>'


def _row(verdict: Verdict) -> str:
    confidence = verdict.evidence.get("confidence")
    there = verdict.absent or held.is_held(verdict.example.pages, verdict.truth)
    cells = (
        escape(verdict.path),
        _wanted(verdict, there),
        _shown(verdict.got),
        "" if confidence is None else f"{confidence:.2f}",
        "flagged" if verdict.flag else "not flagged",
        escape(verdict.evidence.get("reason") or ""),
    )
    kind = "flagged" if verdict.flag else "unflagged"
    return f'<tr class="{kind}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _wanted(verdict: Verdict, there: bool) -> str:
    if verdict.absent:
        return "<i>nothing</i>"
    values = " <i>or</i> ".join(map(_shown, verdict.truth[1]))
    return values if there else f"{values} <i>(was not read so)</i>"


def _shown(value: object) -> str:
    return escape(str(value)) if value not in (None, "") else "<i>nothing</i>"


def _boxes(wrong: Iterable[Verdict]) -> dict[int, Boxes]:
    """The frames to draw on each page."""
    found: dict[int, Boxes] = {}
    for verdict in wrong:
        kind, values = verdict.truth
        for value in values:
            for number, run in held.find(verdict.example.pages, kind, value):
                for word in run:
                    box = (word.box.x0, word.box.y0, word.box.x1, word.box.y1)
                    found.setdefault(number, []).append((WANTED, box))
        for word in verdict.evidence.get("words", ()):
            found.setdefault(verdict.evidence["page"], []).append((GOT, word["box"]))
    return found


def _picture(example: Example, number: int, boxes: Boxes) -> str:
    sheet = next(sheet for sheet in example.pages if sheet.number == number)
    image = _rendered(example, sheet)
    scale = min(WIDEST / image.width, HIGHEST / image.height, 1)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    draw = ImageDraw.Draw(image)
    for colour, (x0, y0, x1, y1) in boxes:
        grown = MARGIN if colour == GOT else 0
        frame = (x0 * scale - grown, y0 * scale - grown, x1 * scale + grown, y1 * scale + grown)
        draw.rectangle(frame, outline=colour, width=2)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    data = base64.b64encode(out.getvalue()).decode()
    source = f"data:image/jpeg;base64,{data}"
    caption = f"page {number}"
    return (
        f'<figure><img alt="{caption}" src="{source}"><figcaption>{caption}</figcaption></figure>'
    )


def _rendered(example: Example, sheet: Page) -> Any:
    """The page upright, in the pixels that its words' boxes have."""
    file = corpora.folder(examples.category(example.corpus)) / example.file
    with pages.opened(file) as document:
        image = Pillow.fromarray(document.render(sheet.number))
    return image.rotate(-sheet.rotation, expand=True).resize((sheet.width, sheet.height))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.misses", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("out", type=Path, metavar="OUT.html")
    parser.add_argument("--corpus", choices=examples.CORPORA, default="sroie")
    parser.add_argument("--naming", type=int, choices=range(examples.NAMINGS), default=0)
    return parser


_HEAD = (
    "<tr><th>field</th><th>wanted</th><th>got</th>"
    "<th>confidence</th><th>flag</th><th>reason</th></tr>"
)
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #1c1f23; background: #f4f5f7; }
section { background: #fff; padding: 1rem 1.5rem; margin: 1.5rem 0; border-radius: 8px; }
h1, h2 { font-weight: 600; margin: 0 0 .3rem; } h2 { font-size: 1.05rem; overflow-wrap: anywhere; }
p { margin: 0 0 .8rem; color: #5a626c; }
.both { display: grid; gap: 1.5rem; align-items: start; }
@media (min-width: 70rem) { .both { grid-template-columns: minmax(0, 6fr) minmax(0, 5fr); } }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #e3e6ea; }
td { vertical-align: top; overflow-wrap: break-word; } th { color: #5a626c; font-weight: 500; }
td:nth-child(2) { color: #188c46; } td:nth-child(3) { color: #d62828; }
tr.unflagged td:nth-child(5) { color: #d62828; font-weight: 600; } i { color: #8a929c; }
figure { margin: 0 0 1rem; } td:nth-child(4), td:nth-child(5) { white-space: nowrap; }
img { max-width: 100%; border: 1px solid #d5d9de; } figcaption { color: #8a929c; }
.got { color: #d62828; } .wanted { color: #188c46; }
"""
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style>
<h1>{title}</h1>
<p>On the pages, <b class="got">red</b> goes around the words that were taken,
<b class="wanted">green</b> around every place where the wanted value stands. What is wrong without
a flag comes first.</p>
{sections}
</html>
"""


if __name__ == "__main__":
    main()
