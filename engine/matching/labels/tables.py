"""The data files: what concepts there are and how each language words them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import get_args

from engine.matching.values.reading import Type

TYPES = frozenset(get_args(Type)) | {"name", "address", "street", "city", "state", "text"}
TYPES |= {"quantity"}

Phrases = dict[str, dict[str, None]]
"""Texts by what they mean, in the order they were given, none twice."""


class FaultyTable(ValueError):
    """A data file cannot be used; ``str()`` names the file and the key and says why."""

    def __init__(self, file: Path, key: str, why: str) -> None:
        super().__init__(file, key, why)
        self.file, self.key, self.why = file, key, why

    def __str__(self) -> str:
        return f"{self.file}: {self.key or 'the file'} {self.why}"


@dataclass(frozen=True, slots=True)
class Tables:
    """What all files say together.

    ``types`` has the type of value of every concept, ``party`` the concepts that somebody (a
    seller, a patient) can have, ``kin`` those that may be printed instead of another. ``words``
    leads from a printed word to the word it counts as. ``labels`` are texts that mean a concept
    anywhere, ``columns`` those that do so at the head of a column, ``party_labels`` those that do
    so after a role or inside it (``customer_vat``). ``speech`` leads from words that only
    sentences have to the word they count as, ``asks`` are the words that ask for a type of value;
    ``clues`` and ``role_clues`` are words that mean a concept or a role together, wherever they
    stand in a sentence.
    """

    types: dict[str, str] = field(default_factory=dict)
    party: set[str] = field(default_factory=set)
    kin: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    roles: Phrases = field(default_factory=dict)
    labels: Phrases = field(default_factory=dict)
    columns: Phrases = field(default_factory=dict)
    party_labels: Phrases = field(default_factory=dict)
    speech: dict[str, str] = field(default_factory=dict)
    asks: Phrases = field(default_factory=dict)
    clues: Phrases = field(default_factory=dict)
    role_clues: Phrases = field(default_factory=dict)


def read(folders: Iterable[Path]) -> Tables:
    """The files of several folders; a later one adds to those before it. Raises FaultyTable."""
    tables = Tables()
    for folder in folders:
        files = sorted(folder.glob("*.toml"), key=_order)
        if not files:
            raise FaultyTable(folder, "", "is not a folder that holds a .toml file.")
        for file in files:
            _add(tables, file)
    return tables


def _order(file: Path) -> tuple[int, str]:
    # Where two languages share a word, the first has it: English, which the concepts are in.
    place = _ORDER.index(file.name) if file.name in _ORDER else len(_ORDER)
    return place, file.name


_CONCEPTS = "concepts.toml"
_ORDER = (_CONCEPTS, *(f"{name}.toml" for name in ("en", "de", "es", "fr", "it", "nl", "pt")))


def _add(tables: Tables, file: Path) -> None:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FaultyTable(file, "", f"cannot be read: {error}") from error
    (_add_concepts if file.name == _CONCEPTS else _add_language)(tables, file, content)


def _add_concepts(tables: Tables, file: Path, content: Mapping[str, object]) -> None:
    for kind, names in _section(file, content, _OF_ALL, "types").items():
        if kind not in TYPES:
            known = ", ".join(sorted(TYPES))
            raise FaultyTable(file, f"types.{kind}", f"is no type; use one of {known}.")
        for name in _names(file, f"types.{kind}", names):
            tables.types.setdefault(name, kind)
    tables.party.update(_names(file, "party", content.get("party", [])))
    for name, others in _section(file, content, _OF_ALL, "kin").items():
        tables.kin.setdefault(name, []).extend(_names(file, f"kin.{name}", others))
    kin = {*tables.kin, *(name for others in tables.kin.values() for name in others)}
    for key, found in (("party", tables.party), ("kin", kin)):
        for name in found - tables.types.keys():
            raise FaultyTable(file, key, f"names {name}, which [types] does not have.")


def _add_language(tables: Tables, file: Path, content: Mapping[str, object]) -> None:
    for section, words in (("words", tables.words), ("speech", tables.speech)):
        for word, others in _section(file, content, _SECTIONS, section).items():
            words.setdefault(word, word)
            for other in _texts(file, f"{section}.{word}", others):
                words.setdefault(other.casefold(), word)
    into = {
        "roles": tables.roles,
        "labels": tables.labels,
        "columns": tables.columns,
        "party": tables.party_labels,
        "asks": tables.asks,
        "clues": tables.clues,
        "role_clues": tables.role_clues,
    }
    for section, phrases in into.items():
        for name, texts in _section(file, content, _SECTIONS, section).items():
            if section in _OF_CONCEPTS:
                tables.types.setdefault(name, "text")
            found = phrases.setdefault(name, {})
            for text in _texts(file, f"{section}.{name}", texts):
                found.update(dict.fromkeys(_each(text)))


def _each(text: str) -> Iterable[str]:
    """The texts that one with alternatives stands for: "net amount|sum" is two."""
    if "|" not in text:
        return (text,)
    return map(" ".join, islice(product(*[word.split("|") for word in text.split()]), _MOST))


_MOST = 256
"""Texts that one with alternatives may stand for."""

_OF_ALL = ("types", "party", "kin")
_SECTIONS: tuple[str, ...] = ("words", "roles", "labels", "columns", "party")
_SECTIONS += ("speech", "asks", "clues", "role_clues")
_OF_CONCEPTS = frozenset(("labels", "columns", "party", "clues"))


def _section(
    file: Path, content: Mapping[str, object], known: tuple[str, ...], name: str
) -> Mapping[str, object]:
    for other in content.keys() - set(known):
        raise FaultyTable(file, other, f"is not known here; use {', '.join(known)}.")
    section = content.get(name, {})
    if not isinstance(section, dict):
        raise FaultyTable(file, name, "must be a table.")
    _check_names(file, name, section)
    return section


def _names(file: Path, key: str, value: object) -> list[str]:
    names = _texts(file, key, value)
    _check_names(file, key, names)
    return names


def _check_names(file: Path, key: str, names: Iterable[str]) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise FaultyTable(file, f"{key}.{name}", "must be lower-case letters, digits and _.")


_NAME = re.compile("[a-z][a-z0-9_]*")


def _texts(file: Path, key: str, value: object) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise FaultyTable(file, key, "must be a list of texts, or one text with commas between.")
    texts = [part.strip() for part in parts]
    if not all(texts[:-1]):
        raise FaultyTable(file, key, "holds an empty text.")
    return [text for text in texts if text]
