"""The message queue. A message only hints that there is work; the job rows say what it is."""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery, signals
from django.conf import settings
from kombu.exceptions import OperationalError
from kombu.transport import TRANSPORT_ALIASES

logger = logging.getLogger(__name__)

# The scheme of a URL is the only way to name a transport that is not kombu's own.
TRANSPORT_ALIASES["files"] = "ocrwell.file_queue:Transport"

app = Celery("ocrwell")
app.config_from_object("django.conf:settings", namespace="CELERY")


@signals.setup_logging.connect
def _log_as_configured(**_: Any) -> None:
    """Celery sets up loggers of its own, with formats of its own, unless somebody else does."""


def wake() -> None:
    """Tell a worker that a job waits."""
    _hint("workers.tasks.process", "ocr")


def deliver() -> None:
    """Tell a worker that a webhook delivery is due."""
    _hint("workers.tasks.deliver", "io")


def _hint(task: str, to: str) -> None:
    """When the broker is down the sweep tells again."""
    try:
        app.send_task(task, queue=to, retry=False)
    except (OperationalError, OSError):
        logger.warning("the broker does not take messages; the sweep announces the work again")


def check() -> None:
    """Raises OSError when the broker does not answer."""
    if not settings.REDIS_URL:
        return
    try:
        with app.connection_for_write(connect_timeout=1) as connection:
            connection.ensure_connection(max_retries=0)
    except OperationalError as error:
        raise OSError("the broker does not answer") from error
