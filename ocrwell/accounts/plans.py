"""The plans that are published; operators may change them and add others."""

from __future__ import annotations

from typing import Any

PUBLISHED: tuple[dict[str, Any], ...] = (
    {
        "name": "free",
        "pages_a_month": 2_000,
        "max_file_mb": 15,
        "max_pages": 50,
        "calls_a_minute": 10,
    },
    {"name": "pro", "pages_a_month": 50_000, "max_file_mb": 50, "calls_a_minute": 100},
    {"name": "scale", "pages_a_month": 1_000_000, "max_file_mb": 50, "calls_a_minute": 500},
)


def ensure(model: Any) -> None:
    """Make those that are not there; the model may be that of a migration."""
    model.objects.bulk_create([model(**plan) for plan in PUBLISHED], ignore_conflicts=True)
