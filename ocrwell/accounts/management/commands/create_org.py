"""create_org NAME: a new organisation and its first API key, printed as the last line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from ocrwell.accounts import keys
from ocrwell.accounts.models import Org


class Command(BaseCommand):
    help = "Create an organisation and print its first API key as the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--plan", choices=Org.Plan.values, default=Org.Plan.PRO, help="recorded, no effect yet"
        )
        parser.add_argument("--rate-limit", type=int, default=120, help="API calls a minute")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not name or options["rate_limit"] < 1:
            raise CommandError("the name must not be empty and the rate limit at least 1")
        try:
            with transaction.atomic():
                org = Org.objects.create(
                    name=name, plan=options["plan"], rate_limit=options["rate_limit"]
                )
                _, plain = keys.issue(org=org, name="first key")
        except IntegrityError as error:
            raise CommandError(
                f"there is an organisation {name!r} already; create_key gives it another key"
            ) from error
        self.stdout.write(f"Created organisation {name!r}. Its API key, shown only this once:")
        self.stdout.write(plain)
