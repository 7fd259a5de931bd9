"""The dashboard as a part of the project, and what it calls the other parts."""

from __future__ import annotations

from django.apps import AppConfig, apps

SECTIONS = {"jobs": "Documents", "accounts": "Access", "webhooks": "Webhooks"}


class DashboardConfig(AppConfig):
    name = "ocrwell.dashboard"

    def ready(self) -> None:
        for label, heading in SECTIONS.items():
            apps.get_app_config(label).verbose_name = heading
