"""The name under which Django looks for a database backend."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Django asks the server before every request. One that has gone closed the connection,
        which shows on this side; only after an error it is asked.
        """
        if self.connection is None or self.connection.closed or _spoken(self.connection.fileno()):
            return False
        return super().is_usable() if self.errors_occurred else True


def _spoken(line: int) -> bool:
    """Whether something came in on a line on which nothing is expected: most likely its end."""
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return bool(poll.poll(0))
