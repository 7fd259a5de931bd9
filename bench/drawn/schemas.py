"""Schemas as customers would write them for a document: any naming, any nesting, any subset."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

from bench.drawn.draft import Drawn
from bench.drawn.lands import FOLDER, Dice

Json = dict[str, Any]

LISTS = ("line_items", "items", "transactions")
AMOUNTS = (
    *("subtotal", "tax_total", "total", "amount_due", "amount_paid", "discount", "shipping"),
    *("tax", "cash", "change", "rounding", "gross_pay", "deductions", "net_pay", "tax_rate"),
    *("opening_balance", "closing_balance", "quantity", "unit_price", "amount"),
    *("debit", "credit", "balance", "previous_reading", "current_reading", "consumption"),
)
FLAGS = ("consent", "is_member", "newsletter", "smoker")
COLUMNS = {
    "line_items": ("description", "quantity", "unit_price", "amount"),
    "items": ("description", "amount"),
    "transactions": ("date", "description", "amount"),
}
"""Asked for where a document has no such list."""

PAPERS = {
    "receipt": ("store_phone", "cashier", "cash", "change", "time", "seller_vat_id"),
    "form": ("policy_number", "birth_place", "email", "nationality", "occupation", "phone"),
    "contract": ("jurisdiction", "term"),
    "statement": ("bic", "statement_number", "opening_balance"),
    "payslip": ("iban", "department", "pay_date", "employee_number"),
}
OTHERWISE = (
    *("due_date", "order_number", "delivery_date", "discount", "shipping", "iban", "amount_paid"),
    *("customer_number", "buyer_vat_id", "seller_email", "payment_terms"),
)
"""What may be asked for in vain, by kind and for all trade papers."""

CASES: dict[str, Callable[[str], str]] = {
    "snake": lambda word: word,
    "camel": lambda word: re.sub(r"_(\w)", lambda found: found[1].upper(), word),
    "pascal": lambda word: "".join(part.capitalize() for part in word.split("_")),
    "kebab": lambda word: word.replace("_", "-"),
    "words": lambda word: word.replace("_", " ").capitalize(),
    "shout": lambda word: word.upper(),
}
"""Ways to write names of more than one word."""


def namings(field: str, language: str) -> tuple[str, ...]:
    """Dotted paths somebody may choose for this field, in English and in that language."""
    names = [*_named("en", field), *(_named(language, field) if language != "en" else ())]
    camel = [CASES["camel"](name) for name in names if "_" in name]
    return tuple(dict.fromkeys([*(names or [field]), *camel]))


def schema(document: Drawn, seed: int) -> tuple[Json, dict[str, str]]:
    """A schema for some of the document's fields and a few that it lacks.

    Returns a template or a JSON Schema, and field to dotted path; columns of a list are
    ``line_items.amount`` and the like, their paths without a number. Fields that the document
    lacks are None or missing in its truth.
    """
    dice = Dice(f"schema {document.name} {seed}")
    local = document.language if dice.chance(0.4) else "en"
    case = dice.choice(("snake", "snake", "snake", "camel", "camel", *CASES))
    formal = dice.chance(0.6)
    root, paths = _Group(), dict[str, str]()
    for field in _chosen(document, dice):
        names = _named(local, field) or _named("en", field) or (field,)
        path = _path(CASES[case], dice.choice(names if dice.chance(0.6) else names[:2]))
        if not root.free(path):
            path = _path(CASES[case], field)
        if not root.free(path):
            continue
        paths[field] = path
        if field in LISTS:
            columns = _columns(document, field, dice)
            named = {each: _column(each, local, CASES[case], dice) for each in columns}
            unique = {each: name for each, name in named.items() if _first(named, each)}
            paths |= {f"{field}.{each}": f"{path}.{name}" for each, name in unique.items()}
            root.put(path, _rows(unique, formal=formal))
        else:
            root.put(path, _leaf(field, document.language, dice, formal=formal))
    return (_formal(root.tree, dice) if formal else root.tree), paths


class _Group:
    """Named leaves and groups; a leaf is anything put at a path."""

    def __init__(self) -> None:
        self.tree: Json = {}
        self._leaves: set[str] = set()

    def free(self, path: str) -> bool:
        """Whether nothing stands there, above or below."""
        return not any(
            each == path or each.startswith(f"{path}.") or path.startswith(f"{each}.")
            for each in self._leaves
        )

    def put(self, path: str, leaf: Any) -> None:
        self._leaves.add(path)
        *groups, name = path.split(".")
        node = self.tree
        for group in groups:
            node = node.setdefault(group, {})
        node[name] = leaf


@cache
def _names() -> dict[str, dict[str, tuple[str, ...]]]:
    table = tomllib.loads((FOLDER / "namings.toml").read_text("utf-8"))
    return {
        language: {field: tuple(listed.split("|")) for field, listed in fields.items()}
        for language, fields in table.items()
    }


def _named(language: str, field: str) -> tuple[str, ...]:
    return _names()[language].get(field, ())


def _chosen(document: Drawn, dice: Dice) -> list[str]:
    """Most of what is printed, and up to three fields that are not."""
    share = dice.choice((0.3, 0.6, 0.9))
    fields = [field for field in document.asked if dice.chance(share)] or [document.asked[0]]
    usual = (*PAPERS.get(document.kind, OTHERWISE), *document.truth)
    lacking = [field for field in usual if document.truth.get(field) is None]
    fields += dice.sample(lacking, min(len(lacking), dice.randint(0, 3)))
    dice.shuffle(fields)
    return list(dict.fromkeys(fields))


def _path(case: Callable[[str], str], dotted: str) -> str:
    return ".".join(case(part) for part in dotted.split("."))


def _columns(document: Drawn, field: str, dice: Dice) -> list[str]:
    rows = document.truth.get(field)
    columns = list(rows[0]) if rows else list(COLUMNS[field])
    kept = [each for each in columns if dice.chance(0.8)]
    return kept or columns


def _column(field: str, local: str, case: Callable[[str], str], dice: Dice) -> str:
    names = _named(local, field) or _named("en", field) or (field,)
    flat = [name for name in names if "." not in name]
    return case(dice.choice(flat or [field]))


def _first(named: dict[str, str], field: str) -> bool:
    """Whether no column before this one has its name."""
    same = [each for each, name in named.items() if name == named[field]]
    return same[0] == field


def _rows(columns: dict[str, str], *, formal: bool) -> Any:
    fields = {name: _bare(field, formal=formal) for field, name in columns.items()}
    if not formal:
        return [fields]
    return {"type": "array", "items": {"type": "object", "properties": fields}}


def _bare(field: str, *, formal: bool) -> Any:
    kind = "boolean" if field in FLAGS else "number" if field in AMOUNTS else "string"
    if formal:
        return {"type": kind}
    return {"boolean": False, "number": 0, "string": ""}[kind]


def _leaf(field: str, language: str, dice: Dice, *, formal: bool) -> Any:
    """An empty value, or a type with now and then a title, a description or a format."""
    if field == "party":
        return {"type": "array", "items": {"type": "string"}} if formal else [""]
    leaf = _bare(field, formal=formal)
    if not formal:
        return leaf
    words = dice.choice(namings(field, language)).replace("_", " ").replace(".", " ")
    if dice.chance(0.2):
        leaf["title"] = words.capitalize()
    elif dice.chance(0.2):
        leaf["description"] = f"The {words} as printed on the document."
    if field.endswith("date") and dice.chance(0.25):
        leaf["format"] = "date"
    if field in ("seller_email", "email") and dice.chance(0.3):
        leaf["format"] = "email"
    return leaf


def _formal(tree: Json, dice: Dice) -> Json:
    """The tree of leaves as a JSON Schema."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return (dialect if dice.chance(0.5) else {}) | _object(tree)


def _object(tree: Json) -> Json:
    return {
        "type": "object",
        "properties": {
            name: node if isinstance(node.get("type"), str) else _object(node)
            for name, node in tree.items()
        },
    }
