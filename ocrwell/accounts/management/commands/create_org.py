"""create_org NAME: a new organisation and its first API key, printed as the last line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from ocrwell.accounts import keys
from ocrwell.accounts.models import Org, Plan


class Command(BaseCommand):
    help = "Create an organisation and print its first API key as the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--plan", default="pro", help="of the DeepRead API: free, pro, scale or another"
        )
        parser.add_argument(
            "--rate-limit", type=int, default=120, help="calls of the native API a minute"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not name or options["rate_limit"] < 1:
            raise CommandError("the name must not be empty and the rate limit at least 1")
        plan = Plan.objects.filter(pk=options["plan"]).first()
        if plan is None:
            known = ", ".join(Plan.objects.values_list("pk", flat=True))
            raise CommandError(f"there is no plan {options['plan']!r}; there are {known}")
        try:
            with transaction.atomic():
                org = Org.objects.create(name=name, plan=plan, rate_limit=options["rate_limit"])
                _, plain = keys.issue(org=org, name="first key")
        except IntegrityError as error:
            raise CommandError(
                f"there is an organisation {name!r} already; create_key gives it another key"
            ) from error
        self.stdout.write(f"Created organisation {name!r}. Its API key, shown only this once:")
        self.stdout.write(plain)
