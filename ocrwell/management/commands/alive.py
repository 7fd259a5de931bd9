"""alive: whether the OCR worker on this machine can read; its container asks every now and then."""

from __future__ import annotations

import platform
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ocrwell.jobs import presence


class Command(BaseCommand):
    help = "Fail unless an OCR process on this machine passed its self-test and was heard of since."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        here = f"{platform.node()}:"
        if not any(name.startswith(here) for name, _ in presence.processes()):
            raise CommandError("no OCR process on this machine has lately said that it can read")
