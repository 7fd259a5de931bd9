"""Tries the fonts of a text layer: does a sample of each read as the font says it does?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import groupby

import numpy as np

from engine.pages.printed import PrintedLine, PrintedWord
from engine.types import Image, Reader, union

ALIKE = 0.6
"""Share of a sample that must be read back: far above chance, below OCR's slips on small print."""

FONTS_A_PAGE = 4
SHORTEST, LONGEST = 5, 40
"""Characters of a sample."""

GAP = 20
"""White pixels around each sample."""

Sample = list[PrintedWord]


class Fonts:
    """What is known of the fonts of one document."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._honest: dict[str, bool] = {}

    def doubt(self, layer: Sequence[PrintedLine], image: Image) -> str | None:
        """Why the fonts of this page cannot be believed; tries those not met before."""
        best = _samples(line for line in layer if line.level)
        new = [sample for font, sample in best.items() if font not in self._honest]
        self._try(sorted(new, key=_length, reverse=True)[:FONTS_A_PAGE], image)
        liars = [font for font in best if not self._honest.get(font, True)]
        return f"font {liars[0]} does not read as it says" if liars else None

    def _try(self, new: list[Sample], image: Image) -> None:
        if not new:
            return
        lines = self._reader.read(sheet([_crop(sample, image) for sample in new]))
        read = _squashed("".join(line.text for line in lines))
        for sample in new:
            self._honest[sample[0].font] = likeness(_text(sample), read) >= ALIKE


def unmapped(char: str) -> bool:
    """Stands for no character: what a font without a map to Unicode leaves."""
    return char == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(char) in ("Co", "Cc", "Cs")


def likeness(claim: str, read: str) -> float:
    """The share of the claimed characters that were read, in runs of three and more."""
    wanted = _squashed(claim)
    matcher = SequenceMatcher(None, wanted, read, autojunk=False)
    runs = (block.size for block in matcher.get_matching_blocks())
    return sum(size for size in runs if size >= 3) / max(1, len(wanted))


def sheet(crops: Sequence[Image]) -> Image:
    """The crops one below the other on white."""
    width = max(crop.shape[1] + 2 * GAP for crop in crops)
    height = GAP + sum(crop.shape[0] + GAP for crop in crops)
    canvas = np.full((height, width, 3), 255, np.uint8)
    top = GAP
    for crop in crops:
        canvas[top : top + crop.shape[0], GAP : GAP + crop.shape[1]] = crop
        top += crop.shape[0] + GAP
    return canvas


def _samples(layer: Iterable[PrintedLine]) -> dict[str, Sample]:
    """For each font with legible words, the longest run of them."""
    best: dict[str, Sample] = {}
    for line in layer:
        for font, run in groupby(line.words, key=lambda word: word.font):
            sample = _cut(list(run))
            if _length(sample) > max(SHORTEST - 1, _length(best.get(font, []))):
                best[font] = sample
    return best


def _cut(words: Sample) -> Sample:
    """The first words, as many as a sample needs; none if they are illegible."""
    end = next((n for n in range(len(words)) if _length(words[:n]) >= LONGEST), len(words))
    text = _text(words[:end])
    letters = [char for char in text if char.isalnum()]
    legible = sum(_latin(char) for char in letters)
    return words[:end] if legible and legible >= 0.8 * len(letters) else []


def _latin(char: str) -> bool:
    # Other scripts are taken at their word: a reader that does not know them proves nothing.
    return char < "\u0250"


def _crop(sample: Sample, image: Image) -> Image:
    box = union(word.word.box for word in sample)
    y0, y1 = max(0, int(box.y0) - 2), int(box.y1) + 3
    return image[y0:y1, max(0, int(box.x0) - 2) : int(box.x1) + 3]


def _length(sample: Sample) -> int:
    return len(_squashed(_text(sample)))


def _text(sample: Sample) -> str:
    return "".join(word.word.text for word in sample)


def _squashed(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
