"""A font without ink: it has every character, shows none, and takes little room.

A code is the character's number in Unicode. Characters beyond 16 bits get codes from the range of
the surrogates, which stand for no character themselves.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator

ADVANCE, ASCENT, DESCENT = 500, 750, -250
"""Of every character, in thousandths of the size of the letters."""

SPARE = range(0xD800, 0xE000)
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
MOST_RANGES = 100
"""Entries that one block of a character map may have."""

Store = Callable[[str, bytes | None], int]
"""Puts an object into a PDF, with a stream or without, and tells its number."""


class Codes:
    """The characters of one document and their codes."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._far: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        return b"".join(self._code(char).to_bytes(2) for char in text)

    def _code(self, char: str) -> int:
        number = ord(char)
        if number > 0xFFFF and char not in self._far and len(self._far) < len(SPARE):
            self._far[char] = SPARE[len(self._far)]
        if char in self._far:
            return self._far[char]
        if number > 0xFFFF or number in SPARE:
            number = ord(UNKNOWN)
        self._rows.add(number >> 8)
        return number

    def to_unicode(self) -> bytes:
        """The character map that tells readers what the codes mean."""
        near = (f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>" for row in sorted(self._rows))
        far = (f"<{code:04X}> <{_utf16(char)}>" for char, code in self._far.items())
        return "\n".join(
            [
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
                "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
                "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
                "1 begincodespacerange <0000> <FFFF> endcodespacerange",
                *_blocks("bfrange", near),
                *_blocks("bfchar", far),
                "endcmap CMapName currentdict /CMap defineresource pop end end",
            ]
        ).encode()


def add(store: Store, codes: Codes) -> int:
    """Put the font into a PDF, for text in these codes."""
    program = true_type()
    file = store(f"<</Length1 {len(program)}>>", program)
    descriptor = store(
        "<</Type /FontDescriptor /FontName /Inkless /Flags 4 /ItalicAngle 0 /StemV 80 "
        f"/FontBBox [0 {DESCENT} {ADVANCE} {ASCENT}] /Ascent {ASCENT} /Descent {DESCENT} "
        f"/CapHeight {ASCENT} /FontFile2 {file} 0 R>>",
        None,
    )
    glyphs = store("<<>>", b"\0\1" * 0x10000)  # all codes show glyph 1
    described = store(
        "<</Type /Font /Subtype /CIDFontType2 /BaseFont /Inkless "
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
        f"/FontDescriptor {descriptor} 0 R /DW {ADVANCE} /CIDToGIDMap {glyphs} 0 R>>",
        None,
    )
    meanings = store("<<>>", codes.to_unicode())
    return store(
        "<</Type /Font /Subtype /Type0 /BaseFont /Inkless /Encoding /Identity-H "
        f"/DescendantFonts [{described} 0 R] /ToUnicode {meanings} 0 R>>",
        None,
    )


def true_type() -> bytes:
    """A font file with two glyphs of no outline: the one for what is missing, and the one shown."""
    glyphs, units = 2, 1000
    tables = {
        b"glyf": bytes(4),
        b"head": struct.pack(
            ">IIIIHHQQ4hHHhhh",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, units, 0, 0),
            *(0, DESCENT, ADVANCE, ASCENT, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhh4hhH", 0x10000, ASCENT, DESCENT, 0, ADVANCE, *([0] * 11), 1
        ),
        b"hmtx": struct.pack(">Hhh", ADVANCE, 0, 0),
        b"loca": bytes(2 * (glyphs + 1)),
        b"maxp": struct.pack(">IH13H", 0x10000, glyphs, *([0] * 6), 1, *([0] * 6)),
    }
    whole = _assembled(tables)
    # The head says what the sum of the file's words lacks to this number.
    missing = (0xB1B0AFBA - _sum(whole)) & 0xFFFFFFFF
    head = tables[b"head"]
    return _assembled(tables | {b"head": head[:8] + struct.pack(">I", missing) + head[12:]})


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    power = len(tables).bit_length() - 1
    span = 16 << power
    out = struct.pack(">IHHHH", 0x10000, len(tables), span, power, 16 * len(tables) - span)
    at = len(out) + 16 * len(tables)
    body = b""
    for tag, table in tables.items():
        padded = _padded(table)
        out += tag + struct.pack(">III", _sum(padded), at + len(body), len(table))
        body += padded
    return out + body


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


def _sum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF


def _blocks(kind: str, entries: Iterable[str]) -> Iterator[str]:
    waiting = list(entries)
    for start in range(0, len(waiting), MOST_RANGES):
        block = waiting[start : start + MOST_RANGES]
        yield "\n".join((f"{len(block)} begin{kind}", *block, f"end{kind}"))


def _utf16(char: str) -> str:
    return char.encode("utf-16-be").hex().upper()
