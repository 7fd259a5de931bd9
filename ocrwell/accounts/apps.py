"""Makes sure that there are plans whenever there are tables."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from ocrwell.accounts import plans


def _ensure_plans(apps: Any = apps, **_: Any) -> None:
    with suppress(LookupError):  # gone back to before there were any
        plans.ensure(apps.get_model("accounts", "Plan"))


class Accounts(AppConfig):
    name = "ocrwell.accounts"

    def ready(self) -> None:
        post_migrate.connect(_ensure_plans, sender=self)
