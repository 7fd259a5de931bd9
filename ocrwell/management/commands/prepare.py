"""prepare: the tables of the database and the place for files, before anything else starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection

from ocrwell import queue
from ocrwell.storage import store

PATIENCE = 60
PAUSE = 1.0
# Any number that nothing else in the database uses for a lock.
LOCK = 0x6F637277


class Command(BaseCommand):
    help = "Make database and store ready: as often as one likes, by several processes at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait",
            type=int,
            default=PATIENCE,
            metavar="SECONDS",
            help=f"how long to wait for servers that do not answer yet ({PATIENCE})",
        )

    def handle(self, *args: Any, wait: int, **options: Any) -> None:
        deadline = time.monotonic() + wait
        for name, step in STEPS.items():
            self._insist(name, step, deadline)

    def _insist(self, name: str, step: Callable[[], None], deadline: float) -> None:
        said = ""
        while problem := _problem(step):
            if time.monotonic() >= deadline:
                raise CommandError(f"the {name} cannot be prepared: {problem}")
            if problem != said:
                self.stderr.write(f"Waiting for the {name}: {problem}")
                said = problem
            time.sleep(PAUSE)


def _migrate() -> None:
    with _alone():
        call_command("migrate", verbosity=0)


def _problem(step: Callable[[], None]) -> str:
    """What keeps this from being done; nothing when it is done. Only what may pass is caught."""
    try:
        step()
    except (OSError, OperationalError, InterfaceError) as error:
        connection.close()  # it may be broken
        return str(error).strip()
    return ""


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, however long it takes. SQLite's own lock is enough for one machine."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        # Requests are cut off much sooner, see the settings.
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute("SELECT set_config(%s, '0', false)", [name])
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


STEPS: dict[str, Callable[[], None]] = {
    "database": _migrate,
    "store": lambda: store().prepare(),
    "broker": queue.check,
}
