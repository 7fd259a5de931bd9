"""Keeps printed text from being read as Markdown, with no more backslashes than that takes."""

from __future__ import annotations

import re
import unicodedata

_MARKUP = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|\s*$)      # a backslash that would vanish
    |<(?=[A-Za-z/!?])                   # a tag
    |&(?=\#?\w+;)                       # a character by its name
    |\](?=[(:])                         # a link, or the target of one
    """,
    re.VERBOSE | re.MULTILINE,
)
_OPENINGS = re.compile(
    r"""\#{1,6}(?=\s|$)                 # a heading
    |[-+*](?=\s|$)                      # an item
    |>                                  # a quotation
    |(?=([-*_])(?:\s*\1){2,}\s*$)       # a rule
    |(?==+\s*$|-+\s*$)                  # a line under a heading
    |(?=[|:-])(?=[|:\s-]*-[|:\s-]*$)    # a line under the head of a table
    |(?=\[[ xX]\]\s)                    # a task
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_FENCE = re.compile(r"~{3,}")
_CLOSING = re.compile(r"(?<=\s)(?=#+$)")
_STRUCK = 2
"""Tildes that strike out, at most."""


def inline(text: str) -> str:
    """A paragraph, of one line or several, as it stands within one."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    if text.count("`") > 1:
        text = text.replace("`", r"\`")
    for mark in "*_~":
        text = _without_emphasis(text, mark)
    return text


def opening(line: str) -> str:
    """A line that went through ``inline``, as it may begin one of its own."""
    number = _NUMBER.match(line)
    if number:
        return rf"{number[1]}\{line[len(number[1]) :]}"
    fence = _FENCE.match(line)
    if fence:
        return r"\~" * len(fence[0]) + line[len(fence[0]) :]
    return "\\" + line if _OPENINGS.match(line) else line


def heading(text: str) -> str:
    return _CLOSING.sub(r"\\", inline(text))


def cell(text: str) -> str:
    """A text as it stands in a cell of a table."""
    return inline(text).replace("|", r"\|")


def _without_emphasis(text: str, mark: str) -> str:
    """Escaped are the marks that begin an emphasis which a later one would end."""
    runs = list(re.finditer(re.escape(mark) + "+", text))
    last = max((at for at, run in enumerate(runs) if _closes(text, run)), default=0)
    for run in reversed(runs[:last]):
        is_struck = mark != "~" or len(run[0]) <= _STRUCK
        if is_struck and _opens(text, run):
            text = text[: run.start()] + rf"\{mark}" * len(run[0]) + text[run.end() :]
    return text


def _opens(text: str, run: re.Match[str]) -> bool:
    before, after = _around(text, run)
    within_word = run[0][0] == "_" and _leans(after, before) and not _is_mark(before)
    return _leans(before, after) and not within_word


def _closes(text: str, run: re.Match[str]) -> bool:
    before, after = _around(text, run)
    within_word = run[0][0] == "_" and _leans(before, after) and not _is_mark(after)
    return _leans(after, before) and not within_word


def _around(text: str, run: re.Match[str]) -> tuple[str, str]:
    """The characters before and after; a space at either end of the text."""
    return text[run.start() - 1 : run.start()] or " ", text[run.end() : run.end() + 1] or " "


def _leans(outside: str, inside: str) -> bool:
    """Whether a run of marks belongs to what stands on its inner side."""
    if inside.isspace():
        return False
    return not _is_mark(inside) or outside.isspace() or _is_mark(outside)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
