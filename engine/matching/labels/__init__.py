"""What fields mean and what is printed beside their values, in many languages.

The tables are the ``.toml`` files beside this module; ``en.toml`` says how they are written.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from engine.matching.labels import tables
from engine.matching.labels.lexicon import Lexicon
from engine.matching.labels.meanings import Concept, Meaning, Role
from engine.matching.labels.tables import FaultyTable
from engine.matching.labels.words import Label, Token

__all__ = ["Concept", "FaultyTable", "Label", "Lexicon", "Meaning", "Role", "Token", "load"]


@lru_cache(maxsize=8)
def load(extra: Path | None = None) -> Lexicon:
    """The lexicon of all languages; read once.

    ``extra`` is a folder of a user's own files of the same form: they add words, labels, roles
    and concepts and replace nothing. Raises FaultyTable, a ValueError, if one cannot be used.
    """
    folders = [Path(__file__).parent, *([extra] if extra else [])]
    return Lexicon(tables.read(folders))
