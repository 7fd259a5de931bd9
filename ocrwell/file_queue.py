"""kombu's queue of files, in which nobody reads a file before it is whole."""

from __future__ import annotations

import contextlib
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

UNFINISHED = ".new"
"""No reader takes a name with this end for a message."""
ORPHAN_SECONDS = 3600


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _remove_orphans(Path(self.data_folder_out))

    def _put(  # type: ignore[override]  # the stubs contradict themselves
        self, queue: str, payload: Any, **kwargs: Any
    ) -> None:
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        file = Path(self.data_folder_out) / name
        unfinished = file.with_name(name + UNFINISHED)
        try:
            unfinished.write_text(dumps(payload))
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(entry.name for entry in os.scandir(folder)):
            if name.partition(".")[2] == f"{queue}.msg":
                message = self._take(folder / name)
                if message is not None:
                    return message
        raise Empty

    def _take(self, file: Path) -> Any:
        """None when another reader was faster, or when this is no message."""
        try:
            content = file.read_bytes()
            file.unlink()  # only one reader can do it
        except OSError:
            return None
        try:
            message = loads(content)
            self.message_to_python(message)
        except Exception:  # whatever lies there must not end the worker
            logger.warning("dropped %s: it is no message", file.name)
            return None
        return message

    def _queue_bind(self, exchange: str, *args: Any) -> None:
        table = self._exchange_file(exchange)  # type: ignore[attr-defined]
        if not table.exists():
            _create_table(table)
        super()._queue_bind(exchange, *args)


class Transport(filesystem.Transport):
    Channel = Channel


def _remove_orphans(folder: Path) -> None:
    """What a process left that was killed while it wrote."""
    before = time.time() - ORPHAN_SECONDS
    for file in folder.glob(f"*{UNFINISHED}"):
        with contextlib.suppress(OSError):
            if file.stat().st_mtime < before:
                file.unlink()


def _create_table(table: Path) -> None:
    """kombu would create it empty, and another process would fail to read that."""
    table.parent.mkdir(exist_ok=True)
    unfinished = table.with_name(f"{uuid.uuid4()}{UNFINISHED}")
    try:
        unfinished.write_text("[]")
        with contextlib.suppress(FileExistsError):
            table.hardlink_to(unfinished)
    finally:
        unfinished.unlink(missing_ok=True)
