"""run: one process of the stack in the place of this one, so that signals reach it."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ocrwell.management import processes


class Command(BaseCommand):
    help = "Run one process of the stack until a signal; prepare comes first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=processes.NAMES)

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        line = [sys.executable, *processes.arguments(name)]
        os.execve(sys.executable, line, processes.environment())
