"""create_member ORG USERNAME: a person who can log in to the dashboard for an organisation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from ocrwell.accounts.models import Member, Org


class Command(BaseCommand):
    help = "Create a person who can log in to the dashboard for an organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organisation's name")
        parser.add_argument("username", help="the name to log in with")
        parser.add_argument("--password", required=True)
        parser.add_argument(
            "--email", default="", help="where an admin is warned about the quota of pages"
        )
        parser.add_argument("--role", choices=Member.Role.values, default=Member.Role.MEMBER)

    def handle(self, *args: Any, **options: Any) -> None:
        org = Org.objects.filter(name=options["org"].strip()).first()
        if org is None:
            raise CommandError(f"there is no organisation {options['org']!r}; create_org makes one")
        username = options["username"].strip()
        if not username or not options["password"]:
            raise CommandError("neither the user name nor the password may be empty")
        email = _email(options["email"].strip())
        try:
            with transaction.atomic():
                Member.objects.create_user(
                    username, options["password"], org=org, role=options["role"], email=email
                )
        except IntegrityError as error:
            raise CommandError(f"the user name {username!r} is taken") from error
        self.stdout.write(f"{username!r} can log in for {org.name!r} as {options['role']}.")


def _email(given: str) -> str:
    try:
        if given:
            validate_email(given)
    except ValidationError as error:
        raise CommandError(f"{given!r} is no email address") from error
    return given
