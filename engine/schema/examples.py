"""What an example of a value says: a template, or a ``const``."""

from __future__ import annotations

from engine.schema.spot import Spot
from engine.schema.tree import Kind, is_finite


def kind(spot: Spot) -> Kind:
    if isinstance(spot.value, bool):
        return "boolean"
    if isinstance(spot.value, int | float):
        return "number"
    if isinstance(spot.value, str):
        return "string"
    advice = 'must show its type by a value: use "", 0, true or false.'
    raise spot.refused("null_leaf", advice)


def members(spot: Spot, lenient: bool) -> list[tuple[str, Spot]]:
    spot.check_depth()
    return [
        (name, spot.inner(value, name))
        for name, value in spot.value.items()
        if value is not None or not lenient
    ]


def element(spot: Spot, lenient: bool) -> Spot:
    spot.check_depth()
    elements = spot.value
    if lenient:
        elements = [value for value in elements if value is not None][:1]
    if len(elements) != 1:
        advice = "must hold exactly one element, which describes every item; it holds "
        raise spot.refused("array_length", f"{advice}{len(elements)}.")
    return spot.inner(elements[0], 0)


def first_entry(values: object) -> object:
    """None if there is none but null."""
    entries = values if isinstance(values, list) else []
    return next((entry for entry in entries if entry is not None), None)


def is_scalar(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int | float) and is_finite(value))
