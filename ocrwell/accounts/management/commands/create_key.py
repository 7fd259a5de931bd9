"""create_key ORG: one more API key for an organisation, printed as the last line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ocrwell.accounts import keys
from ocrwell.accounts.models import Org

MOST_DAYS = 36_500


class Command(BaseCommand):
    help = "Create an API key for an organisation and print it as the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organisation's name")
        parser.add_argument("--name", default="key", help="what the key is for")
        parser.add_argument("--expires", type=int, metavar="DAYS", help="after so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        org = Org.objects.filter(name=options["org"].strip()).first()
        if org is None:
            raise CommandError(f"there is no organisation {options['org']!r}; create_org makes one")
        days = options["expires"]
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise CommandError(f"a key can expire after 1 to {MOST_DAYS} days")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        _, plain = keys.issue(org=org, name=options["name"], expires_at=expires_at)
        self.stdout.write(f"A new API key for {org.name!r}, shown only this once:")
        self.stdout.write(plain)
