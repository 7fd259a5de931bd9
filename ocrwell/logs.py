"""How a line of the log looks: for people, or as JSON for what collects logs."""

from __future__ import annotations

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from ocrwell import request_id

NOTHING = ("", "-", None)


class Context(logging.Filter):
    """Adds what the line is about: the request, and the job."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.current()
        record.job_id = request_id.job()
        return True


class Json(JsonFormatter):
    """One object a line, a traceback in it. Nothing but these fields leaves: what libraries attach
    to their records may hold requests, with all their headers.
    """

    FIELDS = {
        "levelname": "level",
        "name": "logger",
        "message": "message",
        "request_id": "request_id",
        "job_id": "job_id",
        "exc_info": "exception",
    }

    def __init__(self) -> None:
        super().__init__(list(self.FIELDS), rename_fields=self.FIELDS, timestamp=True)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        known = {"timestamp": log_data["timestamp"]}
        for name in self.FIELDS.values():
            if log_data.get(name) not in NOTHING:
                known[name] = log_data[name]
        return known
